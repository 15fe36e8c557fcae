"""The report's first screen, its gates, its money and its lessons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from rollout.model.budgeted import money, percent
from rollout.model.calendar import spoken, spoken_with_weekday
from rollout.model.decision import Decision
from rollout.model.edited import shortened
from rollout.model.few import few
from rollout.model.gated import Check, Gated
from rollout.model.money import Line, Money
from rollout.model.report import Report
from rollout.model.stated import WORST
from rollout.model.times import days
from rollout.render.markdown import clean
from rollout.render.report_tables import WORDS, Ways, cell, day, table
from rollout.render.report_time import in_days
from rollout.render.views.report import View

BOARD = 9
"""Gates shown as cards."""
_ATTENTION = 3
_SENTENCE = 160
_FAILING, _APPROVALS = 6, 12
_VERDICTS: Mapping[Decision, tuple[str, str]] = {
    "go": ("Go", "green"),
    "conditional_go": ("Conditional go", "amber"),
    "no_go": ("No go yet", "red"),
}
_SAID = {"red": "Off track", "amber": "At risk", "green": "On track", "none": "Nothing to do"}


def first_screen(report: Report) -> View:
    """Where it stands, for who has one minute."""
    state = report.state
    name, *said = state.headline()
    colour = state.colour
    counts = [(one, state.count(one)) for one in WORST]
    every = max(len(state.sites), 1)
    x = 0.0
    shares = []
    for one, count in counts:
        if count:
            shares.append(
                {
                    "colour": one,
                    "word": WORDS[one],
                    "count": count,
                    "x": round(x, 2),
                    "width": round(100 * count / every, 2),
                }
            )
            x += 100 * count / every
    return {
        "colour": colour,
        "word": WORDS[colour],
        "verdict": "Stopped" if state.is_stopped else _SAID[colour],
        "says": [clean(line.strip()) for line in said],
        "shares": shares,
        "tiles": [*_tiles(report)],
        "attention": [*_attention(report)],
        "red_or_amber": state.count("red", "amber"),
        "evidence": clean(report.evidence_says[:1].upper() + report.evidence_says[1:]) + ".",
        "proof": [*_proof(report)],
        "gates": [_coming(gate, report.as_of) for gate in _next(report)],
        "label": clean(name),
    }


def _tiles(report: Report) -> Iterator[View]:
    live, count = len(report.live), len(report.state.sites)
    yield {
        "name": "Live",
        "value": f"{live} of {count:,}",
        "more": f"{round(100 * live / count)} % of sites" if count else "",
    }
    if (line := report.next_go_live) and line.state.go_live:
        when = line.state.go_live
        lighthouse = ", the lighthouse" if line.site.id == report.plan.lighthouse else ""
        yield {
            "name": "Next go-live",
            "value": clean(line.site.name),
            "more": f"{spoken(when)}, {in_days(when, report.as_of)}{lighthouse}",
        }
    gate = report.next_gate
    if gate and gate.on:
        asked = [site.site for site in gate.sites]
        whose = report.names.get(asked[0], "") if len(asked) == 1 else ""
        more = f"{spoken(gate.on)}, {in_days(gate.on, report.as_of)}; {gate.failing} open"
        yield {"name": "Next gate", "value": _title(gate.gate), "more": clean(f"{whose}: {more}" if whose else more)}
    published = report.state.ends[0]
    if published:
        said = "no forecast"
        if report.forecast:
            end = report.forecast.end
            said = f"P80 {spoken(end.p80)}; kept in {end.kept * 100:.0f} % of runs"
        yield {"name": "Last go-live", "value": spoken(published), "more": said}
    budget, forecast = report.cost
    if budget:
        currency = f" {report.plan.currency}" if report.plan.currency else ""
        over = "over" if forecast > budget else "under" if forecast < budget else "as"
        yield {
            "name": "Cost at the end",
            "value": _short(forecast) + currency,
            "more": f"{percent(100 * (forecast - budget) / budget)}, {over} the {_short(budget)} expected",
        }
    late, soon = len(report.due.overdue), len(report.due.items) - len(report.due.overdue)
    yield {
        "name": "To start",
        "value": f"{soon:,} in 4 weeks",
        "more": f"{late:,} overdue" if late else "nothing is overdue",
    }


def _short(amount: float) -> str:
    for size, name in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if abs(amount) >= size:
            return f"{amount / size:.2f} {name}" if amount < 100 * size else f"{amount / size:.0f} {name}"
    return f"{amount:.0f}"


def _attention(report: Report) -> Iterator[View]:
    worst = [line for line in report.sites if line.state.colour in ("red", "amber")]
    for line in sorted(worst, key=lambda one: WORST.index(one.state.colour))[:_ATTENTION]:  # each by go-live
        state = line.state
        slip = f"slips {days(state.moves)}" if state.moves else ""
        yield {
            "name": clean(line.site.name),
            "colour": state.colour,
            "word": WORDS[state.colour],
            "why": clean(shortened(state.why(2), _SENTENCE)),
            "more": ", ".join(filter(None, (f"go-live {spoken(state.go_live)}" if state.go_live else "", slip))),
        }


def _proof(report: Report) -> Iterator[View]:
    for row in report.proof.rows:
        if row.site != report.proof.lighthouse:
            continue
        one = row.proof
        yield {
            "metric": clean(one.metric.replace("-", " ")),
            "before": clean(one.before.spoken()) if one.before else "not measured",
            "target": clean(one.target.spoken()) if one.target else "none set",
            "since": clean(one.after.spoken()) if one.after else "not yet",
            "verdict": one.verdict,
            "tone": {"met": "green", "not met": "red"}.get(one.verdict, "none"),
        }


def _next(report: Report) -> list[Gated]:
    return [gate for gate in report.gates.gates if gate.sites and gate.on][:3]


def _coming(gate: Gated, as_of: date) -> View:
    assert gate.on is not None
    word, tone = _state(gate)
    return {
        "name": _title(gate.gate),
        "title": clean(gate.title),
        "word": word,
        "tone": tone,
        "day": f"{spoken(gate.on)}, {in_days(gate.on, as_of)}",
        "open": gate.failing,
    }


def _title(name: str) -> str:
    text = name.replace("-", " ")
    return text[:1].upper() + text[1:]


def gates(report: Report, ways: Ways) -> View:
    """Cards of the gates that come next, and a table of all."""
    asked = [gate for gate in report.gates.gates if not gate.is_over]
    asked.sort(key=lambda gate: not gate.sites)
    rows = []
    for gate in report.gates.gates:
        word, tone = _state(gate)
        who = [site.site for site in gate.sites]
        rows.append(
            (
                " ".join(who) or None,
                [
                    cell(_title(gate.gate)),
                    day(gate.on),
                    cell(word, tone=tone),
                    cell(str(gate.failing or "")),
                    cell(few(who, 6)),
                ],
            )
        )
    return {
        "cards": [_card(gate, report, ways) for gate in asked[:BOARD]],
        "table": table("gates-table", "Every gate by its day", ("Gate", "Day", "Decision", "Open", "Sites"), rows),
    }


def _state(gate: Gated) -> tuple[str, str]:
    """Where a gate stands in words, and its tone: what is not open is red only once its day is past."""
    if gate.is_over:
        return "Passed", "green"
    if not gate.sites:
        return "Nobody yet", "none"
    word, tone = _VERDICTS[gate.decision]
    if tone == "red" and not gate.is_late:
        tone = "amber"
    return (f"{word}, late" if gate.is_late else word), tone


def _card(gate: Gated, report: Report, ways: Ways) -> View:
    word, tone = _state(gate)
    criteria = _grouped(gate)
    rows = [_criterion(name, checks, report, ways) for name, checks in criteria.items()]
    rows.sort(key=lambda row: row["rank"])
    missing = [one for one in gate.approvals if not one.counts]
    return {
        "name": _title(gate.gate),
        "title": clean(gate.title),
        "word": word,
        "tone": tone,
        "day": spoken_with_weekday(gate.on) if gate.on else "no day yet",
        "met": sum(row["rank"] == 2 for row in rows),
        "count": len(rows),
        "open": [row for row in rows if row["rank"] < 2][:_FAILING],
        "more": [row for row in rows if row["rank"] < 2][_FAILING:],
        "done": [row for row in rows if row["rank"] == 2],
        "approvals": [
            {"says": clean(one.message), "counts": one.counts, "href": ways.to(one.path, one.line) if one.by else None}
            for one in sorted(gate.approvals, key=lambda one: one.counts)[:_APPROVALS]
        ],
        "unapproved": len(missing),
        "notes": [clean(note) for note in gate.notes],
    }


def _grouped(gate: Gated) -> dict[str, list[Check]]:
    """The checks of each criterion: a gate of four hundred sites has as many rows as one of four."""
    found: dict[str, list[Check]] = {}
    for check in gate.criteria:
        found.setdefault(check.id, []).append(check)
    return found


def _criterion(name: str, checks: list[Check], report: Report, ways: Ways) -> View:
    failing = [check for check in checks if not check.passes]
    waived = [check for check in checks if check.waiver and not check.met]
    shown = (failing or waived or checks)[0]
    said = shown.message + (f"; waived {shown.waiver}" if shown in waived else "")
    if len(checks) > 1:
        met = len(checks) - len(failing)
        said = f"{met} of {len(checks)} sites; " + (f"{shown.at}: {said}" if failing or waived else said)
    evidence = [
        {"at": check.at, "href": href}
        for check in (failing + waived + checks)[:3]
        if (where := report.evidence.get((check.at, check.id))) and (href := ways.to(where))
    ]
    unique = {one["href"]: one for one in evidence}
    return {
        "name": _title(name),
        "says": clean(said),
        "rank": 0 if failing else 1 if waived else 2,
        "word": "Open" if failing else "Waived" if waived else "Met",
        "tone": "red" if failing else "amber" if waived else "green",
        "evidence": [*unique.values()],
        "href": ways.to(shown.path, shown.line),
        "place": f"{shown.path}:{shown.line}" if shown.path else "",
    }


def costs(report: Report) -> View:
    """Money by line, with bars of what is spent, bound and forecast against what is expected."""
    found = report.money
    top = max((max(line.total.expected, line.total.forecast) for line in found.lines), default=0) or 1
    rows = [(None, _cost(line.id, line.total, _rate(line), _drawn(line.total, top))) for line in found.lines]
    rows.append((None, _cost("total", found.total, cell(""), cell(""))))
    columns = ("Line", "Budget", "Committed", "Actual", "Forecast", "Variance", "Rate", "Expected and forecast")
    return table("money-table", "Money by line", columns, rows, found.table().notes)


def _cost(name: str, of: Money, rate: View, drawn: View) -> list[View]:
    amounts = [cell(money(one), sort=f"{one:.0f}") for one in (of.budget, of.committed, of.actual, of.forecast)]
    variance = cell("", sort="")
    if of.variance is not None:
        over = {"more": "over", "tone": "red"} if of.is_over else {}
        variance = cell(percent(of.variance), sort=f"{of.variance:.1f}", **over)
    return [cell(name), *amounts, variance, rate, drawn]


def _rate(line: Line) -> View:
    return cell(f"{line.rate:.2f}") if line.teachers else cell("")


def _drawn(of: Money, top: float) -> View:
    shares = {"expected": of.expected, "forecast": of.forecast, "bound": of.bound}
    says = ", ".join(f"{name} {money(one)}" for name, one in shares.items())
    widths = {name: round(96 * one / top, 2) for name, one in shares.items()}
    return {"text": "", "money": {**widths, "over": of.is_over, "says": says}}


def lessons(report: Report, ways: Ways) -> View:
    """Every lesson and what became of it, the open ones first."""
    rows = []
    for row in report.lessons.rows:
        tone = (
            "red"
            if row.is_open and row.blocking
            else "amber"
            if row.is_open
            else "green"
            if row.state == "adopted"
            else "none"
        )
        word = "Open, blocking" if row.is_open and row.blocking else row.state.capitalize()
        rows.append(
            (
                row.site,
                [
                    cell(row.says, href=ways.to(row.path, row.line), more=row.lesson),
                    cell(word, tone=tone),
                    cell(f"{row.by} at {row.site}"),
                    day(row.on),
                    cell("all" if row.sites is None else str(row.selects)),
                    cell(row.spoken()),
                ],
            )
        )
    columns = ("What to do", "State", "Learned by", "On", "For sites", "What became of it")
    return table("lessons-table", "Lessons, the open ones first", columns, rows)
