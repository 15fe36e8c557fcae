"""Who changed what: the commits that touched some files, as far as git knows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from unicodedata import normalize


@dataclass(frozen=True, slots=True)
class Who:
    """A name and an address as they stand on commits, and what the repository's `.mailmap` makes of them."""

    name: str
    keys: frozenset[str]
    """Names and addresses by which it is the same person."""


def who(*names: str) -> Who:
    """A person by all names and addresses known; the first is the one shown."""
    return Who(names[0], frozenset(normalize("NFC", name).casefold().strip() for name in names if name.strip()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Authored:
    """One commit, as far as it is about the files asked for."""

    id: str
    parents: tuple[str, ...] = ()
    """Of the commits asked for, those it follows."""
    author: Who
    co_authors: tuple[Who, ...] = ()
    added: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Lines it added, by path. A path without lines was touched all the same."""
    removed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def authors(self) -> tuple[Who, ...]:
        """Who wrote it."""
        return (self.author, *self.co_authors)

    @property
    def short(self) -> str:
        """Its id as people quote it."""
        return self.id[:8]


@dataclass(frozen=True)
class Authorship:
    """The commits that touched some files, newest first, none before one that follows it."""

    commits: tuple[Authored, ...] = ()
    unknown: str = ""
    """Why nothing can be told from it; empty when it is whole."""
    hint: str = ""

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        return {commit.id: number for number, commit in enumerate(self.commits)}

    @cached_property
    def _before(self) -> tuple[int, ...]:
        """For each commit a set, as bits, of itself and all it follows."""
        found = [0] * len(self.commits)
        for number in range(len(self.commits) - 1, -1, -1):
            bits = 1 << number
            for parent in self.commits[number].parents:
                if parent in self._numbers:
                    bits |= found[self._numbers[parent]]
            found[number] = bits
        return tuple(found)

    def since(self, commit: Authored, *earlier: Authored) -> tuple[Authored, ...]:
        """A commit and all it follows, without these earlier ones and all that they follow; newest first."""
        bits = self._before[self._numbers[commit.id]]
        for other in earlier:
            bits &= ~self._before[self._numbers[other.id]]
        return tuple(one for number, one in enumerate(self.commits) if bits >> number & 1)

    def adder(self, path: str, line: str) -> Authored | None:
        """The commit that wrote a line of a file as it stands now: the oldest of those that added it."""
        return self._adders.get((path, line.strip()))

    @cached_property
    def _adders(self) -> Mapping[tuple[str, str], Authored]:
        return {
            (path, line.strip()): commit
            for commit in self.commits  # the oldest comes last, and stays
            for path, lines in commit.added.items()
            for line in lines
        }


def same(one: Who, others: Iterable[Who]) -> Who | None:
    """The first of these who is the same person."""
    return next((other for other in others if one.keys & other.keys), None)
