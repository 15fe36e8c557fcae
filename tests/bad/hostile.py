"""A programme whose every text is an attack on whatever prints it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable
from itertools import count
from pathlib import Path

BEGINNINGS = (
    "=cmd|'/C calc'!A0 ",
    "+1+cmd ",
    "@SUM(1) ",
    "-2+3 ",
    "::error file=x::no ",
    "| a | b | ",
    "##vso[task.x]",
    "\t=1+1 ",
    "",
)
MIDDLE = (
    "\x1b[31mred\x1b]0;title\x07 \x9b1m \u202eleft\u2066\u200f\u061c \u2028 \x7f "
    "`code` [x](javascript:alert(1)) ![x](https://example.com/x.png) <script>x</script> <!-- rollout:why --> "
    "::warning::no ::add-mask::a {{ 7 * 7 }}"
)  # fmt: skip

FILES = {
    "sites/_systems.yaml": """
        systems:
          m3: {kind: §, title: §, owner: §, connector: {team: crew, takes: 25wd}}
          x9: {kind: §, title: §}
        links:
          a: {between: [m3, x9], carries: §, waived: {owner: §, because: §, until: 2027-06-30}}
        """,
    "sites/oslo.yaml": """
        name: §
        country: NO
        timezone: Europe/Oslo
        languages: [nb]
        region: §
        business_unit: "films"
        labels: {§: §}
        value: 8
        sponsor: {name: §, title: §, phone: §, email: a@example.com}
        site_lead: {name: §, title: §, email: b@example.com}
        headcount: {§: 25}
        champions: [{name: §, shift: 1, role: §}]
        shifts: 2
        systems: [m3]
        workflows: [packing]
        blackouts: [{id: stock-take, from: 2026-12-01, to: 2026-12-31, because: §, blocks: [go_live, §]}]
        """,
    "sites/bergen.yaml": """
        name: §
        country: NO
        business_unit: §
        sponsor: {name: §}
        site_lead: {name: §}
        headcount: {operators: 40}
        systems: [m3]
        """,
    "sites/graz.yaml": "name: §\ncountry: AT\nsponsor: {name: §}\nregion: §\nheadcount: {operators: 10}\n",
    "waves/_teams.yaml": """
        teams:
          crew: {people: 2, skills: [§]}
          trainers: {people: 1, skills: [training], languages: [nb]}
        spokes:
          nordic: {serves: ["films"], engineers: [{name: §, languages: [nb], skills: [§], from: 2026-09-21}]}
        approvers: {sponsor: [§], §: [§]}
        """,
    "waves/_portfolio.yaml": """
        value_in: §
        effort_in: §
        opportunities:
          one: {title: §, value: 10, effort: 5, owner: {name: §, title: §}, because: §}
          two: {title: §, value: 20, effort: 4, owner: §, reuse: {one: 20}}
        """,
    "waves/v/plan.yaml": """
        name: §
        version: §
        branch: §
        currency: EUR
        opportunity: one
        work_from: 2026-10-05
        lighthouse: oslo
        web: https://git.example.com/acme/rollout
        constraints: {bergen: {after: oslo, lag: 12w, because: §, prefer_after: graz}, graz: {not_before: 2027-05-01, because: §}}
        neighbours: [{sites: [bergen, graz], within: 60w, because: §}]
        limits: [{id: one, same: region, max: 2, because: §}]
        prerequisites: {platform: {title: §, takes: 30wd, needs: {crew: 1}}}
        people:
          programme_manager: {name: §, title: §, phone: §, email: c@example.com}
          §: {name: §}
        blackouts:
          - {id: freeze, from: 2026-11-02, to: 2026-11-08, because: §, blocks: [go_live, §]}
        windows: [{id: open, from: 2026-10-01, to: 2028-12-31, because: §}]
        budget: {§: 1000, integration: 400}
        activities:
          own: {title: §, how: §, evidence: §, owner: §, phase: prepare, starts: T-30, takes: 5d, blocking: true,
                raci: {responsible: §, accountable: §, consulted: [§], informed: [§]}}
          hood: {from_lesson: glare, title: §, starts: T-20, takes: 5d}
          twice: {title: §, two_step: true, starts: T-90, takes: 30d, source: §}
        gates:
          go-live: {title: §, on: T-7, needs: [{id: asked, measure: escape-rate, at_least: 1, unit: §, go: §, no_go: §, owner: §}],
                    approvals: {sponsor: 1, §: 1}}
          wave-1: {title: §, on: T-28, needs: [{evidence: own, go: §, no_go: §}], approvals: {sponsor: 1}}
        """,
    "waves/v/records/oslo.yaml": """
        - {status: preparing, because: §, on: 2026-09-01, by: §}
        - {lesson: glare, says: §, because: §, affects: {country: NO}, on: 2026-09-01, by: §}
        - {lesson: dim, says: §, state: rejected, because: §, on: 2026-09-02, by: §}
        - {note: own, says: §, on: 2026-09-03, by: §}
        - {item: own, state: requested, because: §, on: 2026-09-03, by: §}
        - {incident: dark, says: §, severity: 2, on: 2026-09-03, by: §}
        - {proof: escape-rate, before: 10, target: 5, unit: §, because: §, on: 2026-09-03, by: §}
        - {waiver: asked, owner: §, expires: 2027-06-01, because: §, on: 2026-09-03, by: §}
        - {reforecast: integration, at_completion: 100, because: §, on: 2026-09-03, by: §}
        - {forecast: 2027-03-09, because: §, on: 2026-09-05, by: §}
        """,
    "waves/v/records/bergen.yaml": """
        - {found: x9, kind: §, source: §, unneeded: true, because: §, on: 2026-09-02, by: §}
        - {found: z1, kind: §, source: §, on: 2026-09-02, by: §}
        """,
    "waves/v/records/_plan.yaml": """
        - {approval: wave-1, role: sponsor, decision: go, because: §, by: §, recorded_by: §, on: 2026-09-02, sites: {bergen: {}}}
        - {approval: go-live, role: §, decision: no_go, because: §, by: §, on: 2026-09-02, sites: {oslo: {}}}
        - {halt: recall, because: §, resume_when: [§], on: 2026-09-04, by: §}
        - {resume: recall, because: §, on: 2026-09-06, by: §}
        - {scale: no_go, because: §, on: 2026-09-06, by: §}
        """,
    "waves/v/content/en/why.md": "Why\n\n::error::no\n\n=cmd\n",
}  # fmt: skip

_numbers = count()


def _text() -> str:
    """The next attack, as YAML may hold it: no file may hold these characters as they are, only escaped."""
    number = next(_numbers)
    return json.dumps(f"{BEGINNINGS[number % len(BEGINNINGS)]}{MIDDLE}"[:190] + f" #{number}")


def write(root: Path, text_of: Callable[[], str] | None = None) -> None:
    """Writes the programme; with other texts in it where they are given, in double quotes."""
    text_of = text_of or _text
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        parts = textwrap.dedent(text).lstrip("\n").split("§")
        whole = parts[0] + "".join(text_of() + part for part in parts[1:])
        (root / path).write_text(whole, encoding="utf-8", newline="")
