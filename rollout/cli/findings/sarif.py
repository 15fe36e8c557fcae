"""SARIF 2.1.0, for GitHub's code scanning and every viewer of the format.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. GitHub refuses a run of more than 25,000 results and
keeps 5,000 of it, so the most severe come first and what is left out is counted in a notification.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from rollout import __version__
from rollout.cli.findings.words import place, sentence
from rollout.model.finding import fingerprinted, most_severe_first
from rollout.model.rules import RulePage, RulePages
from rollout.model.validated import Validated
from rollout.problem import Problem

LIMIT = 25_000
"""Results of a run that GitHub accepts."""


def sarif(found: Validated, prefix: str, pages: RulePages) -> str:
    """One run as JSON; its rules are those that found something."""
    problems = most_severe_first(found.problems)
    codes = sorted({problem.code for problem in problems})
    number_of = {code: number for number, code in enumerate(codes)}
    notes = list(found.summary())
    if len(problems) > LIMIT:
        notes.append(f"{len(problems) - LIMIT} of {len(problems)} findings are left out: {LIMIT} are accepted of a run")
    run = {
        "tool": {
            "driver": {
                "name": "rollout",
                "semanticVersion": __version__,
                "rules": [_rule(code, pages.find(code)) for code in codes],
            }
        },
        "automationDetails": {"id": "rollout/validate/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The top of the repository."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [{"level": "note", "message": {"text": note}} for note in notes],
            }
        ],
        "results": [
            _result(problem, number_of[problem.code], prefix, f"{mark}:{number}")
            for problem, mark, number in fingerprinted(problems[:LIMIT])
        ],
        "properties": {"known": len(found.known), "omitted": max(0, len(problems) - LIMIT)},
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _rule(code: str, page: RulePage | None) -> dict[str, Any]:
    if page is None:
        return {"id": code, "shortDescription": {"text": code}}
    return {
        "id": code,
        "shortDescription": {"text": page.summary},
        "fullDescription": {"text": " ".join((page.summary, *page.more))},
        "help": {"text": "\n\n".join([*page.lines()][1:]), "markdown": page.markdown(1)},
        "defaultConfiguration": {"level": page.severity},
        "properties": {"problem.severity": page.severity},
    }


def _result(problem: Problem, rule: int, prefix: str, mark: str) -> dict[str, Any]:
    where: dict[str, Any] = {"artifactLocation": {"uri": _uri(place(problem, prefix)), "uriBaseId": "SRCROOT"}}
    if problem.line:
        where["region"] = {"startLine": problem.line, "startColumn": max(problem.column, 1)}
    return {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": problem.severity,
        "message": {"text": sentence(problem)},
        "locations": [{"physicalLocation": where}],
        # The one that GitHub compares; the name says lines, the specification leaves the value to the tool.
        "partialFingerprints": {"primaryLocationLineHash": mark},
    }


def _uri(path: str) -> str:
    return quote(path.encode("utf-8", "surrogatepass"))
