"""A programme as one would have it, with constraints as tight as sequence/generate.py draws them: the same files for the
same size and seed.

A site is some 50 lines and 1.2 kB. Its plan has a lighthouse and a soak, connectors and reviews as prerequisites, a
pilot in each region, an order on a quarter of the sites, blackouts, caps by region and system, two teams with hardly
anything to spare, and pairs that go together or apart. Each site gets four pages of
4 to 5 kB on average.

    python -m benchmarks.generate 1000 1 build/bench/1000-1
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from benchmarks.sequence import generate as tight

AS_OF = tight.AS_OF
WORKFLOWS = ("visual-inspection", "packaging", "goods-in", "rework", "changeover", "shipping")
TONGUES = {"FR": "fr", "DE": "de"}
"""Where pages are translated; the others read English."""


def programme(root: Path, sites: int, seed: int = 1) -> None:
    """Writes it."""
    tight.programme(root, sites, seed)
    chance = random.Random(f"whole/{sites}/{seed}")
    for number in range(sites):
        file = root / f"sites/s{number:05}.yaml"
        file.write_text(_site(file.read_text(encoding="utf-8"), chance, number), encoding="utf-8")
    plan = root / "waves/v/plan.yaml"
    with plan.open("a", encoding="utf-8") as more:
        more.write("people: {programme_manager: {name: Ines Wolff, email: ines@example.com}}\n")
    for name, text in _content().items():
        file = root / f"waves/v/content/en/{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _site(text: str, chance: random.Random, number: int) -> str:
    country = text.partition("country: ")[2][:2]
    size = text.partition("size: ")[2].partition("}")[0]
    text = text.replace(f"labels: {{size: {size}}}\n", "").replace("sponsor: {name: A Sponsor}\n", "")
    lines = [
        "timezone: Europe/Paris",
        f"languages: [{TONGUES.get(country, 'en')}]",
        f"location: {{lat: {chance.uniform(36, 70):.4f}, lon: {chance.uniform(-9, 24):.4f}}}",
        f"business_unit: unit-{chance.randrange(9)}",
        f"shifts: {chance.randrange(1, 4)}",
        "site_lead:",
        f"  name: Lead {number}",
        f"  email: lead{number}@example.com",
        f"  phone: +49 30 {chance.randrange(10**6, 10**7)}",
        "sponsor:",
        f"  name: Sponsor {number}",
        "  title: VP Operations",
        f"  email: sponsor{number}@example.com",
        "headcount:",
        f"  operators: {chance.randrange(20, 200)}",
        "workflows:",
        *(f"  - {name}" for name in chance.sample(WORKFLOWS, 3)),
        "labels:",
        f"  size: {size}",
        *(f"  label-{n}: the value of this is {chance.randrange(99)}" for n in range(16)),
        "blackouts:",
        "  - id: stock-take",
        "    from: 12-14",
        "    to: 01-04",
        "    every: year",
        "    because: the year's end stock take, as in every other year",
    ]
    return text + "\n".join(lines) + "\n"


def _content() -> dict[str, str]:
    sentence = "The inspector looks at each part for four seconds and marks it; a doubtful one goes to the lead. "
    found = {name: f"{sentence}\n\n- first {name}\n- then the rest\n" for name in ("why", "cutover", "rollback")}
    for name in WORKFLOWS:
        found[f"workflows/{name}"] = f"### Today\n\n{sentence}\n\n### From go-live\n\n{sentence}\n"
        found[f"exercises/{name}"] = f"1. {sentence}\n"
    return found


if __name__ == "__main__":
    programme(Path(sys.argv[3]), int(sys.argv[1]), int(sys.argv[2]))
