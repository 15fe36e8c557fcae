"""A programme whose every site gets four pages, with all that pages can hold: the same files for the same size and seed.

python -m benchmarks.render.generate 1000 1 build/bench/render-1000
"""

from __future__ import annotations

import random
import sys
from datetime import date
from pathlib import Path

AS_OF = date(2026, 10, 1)
COUNTRIES = {"FR": "fr", "DE": "de", "NO": "nb", "IT": "it", "US": "en", "JP": "ja", "BR": "pt", "PL": "pl"}
WORKFLOWS = ("visual-inspection", "packaging", "goods-in", "rework", "changeover", "shipping")
SYSTEMS = ("sap-ecc", "apriso", "wms-rex", "lims-core", "historian", "infor-m3")


def programme(root: Path, sites: int, seed: int = 1) -> None:
    """Writes a programme of some 40 lines a site, names with characters that Markdown has a use for among them."""
    chance = random.Random(f"{sites}/{seed}")
    files = {f"sites/s{number:05}.yaml": _site(chance, number) for number in range(sites)} | {
        "waves/_teams.yaml": _teams(),
        "sites/_systems.yaml": _systems(),
        "waves/v/plan.yaml": _plan(chance, sites),
    }
    for name, text in _content().items():
        files[f"waves/v/content/en/{name}.md"] = text
    for number in range(0, sites, max(1, sites // 40)):
        lesson = f"{{lesson: l{number}, says: Hood the cameras of line {number}, affects: {{country: {chance.choice(list(COUNTRIES))}}}"
        files[f"waves/v/records/s{number:05}.yaml"] = f"- {lesson}, on: 2026-09-12, by: Lead {number}}}\n"
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def _site(chance: random.Random, number: int) -> str:
    country = chance.choice(list(COUNTRIES))
    place = chance.choice(("Works", "Plant *north*", "Mill | 2", "Coatings & Films", "Depot #4", "Line [B]"))
    lines = [
        f'name: "{place} {number}"',
        f"country: {country}",
        "timezone: Europe/Paris",
        f"languages: [{COUNTRIES[country]}]",
        f"location: {{lat: {chance.uniform(-60, 60):.4f}, lon: {chance.uniform(-170, 170):.4f}}}",
        f"business_unit: unit-{chance.randrange(9)}",
        f"value: {chance.randrange(1, 20)}",
        f"shifts: {chance.randrange(1, 4)}",
        "site_lead:",
        f"  name: Lead {number}",
        f"  email: lead{number}@example.com",
        "sponsor:",
        f"  name: Sponsor {number}",
        "  title: VP Operations",
        "headcount:",
        f"  operators: {chance.randrange(20, 200)}",
        f"systems: [{', '.join(chance.sample(SYSTEMS, 3))}]",
        f"workflows: [{', '.join(chance.sample(WORKFLOWS, 3))}]",
        "labels:",
        *(f"  label-{n}: value {chance.randrange(99)}" for n in range(12)),
        "blackouts:",
        "  - {id: stock-take, from: 12-14, to: 01-04, every: year, because: year-end stock take}",
    ]
    return "\n".join(lines) + "\n"


def _plan(chance: random.Random, sites: int) -> str:
    decided = sorted(chance.sample(range(1, sites), sites // 10))
    lines = [
        "name: Vision defect detection",
        "preset: manufacturing@1",
        "web: https://git.example.com/acme/rollout",
        "work_from: 2026-10-05",
        "lighthouse: s00000",
        f"waves: {{every: month, size: {max(4, sites // 48)}}}",
        "hypercare: {lasts: 28d, at_once: 99999}",
        "limits: ~",
        "people:",
        *(
            f"  {role}: {{name: {role.title()} Person, email: {role}@example.com}}"
            for role in ("programme_manager", "security", "trainer")
        ),
        "blackouts:",
        "  - {id: freeze, from: 12-18, to: 01-03, every: year, because: nobody is there}",
        "constraints:",
        *(f"  s{n:05}: {{not_before: 2027-03-01, because: shares key users with line {n % 7}}}" for n in decided),
    ]
    return "\n".join(lines) + "\n"


def _teams() -> str:
    languages = ", ".join(sorted(set(COUNTRIES.values())))
    lines = ["teams:", f"  trainers: {{people: 9000, skills: [training], languages: [{languages}]}}", "spokes:"]
    lines += [
        f"  spoke-{n}: {{serves: [unit-{n}], engineers: [{{name: Engineer {n}, languages: [en, fr], from: 2026-09-07}}]}}"
        for n in range(8)
    ]
    return "\n".join([*lines, "approvers: {sponsor: [Marc Petit], security: [Ines Wolff]}"]) + "\n"


def _systems() -> str:
    rows = (f"  {name}: {{kind: erp, owner: finance, connector: {{live_since: 2026-05-02}}}}" for name in SYSTEMS)
    return "\n".join(["systems:", *rows]) + "\n"


def _content() -> dict[str, str]:
    """The capability's own words: some 400 bytes each, as people write them."""
    sentence = "The inspector looks at each part for four seconds and marks it; a doubtful one goes to the lead. "
    found = {name: f"{sentence * 2}\n\n- first {name}\n- then the rest\n" for name in ("why", "cutover", "rollback")}
    for name in WORKFLOWS:
        found[f"workflows/{name}"] = f"### Today\n\n{sentence}\n\n### From go-live\n\n{sentence * 2}\n"
        found[f"exercises/{name}"] = f"### Exercise\n\n1. {sentence}\n2. {sentence}\n"
    return found


if __name__ == "__main__":
    programme(Path(sys.argv[3]), int(sys.argv[1]), int(sys.argv[2]))
