"""Templates that somebody means harm with: each ends with a sentence, soon, and takes nothing along."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.load.templates import load_templates, shipped_templates
from rollout.load.workspace import Workspace
from rollout.problem import RolloutError
from rollout.render.apart import Apart, Limits
from rollout.render.engine import Press
from rollout.render.wording import Wording
from tests.conftest import TODAY, Write

SHIPPED = shipped_templates()
WORDS = Wording()
HELD = "<!-- rollout:a -->\n{}\nEnd.\n<!-- /rollout:a -->\n"
"""A page may hold nothing outside of blocks."""

ATTACKS = {
    "a text many times": ("{{ 'a' * 50000000 }}", "what `*` would make here is too large"),
    "a list many times": ("{{ ([0] * 50000000) | length }}", "what `*` would make here is too large"),
    "a text times a name": ("{% set n = 10 ** 3 %}{{ 'a' * (n * n * n) }}", "what `*` would make here is too large"),
    "a large power": ("{{ 10 ** 10000000 }}", "what `**` would make here is too large"),
    "a power of a power": ("{{ (9 ** 9) ** (9 ** 9) }}", "what `**` would make here is too large"),
    "a format": ("{{ '%1000000000d' % 1 }}", "what `%` would make here is too large"),
    "a format with a star": ("{{ '%*d' % (1000000000, 1) }}", "what `%` would make here is too large"),
    "a format as a filter": ("{{ '%1000000000d' | format(1) }}", "memory"),
    "a format as a method": ("{{ '{:1000000000}'.format(1) }}", "memory"),
    "a wide centre": ("{{ 'a' | center(2000000000) }}", "memory"),
    "doubling": ("{% set x = namespace(t='aaaaaaaa') %}{% for n in range(60) %}{% set x.t = x.t ~ x.t %}{% endfor %}", "memory"),
    "replacing": ("{% set x = namespace(t='a') %}{% for n in range(9) %}{% set x.t = x.t | replace('a', 'a' ~ 'aaaaaaaaaaaaaaaa') %}{% endfor %}{{ x.t | length }}", "memory"),
    "a loop in a loop": ("{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}", "takes more than 0.5 seconds"),
    "a long page": ("{% for a in range(90000) %}{{ 'abcdefghij' * 10 }}{% endfor %}", "makes more than 5,000,000 bytes"),
    "itself": ("{% include 'itself.md.j2' %}", "nests too deep"),
    "a macro that calls itself": ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "nests too deep"),
    "a far range": ("{{ range(10 ** 9) | length }}", "Range too big"),
    "a class": ("{{ ''.__class__.__mro__ }}", "is unsafe"),
    "a function's globals": ("{{ gettext.__func__.__globals__ }}", "is unsafe"),
    "a file": ("{% include '../../../../etc/passwd' %}", "there is no template"),
    "an absolute file": ("{% include '/etc/passwd' %}", "there is no template"),
    "an import": ("{% import 'os' as os %}", "there is no template"),
    "a method that changes": ("{{ [].append(1) }}", "is unsafe"),
    "a class by braces": ("{{ '{0.__class__.__mro__}'.format(1) }}", "is unsafe"),
    "a slice of many": ("{{ [1] | slice(100000000) | list | length }}", "takes more than 0.5 seconds"),
    "an indent": ("{{ 'a\\na' | indent(2000000000, true) }}", "memory"),
    "a batch": ("{{ [1] | batch(2000000000, 'x') | list }}", "memory"),
    "a message": ("{{ _('%(a)1000000000s', a='x') }}", "memory"),
    "a loop in itself": ("{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}", "nests too deep"),
    "filler text": ("{{ lipsum(n=100000) }}", 'nothing called "lipsum"'),
    "changing a value": ("{% set _ = plan.clear() %}", "there is nothing called"),
}  # fmt: skip


QUICK = Limits(seconds=0.5, patience=20, memory=400 << 20)


class Child:
    """A press apart with every attack in it, begun again after one that took it along."""

    def __init__(self) -> None:
        self.texts = {**SHIPPED, **{_name(what): HELD.format(text) for what, (text, _) in ATTACKS.items()}}
        self.press: Apart | None = None

    def page(self, name: str) -> str:
        if self.press is None:
            self.press = Apart(self.texts, QUICK)
            self.press.begin({})
        try:
            return self.press.page(name, {"plan": {"name": "V"}}, WORDS)
        except RolloutError:
            if not self.press.is_alive:
                self.close()
            raise

    def close(self) -> None:
        if self.press is not None:
            self.press.close()
        self.press = None


def _name(what: str) -> str:
    return f"{what.replace(' ', '-')}.md.j2"


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    made = Child()
    yield made
    made.close()


@pytest.mark.parametrize("what", ATTACKS)
def test_harm_ends_with_a_sentence_at_the_template(child: Child, what: str) -> None:
    with pytest.raises(RolloutError) as caught:
        child.page(_name(what))
    [problem] = caught.value.problems
    assert (problem.code, problem.path) == ("template", f"templates/documents/{_name(what)}")
    # On a loaded machine growing ends at the limit of time.
    assert ATTACKS[what][1] in problem.message or (
        ATTACKS[what][1] == "memory" and "takes more than 0.5 seconds" in problem.message
    )
    assert problem.line in (1, 2)


UNREADABLE = {
    "loops in loops": "{% for a in [1] %}" * 30 + "{% endfor %}" * 30,
    "half a message": "{{ _('%') }}",
    "by chance": "{{ [1] | random }}",
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_cannot_be_compiled_is_told_without_a_traceback(what: str, capfd: pytest.CaptureFixture[str]) -> None:
    apart = Apart({**SHIPPED, "own.md.j2": HELD.format(UNREADABLE[what])}, QUICK)
    with pytest.raises(RolloutError, match=r"templates/documents/own\.md\.j2") as caught:
        apart.begin({})
    apart.close()
    assert [problem.code for problem in caught.value.problems] == ["template"]
    assert "Traceback" not in "".join(capfd.readouterr())


def test_nothing_stands_in_for_what_comes_with_rollout(programme_folder: Write) -> None:
    root = programme_folder(
        {"templates/documents/shipped/words.md.j2": "x", "templates/documents/own.md.j2": "a" * 250_001}
    )
    with pytest.raises(RolloutError) as caught:
        load_templates(Workspace(root))
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [
        ("too-large", "templates/documents/own.md.j2"),
        ("template", "templates/documents/shipped/words.md.j2"),
    ]


def test_what_is_small_is_made_as_ever() -> None:
    text = HELD.format("{{ 3 * 4 }} {{ 'ab' * 3 }} {{ 2 ** 8 }} {{ 7 % 4 }} {{ 'Batch %s: %05.1f%%' % ('A', 2) }}")
    assert "12 ababab 256 3 Batch A: 002.0%" in Press({"p.md.j2": text}).page("p.md.j2", {}, WORDS)


def test_what_ends_the_process_itself_is_told_too(child: Child) -> None:
    """Brackets five thousand deep end the parser of some Pythons, and are a long line for others."""
    texts = {**SHIPPED, "brackets.md.j2": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}"}
    apart = Apart(texts, QUICK)
    with pytest.raises(RolloutError, match=r"templates/documents/brackets\.md\.j2"):
        apart.begin({})
    apart.close()
    assert not apart.is_alive


def test_a_process_that_says_nothing_is_given_up(child: Child) -> None:
    slow = {**SHIPPED, "p.md.j2": HELD.format("{{ ('a' ~ 'b' * 90000) | replace('b', 'bb' * 45000) | length }}")}
    apart = Apart(slow, Limits(seconds=60, patience=0.05, memory=1 << 30))
    with pytest.raises(RolloutError, match="has not come to an end"):
        apart.begin({})
    apart.close()


def test_nothing_of_it_is_written_or_left(tmp_path: Path, programme_folder: Write) -> None:
    root = programme_folder(
        {
            "sites/a.yaml": "name: Aden\ncountry: FR\nsponsor: {name: Eva Lind}\n",
            "waves/v/plan.yaml": "name: V\nwork_from: 2026-10-05\nlighthouse: a\n",
            "templates/documents/playbook.md.j2": HELD.format("{{ 'a' * 10 ** 6 }}"),
        }
    )
    pipeline.plan(root, TODAY)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    running = multiprocessing.active_children()
    with pytest.raises(RolloutError, match=r"templates/documents/playbook.md.j2:2:1: template: what `\*` would make"):
        pipeline.render(root, TODAY)
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert multiprocessing.active_children() == running


def test_the_same_template_makes_the_same_page_here_and_apart(tmp_path: Path, programme_folder: Write) -> None:
    root = programme_folder(
        {
            "sites/a.yaml": "name: Aden\ncountry: EG\nlanguages: [ar, de]\nsponsor: {name: Eva Lind}\n",
            "waves/v/plan.yaml": "name: V | <b>\nwork_from: 2026-10-05\nlighthouse: a\n",
        }
    )
    pipeline.plan(root, TODAY)
    pipeline.render(root, TODAY)
    pages = {path: path.read_bytes() for path in (root / "playbooks").rglob("*") if path.is_file()}
    own = root / "templates/documents/checklist.md.j2"
    own.parent.mkdir(parents=True)
    own.write_text(SHIPPED["checklist.md.j2"] + "{# mine #}", encoding="utf-8")
    assert pipeline.render(root, TODAY).written == ()
    assert {path: path.read_bytes() for path in (root / "playbooks").rglob("*") if path.is_file()} == pages
