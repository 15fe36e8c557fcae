"""What `doctor` found: of the machine, of git, of the programme's folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rollout.model.answers import VERSION
from rollout.model.few import so_many
from rollout.model.table import Table

if TYPE_CHECKING:
    from rollout.model.answers.files import DoctoredJson, FindingJson

State = Literal["fine", "note", "wrong"]
PYTHON = (3, 11)
"""The oldest that is supported."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: State
    says: str
    remedy: str = ""

    def json(self) -> FindingJson:
        """For programs."""
        return {"what": self.what, "state": self.state, "says": self.says, "remedy": self.remedy}


@dataclass(frozen=True, slots=True)
class Library:
    """A library that rollout uses."""

    name: str
    at_least: str
    """The oldest version that is supported."""
    extra: str
    """The extra it belongs to; empty where rollout cannot do without it."""
    installed: str | None
    """Its version; None where it is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What the command line sees around itself."""

    python: tuple[int, int, int]
    system: str
    rollout: str
    output: str
    """Encoding of the output."""
    file_names: str
    """Encoding of the names of files."""
    libraries: tuple[Library, ...]

    def findings(self) -> Iterator[Finding]:
        """What is to be said of it."""
        yield Finding("rollout", "fine", self.rollout)
        said = f"{'.'.join(map(str, self.python))} on {self.system}"
        wanted = ".".join(map(str, PYTHON))
        if self.python[:2] < PYTHON:
            yield Finding("python", "wrong", f"{said}, {wanted} is the oldest", f"install Python {wanted} or newer")
        else:
            yield Finding("python", "fine", said)
        yield from self._encodings()
        yield from self._libraries()

    def _encodings(self) -> Iterator[Finding]:
        if _is_utf8(self.output):
            yield Finding("output", "fine", self.output)
        else:
            said = f"{self.output}: letters it does not have are written as ?, bars in ASCII"
            yield Finding("output", "note", said, "set PYTHONUTF8=1, or LC_ALL=C.UTF-8")
        if not _is_utf8(self.file_names):
            said = f"{self.file_names}: names of files with accents cannot be read"
            yield Finding("file names", "wrong", said, "set PYTHONUTF8=1, or LC_ALL=C.UTF-8")

    def _libraries(self) -> Iterator[Finding]:
        needed = [one for one in self.libraries if not one.extra]
        bad = [one for one in needed if one.installed is None or is_older(one.installed, one.at_least)]
        if bad:
            said = ", ".join(f"{one.name} {one.installed or 'is missing'} (needs {one.at_least})" for one in bad)
            yield Finding("libraries", "wrong", said, "pip install --upgrade rollout")
        elif needed:
            yield Finding("libraries", "fine", ", ".join(f"{one.name} {one.installed}" for one in needed))
        for extra in dict.fromkeys(one.extra for one in self.libraries if one.extra):
            ones = [one for one in self.libraries if one.extra == extra]
            old = [one for one in ones if one.installed is not None and is_older(one.installed, one.at_least)]
            missing = [one.name for one in ones if one.installed is None]
            install = f"pip install 'rollout[{extra}]'"
            if old:
                said = ", ".join(f"{one.name} {one.installed} (needs {one.at_least})" for one in old)
                yield Finding(f"extra {extra}", "wrong", said, f"{install} --upgrade")
            elif missing:
                yield Finding(f"extra {extra}", "note", f"not installed: {', '.join(missing)}", install)
            else:
                yield Finding(f"extra {extra}", "fine", ", ".join(f"{one.name} {one.installed}" for one in ones))


@dataclass(frozen=True, slots=True)
class Doctored:
    """Everything that was looked at."""

    findings: tuple[Finding, ...]

    @property
    def is_wrong(self) -> bool:
        """Whether anything has to be mended."""
        return any(finding.state == "wrong" for finding in self.findings)

    def table(self) -> Table:
        """One row a finding."""
        rows = tuple((f.what, f.state, f.says, f.remedy) for f in self.findings)
        wrong = sum(finding.state == "wrong" for finding in self.findings)
        said = f"{so_many(wrong, 'thing')} to mend." if wrong else "Nothing to mend."
        return Table("doctor", ("what", "is", "found", "what to do"), rows, (said,))

    def json(self) -> DoctoredJson:
        """For programs."""
        return {"version": VERSION, "fine": not self.is_wrong, "findings": [one.json() for one in self.findings]}


def is_older(version: str, than: str) -> bool:
    """Whether a version is older, by its numbers."""
    return _numbers(version) < _numbers(than)


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"[0-9]+(?:\.[0-9]+)*", version)
    numbers = [int(part) for part in found[0].split(".")] if found else []
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _is_utf8(name: str) -> bool:
    return name.lower().replace("-", "").replace("_", "") in ("utf8", "utf8sig", "cp65001")
