"""git's log of some files → who changed what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rollout.model.authorship import Commit, History, Who, who
from rollout.problem import RolloutError
from rollout.repository import Repository

MANY_PATHS = 400
"""More paths than this are asked for by their folders: a command line has an end."""
_START, _END = "\0\x01", "\0\x02"
_FIELDS = ("%H", "%P", "%an", "%ae", "%aN", "%aE", "%(trailers:key=Co-authored-by,valueonly)")
_FORM = f"%x00%x01{'%x00'.join(_FIELDS)}%x00%x02"
_CONTACT = re.compile(r"\s*(.*?)\s*<([^<>]+)>")
_HEAD = re.compile(r'diff --(?:git (?:"?a/)(.*?)"? "?b/\1"?|cc "?(.*?)"?)$')


def read_history(repository: Repository, paths: Sequence[str]) -> History:
    """The commits that touched these files of the programme (many: anything in their folders); one pass over the log.

    Authors go through `.mailmap`, co-authors come from trailers, merges count for what they changed themselves. A
    shallow clone has no history to judge by, and the answer says so instead. Raises RolloutError (3) when git fails.
    """
    if repository.is_shallow():
        return History(unknown="this clone has only the newest commits", hint="run `git fetch --unshallow`")
    if repository.head() is None:
        return History(unknown="nothing is committed yet", hint="commit the programme first")
    wanted = sorted(set(paths))
    if len(wanted) > MANY_PATHS:
        wanted = sorted({path.rpartition("/")[0] for path in wanted} - {""})
    raw = repository.log(_FORM, wanted).decode("utf-8", "surrogateescape")
    entries = [entry.partition(_END) for entry in raw.split(_START)[1:]]
    heads = [head.split("\0") for head, _, _ in entries]
    contacts = sorted({line.strip() for head in heads for line in head[6].splitlines() if _CONTACT.match(line)})
    mapped = dict(zip(contacts, repository.mapped(contacts) if contacts else (), strict=True))
    skip = f"{repository.prefix}/" if repository.prefix else ""
    commits = []
    for head, (_, _, patch) in zip(heads, entries, strict=True):
        commit, parents, name, address, own_name, own_address, trailers = head
        added, removed = _changes(patch, skip)
        commits.append(
            Commit(
                id=commit,
                parents=tuple(parents.split()),
                author=who(own_name, own_address, name, address),
                co_authors=tuple(_co_author(line.strip(), mapped) for line in trailers.splitlines() if line.strip()),
                added=added,
                removed=removed,
            )
        )
    return History(tuple(commits))


def history_of(folder: Repository | None, paths: Sequence[str]) -> History:
    """The history of files, or why there is none: no repository, or git cannot read it."""
    hint = "independence is judged by who committed what: keep the programme in a git repository"
    if folder is None:
        return History(unknown="the programme is in no git repository", hint=hint)
    try:
        return read_history(folder, paths)
    except RolloutError as error:
        return History(unknown=error.problems[0].message, hint=error.problems[0].hint or hint)


def _co_author(line: str, mapped: Mapping[str, str]) -> Who:
    contact = _CONTACT.match(line)
    if contact is None:
        return who(line)
    own = _CONTACT.match(mapped.get(line, line)) or contact
    return who(own[1] or own[2], own[2], contact[1], contact[2])


def _changes(patch: str, skip: str) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Lines added and removed by path, of git's patches without context."""
    added: dict[str, list[str]] = {}
    removed: dict[str, list[str]] = {}
    path, is_body, sides = "", False, 1
    for line in patch.split("\n"):
        if head := _HEAD.match(line) if line.startswith("diff --") else None:
            path = (head[1] or head[2] or "").removeprefix(skip)
            added[path], removed[path], is_body = [], [], False
        elif line.startswith("@@"):
            is_body, sides = True, len(line) - len(line.lstrip("@")) - 1
        elif is_body and path:
            marks, text = line[:sides], line[sides:]
            if "+" in marks:
                added[path].append(text)
            elif "-" in marks:
                removed[path].append(text)
    return (
        {path: tuple(lines) for path, lines in added.items()},
        {path: tuple(lines) for path, lines in removed.items()},
    )
