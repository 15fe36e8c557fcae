"""What git says of records → the lines that commits added and removed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rollout.load.records import record_at
from rollout.load.yaml import parse
from rollout.model.history import Commit, Edit
from rollout.model.record import Record
from rollout.repository.history import Logged


def edits(history: Iterable[Logged], kinds: tuple[str, ...], below: str = "") -> Iterator[Edit]:
    """The lines that name one of the kinds, as every commit added or removed them.

    `history` reads every line (`Reading.EVERY_LINE`). `below`: of files in this folder only.
    """
    wanted = re.compile(rf"\b(?:{'|'.join(kinds)})\s*:", re.ASCII)
    for logged in history:
        commit = commit_of(logged)
        for patch in logged.patches:
            for line in patch.lines if patch.path.startswith(below) else ():
                if wanted.search(line.text):
                    yield Edit(commit, patch.path, line.text.rstrip(), line.is_added)


def commit_of(logged: Logged) -> Commit:
    """A commit of the log, as far as it is shown."""
    return Commit(
        id=logged.id,
        author=logged.mapped_name,
        on=logged.on.isoformat(),
        is_first=not logged.parents,
        subject=logged.subject,
        parents=len(logged.parents),
    )


def record_of(text: str, path: str) -> Record | None:
    """The record that stands on one line; None where the line holds none, or only a part of one."""
    value, problems = parse(text, path)
    is_one = not problems and isinstance(value, list) and len(value) == 1
    return record_at(path, 0, value, problems) if is_one else None


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
