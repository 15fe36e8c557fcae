"""Who approved what they wrote themselves.

Authors are those of the commits, since the last independent approval of the gate for that site, that touched what the
digest reads: the site's file and its defaults, the plan, the evidence, and the lines of records that name the evidence.
Neither who approves nor who committed the approval's line may be one of them. It is evidence, not authentication:
names on commits can be set to anything, so CODEOWNERS and signed commits are what keeps people out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from rollout.model.activity import Gate
from rollout.model.authorship import Authored, Authorship, Who, same, who
from rollout.model.binding import evidence_of, is_address, places_of, where_of
from rollout.model.decision import ApprovalRecord
from rollout.model.layout import SHIPPED_FILE
from rollout.model.programme import PlanFolder, Programme
from rollout.model.record import PROGRAMME
from rollout.model.site import Person, Site


@dataclass(frozen=True, slots=True)
class Reads:
    """The files that a digest reads."""

    whole: frozenset[str]
    """Every change of them counts."""
    records: frozenset[str]
    """Of these only lines that name evidence of the gate."""
    names: re.Pattern[str]
    """Such a line."""

    @property
    def paths(self) -> frozenset[str]:
        """All of them."""
        return self.whole | self.records

    def touched(self, commit: Authored) -> str | None:
        """The first file that a commit changed what is read of."""
        for path in sorted(self.whole):
            if path in commit.added:
                return path
        for path in sorted(self.records):
            if any(map(self.names.search, (*commit.added.get(path, ()), *commit.removed.get(path, ())))):
                return path
        return None


def reads(folder: PlanFolder, gate: Gate, site: Site, wave: int) -> Reads:
    """What the digest of a gate at a site reads."""
    asked = [
        (need, place)
        for need in gate.needs
        if need.evidence is not None
        for place in places_of(folder, need, site.id, wave)
    ]
    shown = {
        where
        for need, place in asked
        if (record := evidence_of(folder, need, place)) is not None
        and (where := where_of(record)) is not None
        and not is_address(where)
    }
    own = [path for path in (*site.paths, *folder.plan.paths) if not path.startswith(SHIPPED_FILE)]
    records = {folder.layout.records_of(place or PROGRAMME) for _, at in asked for place in (at, None)}
    ids = sorted({name for need, _ in asked for name in (need.id, need.evidence) if name})
    name = rf"(?<![\w-])(?:{'|'.join(map(re.escape, ids))})(?![\w-])"
    names = re.compile(rf"\bevidence\b.*{name}|{name}.*\bevidence\b")
    return Reads(frozenset({*own, *shown}), frozenset(records), names)


def people_of(programme: Programme, folder: PlanFolder) -> Mapping[str, str]:
    """Addresses by name, of everybody whom sites and plan name, so that a name on a record meets one on a commit."""
    named: list[Person] = [*folder.plan.people.values()]
    for site in programme.sites.values():
        named += [person for person in (site.site_lead, site.sponsor) if person is not None]
    return {person.name.casefold(): person.email for person in named if person.email}


@dataclass(frozen=True)
class Independence:
    """Judges approvals of one gate by the history of what they bind."""

    history: Authorship
    line_of: Callable[[ApprovalRecord], str]
    """The line a record is written in; nothing where it takes several."""
    addresses: Mapping[str, str]

    def doubt(self, approval: ApprovalRecord, read: Reads, earlier: Iterable[ApprovalRecord]) -> str:
        """Why an approval is not known to be independent for a site; nothing where it is.

        `earlier` are those of the same gate before it that cover the site with another digest.
        """
        if self.history.unknown:
            return f"who wrote what is not known: {self.history.unknown}; {self.history.hint}"
        adder = self.adder(approval)
        if adder is None:
            line = self.line_of(approval)
            return "its line is not committed yet" if line else "it is not on a line of its own; `rollout fmt` helps"
        before = [
            commit
            for other in earlier
            if (commit := self.adder(other)) is not None
            and commit.id != adder.id
            and not self._conflict(other, commit, read, ())
        ]
        return self._conflict(approval, adder, read, before)

    def adder(self, approval: ApprovalRecord) -> Authored | None:
        """The commit that wrote an approval's line as it stands."""
        line = self.line_of(approval)
        return self.history.adder(approval.path, line) if line else None

    def _conflict(self, approval: ApprovalRecord, adder: Authored, read: Reads, before: Iterable[Authored]) -> str:
        approver = self._who(approval.by)
        for commit in self.history.since(adder, *before):
            path = read.touched(commit)
            if path is None:
                continue
            if same(approver, commit.authors):
                return f"{approval.by} wrote part of what is approved ({path} in commit {commit.short})"
            if same(adder.author, commit.authors):
                said = f"{adder.author.name}, who committed the approval, wrote part of what is approved"
                return f"{said} ({path} in commit {commit.short})"
        return ""

    def _who(self, name: str) -> Who:
        return who(name, self.addresses.get(name.casefold(), ""))
