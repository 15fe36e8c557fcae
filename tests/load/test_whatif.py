"""What-if is equal to editing the files, writes nothing, and blames options rather than lines."""

from __future__ import annotations

import copy
import json
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rollout import pipeline
from rollout.load.whatif import _capped
from rollout.model.schedule import Schedule
from rollout.model.wave_size import parse_size
from rollout.model.whatif import Scenario
from rollout.problem import RolloutError
from tests.conftest import TODAY

PLAN = "waves/v/plan.yaml"
NAMES = ("a", "b", "c", "d", "e")
Files = dict[str, Any]


def programme(**plan: Any) -> Files:
    """Five sites in two folders, a team that every site needs, a lighthouse; JSON is YAML."""
    sites = {
        n: {"name": n.upper(), "country": "FR", "sponsor": {"name": "S"}, "value": str(9 - i)}
        for i, n in enumerate(NAMES)
    }
    activities = {"survey": {"title": "Survey", "starts": "T-60", "takes": "30d", "needs": {"crew": "1"}}}
    return {
        **{f"sites/{'south' if n in 'de' else 'north'}/{n}.yaml": site for n, site in sites.items()},
        "sites/north/_defaults.yaml": {"region": "north", "labels": {"line": "wet"}},
        "sites/south/_defaults.yaml": {"region": "south"},
        "waves/_teams.yaml": {"teams": [{"id": "crew", "people": "3"}, {"id": "desk", "person_days": "5"}]},
        "templates/presets/standard@1.yaml": {
            "activities": activities,
            "gates": {"wave-1": {"on": "T-28", "needs": [{"evidence": "survey", "at": "lighthouse"}]}},
        },
        PLAN: {
            "name": "V",
            "work_from": "2026-10-05",
            "lighthouse": "a",
            "waves": {"size": "1-2", "go_live": {"on": ["tuesday", "wednesday"]}},
            "constraints": {"c": {"after": "b"}, "e": {"wave": "2"}},
            "blackouts": [{"id": "what-if-1", "from": "2027-01-05", "to": "2027-01-09"}],
            **plan,
        },
    }


def write(root: Path, files: Files) -> Path:
    for path, value in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(value if isinstance(value, str) else json.dumps(value, indent=1))
    return root


