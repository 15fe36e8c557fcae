"""Days as pages spell them, the same in every place and without a clock."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from rollout.model.calendar import spoken_with_weekday
from rollout.render.markdown import Markdown


@lru_cache(maxsize=8192)
def spoken(day: date) -> Markdown:
    """`Tue 9 Feb 2027`; remembered, for a run writes the same few hundred days again and again."""
    return Markdown(spoken_with_weekday(day))
