"""The checklist: what has to be done, by phase and latest start, each line with its date and its owner."""

from __future__ import annotations

from typing import TypedDict

from rollout.model.agenda import Task
from rollout.model.standing import SiteStanding
from rollout.render.documents.document import one_page
from rollout.render.markdown import Markdown
from rollout.render.setting import Setting
from rollout.render.views.shared import SitePage


class TightView(TypedDict):
    """How much later than usual work starts."""

    offset: str
    """The norm as an offset: `T-42d`."""
    norm: Markdown
    """The day it would normally start."""


class ClashView(TypedDict):
    """A blackout that work could not be moved out of."""

    id: str
    """The blackout's id."""
    because: str | None
    """Why it is there."""


class PastView(TypedDict):
    """Work that was done and does not count any more."""

    id: str
    """The activity's id, which its ticked box keeps; the repeat has an id of its own."""
    on: Markdown
    """The day it was done."""
    until: Markdown | None
    """The last go-live it was good for; none where it was asked for again."""


class LearnedView(TypedDict):
    """Where work comes from that another site's lesson added."""

    site: str
    """Who learned it."""
    by: str
    """Who says so."""
    on: Markdown
    """When."""


class ItemView(TypedDict):
    """A piece of work. Its lines end with `<!-- rollout:ID -->`; ticks are kept by that id."""

    id: str
    """The activity's id."""
    title: str
    """What to do."""
    past: PastView | None
    """What was done before, where this is a repeat."""
    two_step: bool
    """Whether it has two boxes, requested and approved; their ids end with `:requested` and `:approved`."""
    requested: Markdown
    """What stands in the first box: `x` or a space."""
    done: Markdown
    """What stands in the box, or the second one."""
    starts: Markdown
    """First day."""
    ends: Markdown
    """Last day."""
    is_one_day: bool
    """Whether first and last day are the same."""
    owner: str
    """Who answers for it: a name, or the role in words."""
    how: str | None
    """When it counts as done."""
    evidence: str | None
    """What shows that it was done."""
    blocking: bool
    """Whether go-live waits for it."""
    tight: TightView | None
    """Where it starts more than a week later than usual."""
    clash: ClashView | None
    """Where it falls into a blackout."""
    learned: LearnedView | None
    """Where it was learned, if a lesson added it."""


class PhaseView(TypedDict):
    """A heading of the checklist."""

    id: str
    """The phase's id."""
    title: str
    """In words."""
    items: list[ItemView]
    """Its work by day of start."""


class ChecklistView(TypedDict):
    """What only the checklist receives."""

    phases: list[PhaseView]
    """The work by phase."""
    count: int
    """Pieces of work in all."""
    blocking: int
    """How many go-live waits for."""
    again: int
    """Pieces that were done and have grown too old."""
    tight: int
    """How many start later than usual."""
    first: Markdown | None
    """First day of work."""


class ChecklistPage(SitePage, ChecklistView):
    """`checklist.md.j2`, once a site."""


_BOX = {True: Markdown("x"), False: Markdown(" ")}


def checklist(setting: Setting, standing: SiteStanding) -> ChecklistView:
    """What the template `checklist.md.j2` receives besides site, plan and edit link."""
    phases: dict[str, list[ItemView]] = {}
    for activity in setting.plan.activities:
        phases.setdefault(activity.phase, [])
    # A preset lists activities in the order of its phases; an added one joins its phase.
    for task in standing.tasks:
        phases[task.activity.phase].append(_item(setting, standing, task))
    shown: list[PhaseView] = [
        {"id": phase, "title": setting.wording.words(phase), "items": items} for phase, items in phases.items() if items
    ]
    return {
        "phases": shown,
        "count": len(standing.tasks),
        "blocking": sum(task.activity.blocking for task in standing.tasks),
        "tight": sum(task.is_compressed for task in standing.tasks),
        "again": sum(task.again is not None for task in standing.tasks),
        "first": setting.wording.day(standing.tasks[0].starts) if standing.tasks else None,
    }


def _item(setting: Setting, standing: SiteStanding, task: Task) -> ItemView:
    activity = task.activity
    return {
        # A repeat has a box of its own: the tick for what was done before is not taken for it.
        "id": task.again.key if task.again else activity.id,
        "title": setting.wording.text(activity.title),
        "past": _past(setting, task),
        "two_step": activity.two_step,
        # From the records alone: what people tick is on the page and stays there.
        "requested": _BOX[task.has_begun if task.again else activity.id in standing.facts.items],
        "done": _BOX[task.again is None and standing.facts.is_recorded(activity.id)],
        "starts": setting.wording.day(task.starts),
        "ends": setting.wording.day(task.ends),
        "is_one_day": task.starts == task.ends,
        "owner": setting.owner(activity.owner, standing, task.starts),
        "how": _text(setting, activity.how),
        "evidence": _text(setting, activity.evidence),
        "blocking": activity.blocking,
        "tight": {"offset": str(activity.starts), "norm": setting.wording.day(task.norm)}
        if task.is_compressed
        else None,
        "clash": _clash(setting, standing, task),
        "learned": _learned(setting, activity.from_lesson),
    }


def _past(setting: Setting, task: Task) -> PastView | None:
    """What was done and does not count any more: its box stays ticked, and the repeat follows."""
    again = task.again
    if again is None:
        return None
    return {
        "id": task.activity.id,
        "on": setting.wording.day(again.done.on),
        "until": setting.wording.day(again.until) if again.until else None,
    }


def _text(setting: Setting, said: str | None) -> str | None:
    return setting.wording.text(said) if said else None


def _learned(setting: Setting, name: str | None) -> LearnedView | None:
    """Who learned it, by the first line about it: later ones say what became of it."""
    lesson = setting.standing.lessons.get(name) if name else None
    if lesson is None:
        return None
    first = lesson.learned.first
    return {"site": lesson.site.name, "by": first.by, "on": setting.wording.day(first.on)}


def _clash(setting: Setting, standing: SiteStanding, task: Task) -> ClashView | None:
    if task.clash is None:
        return None
    spans = setting.plan.blackouts_of(standing.site)
    span = next((span for span in spans if span.id == task.clash), None)
    return {"id": task.clash, "because": _text(setting, span.because) if span else None}


DOCUMENT = one_page("checklist", ChecklistPage, checklist)
