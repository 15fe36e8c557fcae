"""A lawful schedule is left alone; a mended one moves few sites, none inside the hold unless forced, and says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from rollout.check.schedule import check_schedule
from rollout.load.programme import load_programme
from rollout.load.workspace import Workspace
from rollout.model.binding import bind
from rollout.model.programme import PlanFolder, Programme
from rollout.model.schedule import Schedule
from rollout.pipeline import check_dates, plan
from rollout.sequence.plan import instance_of, sequence
from rollout.sequence.solve import How
from tests.conftest import TODAY, Write
from tests.sequence.test_plan import plan_file, sites, solved, waves

NAMES = tuple("bcdefghij")


def published(write: Write, rest: str = "", size: str = "2") -> tuple[Path, dict[str, str]]:
    files = {**sites("a", *NAMES), **plan_file(rest, size), "waves/_teams.yaml": ""}
    root = write(files)
    plan(root, TODAY)
    return root, files


def test_a_raised_cap_changes_nothing_until_asked(programme_folder: Write) -> None:
    root, files = published(programme_folder)
    file = root / "waves/v/plan.yaml"
    file.write_text(files["waves/v/plan.yaml"].replace("size: 2", "size: 3"))
    assert plan(root, TODAY, dry_run=True).kept
    anew = plan(root, TODAY, afresh=True, dry_run=True)
    assert anew.revision is not None
    assert anew.revision.waves[1] < anew.revision.waves[0]
    assert anew.revision.worth[1] < anew.revision.worth[0]
    assert "worth-weighted days gained" in anew.revision.spoken()


def test_a_site_that_loses_its_day_is_no_gain(programme_folder: Write) -> None:
    """It was 231.6 worth-weighted days gained where two sites had fallen out and nobody else moved."""
    root, files = published(programme_folder)
    file = root / "waves/v/plan.yaml"
    file.write_text(files["waves/v/plan.yaml"] + "constraints: {j: {deadline: 2026-10-20}}\n")
    found = plan(root, TODAY, dry_run=True)
    assert found.revision is not None
    assert set(found.refused) == {"j"}
    assert found.revision.moved == ()
    assert found.revision.worth[0] == found.revision.worth[1]
    assert "worth-weighted" not in found.revision.spoken()


@pytest.mark.parametrize("status", ["paused", "dropped"])
def test_a_site_without_a_day_that_is_set_aside_holds_up_nothing(programme_folder: Write, status: str) -> None:
    """It kept the reason it had before, `plan` went on failing, and nothing could be published."""
    root, _ = published(programme_folder, "constraints: {c: {deadline: 2026-10-20}}\n")
    before = plan(root, TODAY, dry_run=True)
    assert set(before.refused) == {"c"}
    file = root / "waves/v/records/c.yaml"
    file.parent.mkdir()
    file.write_text(f"- {{status: {status}, on: 2026-09-29, by: A, because: sold}}\n")
    after = plan(root, TODAY)
    assert (after.refused, after.set_aside) == ({}, {"c": status})
    assert after.schedule.unplaced == {"c": f"{status} since 29 Sep 2026"}
    assert after.kept
    assert after.schedule.sites == before.schedule.sites
    assert plan(root, TODAY).changes == ()


def test_replan_moves_sites_earlier_and_nobody_later(programme_folder: Write) -> None:
    root, files = published(programme_folder)
    (root / "waves/v/plan.yaml").write_text(files["waves/v/plan.yaml"].replace("size: 2", "size: 3"))
    again = plan(root, TODAY, replan=True, dry_run=True)
    assert again.revision is not None
    assert again.revision.moved
    for old, new in again.revision.moves.values():
        assert old is not None
        assert new is not None
        assert new.go_live < old.go_live


def test_replan_gives_a_site_without_a_day_one(programme_folder: Write) -> None:
    root, files = published(programme_folder)
    file, text = root / "waves/v/plan.yaml", files["waves/v/plan.yaml"]
    file.write_text(text + "constraints: {b: {deadline: 2026-11-01}, c: {deadline: 2026-11-01}}\n")
    before = plan(root, TODAY, afresh=True).schedule
    assert sorted(before.unplaced) == ["b", "c"]
    file.write_text(text.replace("size: 2", "size: 3") + "constraints: {c: {deadline: 2026-11-01}}\n")
    after = plan(root, TODAY, replan=True, dry_run=True).schedule
    assert list(after.unplaced) == ["c"]
    assert all(after.sites[site].go_live <= placement.go_live for site, placement in before.sites.items())
    assert after.last_wave < before.last_wave  # others move forward though one has no day


def test_replan_moves_sites_earlier_though_one_finds_no_room(programme_folder: Write) -> None:
    pins = "constraints: {b: {wave: 1}, c: {wave: 1}, d: {wave: 1}, j: {not_before: 2027-05-01}}\n"
    root, files = published(programme_folder, pins)
    before = plan(root, TODAY, dry_run=True).schedule
    assert len(before.unplaced) == 1
    (root / "waves/v/plan.yaml").write_text(files["waves/v/plan.yaml"].replace(", j: {not_before: 2027-05-01}", ""))
    after = plan(root, TODAY, replan=True, dry_run=True).schedule
    assert len(after.unplaced) == 1
    assert after.sites["j"].go_live < before.sites["j"].go_live
    assert all(after.sites[site].go_live <= placement.go_live for site, placement in before.sites.items())


@pytest.mark.parametrize(("hold", "lighthouse"), [("4w", "2026-11-04"), ("12w", "2026-12-29")])
def test_replan_moves_the_lighthouse_too_but_not_into_the_hold(
    programme_folder: Write, hold: str, lighthouse: str
) -> None:
    root, files = published(programme_folder, f"replan: {{hold: {hold}}}\n")
    late = files["waves/v/plan.yaml"] + "constraints: {a: {not_before: 2027-01-11, because: cameras}}\n"
    (root / "waves/v/plan.yaml").write_text(late)
    before = plan(root, TODAY, afresh=True).schedule.sites
    (root / "waves/v/plan.yaml").write_text(files["waves/v/plan.yaml"])
    after = plan(root, TODAY, replan=True, dry_run=True).schedule.sites
    assert (str(before["a"].go_live), str(after["a"].go_live)) == ("2027-01-12", lighthouse)
    assert all(after[site].go_live <= before[site].go_live for site in before)
    assert after["b"].go_live < before["b"].go_live  # what the lighthouse opens is used


def test_replan_brings_prerequisites_forward_and_what_waits_for_them(programme_folder: Write) -> None:
    review = "prerequisites: [{id: review, title: Review, takes: 12w, %swhere: {id: [b, c]}}]\n"
    root, files = published(programme_folder, review % "not_before: 2026-12-01, ")
    before = plan(root, TODAY, dry_run=True).schedule
    (root / "waves/v/plan.yaml").write_text(files["waves/v/plan.yaml"].replace("not_before: 2026-12-01, ", ""))
    assert plan(root, TODAY, dry_run=True).kept
    after = plan(root, TODAY, replan=True, dry_run=True).schedule
    assert after.prerequisites["review"].ready < before.prerequisites["review"].ready
    assert all(after.sites[site].go_live <= before.sites[site].go_live for site in before.sites)
    assert after.sites["b"].go_live < before.sites["b"].go_live


@settings(max_examples=15, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    st.dictionaries(
        st.sampled_from(["a", *NAMES]),
        st.sampled_from(["2026-12-01", "2027-01-11", "2027-02-15"]),
        min_size=1,
        max_size=5,
    ),
    st.tuples(st.sampled_from(["1", "2", "2-3"]), st.sampled_from(["2", "3"])),
    st.tuples(st.sampled_from([1, 2]), st.sampled_from(["0d", "4w", "10w"])),
    st.sets(st.sampled_from(["a", *NAMES]), min_size=1, max_size=3),
)
def test_whatever_is_loosened_replan_makes_nobody_later(
    tmp_path_factory: pytest.TempPathFactory,
    late: dict[str, str],
    sizes: tuple[str, str],
    more: tuple[int, str],
    waiting: set[str],
) -> None:
    root, (people, hold) = tmp_path_factory.mktemp("p"), more
    named = ", ".join(sorted(waiting))
    rest = f"""replan: {{hold: {hold}}}
