"""Programmes as tight as real ones are: the same files for the same number of sites and the same seed.

Lighthouse and soak; connectors and reviews as prerequisites that share two teams; a pilot site in each region; an order
between sites on a quarter of them; a blackout of the year's end and one in each region; caps per region and system;
engineers with two and trainers with five hundredths to spare; pairs that go together and pairs that never do.

    python -m benchmarks.sequence.generate 1000 1 build/bench/1000-1
"""

from __future__ import annotations

import random
import sys
from datetime import date
from pathlib import Path

AS_OF = date(2026, 10, 1)
REGIONS = ("north", "south", "east", "west", "centre", "coast")
COUNTRIES = ("NO", "IT", "PL", "FR", "DE", "PT")
SYSTEMS = ("sap", "oracle", "navision", "infor", "baan", "jde", "maximo", "custom")


def programme(root: Path, sites: int, seed: int) -> None:
    """Writes the programme's files below `root`."""
    chance = random.Random(f"{sites}/{seed}")
    months = max(4, min(34, sites // 3))
    names = [f"s{number:05}" for number in range(sites)]
    region = {name: chance.choices(range(6), weights=(5, 4, 3, 3, 2, 2))[0] for name in names}
    system = {name: chance.choices(range(8), weights=(8, 6, 5, 4, 3, 2, 2, 1))[0] for name in names}
    big = {name: chance.random() < 0.3 for name in names}
    (root / "sites").mkdir(parents=True, exist_ok=True)
    (root / "waves/v").mkdir(parents=True, exist_ok=True)
    for name in names:
        text = (
            f"name: Site {name}\ncountry: {COUNTRIES[region[name]]}\nregion: {REGIONS[region[name]]}\n"
            f"systems: [{SYSTEMS[system[name]]}]\nvalue: {chance.randrange(1, 21)}\n"
            f"labels: {{size: {'big' if big[name] else 'small'}}}\nsponsor: {{name: A Sponsor}}\n"
        )
        (root / f"sites/{name}.yaml").write_text(text)
    rest = names[1:]
    pilots = {number: next((name for name in rest if region[name] == number), None) for number in range(6)}
    edges: dict[str, tuple[str, int]] = {}
    for name in rest:
        pilot = pilots[region[name]]
        if pilot not in (None, name):
            edges[name] = (str(pilot), 4)
    for name in chance.sample(rest, len(rest) // 4):
        earlier = [other for other in rest[: rest.index(name)][-50:] if other not in pilots.values()]
        if earlier and name not in pilots.values():
            edges[name] = (chance.choice(earlier), chance.choice((1, 2, 4, 6)))
    free = [name for name in rest if name not in pilots.values()]
    chance.shuffle(free)
    together = [sorted(free[2 * n : 2 * n + 2]) for n in range(sites // 40)]
    # Sites that go together have no order between them, and none of their own.
    for pair in together:
        for name in pair:
            edges.pop(name, None)
    paired = {name for pair in together for name in pair}
    apart = [sorted(chance.sample([name for name in rest if name not in paired], 2)) for _ in range(sites // 20)]
    lines = ["name: Benchmark", "preset: bench@1", "work_from: 2026-10-05", "sites: all", f"lighthouse: {names[0]}"]
    size = -(-(sites - 1) * 108 // (months * 100))
    lines += [f"waves: {{every: month, size: {size}, go_live: {{on: [tuesday, wednesday]}}}}"]
    lines += ["hypercare: {lasts: 28d}", "limits:"]
    per_region = max(2, -(-sites * 5 * 13 // (19 * 10 * months)))
    per_system = max(2, -(-sites * 8 * 13 // (31 * 10 * months)))
    lines += [f"  - {{id: per-region, same: region, max: {per_region}}}"]
    lines += [f"  - {{id: per-system, same: systems, max: {per_system}}}", "constraints:"]
    lines += [f"  {name}: {{after: {before}, lag: {lag}w}}" for name, (before, lag) in sorted(edges.items())]
    lines += [f"together: [{', '.join(f'[{a}, {b}]' for a, b in together)}]"]
    lines += [f"apart: [{', '.join(f'[{a}, {b}]' for a, b in apart)}]"]
    lines += ["blackouts:", "  - {id: year-end, from: 12-14, to: 01-05, every: year}"]
    for number, name in enumerate(REGIONS):
        month = (3, 4, 6, 8, 9, 11)[number]
        lines += [f"  - {{id: {name}, from: {month:02}-01, to: {month:02}-21, every: year, where: {{region: {name}}}}}"]
    lines += ["prerequisites:"]
    for name in REGIONS:
        lines += [
            f"  review-{name}: {{title: Review, takes: {chance.choice((28, 35, 42))}d, needs: {{security: 10}}, where: {{region: {name}}}}}"
        ]
    (root / "waves/v/plan.yaml").write_text("\n".join(lines) + "\n")
    (root / "sites/_systems.yaml").write_text(
        "systems:\n"
        + "".join(
            f"  {name}: {{kind: erp, connector: {{team: integration, takes: {chance.choice((20, 25, 30, 35))}wd}}}}\n"
            for name in SYSTEMS
        )
    )
    # A go-live takes engineers for three weeks and trainers for two; the year has some 46 weeks with go-lives.
    weeks = months * 46 / 12
    engineers = sum(3 * (9 if big[name] else 5) for name in rest) / weeks
    trainers = sum(2 * (6 if big[name] else 4) for name in rest) / weeks
    (root / "waves/_teams.yaml").write_text(
        "teams:\n  integration: {people: 4}\n  security: {person_days: 30}\n"
        f"  engineers: {{person_days: {max(18, -int(-engineers * 1.02 // 1))}}}\n"
        f"  trainers: {{person_days: {max(12, -int(-trainers * 1.05 // 1))}}}\n"
    )
    presets = root / "templates/presets"
    presets.mkdir(parents=True, exist_ok=True)
    # Go-live is on a Tuesday or Wednesday: work from Monday of the third week before to Friday before it.
    (presets / "bench@1.yaml").write_text(
        "activities:\n"
        "  survey: {title: Survey, starts: T-60, takes: 30d}\n"
        "  install: {title: Install, starts: T-21, takes: 18d, needs: {engineers: 5}, where: {labels: {size: small}}}\n"
        "  install-big: {title: Install, starts: T-21, takes: 18d, needs: {engineers: 9}, where: {labels: {size: big}}}\n"
        "  train: {title: Train, starts: T-14, takes: 11d, needs: {trainers: 4}, where: {labels: {size: small}}}\n"
        "  train-big: {title: Train, starts: T-14, takes: 11d, needs: {trainers: 6}, where: {labels: {size: big}}}\n"
        "gates: {wave-1: {on: T-28, needs: [{measure: uptime, at: lighthouse, at_least: 99}]}}\n"
    )


if __name__ == "__main__":
    programme(Path(sys.argv[3]), int(sys.argv[1]), int(sys.argv[2]))
