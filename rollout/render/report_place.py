"""The report's drawings of where and with whom: the map, and sites that wait for each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rollout.model.few import few
from rollout.model.report import Report, SiteLine, Tie
from rollout.model.schedule import wave_name
from rollout.model.stated import WORST, worst
from rollout.render.land import STEP, dots
from rollout.render.markdown import clean
from rollout.render.views.report import View

NEIGHBOURHOODS = 12
"""Groups of sites that are drawn; the table beside them has all."""
_WIDTH = 1000.0
_CELL = 8
"""Sites closer than this on the map share one mark."""
_NORTH = 84
"""Where the map ends if no site lies behind: there is no land."""
_LABELLED = 40
_DRAWN = 16
"""Sites of a group up to which it is drawn."""
_NODE, _ROW, _COLUMN = 128, 34, 176
_ARC = 22
"""Width of a line between two boxes of one column, beside them."""


def world(report: Report) -> View | None:
    """The map around the sites that have coordinates; None where none has.

    Equirectangular: a degree is as wide as it is high. Sites that would hide each other share a mark with their number
    and their worst colour.
    """
    placed = [line for line in report.sites if line.site.location is not None]
    if not placed:
        return None
    west, east, south, north = _extent(placed)
    scale = _WIDTH / (east - west)

    def at(latitude: float, longitude: float) -> tuple[float, float]:
        return round((longitude - west) * scale, 1), round((north - latitude) * scale, 1)

    land = "".join(
        f"M{x:g} {y:g}h0"
        for latitude, longitude in dots()
        if west - STEP < longitude < east + STEP and south - STEP < latitude < north + STEP
        for x, y in [at(latitude, longitude)]
    )
    marks = _marks(placed, at)
    return {
        "width": _WIDTH,
        "height": round((north - south) * scale, 1),
        "land": land,
        "dot": round(STEP * scale * 0.5, 1),
        "marks": marks,
        "labels": [*_labels(marks)] if len(placed) <= _LABELLED else [],
        "missing": [
            {"name": clean(line.site.name), "id": line.site.id} for line in report.sites if not line.site.location
        ],
        "placed": len(placed),
    }


def _extent(lines: Sequence[SiteLine]) -> tuple[float, float, float, float]:
    """West, east, south, north: all sites with room around, never closer than 60 degrees, 2.3 times as wide as high
    (higher, where they lie from pole to pole)."""
    latitudes = [line.site.location.lat for line in lines if line.site.location]
    longitudes = [line.site.location.lon for line in lines if line.site.location]
    least = max(latitudes) - min(latitudes) + 20
    wide = min(max(max(longitudes) - min(longitudes) + 24, least * 2.3, 60), 360)
    high = max(wide / 2.3, least)
    middle = (min(longitudes) + max(longitudes)) / 2
    west = max(-180, min(middle - wide / 2, 180 - wide))
    center = (min(latitudes) + max(latitudes)) / 2
    north = min(center + high / 2, max(_NORTH, max(latitudes) + STEP))
    return west, west + wide, north - high, north


def _marks(lines: Sequence[SiteLine], at: Any) -> list[View]:
    cells: dict[tuple[int, int], list[SiteLine]] = {}
    for line in lines:
        assert line.site.location is not None
        x, y = at(line.site.location.lat, line.site.location.lon)
        cells.setdefault((int(x // _CELL), int(y // _CELL)), []).append(line)
    found = []
    for members in cells.values():
        spots = [at(m.site.location.lat, m.site.location.lon) for m in members if m.site.location]
        names = [clean(m.site.name) for m in members]
        colour = worst(member.state.colour for member in members)
        said = few(names, 5)
        live = sum(member.went_live is not None for member in members)
        found.append(
            {
                "x": round(sum(x for x, _ in spots) / len(spots), 1),
                "y": round(sum(y for _, y in spots) / len(spots), 1),
                "colour": colour,
                "live": live == len(members),
                "count": len(members),
                "sites": " ".join(member.site.id for member in members),
                "name": names[0] if len(names) == 1 else "",
                "says": f"{said}: {colour if colour != 'none' else 'out'}{', live' if live == len(members) else ''}",
            }
        )
    # What is worst is drawn last, on top.
    found.sort(key=lambda mark: (-WORST.index(mark["colour"]), mark["y"], mark["x"]))
    return found


def _labels(marks: Sequence[View]) -> Iterator[View]:
    """Names beside marks, as far as they do not run into each other or into a mark."""
    taken = [(mark["x"] - 10, mark["y"] - 9, mark["x"] + 10, mark["y"] + 9) for mark in marks]
    for mark in reversed(marks):
        if not mark["name"]:
            continue
        name = mark["name"] if len(mark["name"]) <= 26 else mark["name"][:25] + "…"
        wide = 7.3 * len(name)
        for x, y, anchor in (
            (mark["x"] + 12, mark["y"] + 4, "start"),
            (mark["x"] - 12, mark["y"] + 4, "end"),
            (mark["x"], mark["y"] + 21, "middle"),
            (mark["x"], mark["y"] - 12, "middle"),
        ):
            left = x if anchor == "start" else x - wide if anchor == "end" else x - wide / 2
            box = (left - 1, y - 11, left + wide + 1, y + 3)
            if box[0] >= 0 and box[2] <= _WIDTH and not any(_touch(box, other) for other in taken):
                taken.append(box)
                yield {"x": round(x, 1), "y": round(y, 1), "anchor": anchor, "name": name, "sites": mark["sites"]}
                break


def _touch(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


_LINES = {
    "after": "solid",
    "after hypercare": "solid",
    "rather after": "dashed",
    "together": "double",
    "apart": "apart",
    "near": "dotted",
}


def neighbourhoods(report: Report) -> list[View]:
    """Groups of sites that are tied to each other, each a small drawing: waves from left to right."""
    known = {line.site.id: line for line in report.sites}
    ties = [tie for tie in report.ties if tie.one in known and tie.other in known]
    drawn = []
    for members, inside in _groups(ties):
        if len(members) <= _DRAWN:
            drawn.append(_drawing([known[site] for site in sorted(members)], inside))
    drawn.sort(key=lambda view: (-len(view["nodes"]), view["says"]))
    return drawn[:NEIGHBOURHOODS]


def _groups(ties: Sequence[Tie]) -> list[tuple[set[str], list[Tie]]]:
    """Sites that hang together, and the ties between them."""
    group: dict[str, set[str]] = {}
    for tie in ties:
        both = group.setdefault(tie.one, {tie.one}), group.setdefault(tie.other, {tie.other})
        small, large = sorted(both, key=len)  # the other way round a long chain would be moved once a link
        if small is not large:
            large |= small
            group.update(dict.fromkeys(small, large))
    inside: dict[int, list[Tie]] = {}
    for tie in ties:
        inside.setdefault(id(group[tie.one]), []).append(tie)
    return [(group[found[0].one], found) for found in inside.values()]


def _drawing(lines: Sequence[SiteLine], ties: Sequence[Tie]) -> View:
    waves = sorted({-1 if line.state.wave is None else line.state.wave for line in lines})
    place: dict[str, tuple[int, int]] = {}
    filled: dict[int, int] = {}
    nodes = []
    for line in sorted(lines, key=lambda line: (line.state.go_live is None, line.state.go_live, line.site.id)):
        column = waves.index(-1 if line.state.wave is None else line.state.wave)
        row = filled.get(column, 0)
        filled[column] = row + 1
        place[line.site.id] = x, y = column * _COLUMN + 4, row * _ROW + 26
        name = clean(line.site.name)
        nodes.append(
            {
                "x": x,
                "y": y,
                "name": name if len(name) <= 17 else name[:16] + "…",
                "full": name,
                "colour": line.state.colour,
                "site": line.site.id,
            }
        )
    names = {line.site.id: clean(line.site.name) for line in lines}
    last = (len(waves) - 1) * _COLUMN + 4
    beside = any(place[tie.one][0] == place[tie.other][0] == last for tie in ties)
    return {
        "width": (len(waves) - 1) * _COLUMN + _NODE + 8 + (_ARC if beside else 0),
        "height": max(filled.values()) * _ROW + 26,
        "waves": [
            {"x": number * _COLUMN + 4, "name": wave_name(None if w < 0 else w)} for number, w in enumerate(waves)
        ],
        "nodes": nodes,
        "edges": [
            {"kind": _LINES[tie.kind], "d": _edge(place[tie.one], place[tie.other]), "arrow": "after" in tie.kind}
            for tie in ties
        ],
        "says": "; ".join(f"{names[tie.other]} {tie.kind} {names[tie.one]}" for tie in ties),
    }


def _edge(one: tuple[int, int], other: tuple[int, int]) -> str:
    """A line from the right of one box to the left of the other; within a column, beside them."""
    (x, y), (to_x, to_y) = one, other
    y, to_y = y + 13, to_y + 13
    if x == to_x:
        right = x + _NODE
        return f"M{right} {y}C{right + 26} {y} {right + 26} {to_y} {right} {to_y}"
    if x < to_x:
        begin, end = x + _NODE, to_x - 2
    else:
        begin, end = x, to_x + _NODE + 2
    bend = (end - begin) // 2
    return f"M{begin} {y}C{begin + bend} {y} {end - bend} {to_y} {end} {to_y}"
