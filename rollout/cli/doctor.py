"""rollout doctor"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import typer

from rollout.cli.options import HERE, Directory, Looks, Out

if TYPE_CHECKING:
    from rollout.model.doctored import Library, Machine

_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)>=([0-9.]+)(?:;\s*extra\s*==\s*['\"]([a-z]+)['\"])?")
_WORKSHOP = "dev"


def doctor(directory: Directory = HERE, fmt: Looks = "text", out: Out = None) -> None:
    """Whether everything is there to work with: Python, libraries, git, rights, what killed runs left. With remedies.

    Exits with 1 when something has to be mended; a note is none. Writes nothing and repairs nothing.

        rollout doctor
        rollout doctor --format json | jq '.findings[] | select(.state != "fine")'
    """
    from rollout import pipeline
    from rollout.cli.report import write_json, write_table

    found = pipeline.doctor(directory, machine())
    if fmt == "json":
        write_json(found.json())
    else:
        write_table(found.table(), fmt)
    raise typer.Exit(1 if found.is_wrong else 0)


def machine() -> Machine:
    """What there is around this process."""
    import platform

    from rollout import __version__
    from rollout.model.doctored import Machine

    return Machine(
        python=sys.version_info[:3],
        system=platform.system(),
        rollout=__version__,
        output=sys.stdout.encoding or "none",
        file_names=sys.getfilesystemencoding(),
        libraries=tuple(_libraries()),
    )


def _libraries() -> list[Library]:
    """What the installed rollout says it needs, and what there is of it."""
    from importlib.metadata import PackageNotFoundError, requires, version

    from rollout.model.doctored import Library

    def installed(name: str) -> str | None:
        try:
            return version(name)
        except PackageNotFoundError:
            return None

    try:
        wanted = requires("rollout") or []
    except PackageNotFoundError:  # run from its source without being installed
        return []
    found = [match for one in wanted if (match := _REQUIREMENT.fullmatch(one.replace(" ", "")))]
    return [
        Library(name, at_least, extra or "", installed(name))
        for name, at_least, extra in (match.groups() for match in found)
        if extra != _WORKSHOP
    ]
