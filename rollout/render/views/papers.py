"""What checklist, training packets and the go/no-go page are told."""

from __future__ import annotations

from typing import TypedDict

from rollout.render.markdown import Markdown
from rollout.render.views.shared import CriterionView, FromTime, NotesView, WorkflowView


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


class TrainingWindow(TypedDict):
    """When training is."""

    starts: Markdown
    """First day."""
    ends: Markdown
    """Last day."""
    days: int
    """Working days in it."""


class PartView(FromTime):
    """A part of a session."""

    to: str
    """Time into the session at which it ends: `1:30`."""
    kind: str
    """`welcome`, `show`, `practise`, `practise-all`, `break`, `fallback`, `check` or `close`."""
    about: str
    """The workflow, or nothing."""
    minutes: int
    """How long."""


class SessionView(TypedDict):
    """A session of this packet's role."""

    number: int
    """From 1."""
    shift: int
    """For which shift."""
    seats: int
    """How many people."""
    day: Markdown | None
    """When; nothing where no day is free."""


class TeamView(TypedDict):
    """A team of trainers."""

    name: str
    """Its id."""
    people: int | None
    """How many they are."""


class BusiestView(TypedDict):
    """A day of training."""

    day: Markdown
    """The day."""
    count: int
    """Sessions on it."""
    people: int
    """Trainers who speak the site's languages."""


class SharedTraining(NotesView):
    """What all training packets of a site receive."""

    window: TrainingWindow | None
    """When training is; nothing where the plan has no such activity."""
    hours: int
    """Length of a session."""
    class_size: int
    """People in it at most."""
    shifts: int
    """Shifts of the site."""
    agenda: list[PartView]
    """Parts of a session."""
    reach: str | None
    """What the go-live gate asks of training."""
    responsible: str
    """Who answers for training."""
    author: str
    """Who writes exercises that are missing."""
    fallback_owner: str
    """Who answers for the fallback."""
    languages: list[str]
    """Tags of all languages of the site."""
    spoken: str
    """Tag of the language the sessions are held in."""
    busiest: BusiestView | None
    """The day that asks for more trainers than there are."""
    team: TeamView | None
    """Who trains; nothing where nobody speaks the language."""
    exercises: list[WorkflowView]
    """Exercises by workflow."""
    seats: list[int]
    """Numbers of the lines of the sign-off sheet."""


class TrainingView(SharedTraining):
    """What only a training packet receives."""

    role: str
    """Whom the packet is for."""
    people: int
    """How many are to be trained; 0 where it was not given."""
    sessions: list[SessionView]
    """The sessions."""


class ApproverView(TypedDict):
    """Who may decide in a role."""

    role: str
    """The role in words."""
    count: int
    """How many have to."""
    names: list[str]
    """Who may."""
    unlisted: bool
    """Whether somebody of them is not among the programme's approvers."""


class BlockingView(TypedDict):
    """Work that go-live waits for."""

    title: str
    """What."""
    owner: str
    """Who."""
    ends: Markdown
    """By when."""


class GoNoGoView(TypedDict):
    """What only the go/no-go page receives."""

    meeting: Markdown
    """Day of the meeting."""
    has_gate: bool
    """Whether the plan has a gate `go-live`."""
    criteria: list[CriterionView]
    """Its rows."""
    approvers: list[ApproverView]
    """Who decides."""
    tolerance: str | None
    """How far go-live may move before the decision is taken again, in words."""
    blocking: list[BlockingView]
    """Work that go-live waits for."""
    manager: str
    """Who calls the meeting."""
    cutover_lead: str
    """Who starts the runbook."""
