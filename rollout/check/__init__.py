"""Programme → Problems: one rule a file, each with a code and a docstring that explains it.

To add a rule, add a file with `CODE` and `check(subject) -> Iterator[Problem]` and name it in `RULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from rollout.check import (
    activity_order,
    capacity,
    cycle,
    damaged_comment,
    duplicate_item,
    early_proof,
    empty_calendar,
    fact_in_blackout,
    few_champions,
    former_id,
    future_record,
    hidden_cost,
    idle_lesson,
    illegal_status,
    impossible_date,
    incomplete_readiness,
    joint_load,
    late_baseline,
    late_neighbour,
    lighthouse,
    lighthouse_outranked,
    lighthouse_polish,
    linked_systems,
    little_change,
    misplaced_record,
    missing_evidence,
    missing_spoke,
    missing_sponsor,
    opportunity_without_owner,
    other_currency,
    over_budget,
    overdue_review,
    raci,
    reopened,
    short_lived,
    silent,
    slip,
    stale_approval,
    stale_readiness,
    stale_sponsor,
    unknown_activity,
    unknown_approver,
    unknown_field,
    unknown_gate,
    unknown_halt,
    unknown_item,
    unknown_lesson,
    unknown_opportunity,
    unknown_plan,
    unknown_role,
    unknown_rule,
    unknown_site,
    unknown_skill,
    unknown_system,
    unknown_team,
    unread_box,
    unsettled_page,
    unticked_item,
    untranslated,
)
from rollout.check.rule import PageSubject, Subject
from rollout.check.settle import settle
from rollout.model.boxes import boxes, broken_marks, marks
from rollout.model.layout import PORTFOLIO, SYSTEMS, TEAMS
from rollout.model.programme import Programme
from rollout.problem import Problem

ABOUT_RECORDS: tuple[Callable[[Subject], Iterator[Problem]], ...] = (
    unknown_site.check,
    unknown_system.check,
    unknown_activity.check,
    unknown_halt.check,
    future_record.check,
    illegal_status.check,
    fact_in_blackout.check,
    slip.check,
    misplaced_record.check,
    incomplete_readiness.check,
    unknown_gate.check,
    unknown_lesson.check,
    idle_lesson.check,
    late_baseline.check,
    early_proof.check,
    other_currency.check,
    unknown_approver.check,
    missing_evidence.check,
)
"""The rules that judge records, so that a new line is judged before it is written."""

RULES: tuple[Callable[[Subject], Iterator[Problem]], ...] = (
    linked_systems.check,
    unknown_team.check,
    unknown_skill.check,
    unknown_plan.check,
    unknown_field.check,
    unknown_role.check,
    unknown_rule.check,
    cycle.check,
    activity_order.check,
    short_lived.check,
    lighthouse.check,
    lighthouse_outranked.check,
    lighthouse_polish.check,
    impossible_date.check,
    late_neighbour.check,
    capacity.check,
    joint_load.check,
    former_id.check,
    empty_calendar.check,
    missing_sponsor.check,
    stale_readiness.check,
    reopened.check,
    stale_approval.check,
    overdue_review.check,
    untranslated.check,
    silent.check,
    hidden_cost.check,
    over_budget.check,
    raci.check,
    missing_spoke.check,
    stale_sponsor.check,
    few_champions.check,
    little_change.check,
    unknown_opportunity.check,
    opportunity_without_owner.check,
    *ABOUT_RECORDS,
)

_NAMES_OF: Mapping[str, tuple[Callable[[Subject], Iterator[Problem]], ...]] = {
    SYSTEMS: (unknown_system.check,),
    TEAMS: (unknown_team.check, unknown_skill.check, unknown_approver.check),
    PORTFOLIO: (unknown_opportunity.check,),
}
"""Rules that look names up in one file. Where that could not be understood, they would call every name unknown."""

PAGE_RULES: tuple[Callable[[PageSubject], Iterator[Problem]], ...] = (
    unknown_item.check,
    duplicate_item.check,
    unread_box.check,
    damaged_comment.check,
    unsettled_page.check,
    unticked_item.check,
)
"""Rules about the checklists people work in. All of them warn: nothing waits for a page to be mended."""


def check_programme(programme: Programme, as_of: date) -> list[Problem]:
    """Everything the rules find, as the plans want it, in no particular order."""
    subject = Subject(programme, as_of)
    return settle(programme, _found(RULES, subject))


def check_records(programme: Programme, as_of: date) -> list[Problem]:
    """Everything the rules about records find, as the plans want it, in no particular order."""
    subject = Subject(programme, as_of)
    return settle(programme, _found(ABOUT_RECORDS, subject))


def check_pages(programme: Programme, own_items: frozenset[str] = frozenset()) -> Iterator[Problem]:
    """Everything the rules find in the checklists, read one at a time; `own_items` are those of own templates."""
    for folder in programme.plans.values():
        fine: set[str] = set()
        known = {activity.id: activity.two_step for activity in folder.plan.activities}
        for site_id, path, text in folder.checklists.pages():
            facts = folder.facts_of(site_id)
            ids = tuple(marks(text))
            # Nothing can be wrong with the boxes of a page whose ids are all different and right on another page.
            is_fine = not facts.items and len(set(ids)) == len(ids) and fine.issuperset(ids)
            is_fine = is_fine and not broken_marks(text, len(ids))
            subject = PageSubject(path, text, ids, () if is_fine else tuple(boxes(text)), facts, known, own_items)
            found = [problem for rule in PAGE_RULES for problem in rule(subject)]
            if not found:
                fine.update(ids)
            yield from settle(programme, found)


def _found(rules: Iterable[Callable[[Subject], Iterator[Problem]]], subject: Subject) -> Iterator[Problem]:
    silent = {rule for path in subject.programme.unread for rule in _NAMES_OF.get(path, ())}
    return (problem for rule in rules if rule not in silent for problem in rule(subject))
