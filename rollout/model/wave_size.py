"""How many sites a wave takes: counts, or percentages of the sites that get a wave."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from rollout.model.fields import Model
from rollout.model.spelling import shown

_COUNT = re.compile(r"[0-9]{1,6}")
_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?%")
WHOLE = 100_00
"""All sites, in hundredths of a percent."""


class WaveSize(Model):
    """How many sites a wave takes: at least (wished) and at most (never more), the last pair for all later waves.

    Percentages are of the plan's sites that get a wave (live or still to go live, the lighthouse not counted). They
    round down, but to no less than one site: `10%` of 2,991 sites are 299, of 7 one. `of` gives the counts.
    """

    steps: tuple[tuple[int, int], ...]
    """Sites, wished and at most, by wave; a step given in percent is worked out for 100 sites until `of` is called."""
    shares: tuple[tuple[int, int] | None, ...] = ()
    """For each step the hundredths of a percent it was given in, or None where it is a count."""
    sites: int | None = None
    """How many sites the percentages were worked out for."""

    def of(self, sites: int) -> WaveSize:
        """The sizes for so many sites: percentages become counts, rounded down, at least one."""
        if not any(self.shares):
            return self
        steps = tuple(
            step if share is None else (_part(share[0], sites), _part(share[1], sites))
            for step, share in zip(self.steps, self.shares, strict=True)
        )
        return WaveSize(steps=steps, shares=self.shares, sites=sites)

    def at_most(self, wave: int) -> int:
        """The cap of wave `wave`, counted from 1."""
        return self.steps[min(wave, len(self.steps)) - 1][1]

    def at_least(self, wave: int) -> int:
        """The wished minimum of wave `wave`, counted from 1."""
        return self.steps[min(wave, len(self.steps)) - 1][0]

    @property
    def spoken(self) -> str:
        """The caps in words: `1, 299 (10% of 2,991)`."""
        shares = self.shares or (None,) * len(self.steps)
        return ", ".join(
            str(step[1])
            if share is None or self.sites is None
            else f"{step[1]:,} ({_percent(share[1])} of {self.sites:,})"
            for step, share in zip(self.steps, shares, strict=True)
        )


def _part(share: int, sites: int) -> int:
    return max(1, share * sites // WHOLE)


def _percent(share: int) -> str:
    whole, rest = divmod(share, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") + "%" if rest else f"{whole}%"


def _share(text: str) -> int | None:
    match = _PERCENT.fullmatch(text)
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else None


def _parse_step(value: Any) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """The counts of a step and, where it is in percent, the share. Raises ValueError with what is allowed."""
    low, dash, high = value.partition("-") if isinstance(value, str) else (str(value), "", "")
    if _COUNT.fullmatch(low) and (not dash or _COUNT.fullmatch(high)):
        least, most = (int(low), int(high)) if dash else (1, int(low))
        if 1 <= least <= most:
            return (least, most), None
    share, top = _share(low), _share(high) if dash else None
    if share is not None and (top is not None) == bool(dash):
        highest = share if top is None else top
        if share == 0 or highest > WHOLE:
            msg = f"a percentage of sites is above 0% and at most 100%, not {shown(value)}"
            raise ValueError(msg)
        if share <= highest:
            least = share if dash else 0
            return (_part(least, 100), _part(highest, 100)), (least, highest)
    msg = (
        "a wave size is 4, 3-4 (wished minimum and hard maximum), 10% or 5%-10% of the sites, or a list of them, "
        f"not {shown(value)}"
    )
    raise ValueError(msg)


def parse_size(value: Any) -> WaveSize:
    """`4`, `3-4`, `10%`, or a list of them. Raises ValueError for anything else."""
    if isinstance(value, WaveSize):
        return value
    steps = value if isinstance(value, list | tuple) else (value,)
    if not steps:
        msg = "a wave size needs at least one number"
        raise ValueError(msg)
    parsed = [_parse_step(step) for step in steps]
    shares = tuple(share for _, share in parsed)
    return WaveSize(steps=tuple(counts for counts, _ in parsed), shares=shares if any(shares) else ())


_ONE = rf"{_COUNT.pattern}(?:-{_COUNT.pattern})?"
_SHARE = r"[0-9]{1,3}(?:\.[0-9]{1,2})?%"
_STEP = {
    "type": ["integer", "string"],
    "minimum": 1,
    "maximum": 999_999,
    "pattern": rf"^(?:{_ONE}|{_SHARE}(?:-{_SHARE})?)$",
}
WaveSizeField = Annotated[
    WaveSize,
    BeforeValidator(parse_size),
    WithJsonSchema(
        {
            "title": "wave size",
            "anyOf": [_STEP, {"type": "array", "minItems": 1, "items": _STEP}],
            "examples": ["3-4", 60, "10%", "5%-10%", [1, "10%", "30%"]],
        }
    ),
]
