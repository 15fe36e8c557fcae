"""What `rollout diff` answers: one sentence first, then every consequence; text, Markdown and JSON say the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rollout.model.answers import VERSION
from rollout.model.calendar import spoken
from rollout.model.caused import Cause
from rollout.model.consequences import Consequences, Moved, Peak
from rollout.model.edited import Edited, shortened
from rollout.model.harmless import markdown
from rollout.model.result import problem_json
from rollout.model.schedule import Ready, placed
from rollout.model.table import Table
from rollout.model.times import weeks_later
from rollout.problem import Problem

if TYPE_CHECKING:
    from rollout.model.answers.review import ReviewJson

CHAIN = " ← "
"""Between a cause and what is behind it."""
COMMENT = 58_000
"""Bytes of the Markdown. A comment holds 65,536 characters on GitHub and more elsewhere; what CI adds has room."""
_ROWS = (200, 100, 50, 25, 10, 5, 2, 1, 0)
_STEPS = 4
"""Steps of a chain that a table shows; JSON has all."""
_OWNERS = 12
"""Sites whose pages are counted one by one; JSON names every page."""
_CELL = 300
"""Characters of a sentence in a table; JSON has all."""
_REPEATED = 80
"""Characters of a reason, about a line, that may stand there again."""


@dataclass(frozen=True, kw_only=True)
class Review:
    """A change of the files, and what it does to each plan."""

    summary: str
    """The one sentence that comes first."""
    base: str
    head: str
    """What was compared, in words."""
    as_of: date
    edits: tuple[Edited, ...] = ()
    plans: tuple[Consequences, ...] = ()
    """Those of higher rank first; none where `head` has errors."""
    problems: tuple[Problem, ...] = ()
    """Found only after."""
    gone: tuple[Problem, ...] = ()
    """Found only before."""
    errors: int = 0
    """Errors after, new or old: then nothing could be planned."""

    @property
    def changed(self) -> bool:
        """Whether the edits have any consequence."""
        return bool(self.errors or self.problems or self.gone) or any(plan.changed for plan in self.plans)

    def sections(self, most: int | None = None) -> Iterator[Table]:
        """Every consequence, one table a question; of each table so many rows, and how many more there are."""
        several = len(self.plans) > 1
        for plan in self.plans:
            of = f" ({plan.name})" if several else ""
            yield from (_cut(table, most) for table in _of_plan(plan, of) if table.rows or table.notes)
        for title, problems in (("New problems", self.problems), ("Problems that are gone", self.gone)):
            if problems:
                rows = tuple(
                    (f"{p.path}:{p.line}" if p.line else p.path, p.severity, p.code, _sentence(p.message))
                    for p in problems
                )
                yield _cut(Table(title, ("where", "severity", "rule", "what"), rows), most)
        if self.edits:
            edited = tuple((edit.place, _sentence(edit.spoken())) for edit in self.edits)
            yield _cut(Table("What was edited", ("where", "edit"), edited), most)

    def compared(self) -> str:
        """What was compared, and as of when."""
        return f"{self.head} beside {self.base}, as of {spoken(self.as_of)}"

    def comment(self) -> str:
        """As Markdown that fits into a comment on a pull request: of each table as many rows as there is room for.

        Nothing that people wrote in the programme becomes markup.
        """
        text = ""
        for most in _ROWS:
            parts = [f"**{markdown(self.summary)}**", markdown(self.compared())]
            for table in map(told_once, self.sections(most)):
                parts += [f"### {markdown(table.title)}", table.markdown().strip()]
            text = "\n\n".join(parts)
            if len(text.encode()) <= COMMENT:
                break
        return text

    def json(self) -> ReviewJson:
        """For programs."""
        return {
            "version": VERSION,
            "changed": self.changed,
            "summary": self.summary,
            "base": self.base,
            "head": self.head,
            "as_of": self.as_of.isoformat(),
            "edits": [edit.json() for edit in self.edits],
            "moved": [{"plan": plan.plan, **move.json()} for plan in self.plans for move in plan.moved],
            "stale": [{"plan": plan.plan, **void.json()} for plan in self.plans for void in plan.stale],
            "problems": [problem_json(problem) for problem in self.problems],
            "gone": [problem_json(problem) for problem in self.gone],
            "errors": self.errors,
            "plans": [plan.json() for plan in self.plans],
        }


def told_once(table: Table) -> Table:
    """A table of moves in which a long reason that many sites share is told of the first of them, and named after."""
    if table.columns[-1] != "because":
        return table
    told: dict[str, str] = {}
    rows = tuple((*cells, _not_again(cells[0], because, told)) for *cells, because in table.rows)
    return Table(table.title, table.columns, rows, table.notes)


def _not_again(site: str, because: str, told: dict[str, str]) -> str:
    """A reason up to where it goes on as that of a site above."""
    steps = because.split(CHAIN)
    for number in range(len(steps)):
        rest = CHAIN.join(steps[number:])
        before = told.setdefault(rest, site)
        if before != site and len(rest) > _REPEATED:
            return CHAIN.join([*steps[:number], f"{'the rest ' * (number > 0)}as for {before}"])
    return because


def _of_plan(plan: Consequences, of: str) -> Iterator[Table]:
    rows = tuple(_move(move) for move in plan.moved)
    notes = (f"Nothing was planned: {plan.halted}.",) if plan.halted else ()
    yield Table(f"Who moves{of}", ("site", "was", "will be", "by", "because"), rows, notes)
    waited = tuple((w.prerequisite, _span(w.before), _span(w.after), _chain(w.because)) for w in plan.waited)
    yield Table(f"What sites wait for{of}", ("prerequisite", "was", "will be", "because"), waited)
    for number, group in enumerate(plan.clashes, 1):
        clashes = tuple((one.place, _sentence(f"{one.constraint}: {one.message}")) for one in group)
        name = f"Lines that cannot hold together{f', group {number}' * (len(plan.clashes) > 1)}{of}"
        yield Table(name, ("where", "what"), clashes, ("With any one of them gone, the others can.",))
    voids = tuple(
        (void.gate, void.site, f"{void.by} ({void.role})", _sentence(void.says), void.place) for void in plan.stale
    )
    yield Table(f"Approvals that count no longer{of}", ("gate", "site", "given by", "why", "where"), voids)
    again = tuple((one.site, _sentence(one.title), str(one.people or "")) for one in plan.repeated)
    yield Table(f"To be done again{of}", ("site", "what", "people"), again)
    ends = _ends(plan)
    totals = tuple(
        [*ends, *(_peak(peak) for peak in plan.peaks)]
        + [
            (f"{cost.line or 'all costs'}, forecast", f"{cost.before:,.0f}", f"{cost.after:,.0f}",
             f"{cost.change:+,} {plan.currency or ''}".strip())
            for cost in plan.costs
        ]
    )  # fmt: skip
    yield Table(f"The whole{of}", ("what", "was", "will be", "change"), totals)
    pages = tuple((owner, str(count)) for owner, count in plan.pages().items())
    yield _cut(Table(f"Pages that change{of}", ("of", "pages"), pages), _OWNERS)


def _ends(plan: Consequences) -> Iterator[tuple[str, str, str, str]]:
    before, after = plan.ends
    if before != after:
        change = weeks_later((after - before).days) if before and after else ""
        yield "last go-live", _day(before), _day(after), change
    if plan.waves[0] != plan.waves[1]:
        yield "waves", str(plan.waves[0]), str(plan.waves[1]), f"{plan.waves[1] - plan.waves[0]:+}"


def _peak(peak: Peak) -> tuple[str, str, str, str]:
    over = ", more than there is" if peak.is_over else ""
    when = f", week of {spoken(peak.week)}" if peak.week else ""
    was, now = (f"{load} of {of}" for load, of in zip((peak.before, peak.after), peak.capacity, strict=True))
    return f"{peak.team}, fullest week ({peak.unit})", was, f"{now}{when}", f"{peak.after - peak.before:+}{over}"


def _move(move: Moved) -> tuple[str, str, str, str, str]:
    because = _chain(move.because)
    if move.after is None:
        says = _sentence(move.says)
        because = because if says in because else "; ".join(filter(None, (says, because)))
    days = f"{move.days:+} d" if move.days else ("new" if move.before is None else "0 d" if move.after else "no day")
    return move.site, placed(move.before), placed(move.after), days, because


def _chain(because: Sequence[Cause]) -> str:
    """A site's cause, then what is behind it, to the root."""
    if not because:
        return ""
    shown = because if len(because) <= _STEPS else (*because[: _STEPS - 1], because[-1])
    said = [f"{_sentence(shown[0].spoken())}{_at(shown[0])}"]
    said += [f"{_about(cause)}{_sentence(cause.message)}{_at(cause)}" for cause in shown[1:]]
    return CHAIN.join(said)


def _at(cause: Cause) -> str:
    return f" [{cause.place}]" if cause.path else ""


def _about(cause: Cause) -> str:
    return "" if cause.message.startswith(f"{cause.job} ") else f"{cause.job}: "


def _span(ready: Ready | None) -> str:
    return f"from {spoken(ready.starts)}, ready {spoken(ready.ready)}" if ready else "not waited for"


def _day(day: date | None) -> str:
    return spoken(day) if day else "none"


def _sentence(text: str) -> str:
    return shortened(text, _CELL)


def _cut(table: Table, most: int | None) -> Table:
    if most is None or len(table.rows) <= most:
        return table
    rest = len(table.rows) - most
    return Table(table.title, table.columns, table.rows[:most], (*table.notes, f"and {rest:,} more"))
