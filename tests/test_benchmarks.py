"""The benchmarks can be run: every module is imported, every generator makes its smallest programme, twice the same."""

import importlib
import pkgutil
from pathlib import Path

import pytest

import benchmarks
from benchmarks import generate, measure, run
from benchmarks.following import generate as following
from benchmarks.measure import Cost, FailedError, in_turn
from benchmarks.render import generate as rendering
from benchmarks.render.texts import in_english
from benchmarks.section import write_section
from benchmarks.sequence import generate as tight
from benchmarks.writing import work
from rollout import pipeline

ONLY_BESIDE = {"highspy", "minijinja", "ortools", "yaml"}
"""What only the environment of the alternatives is sure to have."""


def test_every_module_is_imported_and_every_part_is_one() -> None:
    found = {module.name for module in pkgutil.walk_packages(benchmarks.__path__, "benchmarks.")}
    assert {part.module for part in run.PARTS.values()} <= found
    for name in sorted(found):
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            assert error.name in ONLY_BESIDE, name


@pytest.mark.parametrize(
    "make",
    [generate.programme, tight.programme, rendering.programme, following.programme],
    ids=["whole", "tight", "pages", "following"],
)
def test_generators_make_sound_programmes_the_same_for_the_same_seed(make, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("again", 1), ("other", 2)):
        (tmp_path / name).mkdir()
        make(tmp_path / name, 12, seed)
    files = {
        name: {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("a", "again", "other")
    }
    assert files["a"] == files["again"] != files["other"]
    loaded = pipeline.load(tmp_path / "a")
    assert len(loaded.programme.sites) == 12
    assert not loaded.problems


def test_pages_to_write_differ_from_edition_to_edition(tmp_path: Path) -> None:
    work.direct(tmp_path, 2, 1)
    first = {path: path.read_text() for path in tmp_path.rglob("*.md")}
    assert len(set(first.values())) == 8
    work.ours(tmp_path, 2, 2)
    assert [path.name for path in first if path.read_text() != first[path]] == ["playbook.md"]


def test_ways_take_turns_and_one_that_fails_leaves_the_others() -> None:
    order: list[str] = []

    def way(name: str, cpu: float) -> Cost:
        order.append(name)
        if name == "broken":
            raise FailedError("not there")
        return Cost(cpu, 0, 10)

    race = in_turn({n: lambda n=n, c=c: way(n, c) for n, c in (("a", 2.0), ("broken", 0), ("b", 4.0))}, 2, warm=True)
    assert order == ["a", "broken", "b", "a", "b", "a", "b"]
    assert race.failed == {"broken": "not there"}
    assert race.rounds == 2
    assert race.costs["a"].to(race.costs["b"]) == 0.5


def test_what_takes_minutes_is_run_three_times() -> None:
    assert in_turn({"slow": lambda: Cost(1, measure.MINUTES + 1, 1)}).rounds == measure.FEW


def test_a_command_is_billed_and_one_that_fails_says_why() -> None:
    spent = measure.cost(measure.PYTHON, "-c", "print(sum(range(300_000)))", keep=True)
    assert spent.said == "44999850000\n"
    assert 0 < spent.cpu < 60
    with pytest.raises(FailedError, match="a reason"):
        measure.cost(measure.PYTHON, "-c", "raise SystemExit('a reason')")
    with pytest.raises(FailedError):
        measure.cost("no-such-program")


def test_messages_are_written_out_for_an_engine_without_them() -> None:
    text = "{% trans plan=plan.name, day=plan.day | date %}{{ plan }} on {{ day }}{% endtrans %}"
    expected = (
        "{% with given_plan=plan.name, given_day=plan.day | date %}{{ given_plan }} on {{ given_day }}{% endwith %}"
    )
    assert in_english(text) == expected
    text = "{% trans count=n %}{{ count }} day{% pluralize %}{{ count }} days{% endtrans %}"
    body = "{% if given_count == 1 %}{{ given_count }} day{% else %}{{ given_count }} days{% endif %}"
    assert in_english(text) == f"{{% with given_count=n %}}{body}{{% endwith %}}"


def test_a_section_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("# B\n\n<!-- a -->\nold\n<!-- /a -->\n\nby hand\n")
    write_section("a", "new", readme)
    write_section("b", "more", readme)
    assert readme.read_text() == "# B\n\n<!-- a -->\nnew\n<!-- /a -->\n\nby hand\n\n<!-- b -->\nmore\n<!-- /b -->\n"
