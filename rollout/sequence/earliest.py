"""The first day a site could go live if nobody else were in the way."""

from __future__ import annotations

from datetime import date

from rollout.model.instance import Instance
from rollout.sequence.bound import reach
from rollout.sequence.foundations import board_on, earliest_foundations


def earliest(instance: Instance, site: str) -> date | None:
    """By its own work, what it waits for, calendars and precedence alone; capacity and wave sizes play no part.

    None where it has no such day as far as is looked ahead. What has happened is the day it happened.
    """
    last = instance.weekdays[-1] if instance.weekdays else instance.as_of
    laid = earliest_foundations(instance, last)
    if site in laid.day_of:
        return date.fromordinal(laid.day_of[site])
    board = board_on(instance, laid)
    mask = reach(board, board.every_day).masks.get(site, 0)
    return date.fromordinal(board.first_day(mask)) if mask else None
