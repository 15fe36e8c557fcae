"""What git says of records files → the lines that commits added and removed, and what those lines record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rollout.load.validate import build
from rollout.load.yaml import parse
from rollout.model.history import Commit, Edit
from rollout.model.record import KINDS, Record

_HUNK = re.compile(rb"@@ -[0-9]+(?:,([0-9]+))? \+[0-9]+(?:,([0-9]+))? @@")


class Line(NamedTuple):
    """A line that a commit added or removed."""

    commit: Commit
    parent: int
    """Counts the parents that any commits are compared with: of a merge each has its own."""
    path: str
    text: bytes
    is_added: bool
    under: bytes
    """What git takes for the heading it stands under: in YAML the last top-level key before."""


def edits(patches: bytes, prefix: str, kinds: tuple[str, ...], below: str = "") -> Iterator[Edit]:
    """The lines that name one of the kinds, as `Repository.patches` gives them; paths relative to `prefix`.

    `below`: of files in this folder only.
    """
    wanted = re.compile(rb"\b(?:" + b"|".join(kind.encode() for kind in kinds) + rb")\s*:")
    for line in changed_lines(patches, prefix):
        if wanted.search(line.text) and line.path.startswith(below):
            yield Edit(line.commit, line.path, line.text.decode("utf-8", "replace").rstrip(), line.is_added)


def changed_lines(patches: bytes, prefix: str) -> Iterator[Line]:
    """Every line that commits added or removed, oldest first."""
    commit: Commit | None = None
    parent, under = 0, b""
    paths = {b"-": "", b"+": ""}
    left = {b"-": 0, b"+": 0}
    for line in patches.split(b"\n"):
        sign = line[:1]
        if left.get(sign):
            left[sign] -= 1
            if commit is not None and paths[sign]:
                yield Line(commit, parent, paths[sign], line[1:], sign == b"+", under)
        elif sign == b" ":
            left = {key: max(0, count - 1) for key, count in left.items()}
        elif sign == b"\x01":
            commit, parent = _commit(line[1:]), parent + 1
        elif line.startswith((b"--- ", b"+++ ")):
            paths[sign] = _path(line[4:], prefix)
        elif found := _HUNK.match(line):
            left = {b"-": int(found[1] or 1), b"+": int(found[2] or 1)}
            under = line[found.end() :].strip()


def _commit(line: bytes) -> Commit:
    name, parents, author, day, subject = line.decode("utf-8", "replace").split("\0", 4)
    count = len(parents.split())
    return Commit(id=name, author=author, on=day, is_first=not count, subject=subject, parents=count)


def _path(written: bytes, prefix: str) -> str:
    """Relative to the programme; empty for /dev/null and for names no file of rollout has."""
    name = written.decode("utf-8", "replace").rstrip("\t")
    if name[:2] not in ("a/", "b/"):
        return ""
    return name[2:].removeprefix(f"{prefix}/") if prefix else name[2:]


def record_of(text: str, path: str) -> Record | None:
    """The record that stands on one line; None where the line holds none, or only a part of one."""
    value, problems = parse(text, path)
    entry = value[0] if not problems and isinstance(value, list) and len(value) == 1 else None
    kind = next((key for key in KINDS if isinstance(entry, dict) and key in entry), None)
    if kind is None:
        return None
    return build(KINDS[kind], entry, [(path, value)], {"index": 0, "path": path}, prefix=(0,))[0]


def entry_lines(text: str) -> list[tuple[int, str]]:
    """For each record of a file the line it begins on (from 1), and that line; empty where they do not begin lines."""
    lines = text.split("\n")
    first = next((line for line in lines if line.lstrip(" ").startswith("-") and not line.startswith("---")), None)
    if first is None:
        return []
    begin = f"{first[: len(first) - len(first.lstrip(' '))]}-"
    return [
        (number, line.rstrip())
        for number, line in enumerate(lines, 1)
        if line.startswith(begin) and line[len(begin) : len(begin) + 1] in ("", " ", "\r")
    ]
