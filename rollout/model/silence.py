"""When a site was last heard of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rollout.model.record_line import Record

SILENCE = 14
"""Days without a word from a site, while work is due there, until it is asked."""


def last_word(records: Iterable[Record], as_of: date) -> date | None:
    """The day of the latest record up to `as_of`; None without any."""
    return max((record.on for record in records if record.on <= as_of), default=None)
