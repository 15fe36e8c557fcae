"""A halted programme is not planned anew: what says so, and what is in flight meanwhile."""

from __future__ import annotations

from rollout.model.calendar import spoken
from rollout.model.few import few
from rollout.model.programme import PlanFolder, Programme
from rollout.model.record import Status
from rollout.problem import Problem

CODE = "halted"
IN_FLIGHT: tuple[Status, ...] = ("preparing", "ready", "live")
MANY = 20
"""Sites named in a message before it only counts."""


def halted(programme: Programme, folder: PlanFolder) -> tuple[Problem, ...]:
    """One problem for each open halt without a day on which it ends; none where the plan may be made anew.

    Each names what it waits for and the work in flight: the sites that are preparing, ready or live.
    """
    endless = [halt for halt in folder.halts if halt.resumes is None]
    if not endless:
        return ()
    flying = _in_flight(programme, folder)
    found = []
    for halt in endless:
        said = f"the programme is halted since {spoken(halt.on)}" + (f" ({halt.because})" if halt.because else "")
        said += f", until {'; '.join(halt.resume_when)}" if halt.resume_when else ""
        said += f"; in flight: {flying}"
        hint = f"record `{{resume: {halt.halt}, on: …, by: …}}` there, or say in the halt when it `resumes`"
        found.append((halt.place / "halt").problem(CODE, said, hint))
    return tuple(found)


def _in_flight(programme: Programme, folder: PlanFolder) -> str:
    rows = [(site.id, folder.facts_of(site.id).status) for site in programme.sites_of(folder.plan)]
    named = [f"{site} ({status})" for status in IN_FLIGHT for site, own in rows if own == status]
    return few(named, MANY) or "nothing"
