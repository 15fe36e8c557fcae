"""A plan changes only rules that exist.

Under a misspelt code nothing would change, and nobody would see why. `rollout rules` lists the codes.

Bad:

    rules:
      stale-readyness: {severity: error, because: the steering group asked for it}

Good:

    rules:
      stale-readiness: {severity: error, because: the steering group asked for it}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.problem import Problem, did_you_mean

CODE = "unknown-rule"


def check(subject: Subject) -> Iterator[Problem]:
    """An error for each code that nothing says, and for each that cannot be changed."""
    from rollout.check.reference import rule_pages  # noqa: PLC0415 - it reads the docstrings of all rules, this one too

    for folder in subject.folders:
        for code, setting in folder.plan.rules.items():
            source = folder.plan.source / "rules" / code
            page = rule_pages().find(code)
            if page is None or page.kind != "finding":
                known = [page.code for page in rule_pages().pages if page.kind == "finding"]
                said = f'no rule of `rollout validate` is called "{code}"'
                yield source.problem(CODE, said, did_you_mean(code, known) or "`rollout rules` lists them")
            elif page.is_fixed and setting.severity != "error" and (setting.severity or page.severities == ("error",)):
                said = f"{code} stays an error: planning rests on what it asks for"
                yield source.problem("fixed-rule", said, "mend what it finds, and take this line out")