def state(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write(tmp_path_factory.mktemp("planned"), programme())
    assert not pipeline.plan(root, TODAY).refused
    return root


@pytest.fixture
def acme(planned: Path, tmp_path: Path) -> Path:
    return shutil.copytree(planned, tmp_path / "programme")


def tried(root: Path, text: str, as_of: date = TODAY, **options: Any) -> Any:
    return pipeline.whatif(root, as_of, None, [f"x: {text}"], **options).outcomes[0]


# --- equal to editing


def edited(files: Files, schedule: Schedule, wishes: list[tuple[str, str]]) -> Files:
    """The same wishes as edits by hand."""
    files = copy.deepcopy(files)
    plan = files[PLAN]
    for number, (kind, text) in enumerate(wishes):
        left, _, right = text.partition("=")
        if kind == "delay":
            day = schedule.sites[left].go_live + timedelta(weeks=int(right[:-1]))
            plan["constraints"].setdefault(left, {})["not_before"] = str(day)
        elif kind == "drop":
            record = [{"status": "dropped", "on": str(TODAY), "by": "whatif"}]
            files[f"waves/v/records/{left}.yaml"] = files.get(f"waves/v/records/{left}.yaml", []) + record
        elif kind == "add":
            folder = "south" if right in "de" else "north"
            files[f"sites/{folder}/{left}.yaml"] = {**files[f"sites/{folder}/{right}.yaml"], "name": left}
        elif kind == "cap" and left == "crew":
            files["waves/_teams.yaml"]["teams"][0]["people"] = right
        elif kind == "cap":
            plan["waves"]["size"] = text if "-" in text else f"1-{text}"
        elif kind == "blackout":
            span, _, where = text.partition(":")
            first, _, last = span.partition("..")
            entry: dict[str, Any] = {"id": f"mine-{number}", "from": first, "to": last}
            if where:
                entry["where"] = dict([where.split("=")])
            plan["blackouts"].append(entry)
        elif kind == "pin":
            block = plan["constraints"].setdefault(left, {})
            block.pop("wave", None)
            block["wave" if len(right) == 1 else "go_live"] = right
        elif kind == "lighthouse":
            plan["lighthouse"] = text
    return files


others = st.sampled_from(["b", "c", "d", "e"])
tuesdays = st.integers(5, 40).map(lambda week: str(date(2026, 10, 6) + timedelta(weeks=week)))
single = st.one_of(
    st.tuples(st.just("delay"), st.tuples(st.sampled_from(NAMES), st.integers(1, 9)).map(lambda t: f"{t[0]}={t[1]}w")),
    st.tuples(st.just("drop"), others),
    st.tuples(st.just("add"), st.tuples(st.sampled_from(["new", "aa"]), others).map("=".join)),
    st.tuples(st.just("cap"), st.sampled_from(["1", "2", "3", "2-3", "crew=1", "crew=2", "crew=0"])),
    st.tuples(
        st.just("blackout"),
        st.tuples(tuesdays, st.integers(0, 60), st.sampled_from(["", ":region=north", ":id=d"])).map(
            lambda t: f"{t[0]}..{date.fromisoformat(t[0]) + timedelta(t[1])}{t[2]}"
        ),
    ),
    st.tuples(st.just("pin"), st.tuples(others, st.one_of(tuesdays, st.sampled_from("123"))).map("=".join)),
    st.tuples(st.just("lighthouse"), others),
)


def key(wish: tuple[str, str]) -> tuple[str, str]:
    """Wishes about one thing cannot be made twice, nor can what is dropped be asked about."""
    kind, text = wish
    site = text.partition("=")[0]
    if kind == "drop":
        return "site", site
    return (kind, "") if kind in ("lighthouse", "cap", "add") else (kind, text if kind == "blackout" else site)


def consistent(wishes: list[tuple[str, str]]) -> bool:
    dropped = {text for kind, text in wishes if kind == "drop"}
    return not any(
        kind in ("delay", "pin", "lighthouse") and text.partition("=")[0] in dropped for kind, text in wishes
    )


@settings(max_examples=20, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(single, min_size=1, max_size=3, unique_by=key).filter(consistent), st.booleans())
def test_it_is_equal_to_editing_the_files(
    tmp_path_factory: pytest.TempPathFactory, wishes: list[tuple[str, str]], afresh: bool
) -> None:
    files = programme()
    root = write(tmp_path_factory.mktemp("p"), files)
    schedule = pipeline.plan(root, TODAY).schedule
    before = state(root)
    outcome = pipeline.whatif(root, TODAY, None, [Scenario("x", tuple(wishes))], afresh=afresh).outcomes[0]
    assert state(root) == before

    by_hand = edited(files, schedule, wishes)
    by_hand["waves/v/schedule.yaml"] = before["waves/v/schedule.yaml"].decode()
    by_hand["waves/_holidays.yaml"] = before["waves/_holidays.yaml"].decode()
    other = write(tmp_path_factory.mktemp("q"), by_hand)
    try:
        planned = pipeline.plan(other, TODAY, afresh=afresh)
    except RolloutError as error:
        assert outcome.planned is None
        assert sorted(p.message for p in outcome.problems) == sorted(p.message for p in error.problems)
        return
    assert outcome.planned is not None
    assert outcome.planned.schedule.text() == planned.schedule.text()
    assert outcome.is_placed == (not planned.refused)


@pytest.mark.parametrize(
    ("wish", "site", "expected"),
    [
        ("--delay b=10wd", "b", lambda old, new: new.go_live >= old.go_live + timedelta(14)),
        ("--pin e=3", "e", lambda old, new: (old.wave, new.wave) == (2, 3)),
        ("--pin d=2027-06-01", "d", lambda _, new: new.go_live == date(2027, 6, 1)),
        ("--blackout 01-01..12-31:labels.line=wet,id=b", "b", lambda _, new: new is None),
        ("--blackout 2026-10-01..2026-12-31", "a", lambda _, new: new.go_live >= date(2027, 1, 1)),
        ("--drop b", "b", lambda _, new: new is None),
    ],
)
def test_each_wish_does_what_it_says(acme: Path, wish: str, site: str, expected: Any) -> None:
    outcome = tried(acme, wish)
    old = pipeline.check_dates(acme, TODAY)[0].schedule.sites[site]
    assert expected(old, outcome.planned.schedule.sites.get(site))


def test_an_added_site_is_like_the_other_but_nothing_happened_there(acme: Path) -> None:
    write(acme, {"waves/v/records/d.yaml": [{"item": "survey", "state": "done", "on": "2026-09-01", "by": "A"}]})
    write(acme, {"sites/south/d.yaml": {**programme()["sites/south/d.yaml"], "formerly": ["was-d"]}})
    planned = tried(acme, "--add new=d --pin new=3").planned
    new, like = (planned.sites[site].model_copy(update={"paths": ()}) for site in ("new", "d"))
    assert new == like.model_copy(update={"id": "new", "name": "new", "formerly": ()})
    assert planned.schedule.sites["new"].wave == 3
    assert planned.sites["new"].paths == ("--add new=d", "sites/south/_defaults.yaml")


def test_an_added_site_joins_a_plan_that_lists_its_sites(tmp_path: Path) -> None:
    root = write(tmp_path, programme(sites={"id": list(NAMES)}))
    pipeline.plan(root, TODAY)
    placed = tried(root, "--add x=b --add y=b").planned.schedule.sites
    assert {"x", "y"} <= set(placed)


def test_a_site_that_can_have_a_day_by_now_voids_no_date(tmp_path: Path) -> None:
    root = write(tmp_path, programme(constraints={"d": {"go_live": "2027-01-06"}}))  # nobody goes live in that blackout
    assert set(pipeline.plan(root, TODAY).refused) == {"d"}
    write(root, programme(constraints={}))
    answer = pipeline.whatif(root, TODAY, None, ["x:"])
    assert "d" in answer.base.schedule.sites
    said = "A site without a published day can have one now (see `rollout plan --dry-run`)"
    assert next(answer.sentences()) == f"{said}: scenarios are compared with the plan of today's files."


def test_what_is_published_and_void_is_compared_as_plan_would_mend_it(acme: Path) -> None:
    later = date(2027, 1, 15)  # nothing was recorded, so the lighthouse is overdue and the published dates are void
    answer = pipeline.whatif(acme, later, None, ["x:"])
    assert not answer.base.kept
    assert answer.outcomes[0].moves(answer.base) == ()
    assert "do not hold any more" in next(answer.sentences())
    delayed = pipeline.whatif(acme, later, None, ["x: --delay a=2w"])
    day = delayed.base.schedule.sites["a"].go_live
    assert day >= later
    assert tried(acme, "--delay a=2w", later).planned.schedule.sites["a"].go_live >= day + timedelta(14)


def test_without_published_dates_the_plan_of_today_is_the_base(tmp_path: Path) -> None:
    root = write(tmp_path, programme())
    answer = pipeline.whatif(root, TODAY, None, ["x: --drop b"])
    assert [move.site for move in answer.outcomes[0].moves(answer.base) if move.is_dropped] == ["b"]
    assert next(answer.sentences()).startswith("No dates are published")
    assert "waves/v/schedule.yaml" not in state(root)


def test_the_lighthouse_may_leave_where_another_is_named(acme: Path) -> None:
    placed = tried(acme, "--drop a --lighthouse new --add new=b").planned.schedule
    assert (placed.sites["new"].wave, placed.unplaced) == (0, {"a": "dropped since 1 Oct 2026"})


def test_who_had_no_day_before_is_said_so(tmp_path: Path) -> None:
    root = write(tmp_path, programme(constraints={"d": {"deadline": "2026-10-20"}}))
    assert set(pipeline.plan(root, TODAY).refused) == {"d"}
    answer = pipeline.whatif(root, TODAY, None, ["x: --pin e=3", "y: --pin e=2026-10-13"])
    said = list(answer.sentences())
    assert said[0].endswith(", 1 site without a day as before.")
    assert said[2].endswith(", 2 sites without a day.")
    assert not answer.is_placed


# --- sizes of waves


@pytest.mark.parametrize(
    ("size", "least", "most", "expected"),
    [
        ("3-4", None, 6, [(3, 6)]),
        ("3-4", None, 2, [(2, 2)]),
        ("3-4", 1, 5, [(1, 5)]),
        (["1", "3", "4", "4"], None, 6, [(1, 1), (1, 3), (1, 6)]),
        (["1", "2-3", "4"], None, 2, [(1, 1), (2, 2), (1, 2)]),
    ],
)
def test_a_cap_keeps_the_wished_minimum_and_the_ramp(size: Any, least: Any, most: int, expected: Any) -> None:
    assert _capped(parse_size(size), least, most) == expected


# --- what is wrong


def refused(root: Path, *scenarios: str, as_of: date = TODAY) -> tuple[int, list[str]]:
    with pytest.raises(RolloutError) as caught:
        pipeline.whatif(root, as_of, None, scenarios)
    return caught.value.exit_code, [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        ("--delay bb=3w", 1, '--delay bb=3w: unknown-site: there is no site "bb"; did you mean "b"?'),
        (
            "--delay b=3",
            2,
            '--delay b=3: wrong-usage: a duration is 42d (calendar days), 10wd (working days) or 4w, not "3"',
        ),
        ("--delay b", 2, '--delay b: wrong-usage: "b" has not both sides of an equals sign; write --delay SITE=3w'),
        ("--add new=b --delay new=3w", 1, "--delay new=3w: no-day: new has no day to be delayed from; pin it"),
        ("--drop zz", 1, '--drop zz: unknown-site: there is no site "zz"'),
        ("--drop ''", 1, '--drop : unknown-site: there is no site ""'),
        ("--lighthouse ' '", 1, 'unknown-site: there is no site ""'),
        ("--drop a", 1, "--drop a: lighthouse: a is the lighthouse; say who goes first instead"),
        ("--drop b --pin b=2", 1, "--pin b=2: contradiction: --drop b leaves it without a day"),
        ("--pin b=1 --pin b=2", 1, "--pin b=2: contradiction: --pin b=1 says this already"),
        ("--cap 3 --cap 4", 1, "--cap 4: contradiction: --cap 3 says this already"),
        ("--cap crw=3", 1, '--cap crw=3: unknown-team: there is no team "crw"; did you mean "crew"?'),
        ("--cap crew=many", 2, '--cap crew=many: wrong-usage: a capacity is a whole number, not "many"'),
        ("--cap 0", 2, "--cap 0: wrong-usage: a wave size is 4, 3-4"),
        ("--add c=b", 1, "--add c=b: duplicate-site: there is a site c already; choose an id that is free"),
        ("--add x=b --add x=c", 1, "--add x=c: duplicate-site: there is a site x already"),
        ("--add ../x=b", 2, '--add ../x=b: wrong-usage: "../x" cannot be an id'),
        ("--add x=bb", 1, '--add x=bb: unknown-site: there is no site "bb"; did you mean "b"?'),
        ("--blackout 2027-02-01..2027-01-01", 2, "wrong-usage: it ends (2027-01-01) before it begins (2027-02-01)"),
        ("--blackout 2027-02-01..03-01", 2, "wrong-usage: it begins and ends on days, or on days of every year"),
        (
            "--blackout soon",
            2,
            'wrong-usage: a day is 2027-02-09, or with `every` 12-18 or a number such as 1 or -3, not "soon"',
        ),
        ("--blackout 2027-02-01:regio=x", 1, 'unknown-key: "regio" is not a key here; did you mean "region"?'),
        ("--blackout 2027-02-01:region=nort", 1, 'no-sites: no site of the plan is region=nort; did you mean "north"?'),
        ("--blackout 2027-02-01:north", 2, 'wrong-usage: "north" is not KEY=VALUE'),
        ("--pin b=2026-09-01", 1, "impossible-date: 2026-09-01 is before 2026-10-01, the day this is asked for"),
        ("--pin b=0", 1, "--pin b=0: lighthouse: wave 0 is the lighthouse, alone; say --lighthouse b"),
        ("--pin b=soon", 2, "wrong-usage: a pin is a day or the number of a wave"),
        ("--lighthouse aa", 1, '--lighthouse aa: unknown-site: there is no site "aa"'),
        ("--lighthouse b --lighthouse c", 1, "--lighthouse c: contradiction: --lighthouse b says this already"),
        ("--lighthouse", 2, "wrong-usage: --lighthouse wants a value; write --lighthouse SITE"),
        ("--dealy b=3w", 2, 'wrong-usage: "--dealy" is no option of a scenario; did you mean "--delay"?'),
        ("delay b=3w", 2, 'wrong-usage: "delay" is no option of a scenario; did you mean "--delay"?'),
        ('--drop "b', 2, "wrong-usage: a quotation mark is not closed"),
    ],
)
def test_a_bad_option_is_named_with_a_remedy(acme: Path, options: str, code: int, says: str) -> None:
    exit_code, said = refused(acme, f"x: {options}")
    assert exit_code == code
    assert len(said) == 1
    assert says in said[0]
    assert "; " in said[0]


