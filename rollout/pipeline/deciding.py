"""May it go on? Gates, judged; approvals, bound to what they are given for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rollout.model.programme import PlanFolder, Programme
from rollout.model.source import Source
from rollout.pipeline.loading import Loaded, pick, repository_of, sound
from rollout.problem import Problem, RolloutError

if TYPE_CHECKING:
    from rollout.model.authorship import Authorship
    from rollout.model.decision import ApprovalRecord
    from rollout.model.gated import Gated, Gates
    from rollout.track.approvals import Witness


def gate(root: Path, as_of: date, name: str, plan_id: str | None = None, *, sites: Sequence[str] = ()) -> Gated:
    """One gate of a plan as of a day; with `sites` these only. Writes nothing.

    Raises RolloutError when the files are not sound, or there is no such gate or site.
    """
    from rollout.track.gates import judged

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    found = judged(loaded.programme, folder, name, as_of, only=sites, witness=witness_of(loaded, folder, as_of))
    return found.located(loaded.place)


def gates(root: Path, as_of: date, plan_id: str | None = None) -> Gates:
    """Every gate of a plan as of a day. Writes nothing."""
    from rollout.track.gates import gates as all_gates

    loaded = sound(root, as_of)
    folder = pick(loaded.programme, plan_id)
    return all_gates(loaded.programme, folder, as_of, witness_of(loaded, folder, as_of)).located(loaded.place)


def witness_of(loaded: Loaded, folder: PlanFolder, as_of: date) -> Witness:
    """git, as far as approvals ask for it."""
    from rollout.track.approvals import Witness

    def read(paths: Collection[str]) -> Authorship:
        from rollout.load.authorship import history_of

        return history_of(repository_of(loaded.workspace.root), sorted(paths))

    def past(commit: str) -> tuple[Programme, PlanFolder] | None:
        from rollout.load.revision import at_commit

        repository = repository_of(loaded.workspace.root)
        return at_commit(repository, loaded.workspace, commit, folder.id) if repository else None

    return Witness(loaded.programme, folder.until(as_of), read, _line_of(loaded), past)


def bound(loaded: Loaded, folder: PlanFolder, entry: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    """An approval as it is written: with what it binds at each site it covers, all of the gate's where none is named.

    Raises RolloutError for a gate that there is not, a site it is not about, or somebody who may not approve.
    """
    from rollout.model.binding import bind, go_live_of
    from rollout.track.gates import chosen, gate_called, sites_of

    name = str(entry.get("approval", ""))
    gate = gate_called(folder, name)
    named = entry.get("sites") or {}
    typed = [site for site, values in named.items() if values]
    if typed:
        said = f"what an approval binds is worked out, not typed ({typed[0]})"
        raise RolloutError(Problem(path="", code="typed-digest", message=said, hint="name the sites only: --sites a,b"))
    known = folder.until(as_of)
    programme = loaded.programme
    sites = chosen(programme, known, gate, name, list(named)) if named else sites_of(programme, known, gate, name)[0]
    covers: dict[str, Any] = {}
    for site in sites:
        go_live = go_live_of(known, site.id)
        binds = bind(known, gate, name, site, programme.files).digest
        covers[site.id] = {"binds": binds, **({"go_live": go_live.isoformat()} if go_live else {})}
    return {**entry, "sites": covers} if covers else dict(entry)


def _line_of(loaded: Loaded) -> Callable[[ApprovalRecord], str]:
    """The line of a record, where it is on one line."""

    @cache
    def line_at(source: Source) -> str:
        line = loaded.places.line(*loaded.place(source)).strip()
        return line if line.startswith("- {") and line.partition(" #")[0].rstrip().endswith("}") else ""

    return lambda record: line_at(record.place)
