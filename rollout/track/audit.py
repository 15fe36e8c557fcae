"""Records and history → every decision, with the commits that brought its line and took it away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from rollout.model.audited import Decided
from rollout.model.decision import ApprovalRecord
from rollout.model.history import Commit, Edit, History
from rollout.model.programme import PlanFolder
from rollout.model.record import PROGRAMME, Record, kind_of, text_of
from rollout.track.decided import BySubject, by_subject, decision, evidence_of

Key = tuple[str, str]
"""File or commit, and what a record says; where a line is only a part of a record, the line."""


@dataclass(frozen=True, slots=True)
class _Line:
    """What commits did to one record of one file, oldest first."""

    record: Record | None
    edits: list[Edit] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Past:
    """What history says of records."""

    lines: dict[Key, _Line] = field(default_factory=dict)
    adds: dict[Key, set[str]] = field(default_factory=dict)
    """By commit and what a record says, the files it was added to."""
    removals: dict[Key, set[str]] = field(default_factory=dict)
    """The files it was removed from."""
    written: dict[Key, list[Record]] = field(default_factory=dict)
    """By commit and file, the records added."""


_ONE_OF_EACH = ("status", "scale", "forecast")
"""Kinds of which a file says one thing, whatever the word."""


def audit(
    folder: PlanFolder,
    renamed: Mapping[str, str],
    history: History | None,
    read: Callable[[str, str], Record | None],
    begins: Callable[[Record], tuple[int | None, str]],
    site: str | None = None,
) -> tuple[Decided, ...]:
    """Every decision by day, of the whole plan or as far as it is about one site.

    `renamed` gives the id that a site of a former one has now, `read` the record on a line of a file, `begins` the line
    and text a record begins with. Without history no commits are named, and nothing that was removed is known.
    """

    asked = _Asked(folder, renamed, history, _past(history, read), site)
    found = (*asked.standing(begins), *asked.removed())
    return tuple(sorted(found, key=lambda one: (one.on, one.site, one.path, one.line or 0, one.says, one.by)))


@dataclass(frozen=True)
class _Asked:
    """A question, and what it is answered from."""

    folder: PlanFolder
    renamed: Mapping[str, str]
    history: History | None
    past: _Past
    site: str | None

    def standing(self, begins: Callable[[Record], tuple[int | None, str]]) -> Iterator[Decided]:
        """Decisions whose lines are there."""
        for name in self._shown:
            for record in self.folder.records[name]:
                if (said := decision(record)) is not None and self._is_about(record, name):
                    number, text = begins(record)
                    brought = _brought((record.path, text_of(record)), self.past)
                    yield self._decided(record, name, said, number, brought or _brought((record.path, text), self.past))

    def removed(self) -> Iterator[Decided]:
        """Decisions whose lines are gone."""
        there = {(record.path, text_of(record)) for name in self._shown for record in self.folder.records[name]}
        for (path, text), line in self.past.lines.items():
            gone, name = line.record, _name(path)
            if gone is None or (path, text) in there or not self._is_about(gone, name):
                continue
            removed = _taken(line.edits)
            if (said := decision(gone)) is None or (
                removed is not None and self.past.adds.get((removed.id, text), set()) - {path}
            ):
                continue  # no decision, or the same line stands in another file since: a site or a plan was renamed
            brought = next(edit.commit for edit in line.edits if edit.is_added or len(line.edits) == 1)
            replaced = _instead(gone, path, removed, self.past)
            one = self._decided(gone, name, said, None, brought)
            yield replace(one, is_removed=True, removed=removed, replaced=replaced)

    @property
    def _shown(self) -> list[str]:
        return [name for name in self.folder.records if self.site is None or name in (self.site, PROGRAMME)]

    def _is_about(self, record: Record, name: str) -> bool:
        """Whether a record of a file is about the site: it is its own, or the plan's and covers it or names nobody."""
        if self.site is None or name == self.site:
            return True
        covered = self._covered(record)
        return name == PROGRAMME and (not covered or self.site in covered)

    def _covered(self, record: Record) -> frozenset[str]:
        """The sites that an approval names, by the ids they have now."""
        named = record.sites if isinstance(record, ApprovalRecord) else ()
        return frozenset(self.renamed.get(name, name) for name in named)

    def _decided(self, record: Record, name: str, said: str, number: int | None, commit: Commit | None) -> Decided:
        recorded_by = record.recorded_by if isinstance(record, ApprovalRecord) else None
        is_cut_off = self.history is not None and self.history.is_shallow
        return Decided(
            on=record.on,
            kind=kind_of(record),
            says=said,
            site="" if name == PROGRAMME else name,
            sites=tuple(sorted(record.sites)) if isinstance(record, ApprovalRecord) else (),
            by=record.by,
            recorded_by=recorded_by if recorded_by != record.by else None,
            because=record.because,
            evidence=tuple(evidence_of(record, self.folder, self._covered(record), self._known)),
            path=record.path,
            line=number,
            commit=commit,
            is_older=is_cut_off and commit is not None and commit.is_first,
        )

    def _known(self, subject: str) -> BySubject:
        if subject not in self._by_subject:
            self._by_subject[subject] = by_subject(self.folder.records.get(subject, ()))
        return self._by_subject[subject]

    @cached_property
    def _by_subject(self) -> dict[str, BySubject]:
        return {}


