"""Every calendar of public holidays has some.

What stands in `waves/_holidays.yaml` wins over the library, and a subdivision's calendar over its country's. One
without days says that nobody there ever has a holiday, so work and go-lives are put on them.

Bad:

    # waves/_holidays.yaml
    calendars:
      FR: {weekend: [saturday, sunday], from: 2026, to: 2027, days: {}}

Good:

    # waves/_holidays.yaml
    calendars:
      FR: {weekend: [saturday, sunday], from: 2026, to: 2027, days: {2027-07-14: National Day}}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.layout import HOLIDAYS
from rollout.model.source import Source
from rollout.problem import Problem

CODE = "empty-calendar"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each calendar without days."""
    for code, calendar in subject.programme.holidays.calendars.items():
        if not calendar.days:
            said = f"no public holidays are listed for {code}, so only its weekends are kept free"
            hint = "list them below `days`, or take the calendar out: `rollout plan` writes it from the library"
            yield (Source((HOLIDAYS,)) / "calendars" / code).warning(CODE, said, hint)
