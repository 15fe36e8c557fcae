"""The whole plan as one picture, `plan.svg`: where everything stands is worked out here, how it looks in the template.

Git hosts show a committed SVG of any size where a Mermaid diagram of the same plan would be refused. Sites have a row
each up to `SITES_DRAWN`, beyond that waves, beyond `WAVES_DRAWN` waves stretches of them, so that ten thousand sites
are as readable as fifty. Nothing in it depends on the day it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from unicodedata import combining, east_asian_width

from rollout.model.calendar import MONTHS, ONE_DAY, month_after, spoken, spoken_without_year
from rollout.model.few import so_many
from rollout.model.selector import EVERY_SITE
from rollout.model.standing import Wave
from rollout.render.markdown import clean
from rollout.render.setting import Setting
from rollout.render.views.picture import (
    BarView,
    ClosedSpan,
    GroupView,
    LegendView,
    MonthView,
    PictureView,
    RowView,
    YearView,
)
from rollout.render.wave import stretches, wave_title
from rollout.render.wording import words

FILE = "plan.svg"
SITES_DRAWN = 80
WAVES_DRAWN = 100
PREREQUISITES_DRAWN = 16

_WIDTH, _MARGIN, _NAMES, _DATES = 1240, 24, 270, 130
"""Of the picture, around it, of the column of names and of that of days, in pixels."""
_TOP, _ROW, _BAND, _GAP = 112, 24, 28, 10
"""Where the rows begin; height of a row, of a heading, and of the space between groups."""
_BAR, _THIN = 10, 4
_LEGEND_ROW, _FOOT = 46, 16
_LETTER = 6.5
"""Mean width of a letter of the labels, in pixels, on the wide side."""


def drawing(setting: Setting) -> PictureView | None:
    """What the template `plan.svg.j2` receives; None for a plan without dates."""
    standing = setting.standing
    if not standing.waves:
        return None
    sheet = _Sheet.of(setting)
    groups = [*_prerequisites(setting, sheet)]
    if sheet.by_site:
        groups += [_sites(setting, sheet, wave) for wave in standing.waves]
    else:
        groups.append(_waves(setting, sheet))
    bottom: int = _place(groups)
    said = description(setting)
    return {
        "width": _WIDTH,
        "height": bottom + _LEGEND_ROW + _FOOT,
        "title": clean(setting.plan.name),
        "description": said,
        "row_height": _ROW,
        "left": _MARGIN,
        "right": _WIDTH - _MARGIN,
        "plot": {"y": _TOP, "height": bottom - _TOP, "bottom": bottom},
        "years": [*sheet.years()],
        "months": [*sheet.months()],
        "closed": [*_closed(setting, sheet)],
        "groups": groups,
        "legend": _legend(bottom + 24, sheet, has_prerequisites=len(groups) > 0 and groups[0]["kind"] == "ready"),
    }


def description(setting: Setting) -> str:
    """The picture in a sentence, for who does not see it."""
    waves = setting.standing.waves
    placed = sum(len(wave.sites) for wave in waves)
    first, last = waves[0].starts, max(wave.ends for wave in waves)
    count = sum(1 for wave in waves if wave.number)
    in_waves = f" in {so_many(count, 'wave')}" if count else ""
    without = len(setting.standing.site_ids) - placed
    return (
        f"{so_many(placed, 'site')}{in_waves}, go-lives from {spoken(first)} to {spoken(last)}"
        f"{f'; {without} without a day' if without else ''}"
    )


@dataclass(frozen=True)
class _Sheet:
    """The time axis."""

    begin: date
    end: date
    """First and last day drawn: whole months."""
    by_site: bool

    @classmethod
    def of(cls, setting: Setting) -> _Sheet:
        standing = setting.standing
        waves = standing.waves
        by_site = sum(len(wave.sites) for wave in waves) <= SITES_DRAWN
        first, last = waves[0].starts, setting.plan.hypercare.ends(max(wave.ends for wave in waves))
        ready = standing.ready.values()
        first = min([first, setting.plan.work_from, *(r.starts for r in ready)])
        if by_site:
            first = min([first, *(standing.site(s.id).begins(day) for wave in waves for s, day in wave.sites)])
        return cls(first.replace(day=1), month_after(last) - ONE_DAY, by_site)

    @property
    def left(self) -> int:
        return _MARGIN + _NAMES

    @property
    def width(self) -> int:
        return _WIDTH - 2 * _MARGIN - _NAMES - _DATES

    def x(self, day: date) -> float:
        """Where a day begins."""
        inside = min(max(day, self.begin), self.end + ONE_DAY)
        return round(self.left + self.width * (inside - self.begin).days / ((self.end - self.begin).days + 1), 1)

    def bar(self, kind: str, first: date, last: date, title: str, height: int = _BAR) -> BarView:
        """A bar over days, the last one included."""
        x = self.x(first)
        wide = round(max(self.x(last + ONE_DAY) - x, 1.5), 1)
        return {"kind": kind, "x": x, "y": (_ROW - height) // 2, "width": wide, "height": height, "title": title}

    def years(self) -> Iterator[YearView]:
        """Where each year begins, with its number where there is room for it."""
        for year in range(self.begin.year, self.end.year + 1):
            first, last = max(self.begin, date(year, 1, 1)), min(self.end, date(year, 12, 31))
            x, wide = self.x(first), self.x(last + ONE_DAY) - self.x(first)
            yield {"x": x, "label": str(year) if wide >= 34 else None}

    def months(self) -> Iterator[MonthView]:
        """Lines of the months; names of months or quarters where there is room for them."""
        count = (self.end.year - self.begin.year) * 12 + self.end.month - self.begin.month + 1
        room = self.width / count
        every = 1 if room >= 8 else 3
        day = self.begin
        while day <= self.end:
            after = month_after(day)
            if every == 1 or day.month % 3 == 1:
                yield {"x": self.x(day), "label": self._label(day, room), "is_year": day.month == 1}
            day = after

    def _label(self, day: date, room: float) -> str | None:
        if room >= 27:
            return MONTHS[day.month - 1]
        if day.month % 3 == 1 and 3 * room >= 24:
            return f"Q{day.month // 3 + 1}"
        return None


def _closed(setting: Setting, sheet: _Sheet) -> Iterator[ClosedSpan]:
    """Closed stretches of the whole programme, and of parts of it, fainter."""
    for span in setting.plan.blackouts:
        for begins, to in span.stretches(sheet.begin, sheet.end):
            bar = sheet.bar("closed", begins, to, "")
            reason = f": {span.because}" if span.because else ""
            yield {
                "x": bar["x"],
                "width": bar["width"],
                "everywhere": span.where == EVERY_SITE,
                "title": clean(f"{words(span.id)}, {spoken(begins)} to {spoken(to)}{reason}"),
            }


def _prerequisites(setting: Setting, sheet: _Sheet) -> Iterator[GroupView]:
    known = [(when, needed.title) for needed, when in setting.standing.waits_for if when]
    if not known:
        return
    rows = [
        _row(
            title,
            f"ready {spoken(when.ready)}",
            [sheet.bar("ready", when.starts, max(when.starts, when.ready - ONE_DAY), title)],
        )
        for when, title in known[:PREREQUISITES_DRAWN]
    ]
    more = known[PREREQUISITES_DRAWN:]
    if more:
        first, last = min(when.starts for when, _ in more), max(when.ready for when, _ in more)
        name = f"and {len(more)} more"
        rows.append(_row(name, f"ready {spoken(last)}", [sheet.bar("ready", first, last - ONE_DAY, name)]))
    yield {"kind": "ready", "label": "What sites wait for", "note": "", "y": 0, "rows": rows}


def _sites(setting: Setting, sheet: _Sheet, wave: Wave) -> GroupView:
    rows = []
    for site, _ in wave.sites:
        standing = setting.standing.site(site.id)
        begins, training, go_live, leaves = stretches(setting, standing)
        bars = []
        if begins < go_live:
            said = f"Preparation from {spoken(begins)}"
            bars.append(sheet.bar("preparation", begins, go_live - ONE_DAY, said, _THIN))
        if training:
            said = f"Training {spoken(training.starts)} to {spoken(training.ends)}"
            bars.append(sheet.bar("training", training.starts, training.ends, said))
        bars.append(sheet.bar("hypercare", go_live, leaves, f"Hypercare until {spoken(leaves)}"))
        row = _row(site.name, spoken(go_live), bars)
        row["mark"] = {
            "x": sheet.x(go_live),
            "is_lighthouse": standing.is_lighthouse,
            "title": f"Go-live on {spoken(go_live)}",
        }
        rows.append(row)
    return {"kind": "wave", "label": wave_title(wave.number), "note": wave.period, "y": 0, "rows": rows}


def _waves(setting: Setting, sheet: _Sheet) -> GroupView:
    """A row a wave, or a row for several."""
    waves = setting.standing.waves
    numbered = [wave for wave in waves if wave.number]
    step = -(-len(numbered) // WAVES_DRAWN) or 1
    parts = [[wave] for wave in waves if not wave.number]
    parts += [numbered[at : at + step] for at in range(0, len(numbered), step)]
    rows = []
    for part in parts:
        first, last = part[0].starts, max(wave.ends for wave in part)
        count = sum(len(wave.sites) for wave in part)
        name = wave_title(part[0].number)
        if len(part) > 1:
            name = f"Waves {part[0].number} to {part[-1].number}"
        leaves = setting.plan.hypercare.ends(last)
        days = spoken(first) if first == last else f"{spoken_without_year(first)} – {spoken(last)}"
        bars = [
            sheet.bar("hypercare", first, leaves, f"Hypercare until {spoken(leaves)}"),
            sheet.bar("go-live", first, last, f"Go-lives {spoken(first)} to {spoken(last)}"),
        ]
        row = _row(f"{name}: {so_many(count, 'site')}", days, bars)
        if part[0].number == 0:
            row["mark"] = {"x": sheet.x(first), "is_lighthouse": True, "title": f"Go-live on {spoken(first)}"}
        rows.append(row)
    return {"kind": "waves", "label": "Waves", "note": "", "y": 0, "rows": rows}


def _row(name: str, days: str, bars: list[BarView]) -> RowView:
    full = clean(name)
    return {
        "label": cut(full, _NAMES - 20),
        "title": full,
        "y": 0,
        "is_odd": False,
        "days": days,
        "bars": bars,
        "mark": None,
    }


def cut(text: str, pixels: float) -> str:
    """A label that fits, with an ellipsis where it had to be cut. Letters are counted, not measured: a host has
    whatever font it has."""
    used = 0.0
    for at, letter in enumerate(text):
        used += 0 if combining(letter) else _LETTER * (1.9 if east_asian_width(letter) in "WF" else 1)
        if used > pixels:
            return text[: max(at - 1, 0)].rstrip() + "…"
    return text


def _place(groups: list[GroupView]) -> int:
    """Gives every group and row its place from the top; the end of the last."""
    y = _TOP
    for group in groups:
        group["y"] = y
        y += _BAND
        for number, row in enumerate(group["rows"]):
            row["y"], row["is_odd"] = y, number % 2 == 1
            y += _ROW
        y += _GAP
    return y


def _legend(y: int, sheet: _Sheet, *, has_prerequisites: bool) -> list[LegendView]:
    kinds = [("lighthouse", "Lighthouse")]
    if sheet.by_site:
        kinds += [("diamond", "Go-live"), ("preparation", "Preparation"), ("training", "Training")]
    else:
        kinds += [("go-live", "First to last go-live")]
    kinds += [("hypercare", "Hypercare")]
    if has_prerequisites:
        kinds += [("ready", "Work that sites wait for")]
    kinds += [("closed", "Closed")]
    placed: list[LegendView] = []
    x = sheet.left
    for kind, label in kinds:
        placed.append({"kind": kind, "label": label, "x": x, "y": y})
        x += 34 + int(len(label) * _LETTER) + 18
    return placed