prerequisites:
  - {{id: one, title: One, takes: 6w, needs: {{crew: 1}}, where: {{id: [a, b, c]}}}}
  - {{id: two, title: Two, takes: 4w, needs: {{crew: 1}}, where: {{id: [{named}]}}}}
"""
    blocks = ", ".join(f"{site}: {{not_before: {day}}}" for site, day in sorted(late.items()))

    def write(size: str, crew: int, constraints: str) -> None:
        teams = {"waves/_teams.yaml": f"teams: [{{id: crew, people: {crew}}}]\n"}
        for path, text in {**sites("a", *NAMES), **plan_file(rest + constraints, size), **teams}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)

    write(sizes[0], 1, f"constraints: {{{blocks}}}\n")
    before = plan(root, TODAY).schedule
    write(sizes[1], people, "")
    if [problem for problem in check_dates(root, TODAY)[1] if problem.severity == "error"]:
        return  # a smaller size than before: that is mended, and moves whom it has to
    after = plan(root, TODAY, replan=True, dry_run=True).schedule
    assert all(after.sites[site].go_live <= before.sites[site].go_live for site in before.sites)
    assert all(after.prerequisites[name].ready <= ready.ready for name, ready in before.prerequisites.items())


def test_leaving_the_hold_says_what_forced_it(programme_folder: Write) -> None:
    root, files = published(programme_folder, "replan: {hold: 12w}\n")
    as_of = date(2026, 11, 16)
    (root / "waves/v/records").mkdir()
    (root / "waves/v/records/a.yaml").write_text("- {status: live, on: 2026-11-04, by: A}\n")
    (root / "waves/v/plan.yaml").write_text(
        files["waves/v/plan.yaml"] + "blackouts: [{id: audit, from: 2026-12-01, to: 2026-12-31, where: {id: b}}]\n"
    )
    again = plan(root, as_of, dry_run=True)
    assert again.revision is not None
    assert list(again.revision.held) == ["b"]
    assert "no go-live" in again.revision.held["b"]
    assert again.revision.moved == ("b",)
    assert again.revision.at_least == 1


@settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    st.dictionaries(
        st.sampled_from(NAMES),
        st.sampled_from(["not_before: 2027-02-15", "wave: 3", "not_before: 2027-04-01", "deadline: 2027-03-20"]),
        max_size=3,
    ),
    st.sampled_from(["", "apart: [[b, c, d]]\n", "together: [[e, f]]\n", "limits: [{id: x, same: country, max: 1}]\n"]),
    st.sampled_from(["core", "exact"]),
)
def test_what_is_mended_is_lawful_and_stays_where_it_can(
    tmp_path_factory: pytest.TempPathFactory, constraints: dict[str, str], more: str, engine: str
) -> None:
    root = tmp_path_factory.mktemp("p")
    files = {**sites("a", *NAMES), **plan_file(size="2"), "waves/_teams.yaml": ""}
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    plan(root, TODAY)
    blocks = ", ".join(f"{site}: {{{words}}}" for site, words in sorted(constraints.items()))
    (root / "waves/v/plan.yaml").write_text(files["waves/v/plan.yaml"] + f"constraints: {{{blocks}}}\n" + more)
    programme, problems = load_programme(Workspace(root))
    assert not problems
    folder = programme.plans["v"]
    assert folder.schedule is not None
    old = folder.schedule
    wrong = check_schedule(instance_of(programme, folder, old), old, "s")
    made = sequence(programme, folder, TODAY, old, How(engine=engine))
    assert check_schedule(made.instance, made.schedule, "s") == []
    # Nobody whose day is closed can stay; whoever can stay alone does where no rule ties sites to each other.
    assert len(made.moved) >= made.moved_at_least
    if not wrong:
        assert made.moved == ()
    assert set(made.schedule.sites) | set(made.schedule.unplaced) == {"a", *NAMES}


def test_a_mended_plan_moves_as_few_as_trying_everything_finds(programme_folder: Write) -> None:
    # b has to leave wave 1, which makes room for nobody: one move is enough, and two would be one too many.
    files = {**sites("a", *NAMES), **plan_file()}
    first = solved(programme_folder(files)).schedule
    early = [site for site, wave in waves(solved(programme_folder(files))).items() if wave == 1]
    files["waves/v/plan.yaml"] += f"constraints: {{{early[0]}: {{not_before: 2027-05-01}}}}\n"
    made = solved(programme_folder(files), TODAY, first)
    assert made.moved == (early[0],)
    assert made.moved_at_least == 1


@pytest.mark.parametrize("name", ["b", "c"])
@pytest.mark.parametrize("edited", [False, True])
def test_an_approved_site_is_held_as_long_as_its_approval_stands(
    programme_folder: Write, name: str, edited: bool
) -> None:
    gates = "gates: {go-live: {on: T-7, needs: [], approvals: {sponsor: 1}, tolerance: 0d}}\n"
    root, files = published(programme_folder, gates)
    programme, problems = load_programme(Workspace(root))
    assert not problems
    folder = programme.plans["v"]
    gate = folder.plan.gate("go-live")
    assert gate is not None
    assert folder.schedule is not None
    first = {site for site, placement in folder.schedule.sites.items() if placement.wave == 1}
    assert first == {"b", "c"}
    digest = bind(folder, gate, "go-live", programme.sites[name], programme.files).digest
    day = folder.schedule.sites[name].go_live
    said = f"{{approval: go-live, role: sponsor, decision: go, by: S, on: 2026-10-01, sites: {{{name}: {{binds: '{digest}', go_live: {day}}}}}}}"
    (root / "waves/v/records").mkdir()
    (root / "waves/v/records/_plan.yaml").write_text(f"- {said}\n")
    if edited:  # what was approved is something else now
        (root / f"sites/{name}.yaml").write_text(files[f"sites/{name}.yaml"] + "headcount: {operators: 9}\n")
    instance = instance_of(*_of(root))
    assert instance.approved == (frozenset() if edited else {name})
    (root / "waves/v/plan.yaml").write_text(files["waves/v/plan.yaml"].replace("size: 2", "size: [1, 2, 2, 2, 2, 2]"))
    again = plan(root, TODAY, dry_run=True)
    assert again.revision is not None
    if not edited:
        assert name not in again.revision.moved
    assert first & set(again.revision.moved)


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("sponsor go; security stale", True),  # what somebody else approved of something else takes nothing away
        ("security no_go; sponsor go", False),  # the gate is shut, whoever spoke last
        ("security no_go; security go", True),
        ("sponsor go; sponsor stale", False),
    ],
)
def test_the_latest_approval_of_each_person_holds_a_site(programme_folder: Write, said: str, held: bool) -> None:
    gates = "gates: {go-live: {on: T-7, needs: [], approvals: {sponsor: 1, security: 1}, tolerance: 0d}}\n"
    root, _ = published(programme_folder, gates)
    programme, folder, schedule = _of(root)
    gate = folder.plan.gate("go-live")
    assert gate is not None
    digest = bind(folder, gate, "go-live", programme.sites["b"], programme.files).digest
    lines = ""
    for day, (role, how) in enumerate((one.split() for one in said.split("; ")), 20):
        what = digest if how != "stale" else f"v1:{'0' * 64}"
        bound = f"{{b: {{binds: '{what}', go_live: {schedule.sites['b'].go_live}}}}}"
        given = f"role: {role}, decision: {how.replace('stale', 'go')}, by: {role}, on: 2026-09-{day}"
        lines += f"- {{approval: go-live, {given}, sites: {bound}}}\n"
    (root / "waves/v/records").mkdir()
    (root / "waves/v/records/_plan.yaml").write_text(lines)
    assert instance_of(*_of(root)).approved == (frozenset("b") if held else frozenset())


def _of(root: Path) -> tuple[Programme, PlanFolder, Schedule]:
    programme, problems = load_programme(Workspace(root))
    assert not problems
    folder = programme.plans["v"]
    assert folder.schedule is not None
    return programme, folder, folder.schedule
