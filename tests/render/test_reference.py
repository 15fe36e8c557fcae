"""What is written about templates is what they receive."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rollout.load.templates import load_templates
from rollout.load.workspace import Workspace
from rollout.problem import RolloutError
from rollout.render.engine import Press
from rollout.render.names import keys_of, unknown_names
from rollout.render.received import VIEWS
from rollout.render.reference import described, reference
from tests.conftest import golden

PAGE = Path(__file__).parents[2] / "docs/reference/templates.md"
SHIPPED = load_templates(Workspace(Path(__file__).parent))


def test_the_reference_is_made_from_the_views() -> None:
    made = reference(SHIPPED)
    golden(PAGE, made)


def test_every_link_of_the_reference_leads_to_a_heading() -> None:
    text = reference(SHIPPED)
    heads = {head.lower().replace(" ", "-") for head in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= heads
    titles = re.findall(r"^### (.*)$", text, re.MULTILINE)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", VIEWS)
def test_every_name_in_a_shipped_template_is_documented(name: str) -> None:
    press = Press(SHIPPED)
    assert unknown_names(press.engine_of(name), SHIPPED, name) == []
    assert described(VIEWS[name]).keys() == keys_of(VIEWS[name]).keys()


@pytest.mark.parametrize("name", [name for name in SHIPPED if not name.startswith("shipped/")])
def test_every_part_of_a_shipped_template_can_be_overridden_alone(name: str) -> None:
    """Each rollout block of several lines holds one Jinja block, named like it."""
    for found in re.finditer(r"^<!-- rollout:([\w:.-]+) -->\n(.*?)^<!-- /rollout:\1 -->", SHIPPED[name], re.M | re.S):
        block = found[1].removeprefix("page:").replace(":", "_").replace("-", "_")
        inside = re.match(rf"\{{% block {block}( scoped)? %\}}\n.*\{{% endblock %\}}\n$", found[2], re.S)
        # What stands where a list is empty is in the block of the list.
        around = SHIPPED[name].rfind(f"{{% block {block} %}}", 0, found.start()) >= 0
        assert inside or around, found[1]


def own(name: str, text: str) -> list[str]:
    with pytest.raises(RolloutError) as caught:
        Press({**SHIPPED, name: text})
    return [f"{p.line}:{p.column} {p.message}; {p.hint}".removesuffix("; ") for p in caught.value.problems]


def test_names_that_are_not_there_are_found_in_every_branch_at_once() -> None:
    text = """{% extends "shipped/checklist.md.j2" %}
{% block intro %}
{{ site.nam }} {% if site.lead %}{{ site.lead.mail }}{% endif %}
{% for phase in phases if phase.titel %}{% for item in phase.items | sort(attribute="id") %}
{{ item.ends }}{{ item.owners }}{% endfor %}{% else %}{{ fase }}{% endfor %}
{% set first = phases[0] %}{{ first.titles }}{{ (site if count else plan).shiftz }}
{% endblock %}
"""
    assert own("checklist.md.j2", text) == [
        '3:9 there is nothing called "nam" here; did you mean "name"?',
        '3:47 there is nothing called "mail" here',
        '4:33 there is nothing called "titel" here; did you mean "title"?',
        '5:24 there is nothing called "owners" here; did you mean "owner"?',
        '5:58 there is nothing called "fase" on this page; did you mean "phases"?',
        '6:37 there is nothing called "titles" here; did you mean "title"?',
        '6:75 there is nothing called "shiftz" here; did you mean "shifts"?',
    ]


@pytest.mark.parametrize(
    "text",
    [
        '{% extends "shipped/training.md.j2" %}{% block exercise scoped %}{{ exercise.content.text }}{% endblock %}',
        '{% extends "shipped/checklist.md.j2" %}{% block intro %}{{ place(site) }}{{ super() }}{% endblock %}',
        "{% if ours is defined %}x{% endif %}{{ ours | default('') }}",
        "{% macro row(a, b='') %}{{ a.b }}{{ b }}{{ varargs }}{% endmacro %}{{ row(site) }}",
        "{% set ns = namespace(n=0) %}{% for p in pages.training %}{% set ns.n = ns.n + loop.index %}{% endfor %}{{ ns.n }}",
        "{% with a = site, b = 1 %}{{ a.name }}{{ b }}{% endwith %}{% set c %}{{ site.name }}{% endset %}{{ c.x }}",
        "{% for key, value in site.items() %}{{ key }}{{ value.any }}{% endfor %}{{ [1, 2] | join }}{{ site['name'] }}",
        '{% from "words.md.j2" import language as speak %}{{ speak(site.languages | first) }}{% import "words.md.j2" as w %}{{ w.x }}',
        "{{ (pages.training | first).role }}{{ pages.training[0].file }}{{ pages.training | map(attribute='x') | list }}",
    ],
)
def test_what_may_be_there_is_not_refused(text: str) -> None:
    name = "training.md.j2" if "training.md" in text else "checklist.md.j2"
    Press({**SHIPPED, name: text})


def test_every_template_that_cannot_be_read_is_named_with_its_line() -> None:
    with pytest.raises(RolloutError) as caught:
        Press({**SHIPPED, "wave.md.j2": "\n{% if %}", "index.md.j2": "{{ plan.nme }}", "mine.md.j2": "{{ a b }}"})
    assert [(p.path.rpartition("/")[2], p.line, p.column) for p in caught.value.problems] == [
        ("index.md.j2", 1, 9),
        ("mine.md.j2", 1, 1),
        ("wave.md.j2", 2, 1),
    ]
