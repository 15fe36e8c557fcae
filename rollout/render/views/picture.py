"""What the picture of the plan is told."""

from __future__ import annotations

from typing import Literal, TypedDict


class PlotView(TypedDict):
    """Where the bars stand, in pixels."""

    y: int
    """Upper edge."""
    height: int
    """Height."""
    bottom: int
    """Lower edge."""


class YearView(TypedDict):
    """A year of the axis."""

    x: float
    """Where it begins."""
    label: str | None
    """Its number, where there is room for it."""


class MonthView(TypedDict):
    """A line of the axis."""

    x: float
    """Where it stands."""
    label: str | None
    """Name of the month or quarter, where there is room for it."""
    is_year: bool
    """Whether a year begins there."""


class ClosedSpan(TypedDict):
    """A blackout in the picture."""

    x: float
    """Left edge."""
    width: float
    """Width."""
    everywhere: bool
    """Whether it is about every site."""
    title: str
    """What it is."""


class BarView(TypedDict):
    """A bar."""

    kind: str
    """`preparation`, `training`, `hypercare`, `go-live` or `ready`; its class in the style sheet."""
    x: float
    """Left edge."""
    y: int
    """Upper edge, from that of its row."""
    width: float
    """Width."""
    height: int
    """Height."""
    title: str
    """What it is."""


class MarkView(TypedDict):
    """A go-live."""

    x: float
    """Where it stands."""
    is_lighthouse: bool
    """Whether it is the lighthouse's."""
    title: str
    """What it is."""


class RowView(TypedDict):
    """A site, a wave, some waves, or shared work."""

    y: int
    """Upper edge."""
    is_odd: bool
    """Whether it is every second one."""
    label: str
    """Its name, cut to its column."""
    title: str
    """Its whole name."""
    days: str
    """What stands at its end."""
    bars: list[BarView]
    """Its bars, from behind to the front."""
    mark: MarkView | None
    """Its go-live, where it is one site's."""


class GroupView(TypedDict):
    """Rows under a heading."""

    kind: Literal["ready", "wave", "waves"]
    """Shared work, the sites of a wave, or waves."""
    label: str
    """The heading."""
    note: str
    """What stands behind it."""
    y: int
    """Upper edge."""
    rows: list[RowView]
    """The rows."""


class LegendView(TypedDict):
    """An entry of the legend."""

    kind: str
    """As a bar's, or `lighthouse`, `diamond`, `closed`."""
    label: str
    """What it means."""
    x: int
    """Left edge."""
    y: int
    """Base line."""


class PictureView(TypedDict):
    """What the picture receives. All places are worked out, in pixels; the template says how they look."""

    width: int
    """Width of the picture."""
    height: int
    """Height of the picture."""
    title: str
    """The plan's name."""
    description: str
    """The picture in a sentence."""
    row_height: int
    """Height of rows and headings."""
    left: int
    """Left edge of names."""
    right: int
    """Right edge of days."""
    plot: PlotView
    """Where the bars stand."""
    years: list[YearView]
    """Years of the axis."""
    months: list[MonthView]
    """Months or quarters of the axis."""
    closed: list[ClosedSpan]
    """Blackouts."""
    groups: list[GroupView]
    """Rows by heading."""
    legend: list[LegendView]
    """The legend."""
