"""A scenario of `rollout whatif` as people type it: `slip: --delay lyon=3w --cap 3`."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from rollout.model.whatif import KINDS, Scenario
from rollout.problem import Problem, RolloutError, did_you_mean

USAGE = "wrong-usage"
"""Code of what is spelled in no way an option can be; it ends with exit code 2."""
FORMS = {
    "delay": "--delay SITE=3w",
    "drop": "--drop SITE",
    "add": "--add NEW=SITE",
    "cap": "--cap 4, --cap 3-4 or --cap TEAM=5",
    "blackout": "--blackout 2026-12-15..2027-01-05 or --blackout 2026-12-15..2027-01-05:region=emea",
    "pin": "--pin SITE=2027-05-04 or --pin SITE=2",
    "lighthouse": "--lighthouse SITE",
}
"""How each option is written."""


def read(scenarios: Sequence[Scenario | str]) -> tuple[Scenario, ...]:
    """Scenarios from values and texts (`slip: --delay lyon=3w --cap 3`). Raises RolloutError (2) for bad spelling."""
    problems: list[Problem] = []
    if not scenarios:
        problems.append(misspelt("rollout whatif", "nothing is tried", "say what, for example --delay SITE=3w"))
    read_in = [_scenario(entry, problems) if isinstance(entry, str) else entry for entry in scenarios]
    found = [scenario for scenario in read_in if scenario is not None]
    names = [scenario.name for scenario in found]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        said = f'two scenarios are called "{name}"'
        problems.append(misspelt(f"--scenario {name}", said, "give each a name of its own"))
    refuse(problems)
    return tuple(found)


def refuse(problems: list[Problem]) -> None:
    """Raises RolloutError with the problems, if any: code 2 where an option is misspelt, else 1."""
    if problems:
        raise RolloutError(*problems, exit_code=2 if any(problem.code == USAGE for problem in problems) else 1)


def misspelt(place: str, message: str, hint: str) -> Problem:
    """A problem with how an option is written."""
    return Problem(path=place, code=USAGE, message=message, hint=hint)


def _scenario(text: str, problems: list[Problem]) -> Scenario | None:
    """The scenario; None (and a problem) where it is misspelt."""
    place = f"--scenario {shlex.quote(text)}"
    name, colon, rest = text.partition(":")
    name = " ".join(name.split())
    form = 'write "NAME: --delay SITE=3w --cap 3"'
    if not colon or not name or name.startswith("-"):
        problems.append(misspelt(place, "a scenario begins with its name", form))
        return None
    try:
        words = shlex.split(rest)
    except ValueError:
        problems.append(misspelt(place, "a quotation mark is not closed", form))
        return None
    wishes: list[tuple[str, str]] = []
    while words:
        option, equals, value = words.pop(0).partition("=")
        kind = option.removeprefix("--")
        if kind not in KINDS or not option.startswith("--"):
            hint = did_you_mean(option, [f"--{known}" for known in KINDS]) or "known here: " + ", ".join(
                f"--{known}" for known in KINDS
            )
            problems.append(misspelt(place, f'"{option}" is no option of a scenario', hint))
            return None
        if not equals and not words:
            problems.append(misspelt(place, f"{option} wants a value", f"write {FORMS[kind]}"))
            return None
        wishes.append((kind, value if equals else words.pop(0)))
    return Scenario(name, tuple(wishes))