def test_scenarios_have_names_of_their_own(acme: Path) -> None:
    assert refused(acme, "x: --cap 3", "x: --cap 4")[0] == 2
    assert refused(acme, "--cap 3") == (
        2,
        ["--scenario '--cap 3': wrong-usage: a scenario begins with its name; write \"NAME: --delay SITE=3w --cap 3\""],
    )
    assert [line.partition(": ")[0] for line in refused(acme, "--cap 3", "--drop b")[1]] == [
        "--scenario '--cap 3'",
        "--scenario '--drop b'",
    ]
    assert refused(acme)[0] == 2


def test_what_happened_is_not_up_for_discussion(acme: Path) -> None:
    write(acme, {"waves/v/records/a.yaml": [{"status": "live", "on": "2026-11-03", "by": "A"}]})
    write(acme, {"waves/v/records/c.yaml": [{"status": "paused", "on": "2026-10-20", "by": "A"}]})
    _, said = refused(acme, "x: --delay a=3w", "y: --lighthouse b", "z: --pin c=2", as_of=date(2026, 11, 5))
    assert [line.split("; ")[0] for line in said] == [
        "--delay a=3w: gone-live: a went live on 2026-11-03, and what happened stays",
        "--lighthouse b: gone-live: the lighthouse a went live on 2026-11-03",
        "--pin c=2: no-day: c is paused, so it gets no day",
    ]


