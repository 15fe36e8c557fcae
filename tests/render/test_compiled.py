"""Quick templates say what Jinja's own compiler makes of them, and refuse what it refuses, at the same line."""

from __future__ import annotations

from typing import Any

import jinja2
import pytest
from jinja2.compiler import CodeGenerator

from rollout.problem import RolloutError
from rollout.render.compiled import Quick
from rollout.render.engine import Press, _Environment
from rollout.render.markdown import Markdown, finalize
from rollout.render.wording import Wording


class _Plain(_Environment):
    code_generator_class = CodeGenerator


VIEW: dict[str, Any] = {
    "site": {
        "name": "A | *b*",
        "items": ["x_", 2, True],
        "lead": {"name": Markdown("**M**"), "title": None},
        "people": 3,
    },
    "rows": [{"name": "<!--", "n": 1}, {"name": "b", "n": 2}],
    "text": "a`b",
    "nothing": None,
    "object": ("a", "b"),
}

TEMPLATES = [
    "{{ site.name }}",
    "{{ site.items }}: {{ site['items'] }} {{ site.lead.name }}\n",
    "{{ site.lead.name }}{{ site.name }}{{ text }} {{ 3 }} {{ 'x*' }} {{ 2.5 }} {{ true }}",
    "{% for row in rows %}{{ loop.index }}/{{ loop.length }} {{ row.name }}{{ ', ' if not loop.last }}{% endfor %}",
    "{% for row in rows if row.n > 1 %}{{ row.name }}, {{ row.n }}{% else %}none{% endfor %}",
    "{% macro m(x, y=site.name) %}<{{ x }}|{{ y }}>{% endmacro %}{{ m('*') }} {{ m(rows[0].name, 1) }}",
    "{% set found %}{{ site.name }} and {{ text }}{% endset %}{{ found }} {{ found }}",
    "{% macro w() %}[{{ caller() }}]{% endmacro %}{% call w() %}{{ site.name }} {{ text }}{% endcall %}",
    "{% filter upper %}a{{ site.name }}{% endfilter %} {{ site.name | upper | length }}",
    "{% set a = namespace(n=0) %}{% for r in rows %}{% set a.n = a.n + r.n %}{% endfor %}{{ a.n }} {{ a.n * 2 }}",
    "{% block one scoped %}{{ site.name }}{{ rows | map(attribute='name') | join(', ') }}{% endblock %} {{ self.one() }}",
    "{{ rows | selectattr('n', 'gt', 1) | list | length }} {{ text.split('`')[0] }} {{ text ~ site.name }}",
    "{{ site.nobody is defined }} {{ site.lead.title is none }} {{ (site.lead).name }} {{ site.lead[text] is defined }}",
    "{% with s = site %}{{ s.name }}\n{{ s.lead.name }}{% endwith %}",
    "{% if site.people %}{{ site.people }} people{% endif %}{% include 'other' %}",
    "{% extends 'base' %}{% block body %}{{ super() }} {{ site.name }}{{ text }}{% endblock %}",
    "a\n{{ site.name }}\n{{ site.nobody }}\n",
    "a\n{{ site.name }}\n{{ nothing }} {{ text }}\n",
    "{{ text.__class__ }} {{ text }}",
    "a\n\n{{ site.keys.__self__ }} {{ text }}",
    "{{ site.clear() }} {{ text }}",
    "a{{ site.lead.name.__init__.__globals__ }}",
    "{% for row in rows %}\n{{ loop.__class__ }} {{ row.name }}\n{% endfor %}",
    "{{ object.count('a') }} {{ object.0 }} {{ object.nope }}",
    "{{ rows.append(1) }}b",
]


def _said(environment: jinja2.Environment, text: str) -> str:
    try:
        return environment.from_string(text).render(VIEW)
    except jinja2.TemplateError as error:
        return f"{type(error).__name__}: {error}"
    except TypeError as error:
        return f"TypeError: {error}"


@pytest.mark.parametrize("text", TEMPLATES)
def test_quick_templates_say_the_same(text: str) -> None:
    others = {"base": "<{% block body %}{{ text }} base{% endblock %}>\n{{ site.name }}", "other": "{{ text }}, other"}
    both = [
        kind(loader=jinja2.DictLoader(others), undefined=jinja2.StrictUndefined, finalize=finalize)
        for kind in (_Environment, _Plain)
    ]
    assert both[0].code_generator_class is Quick
    assert _said(both[0], text) == _said(both[1], text)


def test_an_error_is_found_at_its_line_among_many_values() -> None:
    page = "<!-- rollout:a -->\n{{ x }} {{ x }}\n{{ x }}\n{{ x }} {{ y.z.nope }}\n{{ x }}\n<!-- /rollout:a -->\n"
    with pytest.raises(RolloutError) as caught:
        Press({"p.md.j2": page}).page("p.md.j2", {"x": "a", "y": {"z": {}}}, Wording())
    assert (caught.value.problems[0].line, "nope" in str(caught.value)) == (4, True)
