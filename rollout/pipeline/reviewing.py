"""What a change does to the programme, before it is merged: two states of the files, and the consequences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.load.templates import has_own_templates, shipped_templates
from rollout.load.workspace import Workspace
from rollout.model.few import so_many
from rollout.model.programme import PlanFolder, Programme
from rollout.pipeline.loading import Loaded, load, pick
from rollout.problem import Problem, environment

if TYPE_CHECKING:
    from rollout.model.consequences import Clash, Consequences
    from rollout.model.edited import Edited
    from rollout.model.review import Review
    from rollout.model.schedule import Schedule
    from rollout.model.side import How, Side
    from rollout.repository import Repository
    from rollout.sequence.plan import Sequenced

WORKING_TREE = "the working tree"


def diff(
    root: Path,
    base: str | None = None,
    head: str | None = None,
    *,
    today: date,
    as_of: date | None = None,
    plan_id: str | None = None,
    merge_base: bool = False,
) -> Review:
    """What `head` does to the programme beside `base`; nothing is checked out, nothing written, no template run.

    `base` and `head` name commits; left out they are HEAD and the working tree. With `merge_base` the base is the
    commit where the two parted. Each side has its published dates where they are lawful; else HEAD's are mended from
    BASE's, as `plan` would. Both are planned as of one day: `as_of`, else the day on which HEAD's dates were made,
    so that nothing moves only because time has passed; `today` only where there are no dates yet. What the rules find
    counts as of HEAD's newest record, where that is later.

    Raises RolloutError: exit code 3 where git has no such commit or the base cannot be planned.
    """
    from rollout.compare.headline import headline
    from rollout.load.edited import edits
    from rollout.model.review import Review
    from rollout.repository import Repository

    workspace = Workspace(root)
    repository = Repository.find(workspace.root)
    base_id = repository.commit(base or "HEAD")
    head_id = None if head is None else repository.commit(head)
    if merge_base:
        base_id = repository.merge_base(base_id, head_id or repository.commit("HEAD"))
    named = base or "HEAD", f"the commit where {base or 'HEAD'} and {head or 'HEAD'} parted"
    label = _label(named[merge_base], base_id)
    before = _at(repository, workspace, base_id)
    after = load(root) if head_id is None else _at(repository, workspace, head_id)
    day = as_of or _made(after.programme) or _made(before.programme) or today
    known = as_of or max(day, _newest(after.programme))
    was, now = _Judged(before, known), _Judged(after, known)
    if was.errors:
        raise _unsound(label, was)
    changes = tuple(_located(edit, before, after) for edit in edits(before.workspace, after.workspace))
    plans = () if now.errors else _plans(was, now, day, plan_id)
    new, gone = _problems(was, now)
    return Review(
        summary=headline(changes, plans, len(new), len(now.errors)),
        base=label,
        head=WORKING_TREE if head_id is None else _label(str(head), head_id),
        as_of=day,
        edits=changes,
        plans=plans,
        problems=new,
        gone=gone,
        errors=len(now.errors),
    )


def _label(name: str, commit: str) -> str:
    """`main (3e15767a1b)`; of a commit named by its id only that."""
    return commit[:10] if commit.startswith(name) else f"{name} ({commit[:10]})"


class _Judged:
    """A state of the files with what the rules find in it, and the dates its plans have or would be given."""

    def __init__(self, loaded: Loaded, day: date) -> None:
        from rollout.check import check_programme

        self.loaded, self.programme = loaded, loaded.programme
        self.problems = [*loaded.problems, *check_programme(loaded.programme, day)]
        self.errors = [problem for problem in self.problems if problem.severity == "error"]

    def given(self, folder: PlanFolder) -> None:
        """Its plan with other dates than the published ones, for whoever ranks lower and is asked next."""
        self.programme = replace(self.programme, plans={**self.programme.plans, folder.id: folder})


def _at(repository: Repository, workspace: Workspace, commit: str) -> Loaded:
    """The programme as a commit has it, its checklists included."""
    from rollout.load.programme import load_programme
    from rollout.load.revision import FilesAt, files_at

    there = files_at(repository, workspace, commit)
    programme, problems = load_programme(there)
    return Loaded(there, replace(programme, files=FilesAt(repository, commit)), tuple(problems))


def _made(programme: Programme) -> date | None:
    """The day on which the dates of a programme were made."""
    folders = programme.plans.values()
    return max((folder.schedule.made.as_of for folder in folders if folder.schedule is not None), default=None)


def _newest(programme: Programme) -> date:
    """The day of its newest record."""
    lines = (line for folder in programme.plans.values() for some in folder.records.values() for line in some)
    return max((line.on for line in lines), default=date.min)


def _unsound(label: str, was: _Judged) -> Exception:
    errors = was.loaded.placed(was.errors)
    said = f"{label} has {so_many(len(errors), 'error')}, so nothing can be compared with it; the first: {errors[0]}"
    return environment("unsound-base", said, "compare with a commit that `rollout validate` finds nothing wrong with")


def _located(edit: Edited, before: Loaded, after: Loaded) -> Edited:
    side = before if edit.kind == "removed" and after.workspace.read(edit.source.paths[0]) is None else after
    return edit.located(side.place)


def _problems(was: _Judged, now: _Judged) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """What is found only after, and what only before; a line that has moved is the same problem."""
    old, new = (Counter(map(_key, side.problems)) for side in (was, now))
    return now.loaded.placed(_last(now.problems, new - old)), was.loaded.placed(_last(was.problems, old - new))


def _last(problems: Sequence[Problem], counts: Counter[tuple[str, ...]]) -> Iterator[Problem]:
    """So many of each, the last ones: lines are mostly added below those of their kind."""
    for problem in reversed(problems):
        if counts[_key(problem)] > 0:
            counts[_key(problem)] -= 1
            yield problem


def _key(problem: Problem) -> tuple[str, ...]:
    return problem.severity, problem.code, problem.path, problem.message


def _plans(was: _Judged, now: _Judged, day: date, plan_id: str | None) -> tuple[Consequences, ...]:
    """Every plan after, or the one asked for, those of higher rank first."""
    names = [pick(now.programme, plan_id).id] if plan_id is not None else _by_rank(now.programme)
    return tuple(_consequences(was, now, name, day) for name in names)


def _by_rank(programme: Programme) -> list[str]:
    ranked = [name for name in programme.teams.plans if name in programme.plans]
    return [*ranked, *(name for name in programme.plans if name not in ranked)]


def _consequences(was: _Judged, now: _Judged, name: str, day: date) -> Consequences:
    from rollout.compare.consequences import consequences, moves, waits
    from rollout.model.instance import PREREQUISITE, days_of
    from rollout.model.schedule import nothing_placed
    from rollout.sequence.causes import causes

    new, old = now.programme.plans[name], was.programme.plans.get(name)
    is_shipped = not (has_own_templates(was.loaded.workspace) or has_own_templates(now.loaded.workspace))
    if old is None:  # a plan that is new: everybody joins it
        before, _ = _side(now, replace(new, schedule=nothing_placed(day), records={}), day, settled=True)
    else:
        before, _ = _side(was, old, day)
        was.given(before.folder)
    after, made = _side(now, new, day, keep=before.schedule if before.schedule.sites else None)
    now.given(after.folder)
    moved, waited = moves(before, after), waits(before, after)
    asked = [move.site for move in moved if move.before is not None]
    asked += [PREREQUISITE + one.prerequisite for one in waited if one.before is not None and one.after is not None]
    renamed = now.programme.renamed
    sides = [(one.instance.under(renamed), days_of(one.schedule.under(renamed))) for one in (before, after)]
    return consequences(
        before,
        after,
        moved,
        waited,
        causes(sides[0], sides[1], asked, new.plan.source),
        _documents(before, after, shipped_templates() if is_shipped else None),
        _clashes(made),
    ).located(was.loaded.place, now.loaded.place)


def _side(
    judged: _Judged, folder: PlanFolder, day: date, keep: Schedule | None = None, *, settled: bool = False
) -> tuple[Side, Sequenced | None]:
    """A plan with the dates it has, where they are lawful or `settled`; else with those that are mended from `keep`.

    Where there is nothing to keep they are mended from its own. Where planning is halted, they stay.
    """
    from rollout.check.schedule import check_schedule
    from rollout.model.money import lines
    from rollout.model.schedule import nothing_placed
    from rollout.model.side import Side
    from rollout.sequence.halted import halted
    from rollout.sequence.plan import instance_of, sequence
    from rollout.track.capacity import loads

    programme, path = judged.programme, folder.layout.schedule
    schedule, made = folder.schedule or keep or nothing_placed(day), None
    how: How = "published"
    halt = ""
    instance = instance_of(programme, folder, schedule)
    is_lawful = folder.schedule is not None and not check_schedule(instance, schedule, path)
    if not settled and not (is_lawful and set(schedule.unplaced) <= set(instance.set_aside)):
        if halts := halted(programme, folder):
            schedule, how, halt = (keep or schedule).under(programme.renamed), "kept", halts[0].message
            instance = instance_of(programme, folder, schedule)
        elif programme.sites_of(folder.plan):
            made = sequence(programme, folder, day, keep or folder.schedule)
            schedule, instance, how = made.schedule, made.instance, "planned"
    folder = replace(folder, schedule=schedule)
    side = Side(
        programme=programme,
        folder=folder,
        schedule=schedule,
        instance=instance,
        how=how,
        halted=halt,
        loads=loads(programme, folder, instance, schedule).teams,
        money=lines(folder, programme.sites_of(folder.plan)),
    )
    return side, made


def _documents(before: Side, after: Side, shipped: Mapping[str, str] | None) -> tuple[str, ...]:
    """Paths of the pages that will be other ones."""
    from rollout.render.compared import changed_pages
    from rollout.track.standing import stand

    was, now = (stand(side.programme, side.folder, side.schedule) for side in (before, after))
    return changed_pages(was, now, shipped)


def _clashes(made: Sequenced | None) -> tuple[tuple[Clash, ...], ...]:
    from rollout.model.consequences import Clash

    return tuple(
        tuple(Clash(constraint=one.name, message=one.message, source=one.source) for one in group.members)
        for group in (made.conflicts if made else ())
    )
