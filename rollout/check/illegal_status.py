"""A site's statuses follow each other in the legal order.

planned → preparing → ready → live → stable; before live a site may be paused (and taken up again) or dropped; a live
one may be rolled back, and then prepared again or dropped; a dropped one may be planned again. Several statuses of one
day count in the legal order. Both lines of a contradiction are named, because either may be the wrong one. A history
may begin in the middle, for sites that were under way before anybody kept records: that is a warning. What `import` has
read in a sheet may skip steps, because sheets do not know them.

Bad:

    - {status: preparing, on: 2026-10-06, by: Claire Dubois}
    - {status: ready, on: 2027-01-29, by: Claire Dubois}
    - {status: live, on: 2027-02-09, by: Claire Dubois}
    - {status: preparing, on: 2027-03-01, by: Claire Dubois}

Good:

    - {status: preparing, on: 2026-10-06, by: Claire Dubois}
    - {status: ready, on: 2027-01-29, by: Claire Dubois}
    - {status: live, on: 2027-02-09, by: Claire Dubois}
    - {status: rolled_back, on: 2027-02-26, by: Claire Dubois, because: escapes doubled}
    - {status: preparing, on: 2027-03-01, by: Claire Dubois}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.record import LEGAL, PROGRAMME, Record, Status, status_of
from rollout.model.status import IMPORTED, bad_steps
from rollout.problem import Problem

CODE = "illegal-status"


def check(subject: Subject) -> Iterator[Problem]:
    """Both lines of each step that is not legal."""
    for folder in subject.folders:
        for site_id, records in folder.records.items():
            if site_id == PROGRAMME:
                continue
            for before, after in bad_steps(records):
                if before is None:
                    if after.by != IMPORTED:
                        said = f'the first status of {site_id} is "{status_of(after)}", and what led there is missing'
                        hint = f"record earlier ones too, each with its day: {_after('planned')} may come first"
                        yield (after.place / _key(after)).warning(CODE, said, hint)
                    continue
                earlier, later = (f'"{status_of(record)}" of {record.on}' for record in (before, after))
                hint = f"after {status_of(before)} may come: {_after(status_of(before))}; correct one of the two lines"
                yield (after.place / _key(after)).problem(CODE, f"{later} may not follow {earlier}", hint)
                yield (before.place / _key(before)).problem(CODE, f"{earlier} is what {later} may not follow", hint)


def _key(record: Record) -> str:
    return "status" if "status" in type(record).model_fields else "milestone"


def _after(status: Status | None) -> str:
    return ", ".join(LEGAL[status or "planned"]) or "nothing"
