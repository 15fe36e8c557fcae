"""A site that prepares is heard of at least once a fortnight.

Silence says nothing, least of all that all is well. This looks at records alone and leaves sites with ticked boxes
out; `rollout status` also asks git when somebody last worked in a site's pages.

Bad:

    # asked on 2026-11-24
    - {status: preparing, on: 2026-10-06, by: Claire Dubois}

Good:

    - {status: preparing, on: 2026-10-06, by: Claire Dubois}
    - {note: uat, says: drawing is signed next week, on: 2026-11-19, by: Claire Dubois}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.silence import SILENCE, last_word
from rollout.model.times import days
from rollout.problem import Problem

CODE = "silent"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning at the last line of each site that prepares and has said nothing for a fortnight."""
    for folder in subject.folders:
        for site_id, facts in folder.facts.items():
            records = folder.records.get(site_id, ())
            if facts.status not in ("preparing", "ready") or facts.ticked or site_id not in subject.programme.sites:
                continue
            said = last_word(records, subject.as_of)
            if said is None or (subject.as_of - said).days < SILENCE:
                continue
            last = max((r for r in records if r.on == said), key=lambda record: record.index)
            message = (
                f"{site_id} is {facts.status}, and nothing was recorded there for {days((subject.as_of - said).days)}"
            )
            yield (last.place / "on").warning(
                CODE, message, f"ask, and record the answer: rollout record {site_id} note"
            )
