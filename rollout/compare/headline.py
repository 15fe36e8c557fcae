"""Consequences → the one sentence that a reviewer reads first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rollout.model.calendar import spoken
from rollout.model.consequences import Consequences, Moved
from rollout.model.edited import Edited
from rollout.model.few import so_many
from rollout.model.times import weeks, weeks_later

NO_CHANGE = "no plan change"
_HALTED = "nothing is planned, for the programme is halted"


def headline(edits: Sequence[Edited], plans: Sequence[Consequences], new_problems: int, errors: int) -> str:
    """`Lyon slips 2 weeks: 3 more sites move, 1 approval void, 140 people to retrain, end unchanged`.

    The subject is the site that everything else follows from, where there is one; else the edit.
    """
    if errors:
        return f"{so_many(errors, 'error')} to mend before anything can be planned"
    if len(plans) == 1:
        return _sentence(edits, plans[0], new_problems)
    sentences = {plan.plan: _sentence(edits, plan, 0) for plan in plans}
    if len(same := set(sentences.values())) > 1:
        said = "; ".join(f"{plan}: {sentence}" for plan, sentence in sentences.items())
    else:
        said = next(iter(same), NO_CHANGE)
    return f"{said}; {so_many(new_problems, 'new problem')}" if new_problems else said


def _sentence(edits: Sequence[Edited], plan: Consequences, new_problems: int) -> str:
    more = [*_waits(plan), *_more(plan), *([so_many(new_problems, "new problem")] if new_problems else [])]
    if not (plan.moved or plan.clashes or plan.waited or plan.stale or plan.repeated):
        said = f"{NO_CHANGE}: {_edit(edits)} move{'s' * (len(edits) == 1)} nobody" if edits else NO_CHANGE
        said = _HALTED if plan.halted else said
        return f"{said}; {', '.join(more)}" if more else said
    subject, root = _subject(edits, plan)
    return f"{subject}: {', '.join([*_moves(plan, root), *more, *_end(plan)])}"


def _subject(edits: Sequence[Edited], plan: Consequences) -> tuple[str, Moved | None]:
    """What it all comes from, and the move that says it."""
    roots = {move.root for move in plan.moved if move.because}
    by_site = {move.site: move for move in plan.moved}
    if len(roots) == 1 and (root := by_site.get(next(iter(roots)) or "")) is not None and not plan.joined:
        others = [move for move in plan.lost if move is not root]
        if not others:
            return _said(root), root
    if len(plan.moved) == 1:
        return _said(plan.moved[0]), plan.moved[0]
    return (_edit(edits) or "the dates were edited"), None


def _said(move: Moved) -> str:
    if move.days is not None:
        verb = "slips" if move.days > 0 else "comes forward"
        return f"{move.name} {verb} {weeks(move.days)}" if move.days else f"{move.name} changes its wave"
    if move.after is not None:
        return f"{move.name} joins on {spoken(move.after.go_live)}"
    return f"{move.name} has no day any more" if move.before else f"{move.name} gets no day"


def _edit(edits: Sequence[Edited]) -> str:
    return "" if not edits else edits[0].short if len(edits) == 1 else f"{len(edits)} edits"


def _moves(plan: Consequences, root: Moved | None) -> Iterator[str]:
    shifted = [move for move in plan.shifted if move is not root]
    joined = [move for move in plan.joined if move is not root]
    lost = [move for move in plan.lost if move is not root]
    if shifted:
        site = "more site" if root is not None else "site"
        yield f"{so_many(len(shifted), site)} move{'s' * (len(shifted) == 1)}"
    elif not joined and not lost:
        yield _HALTED if plan.halted else "nobody else moves" if root is not None else "nobody moves"
    if joined:
        yield f"{so_many(len(joined), 'site')} join{'s' * (len(joined) == 1)}"
    if lost:
        yield f"{so_many(len(lost), 'site')} without a day"


def _waits(plan: Consequences) -> Iterator[str]:
    moved = sum(one.before is not None and one.after is not None for one in plan.waited)
    if moved:
        yield f"{so_many(moved, 'prerequisite')} move{'s' * (moved == 1)}"
    fresh = [one for one in plan.waited if one.before is None and one.after is not None]
    if len(fresh) == 1 and (ready := fresh[0].after) is not None:
        yield f"{fresh[0].prerequisite} is new (ready {spoken(ready.ready)})"
    elif fresh:
        yield f"{len(fresh)} prerequisites are new"
    if gone := len(plan.waited) - moved - len(fresh):
        yield f"{so_many(gone, 'prerequisite')} less"


def _more(plan: Consequences) -> Iterator[str]:
    if approvals := len({(void.gate, void.role, void.by, void.on) for void in plan.stale}):
        yield f"{so_many(approvals, 'approval')} void"
    if plan.retrained:
        yield f"{so_many(plan.retrained, 'person', 'people')} to retrain"
    if others := sum(not again.people for again in plan.repeated):
        yield f"{so_many(others, 'piece')} of work to repeat"
    if over := [peak.team for peak in plan.peaks if peak.is_over and peak.after > peak.before]:
        yield f"{', '.join(over)} over capacity"
    if plan.costs and (change := plan.costs[-1].change):
        yield f"{change:+,} {plan.currency or 'of cost'}"
    if plan.documents:
        yield f"{so_many(len(plan.documents), 'page')} change{'s' * (len(plan.documents) == 1)}"


def _end(plan: Consequences) -> Iterator[str]:
    before, after = plan.ends
    if before == after:
        yield "end unchanged"
    elif before and after:
        yield f"end {weeks_later((after - before).days)} ({spoken(after)})"
