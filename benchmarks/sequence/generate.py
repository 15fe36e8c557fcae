"""Programmes as tight as real ones are, each with a plan known to exist: the same files for the same size and seed.

Lighthouse and soak; connectors and reviews as prerequisites that share two teams; a pilot site in each region; an order
between sites on a quarter of them; a blackout of the year's end and one in each region; caps per region and system;
engineers with two and trainers with five hundredths to spare; pairs that go together and pairs that never do.

A plan is drawn first and everything else is fitted closely around it, so that the fewest waves possible are known:
with every wave full, no plan can do with fewer.

    python -m benchmarks.sequence.generate 1000 1 build/bench/1000-1
"""

from __future__ import annotations

import random
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from rollout.model.instance import Instance
from rollout.model.programme import PlanFolder, Programme
from rollout.pipeline import load
from rollout.sequence.lower import lower

AS_OF = date(2026, 10, 1)
REGIONS = {"north": "NO", "south": "IT", "east": "PL", "west": "FR", "centre": "DE", "coast": "PT"}
CLOSED = {"north": 3, "south": 4, "east": 6, "west": 8, "centre": 9, "coast": 11}
"""Month whose first three weeks are closed to a region."""
SYSTEMS = ("sap", "oracle", "navision", "infor", "baan", "jde", "maximo", "custom")
FIRST = 2027 * 12
"""Month of wave 1: the lighthouse goes live in November, and its gate is seven weeks later."""


def waves_of(sites: int) -> int:
    """Waves of the plan that is known to exist."""
    return 6 if sites <= 20 else 30 if sites <= 200 else 37


