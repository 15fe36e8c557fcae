"""git's log of some files: who changed which of their lines, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Final

from rollout.repository.find import Repository

_QUIET: Final = ("-c", "core.quotePath=false", "-c", "log.showSignature=false", "-c", "log.follow=false", "log")
# Patches as git made them, whatever is configured; a commit begins with a line of its own.
_PATCHES: Final = (
    *("--patch", "--unified=0", "--inter-hunk-context=0", "--no-renames", "--diff-algorithm=myers", "--no-relative"),
    *("--no-ext-diff", "--no-textconv", "--no-color", "--no-notes", "--src-prefix=a/", "--dst-prefix=b/"),
    "--format=%x01%H%x00%P%x00%as%x00%an%x00%ae%x00%aN%x00%aE%x00%s%x00%(trailers:key=Co-authored-by,valueonly,separator=%x02)",
)
_FILE = re.compile(r'diff --(?:git (?:"?a/)(.*?)"? "?b/\1"?|cc "?(.*?)"?)$')


class Reading(Enum):
    """Which commits are read, and what of a merge; its value is how git is asked for that."""

    KEPT = ("--no-merges",)
    """Those that made the files what they are, newest first, without merges: who brought the text that stands."""
    AUTHORED = ("--full-history", "--topo-order", "--parents", "--cc")
    """All, none before one that follows it; of a merge what it changed itself: who wrote any of it."""
    EVERY_LINE = ("--full-history", "--reverse", "--topo-order", "--sparse", "--diff-merges=separate", "--text")
    """All, oldest first, and a merge against each of its parents: lines that a merge dropped went with it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that a commit added to a file, or removed from it."""

    text: str
    is_added: bool
    under: str = ""
    """What git takes for the heading it stands under: in YAML the last top-level key before."""


@dataclass(slots=True)
class Patch:
    """What a commit did to one file; a file without lines was touched all the same."""

    path: str
    """Relative to the programme's folder."""
    lines: list[Line] = field(default_factory=list)
    """From top to bottom, those removed before those that took their place."""

    def side(self, *, is_added: bool) -> tuple[str, ...]:
        """The texts added, or removed."""
        return tuple(line.text for line in self.lines if line.is_added is is_added)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A commit as the log tells it; a merge read against each of its parents comes once for each."""

    id: str
    parents: tuple[str, ...]
    """Among the commits read, where these are read with their authors."""
    on: date
    """By the author's clock."""
    name: str
    address: str
    """As they stand on the commit."""
    mapped_name: str
    mapped_address: str
    """What `.mailmap` makes of them."""
    subject: str = ""
    """The first line of its message."""
    co_authors: tuple[str, ...] = ()
    """Of its trailers, as they were written."""
    patches: list[Patch] = field(default_factory=list)


def log(repository: Repository, paths: Sequence[str], reading: Reading) -> Iterator[Logged]:
    """The commits up to HEAD that changed these files or folders, in one pass; RolloutError when git refuses."""
    if not paths or repository.head() is None:
        return
    below = [repository.full(path.rstrip("/")) for path in paths]
    raw = repository.must(*_QUIET, *reading.value, *_PATCHES, "HEAD", "--", *below)
    skip = f"{repository.prefix}/" if repository.prefix else ""
    commit: Logged | None = None
    lines: list[Line] | None = None
    sides, under = 0, ""  # columns of signs before a line; none outside of hunks
    for line in raw.decode("utf-8", "replace").split("\n"):
        signs = line[:sides]
        if lines is not None and signs and line[0] in "+- ":
            if "+" in signs or "-" in signs:
                lines.append(Line(line[sides:], is_added="+" in signs, under=under))
        elif line.startswith("\x01"):
            if commit is not None:
                yield commit
            commit, lines, sides = _commit(line[1:]), None, 0
        elif commit is not None and (found := _FILE.match(line)):
            patch = Patch((found[1] or found[2] or "").removeprefix(skip))
            commit.patches.append(patch)
            lines, sides = patch.lines, 0
        elif line.startswith("@@"):
            sides = len(line) - len(line.lstrip("@")) - 1
            under = line[sides + 1 :].partition("@" * (sides + 1))[2].strip()
    if commit is not None:
        yield commit


def mapped(repository: Repository, contacts: Sequence[str]) -> list[str]:
    """Contacts (`Name <address>`) as the repository's `.mailmap` has them."""
    data = "".join(f"{contact}\n" for contact in contacts).encode()
    return repository.must("check-mailmap", "--stdin", data=data).decode(errors="replace").splitlines()


def touched(repository: Repository, folders: Sequence[str], since: date) -> dict[str, list[date]]:
    """The paths below these folders that people committed to since a day, each with the days of its commits.

    These are by the author's clock, and may be earlier: what was rebased since is committed since. Commits that
    `publish` made are left out: they say nothing of the people at a site. Names only: git is spared the patches of a
    whole fleet.
    """
    words: tuple[str, ...] = (*_QUIET, "--no-renames", "--name-only", "-z", "--no-notes", "--no-color")
    words += (f"--since={since.isoformat()}T00:00:00Z", "--invert-grep", "--grep=^Rollout-As-Of: ", "--format=%x01%as")
    found: dict[str, list[date]] = {}
    below = [repository.full(folder) for folder in folders]
    for commit in repository.must(*words, "--", *below).split(b"\1")[1:] if repository.head() else ():
        day, *paths = (name.strip(b"\n") for name in commit.split(b"\0"))
        for path in filter(None, paths):
            found.setdefault(repository.inside(path), []).append(date.fromisoformat(day.decode()))
    return found


def _commit(line: str) -> Logged:
    commit, parents, day, name, address, mapped_name, mapped_address, subject, trailers = line.split("\0")
    return Logged(
        id=commit,
        parents=tuple(parents.split()),
        on=date.fromisoformat(day),
        name=name,
        address=address,
        mapped_name=mapped_name,
        mapped_address=mapped_address,
        subject=subject,
        co_authors=tuple(text for part in trailers.split("\x02") if (text := part.strip())),
    )
