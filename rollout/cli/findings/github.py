"""Workflow commands of GitHub Actions: annotations at the lines of a pull request.

GitHub shows ten errors and ten warnings of a step and drops the rest without a word, so the rest is counted here.
"""

from __future__ import annotations

from rollout.cli.findings.words import place, sentence
from rollout.model.few import so_many
from rollout.model.finding import most_severe_first
from rollout.model.harmless import clean
from rollout.model.validated import Validated
from rollout.problem import Problem

SHOWN = 10
"""Annotations of one kind that GitHub shows of a step."""


def github(found: Validated, prefix: str) -> str:
    """One command a line; `prefix` is the programme's folder below the top of the repository."""
    lines = []
    for severity in ("error", "warning"):
        of_kind = [problem for problem in most_severe_first(found.problems) if problem.severity == severity]
        lines += [_command(problem, prefix) for problem in of_kind[:SHOWN]]
    more = [
        so_many(count - SHOWN, f"more {kind}")
        for kind, count in (("error", found.errors), ("warning", found.warnings))
        if count > SHOWN
    ]
    if more:
        said = f"{' and '.join(more)} not shown here; `rollout validate` lists all"
        lines.append(f"::notice title=rollout::{_data(said)}")
    return "".join(f"{line}\n" for line in (*lines, *map(_plain, found.summary())))


def _command(problem: Problem, prefix: str) -> str:
    properties = {"file": place(problem, prefix)}
    if problem.line:
        properties |= {"line": str(problem.line), "col": str(problem.column)}
    properties["title"] = problem.code
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{problem.severity} {written}::{_data(sentence(problem))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(clean(text)).replace(":", "%3A").replace(",", "%2C")


def _plain(text: str) -> str:
    """A line of the log that is no command, in neither of the two spellings that the runner knows."""
    return clean(text).replace("\n", " ").replace("::", ": :").replace("##[", "## [")