WRITTEN = """\
name: V
work_from: 2026-10-05
lighthouse: a
waves:
  size: 1-2
  go_live: {on: [tuesday, wednesday]}
constraints:
  c: {after: b}
  e: {wave: 2}
  d: {deadline: 2027-03-31}
"""


@pytest.mark.parametrize(
    ("options", "says"),
    [
        # the option is wrong: it is named, without a line
        ("--pin b=2027-06-04", "--pin b=2027-06-04: impossible-date: 2027-06-04 is a friday"),
        ("--pin b=2027-02-02 --delay b=30w", "--pin b=2027-02-02: impossible-date: 2027-02-02 is outside not_before"),
        ("--pin a=2", "--pin a=2: lighthouse: the lighthouse a is wave 0"),
        # a line of a file does not go with the option: the line is named
        ("--delay d=40w", "waves/v/plan.yaml:10:17: impossible-date: the deadline 2027-03-31 is before not_before"),
        ("--lighthouse e", "waves/v/plan.yaml:9:13: lighthouse: the lighthouse e is wave 0"),
        ("--cap crew=0", "templates/presets/standard@1.yaml:8:13: capacity: this needs 1 person of crew, which has 0"),
    ],
)
def test_contradictions_are_an_outcome_and_name_whoever_said_it(tmp_path: Path, options: str, says: str) -> None:
    files = {**programme(), PLAN: WRITTEN}
    root = write(tmp_path, files)
    pipeline.plan(root, TODAY)
    outcome = tried(root, options)
    assert outcome.planned is None
    assert not outcome.is_placed
    assert str(outcome.problems[0]).startswith(says)


def test_sites_without_a_day_are_an_outcome(acme: Path) -> None:
    write(
        acme,
        {
            "sites/north/b.yaml": {
                "name": "B",
                "country": "FR",
                "sponsor": {"name": "S"},
                "value": "8",
                "blackouts": [{"id": "always", "from": "01-01", "to": "12-31", "every": "year"}],
            }
        },
    )
    pipeline.plan(acme, TODAY)
    answer = pipeline.whatif(acme, TODAY, None, ["own: --lighthouse b", "all: --blackout 01-01..12-31"])
    own, everybody = answer.outcomes
    assert not own.is_placed
    assert "the lighthouse has no day" in own.planned.refused["b"]
    assert set(everybody.planned.refused) == set(NAMES)
    assert not answer.is_placed
    assert any("no site has a day" in line for line in answer.sentences())
