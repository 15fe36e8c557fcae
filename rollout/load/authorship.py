"""git's log of some files → who changed what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rollout.model.authorship import Authored, Authorship, Who, who
from rollout.problem import RolloutError
from rollout.repository import Repository
from rollout.repository.history import Reading, log, mapped

MANY_PATHS = 400
"""More paths than this are asked for by their folders: a command line has an end."""
_CONTACT = re.compile(r"\s*(.*?)\s*<([^<>]+)>")


def read_history(repository: Repository, paths: Sequence[str]) -> Authorship:
    """The commits that touched these files of the programme (many: anything in their folders); one pass over the log.

    Authors go through `.mailmap`, co-authors come from trailers, merges count for what they changed themselves. A
    shallow clone has no history to judge by, and the answer says so instead. Raises RolloutError (3) when git fails.
    """
    if repository.is_shallow():
        return Authorship(unknown="this clone has only the newest commits", hint="run `git fetch --unshallow`")
    if repository.head() is None:
        return Authorship(unknown="nothing is committed yet", hint="commit the programme first")
    wanted = sorted(set(paths))
    if len(wanted) > MANY_PATHS:
        wanted = sorted({path.rpartition("/")[0] for path in wanted} - {""})
    logged = list(log(repository, wanted, Reading.AUTHORED))
    contacts = sorted({line for commit in logged for line in commit.co_authors if _CONTACT.match(line)})
    names = dict(zip(contacts, mapped(repository, contacts) if contacts else (), strict=True))
    return Authorship(
        tuple(
            Authored(
                id=commit.id,
                parents=commit.parents,
                author=who(commit.mapped_name, commit.mapped_address, commit.name, commit.address),
                co_authors=tuple(_co_author(line, names) for line in commit.co_authors),
                added={patch.path: patch.side(is_added=True) for patch in commit.patches},
                removed={patch.path: patch.side(is_added=False) for patch in commit.patches},
            )
            for commit in logged
        )
    )


def history_of(folder: Repository | None, paths: Sequence[str]) -> Authorship:
    """The history of files, or why there is none: no repository, or git cannot read it."""
    hint = "independence is judged by who committed what: keep the programme in a git repository"
    if folder is None:
        return Authorship(unknown="the programme is in no git repository", hint=hint)
    try:
        return read_history(folder, paths)
    except RolloutError as error:
        return Authorship(unknown=error.problems[0].message, hint=error.problems[0].hint or hint)


def _co_author(line: str, names: Mapping[str, str]) -> Who:
    contact = _CONTACT.match(line)
    if contact is None:
        return who(line)
    own = _CONTACT.match(names.get(line, line)) or contact
    return who(own[1] or own[2], own[2], contact[1], contact[2])
