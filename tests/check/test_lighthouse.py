"""A lighthouse that another site outranks, or that was chosen for polish, is spoken of; a good one is not."""

from __future__ import annotations

from datetime import date

import pytest

from rollout import pipeline
from tests.conftest import TODAY, Write

MODERN = "data_quality: 5, systems: 5, security: 5, infrastructure: 5"
PLAIN = "data_quality: 3, systems: 3, security: 3, infrastructure: 3"


def assessed(leadership: int, technical: str, on: date = TODAY) -> str:
    people = f"leadership: {leadership}, workflow_redesign: 4, people: 4, change_capacity: 4"
    return f"- {{readiness: {{{people}, {technical}}}, on: {on}, by: A}}\n"


def found(write: Write, plan: str, records: dict[str, str]) -> list[tuple[str, str]]:
    files = {f"sites/{name}.yaml": f"name: {name}\ncountry: FR\nsponsor: {{name: A}}\n" for name in ("a", "b")}
    files |= {f"waves/v/records/{name}.yaml": text for name, text in records.items()}
    root = write({**files, "waves/v/plan.yaml": f"name: V\nwork_from: 2026-10-05\nlighthouse: b\n{plan}"})
    problems = [p for p in pipeline.validate(root, TODAY).problems if p.code.startswith("lighthouse")]
    assert all((p.path, p.line, p.severity) == ("waves/v/plan.yaml", 3, "warning") for p in problems)
    return [(p.code, p.message) for p in problems]


@pytest.mark.parametrize(
    ("plan", "records", "expected"),
    [
        ("", {"a": assessed(4, PLAIN), "b": assessed(5, PLAIN)}, None),
        ("", {"a": assessed(5, PLAIN), "b": assessed(4, PLAIN)}, "lighthouse-outranked"),
        ("lighthouse_fit: {margin: 20}\n", {"a": assessed(5, PLAIN), "b": assessed(4, PLAIN)}, None),
        ("lighthouse_fit: {margin: 0}\n", {"a": assessed(5, PLAIN), "b": assessed(5, PLAIN)}, None),
        ("", {"a": assessed(5, PLAIN), "b": assessed(3, MODERN)}, "lighthouse-polish"),
        ("", {"a": assessed(5, PLAIN), "b": assessed(2, MODERN)}, "lighthouse-polish"),
        ("", {"a": assessed(2, PLAIN), "b": assessed(2, MODERN)}, "lighthouse-polish"),
        ("", {"a": assessed(5, PLAIN), "b": assessed(2, PLAIN)}, "lighthouse-outranked"),
        ("", {"a": assessed(5, PLAIN)}, "lighthouse-outranked"),
        ("", {}, None),
        ("", {"b": assessed(3, PLAIN)}, None),
        ("", {"b": assessed(1, PLAIN)}, "lighthouse-outranked"),
        ("", {"a": assessed(1, PLAIN)}, None),
        ("", {"a": assessed(5, PLAIN), "b": assessed(4, PLAIN) + "- {status: live, on: 2026-10-01, by: A}\n"}, None),
    ],
)
def test_the_choice_is_judged(
    programme_folder: Write, plan: str, records: dict[str, str], expected: str | None
) -> None:
    assert [code for code, _ in found(programme_folder, plan, records)] == ([expected] if expected else [])


def test_both_scores_and_the_widest_gap_are_named(programme_folder: Write) -> None:
    (_, said), *_ = found(programme_folder, "", {"a": assessed(5, PLAIN), "b": assessed(3, PLAIN)})
    assert said == "a scores 88.0 of 100, the lighthouse b 68.0; the widest gap is leadership (50.0 against 30.0)"


def test_what_a_plan_asks_for_is_checked(programme_folder: Write) -> None:
    write = {
        "sites/a.yaml": "name: A\ncountry: FR\nsponsor: {name: A}\nlabels: {line: wet}\n",
        "waves/v/plan.yaml": """
            name: V
            work_from: 2026-10-05
            lighthouse: a
            lighthouse_fit:
              represents: {labels.lime: 5, labels.gone: 0}
              never:
                - {id: x, where: {systems: sap}, because: the merger}
            """,
    }
    said = [str(problem) for problem in pipeline.validate(programme_folder(write), TODAY).problems]
    assert said == [
        'waves/v/plan.yaml:5:29: unknown-field: no site has a label "lime"; did you mean "line"?',
        'waves/v/plan.yaml:7:32: unknown-system: the register has no system "sap"; add it to sites/_systems.yaml',
    ]
    write["waves/v/plan.yaml"] = "name: V\nwork_from: 2026-10-05\nlighthouse_fit: {represents: {workflow: 5}}\n"
    wrong = pipeline.validate(programme_folder(write), TODAY).problems[0]
    assert (wrong.line, wrong.code) == (3, "wrong-value")
    assert 'not for "workflow"' in wrong.message
