"""Whether gates are decided at a site, by approvals that are for what stands there now.

As `rollout gate` judges them, but for who wrote what is approved: that takes history, and is asked there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from rollout.model.activity import Gate
from rollout.model.binding import bind, go_live_of
from rollout.model.decision import ApprovalRecord, Approved
from rollout.model.freshness import holders, latest_approvals, moved_too_far, wave_of
from rollout.model.programme import PlanFolder, Programme
from rollout.model.site import Site
from rollout.problem import RolloutError

Flaw = Literal["not listed", "unbound", "changed", "moved"]
"""Why an approval counts for nothing: its giver may not give it, it is for nothing, or for what is otherwise by now."""


@dataclass(frozen=True, slots=True)
class Voice:
    """The latest approval that a person gave for a site in a role."""

    record: ApprovalRecord
    approved: str
    """The id under which it names the site."""
    flaw: Flaw | None
    """None where it stands."""

    @property
    def bound(self) -> Approved:
        """What it was given for at the site."""
        return self.record.sites[self.approved]


@dataclass(frozen=True, slots=True)
class Given:
    """What the approvals of one gate come to at one site."""

    lacking: tuple[str, ...]
    """Roles of the gate whose approval is wanting. The first of them decides next."""
    stale: tuple[ApprovalRecord, ...]
    """Of these roles, approvals that were given for something else: each is to be given again."""

    @property
    def unasked(self) -> tuple[str, ...]:
        """Roles that are wanting and have nothing to renew."""
        return tuple(role for role in self.lacking if role not in {record.role for record in self.stale})


class Approvals:
    """All approvals of a plan as of a day. A digest is worked out where one is asked for, and once."""

    def __init__(self, programme: Programme, folder: PlanFolder, as_of: date) -> None:
        self._programme, self._folder = programme, folder
        self._latest: dict[str, dict[str, dict[tuple[str, str], tuple[ApprovalRecord, str]]]] = {}
        """By site and gate the latest of each person in each role, with the id the site was approved under."""
        self._known: dict[tuple[str, str], Given] = {}
        self._digests: dict[tuple[str, str], str] = {}
        for (name, role, by, site_id), given in latest_approvals(programme, folder.until(as_of)).items():
            self._latest.setdefault(site_id, {}).setdefault(name, {})[role, by] = given

    def at(self, gate: Gate, name: str, site: Site) -> Given:
        """A gate, under the name it is asked for, at a site."""
        found = self._known.get((name, site.id))
        if found is None:
            found = self._known[name, site.id] = self._given(gate, name, site)
        return found

    def stale(self, site: Site) -> tuple[ApprovalRecord, ...]:
        """What has to be approved again at a site: of its gates that are still to open something for it."""
        facts = self._folder.facts_of(site.id)
        found: dict[int, ApprovalRecord] = {}
        for name in self._latest.get(site.id, ()):
            gate = self._folder.plan.gate_of(name)
            if gate is None or facts.left_hypercare or (gate.opens == "exit") != (facts.went_live is not None):
                continue
            placement = self._folder.placement_of(site.id)
            if gate.opens == "wave" and (placement is None or wave_of(self._folder, name, site.id) != placement.wave):
                continue
            found |= {record.index: record for record in self.at(gate, name, site).stale}
        return tuple(found.values())

    def voices(self, gate: Gate, name: str, site: Site, now: str = "") -> tuple[Voice, ...]:
        """Who approved a gate at a site, or refused to; `now` is the digest of what stands there, where it is known."""
        latest = self._latest.get(site.id, {}).get(name, {})
        if now and latest:
            self._digests[name, site.id] = now
        return tuple(Voice(record, known, self._flaw(gate, site, record, known)) for record, known in latest.values())

    def _given(self, gate: Gate, name: str, site: Site) -> Given:
        voices = self.voices(gate, name, site)
        lacking: list[str] = []
        stale: list[ApprovalRecord] = []
        for role, wanted in gate.approvals.items():
            mine = [voice for voice in voices if voice.record.role == role and voice.flaw != "not listed"]
            is_refused = any(voice.flaw is None and voice.record.decision == "no_go" for voice in mine)
            yes = sum(voice.flaw is None and voice.record.decision != "no_go" for voice in mine)
            if yes < wanted or is_refused:
                lacking.append(role)
                old = (voice.record for voice in mine if voice.flaw is not None and voice.record.decision != "no_go")
                stale += old if not is_refused else ()
        return Given(tuple(lacking), tuple(stale))

    def _flaw(self, gate: Gate, site: Site, record: ApprovalRecord, known: str) -> Flaw | None:
        bound = record.sites[known]
        may = holders(self._programme, self._folder, record.role, [site])
        if record.by.casefold() not in {who.casefold() for who in may}:
            return "not listed"
        if bound.binds is None:
            return None if record.decision == "no_go" else "unbound"
        if bound.binds != self._digest(gate, record.approval, site, known):
            return "changed"
        if moved_too_far(self._programme, gate, site, bound.go_live, go_live_of(self._folder, site.id)):
            return "moved"
        return None

    def _digest(self, gate: Gate, name: str, site: Site, known: str) -> str:
        found = self._digests.get((name, known))
        if found is None:
            try:
                found = bind(self._folder, gate, name, site, self._programme.files, known).digest
            except RolloutError:
                found = ""  # its evidence cannot be read, so nobody knows what it was given for
            self._digests[name, known] = found
        return found
