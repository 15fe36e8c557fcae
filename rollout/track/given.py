"""Whether gates are decided at a site, by approvals that are for what stands there now.

As `rollout gate` judges them, but for who wrote what is approved: that takes history, and is asked there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from rollout.model.activity import Gate
from rollout.model.binding import bind, go_live_of
from rollout.model.decision import ApprovalRecord, Bound
from rollout.model.freshness import holders, latest_approvals, moved_too_far, wave_of
from rollout.model.programme import PlanFolder, Programme
from rollout.model.site import Site
from rollout.problem import RolloutError


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

    def _given(self, gate: Gate, name: str, site: Site) -> Given:
        latest = self._latest.get(site.id, {}).get(name, {})
        lacking: list[str] = []
        stale: list[ApprovalRecord] = []
        for role, count in gate.approvals.items():
            yes = refused = 0
            old: list[ApprovalRecord] = []
            for record, known in self._by(latest.values(), role, site):
                stands = self._stands(gate, name, site, record, known)
                refused += stands and record.decision == "no_go"
                yes += stands and record.decision != "no_go"
                if not stands and record.decision != "no_go":
                    old.append(record)
            if yes < count or refused:
                lacking.append(role)
                stale += old if not refused else ()
        return Given(tuple(lacking), tuple(stale))

    def _by(
        self, latest: Iterable[tuple[ApprovalRecord, str]], role: str, site: Site
    ) -> Iterator[tuple[ApprovalRecord, str]]:
        """The approvals of a role by those who may give them."""
        mine = [(record, known) for record, known in latest if record.role == role]
        may = {who.casefold() for who in holders(self._programme, self._folder, role, [site])} if mine else set()
        return ((record, known) for record, known in mine if record.by.casefold() in may)

    def _stands(self, gate: Gate, name: str, site: Site, record: ApprovalRecord, known: str) -> bool:
        bound: Bound = record.sites[known]
        if bound.binds is None:
            return record.decision == "no_go"
        if moved_too_far(self._programme, gate, site, bound.go_live, go_live_of(self._folder, site.id)):
            return False
        return bound.binds == self._digest(gate, name, site, known)

    def _digest(self, gate: Gate, name: str, site: Site, known: str) -> str:
        found = self._digests.get((name, known))
        if found is None:
            try:
                found = bind(self._folder, gate, name, site, self._programme.files, known).digest
            except RolloutError:
                found = ""  # its evidence cannot be read, so nobody knows what it was given for
            self._digests[name, known] = found
        return found
