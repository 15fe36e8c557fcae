"""Days as pages spell them, the same in every place and without a clock."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from rollout.render.markdown import Markdown

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@lru_cache(maxsize=8192)
def spoken(day: date) -> Markdown:
    """`Tue 9 Feb 2027`."""
    return Markdown(f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}")
