"""The approvals of one gate in words, and whether enough of them count.

To what `given` says of each it adds whether who gave it wrote what is approved.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

from rollout.model.activity import Gate
from rollout.model.authorship import Authorship
from rollout.model.binding import Binding, bind, go_live_of
from rollout.model.decision import ApprovalRecord, Approved, Decision
from rollout.model.freshness import holders, moved_too_far, wave_of
from rollout.model.gated import ApprovalRow
from rollout.model.programme import PlanFolder, Programme
from rollout.model.record import PROGRAMME
from rollout.model.site import Site
from rollout.track.given import Voice
from rollout.track.independence import Independence, people_of, reads
from rollout.track.reading import Measured

_COMMITS = 5
"""So many states of the past are looked at to tell what changed since an approval."""


@dataclass(frozen=True)
class Witness:
    """What git can say about a plan's approvals. Nothing is asked of it before an approval has to be judged."""

    programme: Programme
    folder: PlanFolder
    read: Callable[[Collection[str]], Authorship]
    """The commits that touched some files."""
    line_of: Callable[[ApprovalRecord], str]
    """The line a record is written in; nothing where it takes several."""
    past: Callable[[str], tuple[Programme, PlanFolder] | None]
    """The programme and the plan as a commit has them, where both can be understood."""

    @cached_property
    def independence(self) -> Independence:
        """The history of all that the plan's approvals read: one pass."""
        paths = {self.folder.layout.records_of(PROGRAMME)}
        for approval in self.folder.decisions.approvals:
            gate = self.folder.plan.gate_of(approval.approval)
            for site_id in approval.sites if gate is not None else ():
                if gate is not None and (site := self.programme.site_called(site_id)) is not None:
                    wave = wave_of(self.folder, approval.approval, site.id)
                    paths |= reads(self.folder, gate, site, wave).paths
        return Independence(self.read(sorted(paths)), self.line_of, people_of(self.programme, self.folder))

    def changed(self, approval: ApprovalRecord, gate: Gate, site: Site, bound: Approved, now: Binding) -> str:
        """What is otherwise now than when an approval was given, as far as the history says."""
        adder = self.independence.adder(approval)
        if adder is None or self.independence.history.unknown:
            return "something it binds has changed since"
        if adder.id not in self._looked_at and len(self._looked_at) >= _COMMITS:
            return f"something it binds has changed since commit {adder.short}"
        if adder.id not in self._looked_at:
            self._looked_at[adder.id] = self.past(adder.id)
        past = self._looked_at[adder.id]
        then = self._then(past, approval, site) if past is not None else None
        if then is None:
            return f"something it binds has changed since commit {adder.short}"
        if then.digest == bound.binds:
            return f"{', '.join(now.changed(then)) or 'its id'} changed since commit {adder.short}"
        said = "its digest matches neither what stands there now nor what stood there"
        return f"{said} when it was committed ({adder.short}): was it typed, or edited since?"

    @cached_property
    def _looked_at(self) -> dict[str, tuple[Programme, PlanFolder] | None]:
        return {}

    def _then(self, past: tuple[Programme, PlanFolder], approval: ApprovalRecord, site: Site) -> Binding | None:
        programme, folder = past
        gate = folder.plan.gate_of(approval.approval)
        known = programme.counterpart(site)
        if gate is None or known is None:
            return None
        return bind(folder.until(approval.on), gate, approval.approval, known, programme.files)


