"""A programme under way: sites with dates, sixty items, twenty records each and checklists people ticked.

The same files for the same size and seed. python -m benchmarks.following.generate 1000 1 build/bench/following-1000
"""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta
from pathlib import Path

from benchmarks.render.generate import programme as files_of_sites
from rollout.load.programme import load_programme
from rollout.load.workspace import Workspace
from rollout.model.plan import Plan

AS_OF = date(2027, 3, 1)
ITEMS, RECORDS = 60, 20
FIRST, LAST = date(2027, 2, 9), 36 * 28
"""The lighthouse's go-live, and over how many days the others follow."""


def programme(root: Path, sites: int, seed: int = 1) -> None:
    """Writes it."""
    files_of_sites(root, sites, seed)
    chance = random.Random(f"following/{sites}/{seed}")
    plan = root / "waves/v/plan.yaml"
    own = _items(_loaded(root))
    plan.write_text(plan.read_text() + "activities:\n" + "".join(own), encoding="utf-8")
    items = _loaded(root).activities[:ITEMS]
    names = [activity.id for activity in items]
    steps = [(a.id, ":requested") if a.two_step else (a.id, "") for a in items]
    days = {f"s{number:05}": _go_live(chance, number) for number in range(sites)}
    rows = [f"  {site}: {{wave: {wave}, go_live: {day}}}" for site, (wave, day) in sorted(days.items())]
    head = "made: {as_of: 2026-10-01, engine: core, effort: normal, outcome: feasible, proved: []}\nsites:\n"
    (root / "waves/v/schedule.yaml").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    (root / "waves/v/records").mkdir(exist_ok=True)
    for site, (_, day) in days.items():
        (root / f"waves/v/records/{site}.yaml").write_text(_records(chance, names, day), encoding="utf-8")
        page = root / f"playbooks/v/{site}/checklist.md"
        page.parent.mkdir(parents=True)
        page.write_text(_page(chance, steps), encoding="utf-8")


def _loaded(root: Path) -> Plan:
    loaded, problems = load_programme(Workspace(root))
    assert not problems, problems[:3]
    return loaded.plans["v"].plan


def _items(plan: Plan) -> list[str]:
    """As many items over the preset's as make sixty, each waiting for one of the preset's."""
    waits = [a.id for a in plan.activities if a.starts.days < -30]
    return [
        f"  own-{n}: {{title: Own item {n}, phase: build, starts: T-{40 + n}, takes: {3 + n % 9}{'wd' if n % 2 else 'd'},"
        f" owner: site_lead, depends_on: {waits[n % 5]}}}\n"
        for n in range(ITEMS - len(plan.activities))
    ]


def _go_live(chance: random.Random, number: int) -> tuple[int, date]:
    if number == 0:
        return 0, FIRST
    day = FIRST + timedelta(days=63 + chance.randrange(LAST) // 7 * 7 + chance.choice((0, 1, 2)))
    return (day.year - 2027) * 12 + day.month - 3, day


def _records(chance: random.Random, names: list[str], go_live: date) -> str:
    early = go_live - timedelta(days=200)

    def on() -> date:
        return min(early + timedelta(days=chance.randrange(180)), AS_OF - timedelta(days=chance.randrange(30)))

    scores = ("leadership", "workflow_redesign", "data_quality", "systems", "people", "change_capacity", "security")
    given = ", ".join(f"{name}: {chance.randrange(1, 6)}" for name in (*scores, "infrastructure"))
    lines = [f"{{readiness: {{{given}}}, on: {on()}, by: Lead}}", f"{{status: preparing, on: {on()}, by: Lead}}"]
    for item in chance.sample(names, RECORDS - 6):
        state = chance.choice(("requested", "done", "done"))
        lines.append(f"{{item: {item}, state: {state}, on: {on()}, by: Engineer {chance.randrange(40)}}}")
    lines.append(f"{{evidence: security-review, at: docs/review.pdf, on: {on()}, by: Ines Wolff}}")
    lines.append(f"{{note: {chance.choice(names)}, says: they meet on Mondays, on: {on()}, by: Lead}}")
    lines.append(f"{{found: sap-ecc, kind: erp, source: walk-through, on: {on()}, by: Lead}}")
    lines.append(
        f"{{lesson: l{chance.randrange(9)}, says: Hood the cameras, affects: {{country: FR}}, on: {on()}, by: Lead}}"
    )
    return "".join(f"- {line}\n" for line in lines)


def _page(chance: random.Random, items: list[tuple[str, str]]) -> str:
    """A checklist as far as its boxes are concerned."""
    lines = ["# Checklist", ""]
    for name, step in items:
        tick = "x" if chance.random() < 0.25 else " "
        lines.append(f"- [{tick}] Do what {name} says, by Tue 9 Feb 2027 (Lead) <!-- rollout:{name}{step} 0123abcd -->")
        lines.append(f"  - Done when it is done. Evidence: a page. <!-- rollout:{name}:how 0123abcd -->")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    programme(Path(sys.argv[3]), int(sys.argv[1]), int(sys.argv[2]))
