"""Codes that a rule of this room says besides its own, each with the page it deserves."""

from __future__ import annotations

PAGES = {
    "contradiction": """\
Two lines cannot both hold, whatever the order of sites.

A lag longer than neighbours may be apart, a group both together and apart, a pin that its group cannot share, two plans
that each claim what the other denies.

Bad:

    together: [[graz, linz]]
    apart: [[graz, linz]]

Good:

    together: [[graz, linz]]
""",
    "unknown-budget-line": """\
Money is recorded under a line of the plan's budget; under another name it counts for nothing.

Bad:

    # waves/vision/records/lyon.yaml
    - {cost: integrations, actual: 18000, on: 2026-09-30, by: Claire Dubois}

Good:

    # waves/vision/records/lyon.yaml
    - {cost: integration, actual: 18000, on: 2026-09-30, by: Claire Dubois}
""",
    "no-opportunity": """\
Where there is a portfolio, each plan names the opportunity that it carries.

A plan that names none was begun without anybody weighing it against the others.

Bad:

    # waves/_portfolio.yaml
    opportunities:
      vision-inspection: {title: Find defects by camera, value: 1200000, effort: 2400, owner: Bernd Aigner}
    # waves/vision/plan.yaml
    name: Vision
    work_from: 2026-10-05

Good:

    # waves/_portfolio.yaml
    opportunities:
      vision-inspection: {title: Find defects by camera, value: 1200000, effort: 2400, owner: Bernd Aigner}
    # waves/vision/plan.yaml
    name: Vision
    work_from: 2026-10-05
    opportunity: vision-inspection
""",
    "fixed-rule": """\
A rule whose errors planning rests on can be neither switched off nor softened.

With a site nobody knows, or work that waits for itself, there is no plan to make: mend the line instead. The same holds
for every error of a file that cannot be read.

Bad:

    rules:
      unknown-site: {off: true, because: we add them next week}

Good:

    rules:
      silent: {off: true, because: we ask by telephone every Friday}
""",
    "overdue": """\
A go-live day has passed, and no record says that it happened. Said by `rollout plan --check` and `status`.

Record it if it did. Otherwise `rollout plan` finds another day.
""",
    "unlawful": """\
The published dates break a line of the plan as it stands today. Said by `rollout plan --check`, `render` and `diff`.

Usually the plan was changed after the dates were made. `rollout plan` mends them, and moves no site that need not move.
""",
    "unmerged-dates": """\
Two branches both changed the published dates, and git could not merge them.

Nobody has to choose: `rollout plan` goes on from our side, mends what does not fit the merged inputs, and writes
`schedule.yaml` and `_holidays.yaml` anew. Merge the inputs by hand first, and commit both together.
""",
}
