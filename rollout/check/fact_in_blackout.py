"""What happened inside a blackout is looked at: either the blackout or the day is wrong, or somebody broke a rule.

It is a fact all the same, so this is a warning. So is a go-live that a site expects on a day that is closed for it.

Bad:

    # plan.yaml has {id: freeze, from: 12-18, to: 01-03, every: year}
    - {status: live, on: 2026-12-22, by: Claire Dubois}

Good:

    - {status: live, on: 2027-01-05, by: Claire Dubois}
"""

from __future__ import annotations

from collections.abc import Iterator

from rollout.check.rule import Subject
from rollout.model.blackout import Blackout
from rollout.model.programme import PlanFolder
from rollout.model.record import ItemRecord, MilestoneRecord, Record, status_of
from rollout.problem import Problem

CODE = "fact-in-blackout"


def check(subject: Subject) -> Iterator[Problem]:
    """A warning for each go-live, cutover and item recorded on a day that was closed for it, or expected on one."""
    for folder in subject.folders:
        for site_id, records in folder.records.items():
            site = subject.programme.sites.get(site_id)
            if site is None:
                continue
            spans = folder.plan.blackouts_of(site)
            expected = folder.facts[site_id].forecast if spans and site_id in folder.facts else None
            for span in spans if expected is not None else ():
                if expected and "go_live" in span.blocks and any(span.stretches(expected.forecast, expected.forecast)):
                    said = f"the go-live is expected on {expected.forecast}, in the blackout {span.id}{_why(span)}"
                    hint = f"it goes live after it, or the blackout gives way: {span.spoken}"
                    yield (expected.place / "forecast").warning(CODE, said, hint)
            for record in records if spans else ():
                names = _names(folder, record)
                for span in spans:
                    if names & set(span.blocks) and any(span.stretches(record.on, record.on)):
                        said = f"{record.on} lies in the blackout {span.id}{_why(span)}, {span.spoken}"
                        yield (record.place / "on").warning(CODE, said, "check the day, or narrow the blackout")


def _why(span: Blackout) -> str:
    return f" ({span.because})" if span.because else ""


def _names(folder: PlanFolder, record: Record) -> set[str]:
    """What a blackout may call the thing that happened."""
    if isinstance(record, ItemRecord):
        activity = next((a for a in folder.plan.activities if a.id == record.item), None)
        return (
            set() if activity is None or record.state in ("requested", "submitted") else {activity.id, activity.phase}
        )
    if isinstance(record, MilestoneRecord) and record.milestone == "cutover":
        return {"go_live", "cutover"}
    return {"go_live"} if status_of(record) == "live" else set()