def _past(history: History | None, read: Callable[[str, str], Record | None]) -> _Past:
    past = _Past()
    for edit in history.edits if history is not None else ():
        record = read(edit.text, edit.path)
        text = edit.text if record is None else text_of(record)
        past.lines.setdefault((edit.path, text), _Line(record)).edits.append(edit)
        (past.adds if edit.is_added else past.removals).setdefault((edit.commit.id, text), set()).add(edit.path)
        if edit.is_added and record is not None:
            past.written.setdefault((edit.commit.id, edit.path), []).append(record)
    return past


def _brought(key: Key, past: _Past) -> Commit | None:
    """The commit that brought a record that stands; None where it is not committed yet.

    The first to add it since it was last taken away. A commit that does both only moved the line, or wrote it another
    way; one that took it from another file renamed that.
    """
    seen: set[str] = set()
    since: Commit | None = None
    while key in past.lines:
        before = [edit for edit in past.lines[key].edits if since is None or edit.commit.id != since.id]
        since = _since(before) or since
        seen.add(key[0])
        others = sorted(past.removals.get((since.id, key[1]), set()) - seen) if since is not None else []
        if not others:
            break
        key = (others[0], key[1])
    return since


def _since(edits: Sequence[Edit]) -> Commit | None:
    """The first commit to add a line since it was last taken away for good."""
    both = {edit.commit.id for edit in edits if edit.is_added} & {edit.commit.id for edit in edits if not edit.is_added}
    since: Commit | None = None
    for edit in edits:
        if edit.is_added:
            since = since or edit.commit
        elif edit.commit.id not in both:
            since = None
    return since


def _taken(edits: Sequence[Edit]) -> Commit | None:
    """The first commit to take a line away since it was last added."""
    removed: Commit | None = None
    for edit in edits:
        if edit.is_added:
            removed = None
        elif removed is None:
            removed = edit.commit
    return removed


def _instead(record: Record, path: str, removed: Commit | None, past: _Past) -> str | None:
    """What the commit that took a line away wrote about the same thing in the same file."""
    kind = kind_of(record)
    for new in past.written.get((removed.id, path), ()) if removed is not None else ():
        is_same = kind_of(new) == kind and (getattr(new, kind) == getattr(record, kind) or kind in _ONE_OF_EACH)
        if is_same and text_of(new) != text_of(record):
            return f"{decision(new)} of {new.on} by {new.by}"
    return None


def _name(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".yaml")
