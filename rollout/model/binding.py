"""What an approval is given for, at one site, as one digest: it goes stale for the right reasons and for no other.

`v1:` and SHA-256 (FIPS 180-4) of JSON in one canonical form, in the spirit of RFC 8785: keys sorted, no blanks, text in
Unicode's form NFC, every field written out, what is left out as null. It holds

    gate        its id and its criteria, by id: what is asked, where, the bounds, the age, go and no go in words
    site        its id and the bound fields after inheritance; `BOUND` and what the gate adds in `binds_fields`
    version     of the capability
    evidence    for each criterion with evidence: the file's SHA-256, or the address

and so nothing of other sites, of comments, of the order of keys, of dates, owners or titles. The go-live is kept
beside it, because it may move by the gate's tolerance.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any
from unicodedata import normalize

from pydantic import BaseModel

from rollout.model.activity import Criterion, Gate
from rollout.model.files import Files
from rollout.model.measured import EvidenceRecord
from rollout.model.programme import PlanFolder
from rollout.model.record import NOTHING_HAPPENED, ItemRecord
from rollout.model.site import Site

BOUND = ("country", "systems", "workflows", "languages", "headcount")
"""Fields of a site that every approval binds, besides the plan's `version`."""
_CRITERION = ("id", "measure", "evidence", "at", "at_least", "at_most", "unit", "max_age", "go", "no_go")
_SETS = ("systems", "workflows")
"""Lists whose order means nothing; that of `languages` does."""
LIGHTHOUSE, PREVIOUS_WAVE, WHOLE_PLAN = "lighthouse", "previous-wave", "plan"
"""What `at` of a criterion may say besides a site's id."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What an approval of a gate binds at a site, field by field."""

    fields: tuple[tuple[str, str], ...]
    """Names as the gate prints them (`systems`, `version`, `evidence security-review`) and canonical JSON, by name."""
    digest: str

    def changed(self, earlier: Binding) -> tuple[str, ...]:
        """The names of what differs."""
        before, after = dict(earlier.fields), dict(self.fields)
        return tuple(name for name in sorted({*before, *after}) if before.get(name) != after.get(name))


def bind(folder: PlanFolder, gate: Gate, name: str, site: Site, files: Files, site_id: str | None = None) -> Binding:
    """What an approval of a gate, under the name it is asked for, binds at a site.

    `site_id` is the id it was approved under, where the site has another one now. Raises RolloutError (exit code 3)
    when evidence cannot be read.
    """
    known = site_id or site.id
    criteria = {need.id: {key: _plain(getattr(need, key)) for key in _CRITERION} for need in gate.needs}
    about = {field: _of_site(site, field) for field in (*BOUND, *gate.binds_fields)}
    shown = {
        need.id: {at: _shown(folder, need, place, files) for at, place in _targets(folder, need, site)}
        for need in gate.needs
        if need.evidence is not None
    }
    whole = {
        "gate": {"id": name, "criteria": criteria},
        "site": {"id": known, **about},
        "version": folder.plan.version,
        "evidence": shown,
    }
    fields = {
        **{f"criterion {key}": value for key, value in criteria.items()},
        **about,
        "version": folder.plan.version,
        **{f"evidence {key}": value for key, value in shown.items()},
    }
    named = tuple(sorted((field, canonical(value)) for field, value in fields.items()))
    return Binding(named, f"v1:{sha256(canonical(whole).encode()).hexdigest()}")


def bound_names(gate: Gate) -> tuple[str, ...]:
    """What an approval of this gate binds, as the gate prints it."""
    evidence = tuple(f"evidence {need.id}" for need in gate.needs if need.evidence is not None)
    return (*dict.fromkeys((*BOUND, "version", *gate.binds_fields)), "criteria", *evidence)


def canonical(value: Any) -> str:
    """JSON with sorted keys, no blanks, and every text in Unicode's form NFC."""
    return json.dumps(_composed(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def evidence_of(folder: PlanFolder, need: Criterion, place: str | None) -> ItemRecord | EvidenceRecord | None:
    """The record that shows a criterion at a site (None: for the whole plan): the latest of site and plan.

    It names the criterion, or the activity that the criterion names; of both the later.
    """
    site_facts = folder.facts_of(place) if place is not None else NOTHING_HAPPENED
    found = [
        record
        for facts in (folder.common, site_facts)
        for key in dict.fromkeys((need.evidence, need.id))
        if key is not None and (record := facts.evidence.get(key)) is not None
    ]
    return max(found, key=lambda record: record.on, default=None)


def where_of(record: ItemRecord | EvidenceRecord) -> str | None:
    """Path or address of what a record shows."""
    return record.at if isinstance(record, EvidenceRecord) else record.evidence


def is_address(where: str) -> bool:
    """Whether evidence is an address rather than a file of the repository."""
    return where.startswith(("https://", "http://"))


def wave_before(folder: PlanFolder, wave: int) -> tuple[str, ...]:
    """The sites of the wave before one, by id."""
    return folder.by_wave.get(wave - 1, ())


def go_live_of(folder: PlanFolder, site_id: str) -> date | None:
    """The day a site went live, else its published one."""
    facts = folder.facts_of(site_id)
    placement = folder.placement_of(site_id)
    return facts.went_live or (placement.go_live if placement else None)


def places_of(folder: PlanFolder, need: Criterion, site_id: str, wave: int) -> tuple[str | None, ...]:
    """Where a criterion is judged for a site: ids of sites, None for the whole plan."""
    if need.at is None:
        return (site_id,)
    if need.at == LIGHTHOUSE:
        return (folder.plan.lighthouse,) if folder.plan.lighthouse else ()
    if need.at == WHOLE_PLAN:
        return (None,)
    return wave_before(folder, wave) if need.at == PREVIOUS_WAVE else (need.at,)


def _targets(folder: PlanFolder, need: Criterion, site: Site) -> Iterator[tuple[str, str | None]]:
    """Where evidence is looked for, named so that moving another site changes nothing."""
    if need.at == PREVIOUS_WAVE:
        return  # who is in that wave is the schedule's to say, and other sites' moves void nobody's approval
    for place in places_of(folder, need, site.id, 0):
        yield ("site" if need.at is None else need.at), place


def _shown(folder: PlanFolder, need: Criterion, place: str | None, files: Files) -> Any:
    record = evidence_of(folder, need, place)
    where = where_of(record) if record is not None else None
    if where is None:
        return None
    return {"address": where} if is_address(where) else {"sha256": files.digest(where)}


def _of_site(site: Site, field: str) -> Any:
    if field.startswith("labels."):
        return site.labels.get(field.removeprefix("labels."))
    value = _plain(getattr(site, field))
    return sorted(set(value)) if field in _SETS else value


def _plain(value: Any) -> Any:
    """A value as JSON has it, defaults written out."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list) and not hasattr(value, "_fields"):
        return [_plain(entry) for entry in value]
    return str(value)


def _composed(value: Any) -> Any:
    if isinstance(value, str):
        return normalize("NFC", value)
    if isinstance(value, dict):
        return {normalize("NFC", key): _composed(entry) for key, entry in value.items()}
    return [_composed(entry) for entry in value] if isinstance(value, list) else value