def days_of(wave: int) -> list[date]:
    """Days on which sites go live in a wave: Tuesdays and Wednesdays outside the freeze of the year's end."""
    month = FIRST + wave - 1
    first = date(month // 12, month % 12 + 1, 1)
    days = [first + timedelta(days=n) for n in range(31)]
    open_days = [day for day in days if day.month == first.month and day.weekday() in (1, 2)]
    return [d for d in open_days if not (d.month == 12 and d.day >= 14) and not (d.month == 1 and d.day <= 12)]


class Drawn:
    """Sites with the days of a plan that exists."""

    def __init__(self, sites: int, seed: int) -> None:
        self.chance = chance = random.Random(f"{sites}/{seed}")
        self.names = [f"s{number:05}" for number in range(sites)]
        self.waves = waves_of(sites)
        self.size = -(-(sites - 1) // self.waves)
        self.day: dict[str, date] = {}
        self.wave: dict[str, int] = {}
        self.region = {self.names[0]: "west"}
        self.system = {self.names[0]: "sap"}
        self.big: dict[str, bool] = {self.names[0]: False}
        self.load: dict[tuple[str, int], int] = {}
        rest = self.names[1:]
        chance.shuffle(rest)
        # Free places, where there are any, are in waves drawn by chance: which ones is not for the search to know.
        free = self.size * self.waves - len(rest)
        sizes = [self.size - (wave in chance.sample(range(self.waves), free)) for wave in range(self.waves)]
        sizes[0] += len(rest) - sum(sizes)
        for wave, size in enumerate(sizes, start=1):
            for _ in range(size):
                self._draw(rest.pop(), wave)

    def _draw(self, name: str, wave: int) -> None:
        chance = self.chance
        self.big[name] = chance.random() < 0.3
        amount = 2 if self.big[name] else 1
        days = days_of(wave)
        day = min(days, key=lambda d: (max(self.load.get(("e", _week(d) - n), 0) for n in (1, 2, 3)), chance.random()))
        for team, weeks in (("e", (1, 2, 3)), ("t", (1, 2))):
            for n in weeks:
                self.load[team, _week(day) - n] = self.load.get((team, _week(day) - n), 0) + amount
        open_to = [r for r in REGIONS if not (day.month == CLOSED[r] and day.day <= 21)]
        self.region[name] = chance.choices(open_to, weights=[5 - list(REGIONS).index(r) * 0.6 for r in open_to])[0]
        self.system[name] = chance.choices(SYSTEMS, weights=(8, 6, 5, 4, 3, 2, 2, 1))[0]
        self.day[name], self.wave[name] = day, wave

    def most(self, team: str) -> int:
        """The busiest week of a team."""
        return max((amount for (name, _), amount in self.load.items() if name == team), default=2)

    def peak(self, kind: dict[str, str]) -> int:
        """The most sites of one kind in a wave."""
        counts: dict[tuple[str, int], int] = {}
        for name, wave in self.wave.items():
            counts[kind[name], wave] = counts.get((kind[name], wave), 0) + 1
        return max(2, *counts.values())

    def edges(self) -> dict[str, tuple[str, int]]:
        """Orders that the plan keeps: the pilot of each region, and one earlier site for a quarter of all."""
        ordered = sorted(self.day, key=lambda name: (self.day[name], name))
        pilots: dict[str, str] = {}
        found: dict[str, tuple[str, int]] = {}
        for name in ordered:
            pilot = pilots.setdefault(self.region[name], name)
            gap = (self.day[name] - self.day[pilot]).days // 7
            if gap >= 1:
                found[name] = (pilot, min(gap, 6))
        for name in self.chance.sample(ordered, len(ordered) // 4):
            place = ordered.index(name)
            earlier = [o for o in ordered[max(0, place - 4 * self.size - 4) : place] if self.day[o] < self.day[name]]
            if earlier and name not in pilots.values():
                other = self.chance.choice(earlier)
                found[name] = (other, self.chance.randint(0, min(8, (self.day[name] - self.day[other]).days // 7)))
        return found


def _week(day: date) -> int:
    return (day.toordinal() - 1) // 7


def programme(root: Path, sites: int, seed: int = 1) -> None:
    """Writes the programme's files below `root`."""
    drawn = Drawn(sites, seed)
    chance = drawn.chance
    (root / "sites").mkdir(parents=True, exist_ok=True)
    (root / "waves/v").mkdir(parents=True, exist_ok=True)
    for name in drawn.names:
        text = (
            f"name: Site {name}\ncountry: {REGIONS[drawn.region[name]]}\nregion: {drawn.region[name]}\n"
            f"systems: [{drawn.system[name]}]\nvalue: {chance.randrange(1, 21)}\n"
            f"labels: {{size: {'big' if drawn.big[name] else 'small'}}}\nsponsor: {{name: A Sponsor}}\n"
        )
        (root / f"sites/{name}.yaml").write_text(text)
    edges = drawn.edges()
    pilots = {before for before, _ in edges.values()}
    together = []
    for wave in chance.sample(range(1, drawn.waves + 1), drawn.waves):
        here = sorted(n for n, w in drawn.wave.items() if w == wave and n not in edges and n not in pilots)
        here += sorted(n for n, w in drawn.wave.items() if w == wave and n in edges and n not in pilots)
        if len(together) < sites // 40 and len(here) > 1:
            pair = chance.sample(here, 2)
            together.append(pair)
            for name in pair:
                edges.pop(name, None)
    apart = []
    while len(apart) < sites // 20:
        a, b = chance.sample(sorted(drawn.wave), 2)
        if drawn.wave[a] != drawn.wave[b]:
            apart.append([a, b])
    lines = [
        "name: Benchmark",
        "preset: bench@1",
        "work_from: 2026-10-05",
        f"lighthouse: {drawn.names[0]}",
        f"waves: {{every: month, size: {drawn.size}, go_live: {{on: [tuesday, wednesday]}}}}",
        "hypercare: {lasts: 28d}",
        "limits:",
        f"  - {{id: per-region, same: region, max: {drawn.peak(drawn.region)}}}",
        f"  - {{id: per-system, same: systems, max: {drawn.peak(drawn.system)}}}",
        "constraints:",
        *(f"  {name}: {{after: {before}, lag: {lag}w}}" for name, (before, lag) in sorted(edges.items())),
        f"together: [{', '.join(f'[{a}, {b}]' for a, b in together)}]",
        f"apart: [{', '.join(f'[{a}, {b}]' for a, b in apart)}]",
        "blackouts:",
        "  - {id: year-end, from: 12-14, to: 01-05, every: year}",
        *(
            f"  - {{id: {name}, from: {month:02}-01, to: {month:02}-21, every: year, where: {{region: {name}}}}}"
            for name, month in CLOSED.items()
        ),
        "prerequisites:",
        *(
            f"  review-{name}: {{title: Review, takes: {chance.choice((28, 35, 42))}d, needs: {{security: 10}}, where: {{region: {name}}}}}"
            for name in REGIONS
        ),
    ]
    (root / "waves/v/plan.yaml").write_text("\n".join(lines) + "\n")
    (root / "sites/_systems.yaml").write_text(
        "systems:\n"
        + "".join(
            f"  {name}: {{kind: erp, connector: {{team: integration, takes: {chance.choice((20, 25, 30))}wd}}}}\n"
            for name in SYSTEMS
        )
    )
    (root / "waves/_teams.yaml").write_text(
        "teams:\n  integration: {people: 5}\n  security: {person_days: 30}\n"
        f"  engineers: {{people: {max(2, int(drawn.most('e') * 1.02))}}}\n"
        f"  trainers: {{people: {max(2, int(drawn.most('t') * 1.05))}}}\n"
    )
    presets = root / "templates/presets"
    presets.mkdir(parents=True, exist_ok=True)
    # From Tuesday of the third (training: second) week before to Friday before go-live.
    (presets / "bench@1.yaml").write_text(
        "activities:\n"
        "  survey: {title: Survey, starts: T-60, takes: 30d}\n"
        "  install: {title: Install, starts: T-21, takes: 18d, needs: {engineers: 1}, where: {labels: {size: small}}}\n"
        "  install-big: {title: Install, starts: T-21, takes: 18d, needs: {engineers: 2}, where: {labels: {size: big}}}\n"
        "  train: {title: Train, starts: T-14, takes: 11d, needs: {trainers: 1}, where: {labels: {size: small}}}\n"
        "  train-big: {title: Train, starts: T-14, takes: 11d, needs: {trainers: 2}, where: {labels: {size: big}}}\n"
        "gates: {wave-1: {on: T-28, needs: [{measure: uptime, at: lighthouse, at_least: 99}]}}\n"
    )


def instance(sites: int, seed: int) -> tuple[Programme, PlanFolder, Instance]:
    """The programme as loaded, its plan, and the problem as the sequencer sees it."""
    with tempfile.TemporaryDirectory() as folder:
        programme(Path(folder), sites, seed)
        loaded = load(Path(folder))
    assert not loaded.problems, [str(problem) for problem in loaded.problems]
    plan = loaded.programme.plans["v"]
    last = date(AS_OF.year + 6, 12, 31)
    return loaded.programme, plan, lower(loaded.programme, plan, AS_OF, last)


if __name__ == "__main__":
    programme(Path(sys.argv[3]), int(sys.argv[1]), int(sys.argv[2]))