class GateApprovals:
    """The approvals of one gate."""

    def __init__(self, of: Measured, gate: Gate, name: str, witness: Witness) -> None:
        self._of, self._gate, self._name, self._witness = of, gate, name, witness
        self._all = [record for record in of.folder.decisions.approvals if record.approval == name]
        self._found: dict[tuple[int, str], tuple[ApprovalRecord, bool, str, list[str]]] = {}
        self._missing: dict[tuple[str, str], list[str]] = {}

    def given(self, site: Site, now: Binding) -> Decision:
        """What the approvals come to at a site."""
        outcome: Decision = "go"
        voices = self._of.approvals.voices(self._gate, self._name, site, now.digest)
        for role in dict.fromkeys((*self._gate.approvals, *(voice.record.role for voice in voices))):
            wanted = self._gate.approvals.get(role, 0)
            yes = refused = 0
            mine = [voice for voice in voices if voice.record.role == role]
            for voice in mine:
                record = voice.record
                trouble = self._trouble(voice, site, now) if wanted else f"{self._name} asks for no approval by {role}"
                counts = not trouble and record.decision != "no_go"
                refuses = record.decision == "no_go" and not trouble
                yes, refused = yes + counts, refused + refuses
                if counts and record.decision == "conditional_go" and outcome == "go":
                    outcome = "conditional_go"
                self._note(record, counts, trouble or _spoken(record), site.id)
            if yes < wanted or (refused and wanted):
                outcome = "no_go"
            if yes < wanted and not refused:
                said = _wanting(self._of, role, (yes, wanted), site, has_any=bool(mine))
                self._missing.setdefault((role, said), []).append(site.id)
        return outcome

    def rows(self) -> tuple[ApprovalRow, ...]:
        """Every approval there is for the sites asked about, by day, and every one that is missing."""
        rows = [
            ApprovalRow(
                role=record.role,
                by=record.by,
                decision=record.decision,
                on=record.on,
                sites=tuple(sites),
                counts=counts,
                message=f"{record.by} on {record.on}: {said}",
                source=record.place,
            )
            for record, counts, said, sites in self._found.values()
        ]
        rows.sort(key=lambda row: (row.role, row.on, row.by, row.sites))
        own = self._of.folder.plan.source / "gates" / self._gate.id / "approvals"
        for (role, said), sites in self._missing.items():
            rows.append(
                ApprovalRow(
                    role=role, by="", decision=None, sites=tuple(sites), counts=False, message=said, source=own / role
                )
            )
        return tuple(rows)

    def _trouble(self, voice: Voice, site: Site, now: Binding) -> str:
        """Why an approval counts for nothing at a site; empty where it counts."""
        record, bound = voice.record, voice.bound
        if voice.flaw == "not listed":
            return f"{record.by} is not listed for {record.role} in waves/_teams.yaml"
        if voice.flaw == "unbound":
            return "it binds nothing; record it again and rollout writes what it is for"
        if voice.flaw == "changed":
            return f"stale: {self._witness.changed(record, self._gate, site, bound, now)}"
        if voice.flaw == "moved":
            go_live = go_live_of(self._of.folder, site.id)
            return f"stale: {moved_too_far(self._of.programme, self._gate, site, bound.go_live, go_live)}"
        return "" if record.decision == "no_go" else self._doubt(record, bound, site)

    def _doubt(self, record: ApprovalRecord, bound: Approved, site: Site) -> str:
        """Why an approval that stands is not known to be independent; empty where it is."""
        names = self._of.programme.names_of(site)
        earlier = [
            other
            for other in self._all
            if (other.on, other.index) < (record.on, record.index)
            and (name := next((name for name in names if name in other.sites), None)) is not None
            and other.sites[name].binds not in (None, bound.binds)
        ]
        read = reads(self._of.folder, self._gate, site, wave_of(self._of.folder, self._name, site.id))
        doubt = self._witness.independence.doubt(record, read, earlier)
        return f"not independent: {doubt}" if doubt else ""

    def _note(self, record: ApprovalRecord, counts: bool, said: str, site_id: str) -> None:
        entry = self._found.setdefault((record.index, said), (record, counts, said, []))
        entry[3].append(site_id)


def _spoken(record: ApprovalRecord) -> str:
    said = record.decision.replace("_", " ")
    return f"{said}, because {record.because}" if record.because else said


def _wanting(of: Measured, role: str, counts: tuple[int, int], site: Site, *, has_any: bool) -> str:
    known = holders(of.programme, of.folder, role, [site])
    people = ", ".join(known) if known else "nobody: list somebody below `approvers` in waves/_teams.yaml"
    given, wanted = counts
    said = f"no approval by {role}" if not has_any else f"no approval by {role} that counts"
    said = said if wanted == 1 else f"{given} of {wanted} approvals by {role}"
    return f"{said} (may give it: {people})"
