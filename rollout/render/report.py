"""The report as one HTML page that needs nothing else: no network, no font, no server.

What people wrote is escaped by the engine, and the page's own policy allows nothing but its one style sheet and its one
script, named by their digests; so even a text that got through could neither run nor ask anybody for anything.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import jinja2
from markupsafe import Markup

from rollout.model.calendar import spoken
from rollout.model.few import so_many
from rollout.model.report import Report
from rollout.model.schedule import wave_name
from rollout.model.stated import WORST
from rollout.render import report_parts as parts
from rollout.render import report_place as place
from rollout.render import report_tables as tables
from rollout.render import report_time as time
from rollout.render.markdown import clean
from rollout.render.views.report import View

MARK = "<!doctype html>\n<!-- Written by rollout report; an edit here is overwritten. -->\n"
"""How every page begins: a file that does not is not overwritten."""
_STYLE, _SCRIPT, _PAGE = "report.css", "report.js", "page.html.j2"
_CHANGES, _DUE, _RANGES = 300, 200, 40
"""Rows at most."""


def page(report: Report, templates: Mapping[str, str], way: str) -> str:
    """The page. `way` leads from where it lies to the programme's folder: `../`, or nothing."""
    engine = jinja2.Environment(
        loader=jinja2.DictLoader({name: text for name, text in templates.items() if name.endswith(".j2")}),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    engine.filters["coded"] = coded
    style, script = templates[_STYLE], templates[_SCRIPT]
    view = _view(report, tables.Ways(report, way))
    # The three are ours, or made by `embedded`: everything else the engine escapes.
    view |= {"style": _ours(style), "script": _ours(script)}
    view |= {"policy": policy(style, script), "index": _ours(embedded(_index(report)))}
    return MARK + engine.get_template(_PAGE).render(view)


def policy(style: str, script: str) -> str:
    """What the page may load: this style sheet, this script, and pictures it holds itself."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def embedded(value: Any) -> str:
    """JSON that can stand in a script element: no text in it ends the element or begins a comment."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def coded(text: str) -> Markup:
    """A text in which `commands` between backticks are shown as code; everything in it is escaped."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return Markup.escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else Markup.escape(part)
        for number, part in enumerate(parts)
    )


def _ours(text: str) -> Markup:
    """What the engine is not to escape: our own style sheet and script, and data in which nothing ends an element."""
    return Markup(text)  # noqa: S704 - nothing of it is as people wrote it


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _index(report: Report) -> list[list[str]]:
    """By site what the filters ask: id, words to search, wave, region, colour."""
    return [
        [
            line.site.id,
            clean(
                " ".join(filter(None, (line.site.id, line.site.name, line.site.business_unit, line.site.country)))
            ).lower(),
            "" if line.state.wave is None else str(line.state.wave),
            clean(line.site.region or ""),
            line.state.colour,
        ]
        for line in report.sites
    ]


def _view(report: Report, ways: tables.Ways) -> View:
    axis = time.axis_of(report)
    waves = sorted({line.state.wave for line in report.sites if line.state.wave is not None})
    colours = sorted({line.state.colour for line in report.sites}, key=WORST.index)
    return {
        "name": clean(report.plan.name),
        "as_of": spoken(report.as_of),
        "as_of_iso": report.as_of.isoformat(),
        "made": spoken(report.made.as_of),
        "count": len(report.sites),
        "waves": [{"value": wave, "name": wave_name(wave).capitalize()} for wave in waves],
        "regions": sorted({clean(line.site.region) for line in report.sites if line.site.region}),
        "colours": [{"value": one, "name": tables.WORDS[one]} for one in colours],
        "first": parts.first_screen(report),
        "curve": time.burn_up(report),
        "sites": tables.sites(report, ways),
        "unplaced": tables.unplaced(report),
        "time": time.timeline(report, axis),
        "gantt": tables.gantt(report, axis),
        "calendar": time.calendar(report),
        "waves_table": tables.waves(report),
        "map": place.world(report),
        "groups": place.neighbourhoods(report),
        "ties": tables.ties(report),
        "needed": tables.needed(report),
        "readiness": tables.readiness(report),
        "gates": parts.gates(report, ways),
        "capacity": tables.capacity(report),
        "forecast": _forecast(report),
        "money": parts.costs(report),
        "systems": {
            "headline": clean(report.systems.headline),
            "hub": clean(report.systems.hub),
            "kinds": _kinds(report),
            "tables": tables.systems(report),
        },
        "lessons": parts.lessons(report, ways),
        "due": tables.due(report, _DUE),
        "changes": _changes(report),
    }


def _forecast(report: Report) -> View | None:
    found = report.forecast
    if found is None:
        return None
    rows = time.ranges(report, _RANGES)
    return {
        "sentence": clean(found.sentence),
        "how": clean(f"{so_many(found.runs, 'run')}, seed {found.seed}. Durations: {found.learnt}."),
        "table": tables.outlooks(rows),
    }


def _kinds(report: Report) -> list[View]:
    """Bars of believed and found, of kinds somebody believed anything of."""
    shown = [kind for kind in report.systems.kinds if kind.believed is not None]
    top = max((max(kind.believed or 0, kind.found) for kind in shown), default=0) or 1
    return [
        {
            "kind": kind.kind.upper() if len(kind.kind) <= 4 else kind.kind.capitalize(),
            "believed": kind.believed,
            "found": kind.found,
            "believed_width": round(100 * (kind.believed or 0) / top, 2),
            "found_width": round(100 * kind.found / top, 2),
        }
        for kind in shown
    ]


def _changes(report: Report) -> View | None:
    if report.review is None:
        return None
    return {
        "summary": clean(report.review.summary),
        "compared": clean(report.review.compared()),
        "tables": tables.changes(report, _CHANGES),
    }
