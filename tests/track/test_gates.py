"""What gates measure and what counts as shown: one small programme, a few records each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from rollout.model.authorship import Authored, Authorship, who
from rollout.model.binding import wave_before
from rollout.model.freshness import wave_of
from rollout.model.programme import PlanFolder, Programme
from rollout.model.site import Champion
from rollout.track.approvals import Witness
from rollout.track.criteria import judge
from rollout.track.gates import gate_names, judged, sites_of
from rollout.track.measures import MEASURES, measure
from rollout.track.reading import Measured
from tests.conftest import Write, loaded

AS_OF = date(2027, 3, 10)
FILES = {
    "sites/_systems.yaml": "systems: {sap: {kind: erp}, apriso: {kind: mes}}\n",
    "sites/a.yaml": "name: A\ncountry: FR\nheadcount: {operators: 40}\nsystems: [sap, apriso]\n",
    "sites/b.yaml": "name: B\ncountry: FR\nlabels: {line: wet}\n",
    "sites/c.yaml": "name: C\ncountry: FR\n",
    "templates/presets/bare@1.yaml": "waves: {every: month}\n",
    "waves/v/schedule.yaml": """
        made: {as_of: 2026-10-01, engine: core, effort: normal, outcome: feasible, proved: []}
        sites:
          a: {wave: 0, go_live: 2027-02-02}
          b: {wave: 1, go_live: 2027-04-06}
          c: {wave: 2, go_live: 2027-05-04}
        """,
}
PLAN = """
name: V
version: "2.3"
preset: bare@1
work_from: 2026-10-05
lighthouse: a
budget: {integration: 300}
activities:
  review: {title: Review, starts: T-60, takes: 20d, blocking: true}
  crane: {title: Crane, starts: T-60, takes: 20d, where: {labels: {line: wet}}}
"""


def programme(
    write: Write, records: str, gate: str = "", site: str = "a", plan: str = ""
) -> tuple[Programme, PlanFolder]:
    gates = f"gates:\n  go-live: {{needs: [{gate}]}}\n" if gate else ""
    files = {**FILES, "waves/v/plan.yaml": PLAN + gates + plan, f"waves/v/records/{site}.yaml": records}
    found = loaded(write(files))
    return found, found.plans["v"].until(AS_OF)


def value(write: Write, name: str, records: str, site: str | None = "a", file: str = "a") -> tuple[float | None, str]:
    found, folder = programme(write, records, site=file)
    reading = measure(name, Measured(found, folder, AS_OF), found.sites[site] if site else None)
    return (None if reading.value is None else round(reading.value, 2)), reading.said


READY = "- {readiness: {leadership: 5, workflow_redesign: 4, data_quality: 3, systems: 3, people: 4, change_capacity: 4, security: 2, infrastructure: 3}, on: 2027-01-14, by: C}\n"


@pytest.mark.parametrize(
    ("name", "records", "expected", "said"),
    [
        ("readiness-minimum", READY, 2, "its security"),
        ("readiness-mean", READY, 3.5, ""),
        ("readiness-workflow-redesign", READY, 4, ""),
        ("readiness-mean", "", None, "not all of the eight"),
        ("adoption", "- {users: {onboarded: 30, active: 12}, on: 2027-03-01, by: C}\n", 40, "12 of 30"),
        ("adoption", "- {users: {onboarded: 0, active: 0}, on: 2027-03-01, by: C}\n", None, "nobody is onboarded"),
        ("training-reach", "- {users: {onboarded: 30, active: 12}, on: 2027-03-01, by: C}\n", 75, "30 of 40"),
        ("training-reach", "- {proof: training-reach, after: 96, on: 2027-03-01, by: C}\n", 96, ""),
        ("escape-rate", "- {proof: escape-rate, after: 210, on: 2027-03-01, by: C}\n", 210, ""),
        ("escape-rate", "- {proof: escape-rate, before: 800, on: 2027-03-01, by: C}\n", None, "not live yet"),
        ("escape-rate", "- {proof: escape-rate, before: 800, after: 9, on: 2027-03-01, by: C}\n", None, "not live yet"),
        ("escape-rate", "", None, "`rollout record a proof escape-rate --after …`"),
        (
            "data-quality",
            "- {proof: data-quality-sap, after: 99, on: 2027-03-01, by: C}\n"
            "- {proof: data-quality-apriso, after: 97.5, on: 2027-02-01, by: C}\n",
            97.5,
            "in apriso",
        ),
        ("data-quality", "- {proof: data-quality-sap, after: 99, on: 2027-03-01, by: C}\n", None, "apriso"),
        ("benefit-share", "- {proof: escapes, target: 200, on: 2027-01-01, by: C}\n", None, "no figure from before"),
        (
            "benefit-share",
            "- {proof: escapes, before: 800, target: 200, on: 2027-01-01, by: C}\n",
            None,
            "escapes: not live yet",
        ),
        ("benefit-share", "- {proof: escapes, before: 800, on: 2027-01-01, by: C}\n", None, "no proof has a `target`"),
        ("cost-variance", "- {cost: integration, actual: 118, on: 2027-03-01, by: C}\n", 18, "118 of 100"),
        ("cost-variance", "", None, "no cost"),
        (
            "open-blocking-lessons",
            "- {lesson: one, says: Do, blocking: true, on: 2027-03-01, by: C}\n"
            "- {lesson: two, says: Do, on: 2027-03-01, by: C}\n",
            1,
            "one of a",
        ),
        ("open-lessons", "- {lesson: two, says: Do, on: 2027-03-01, by: C}\n", 1, "two of a"),
        (
            "open-lessons",
            "- {lesson: two, says: Do, on: 2027-03-01, by: C}\n"
            "- {lesson: two, says: Do, state: rejected, because: no, on: 2027-03-02, by: C}\n",
            0,
            "no lesson",
        ),
        (
            "open-severe-defects",
            "- {incident: x, says: Dark, severity: 2, on: 2027-03-01, by: C}\n"
            "- {incident: y, says: Noise, severity: 3, on: 2027-03-01, by: C}\n"
            "- {incident: z, says: Unjudged, on: 2027-03-01, by: C}\n"
            "- {incident: w, says: Over, severity: 1, closed: 2027-03-01, on: 2027-03-01, by: C}\n",
            2,
            "x, z",
        ),
        (
            "undeclared-systems",
            "- {found: wms, kind: wms, on: 2027-01-01, by: C}\n- {found: sap, kind: erp, on: 2027-01-01, by: C}\n",
            2,
            "declared, not confirmed: apriso; found, not declared: wms; not in the register: wms",
        ),
        (
            "undeclared-systems",
            "- {found: sap, kind: erp, on: 2027-01-01, by: C}\n- {found: apriso, kind: mes, on: 2027-01-01, by: C}\n"
            "- {found: wms, kind: wms, unneeded: true, because: sold, on: 2027-01-01, by: C}\n",
            0,
            "no system",
        ),
        ("unconfirmed-systems", "- {found: sap, kind: erp, on: 2027-01-01, by: C}\n", 1, "apriso"),
        ("items-done", "- {item: review, state: done, on: 2027-01-01, by: C}\n", 100, "1 of 1"),
        ("open-blocking-items", "- {item: review, state: submitted, on: 2027-01-01, by: C}\n", 1, "review"),
        ("in-hypercare", "- {milestone: go-live, on: 2027-02-02, by: C}\n", 1, "live since"),
        ("in-hypercare", "", None, "not live yet"),
        ("governance", '- {governance: "2.2", data: x, on: 2027-01-01, by: C}\n', 0, "on record is 2.2"),
        (
            "bias-test",
            '- {governance: "2.3", bias_test: passed, on: 2027-01-01, by: C}\n'
            '- {governance: "2.3", bias_test: failed, on: 2027-02-01, by: C}\n',
            0,
            "failed its bias_test",
        ),
        (
            "monitoring-owner",
            '- {governance: "2.3", monitoring_owner: Y, on: 2027-01-01, by: C}\n'
            '- {governance: "2.3", monitoring_metric: drift, on: 2027-02-01, by: C}\n',
            100,
            "version 2.3",
        ),
        ("days-to-review", '- {governance: "2.3", next_review: 2027-03-08, on: 2027-01-01, by: C}\n', -2, "2027-03-08"),
    ],
)
def test_a_measure_is_read_off_the_records(
    programme_folder: Write, name: str, records: str, expected: float | None, said: str
) -> None:
    found, words = value(programme_folder, name, records)
    assert found == expected
    assert said in words


LIVE = "- {milestone: go-live, on: 2027-02-02, by: C}\n"
BEFORE = "- {proof: escapes, before: 800, target: 200, unit: ppm, on: 2027-01-15, by: C}\n"
LATE = "- {proof: escapes, before: 800, target: 200, unit: ppm, on: 2027-02-10, by: C}\n"


@pytest.mark.parametrize(
    ("records", "figure", "share", "said"),
    [
        (BEFORE + "- {proof: escapes, after: 350, on: 2027-02-23, by: C}\n", 350, 75, "promised was 200: inconclusive"),
        (BEFORE + "- {proof: escapes, after: 200, on: 2027-02-23, by: C}\n", 200, 100, "promised was 200: met"),
        (BEFORE + "- {proof: escapes, after: 900, on: 2027-02-23, by: C}\n", 900, -16.67, "not met"),
        (BEFORE + "- {proof: escapes, after: 350, on: 2027-02-22, by: C}\n", None, None, "20 days after go-live"),
        (
            LATE + "- {proof: escapes, after: 350, on: 2027-02-23, by: C}\n",
            350,
            None,
            "that of 2027-02-10 came too late",
        ),
        (BEFORE + "- {proof: escapes, after: 350, on: 2027-02-01, by: C}\n", None, None, "nothing measured since"),
        (
            BEFORE
            + "- {proof: escapes, after: 200, on: 2027-02-23, by: C}\n"
            + "- {proof: output, before: 100, target: 120, after: 118, on: 2027-02-24, by: C}\n",
            200,
            None,
            "output: no figure from before go-live (that of 2027-02-24 came too late)",
        ),
        (
            BEFORE
            + "- {proof: escapes, after: 200, on: 2027-02-23, by: C}\n"
            + "- {proof: output, before: 100, target: 120, on: 2027-01-24, by: C}\n"
            + "- {proof: output, after: 118, on: 2027-02-24, by: C}\n",
            200,
            90,
            "output went from 100 to 118",
        ),
    ],
)
def test_a_gate_judges_a_proof_as_proof_does(
    programme_folder: Write, records: str, figure: float | None, share: float | None, said: str
) -> None:
    assert value(programme_folder, "escapes", LIVE + records)[0] == figure
    found, words = value(programme_folder, "benefit-share", LIVE + records)
    assert (found, said in words) == (share, True), words


def test_a_site_where_nobody_has_looked_is_not_discovered(programme_folder: Write) -> None:
    found, folder = programme(programme_folder, "")
    of = Measured(found, folder, AS_OF)
    assert measure("undeclared-systems", of, found.sites["b"]).value is None
    assert measure("champion-cover", of, found.sites["b"]).value is None
    led = found.sites["b"].model_copy(update={"shifts": 3, "champions": (Champion(name="Paul", shift=1),)})
    cover = measure("champion-cover", of, led)
    assert (cover.value and round(cover.value), cover.said) == (33, "nobody on shift 2 and 3")


def test_what_is_said_of_the_whole_plan_holds_at_every_site(programme_folder: Write) -> None:
    common = '- {governance: "2.3", bias_test: passed, on: 2027-01-01, by: C}\n'
    assert value(programme_folder, "bias-test", common, "b", "_plan")[0] == 100
    decided = "- {scale: conditional_go, because: x, on: 2027-03-01, by: C}\n"
    assert value(programme_folder, "scale-decided", decided, None, "_plan")[0] == 1
    assert value(
        programme_folder, "cost-variance", "- {cost: integration, actual: 330, on: 2027-03-01, by: C}\n", None, "_plan"
    ) == (10, "integration: 330 of 300")


def test_every_measure_answers_at_a_site_and_over_the_plan(programme_folder: Write) -> None:
    found, folder = programme(programme_folder, "")
    of = Measured(found, folder, AS_OF)
    for name in MEASURES:
        for site in (found.sites["a"], None):
            reading = measure(name, of, site)
            assert reading.value is not None or reading.said, name


@pytest.mark.parametrize(
    ("need", "records", "met", "said"),
    [
        (
            "{measure: monitoring-owner, at_least: 100}",
            "- {governance: '2.3', monitoring_owner: C, on: 2027-01-04, by: C}\n",
            False,
            "monitoring owner is 50 % (version 2.3 lacks monitoring_metric), at least 100 % is wanted",
        ),
        ("{evidence: review}", "", False, "nothing shows review; `rollout record a review done --evidence PATH`"),
        ("{evidence: minutes}", "", False, "`rollout record a evidence minutes PATH`"),
        ("{evidence: crane}", "", True, "crane is no work of a"),
        ("{evidence: review}", "- {item: review, state: requested, on: 2027-01-04, by: C}\n", False, "requested since"),
        (
            "{evidence: review}",
            "- {item: review, state: requested, on: 2027-01-04, by: C}\n"
            "- {item: review, state: submitted, on: 2027-01-08, by: C}\n",
            False,
            "review is submitted since 2027-01-08, not approved",
        ),
        ("{evidence: review}", "- {item: review, state: done, on: 2027-01-04, by: C}\n", False, "and nothing shows it"),
        ("{evidence: review}", "- {evidence: review, at: sites/a.yaml, on: 2027-01-04, by: C}\n", True, "sites/a.yaml"),
        ("{id: r, evidence: review}", "- {evidence: r, at: https://example.com/x, on: 2027-01-04, by: C}\n", True, ""),
        (
            "{evidence: review}",
            "- {evidence: review, at: gone.txt, on: 2027-01-04, by: C}\n",
            False,
            "gone.txt is not there",
        ),
        ("{evidence: review}", "- {evidence: review, at: sites, on: 2027-01-04, by: C}\n", False, "sites is a folder"),
        (
            "{evidence: review, max_age: 30d}",
            "- {evidence: review, at: sites/a.yaml, on: 2027-02-07, by: C}\n",
            False,
            "is 31 days old, at most 30d count",
        ),
        (
            "{evidence: review, max_age: 30d}",
            "- {evidence: review, at: sites/a.yaml, on: 2027-02-08, by: C}\n",
            True,
            "",
        ),
        (
            "{evidence: review, max_age: 21wd}",
            "- {evidence: review, at: sites/a.yaml, on: 2027-02-09, by: C}\n",
            True,
            "",
        ),
        (
            "{evidence: review, max_age: 20wd}",
            "- {evidence: review, at: sites/a.yaml, on: 2027-02-09, by: C}\n",
            False,
            "",
        ),
        (
            "{evidence: review}",
            "- {evidence: review, at: sites/a.yaml, on: 2027-01-04, by: C}\n"
            "- {item: review, state: done, on: 2027-01-05, by: C}\n",
            False,
            "is older than what it shows",
        ),
        (
            "{evidence: review}",
            "- {item: review, state: approved, evidence: sites/a.yaml, expires: 2027-03-09, on: 2027-01-05, by: C}\n",
            False,
            "expires on 2027-03-09 and has to be renewed",
        ),
        (
            "{evidence: review}",
            "- {item: review, state: approved, evidence: sites/a.yaml, expires: 2027-04-05, on: 2027-01-05, by: C}\n",
            False,
            "before the go-live of 2027-04-06",
        ),
        (
            "{evidence: review}",
            "- {item: review, state: approved, evidence: sites/a.yaml, expires: 2027-04-06, on: 2027-01-05, by: C}\n",
            True,
            "",
        ),
        (
            "{measure: adoption, at_least: 40}",
            "- {users: {onboarded: 30, active: 12}, on: 2027-03-01, by: C}\n",
            True,
            "40 %",
        ),
        (
            "{measure: adoption, at_least: 41}",
            "- {users: {onboarded: 30, active: 12}, on: 2027-03-01, by: C}\n",
            False,
            "at least 41 %",
        ),
        (
            "{measure: ppm, at_most: 210, max_age: 9d}",
            "- {proof: ppm, after: 210, on: 2027-03-01, by: C}\n",
            True,
            "210",
        ),
        (
            "{measure: ppm, at_most: 210, max_age: 8d}",
            "- {proof: ppm, after: 210, on: 2027-03-01, by: C}\n",
            False,
            "9 days old",
        ),
        (
            "{measure: ppm, at_most: 209.5}",
            "- {proof: ppm, after: 210, on: 2027-03-01, by: C}\n",
            False,
            "at most 209.5",
        ),
        (
            "{measure: ppm, at_most: 250}",
            "- {proof: ppm, after: 210, on: 2027-02-01, by: C}\n- {milestone: go-live, on: 2027-02-02, by: C}\n",
            False,
            "nothing is measured since go-live",
        ),
        ("{measure: ppm, at_most: 250, at: nowhere}", "", False, 'there is no site "nowhere"'),
    ],
)
def test_a_criterion_says_what_is_so(programme_folder: Write, need: str, records: str, met: bool, said: str) -> None:
    found, folder = programme(programme_folder, records, need)
    gate = folder.plan.gates[0]
    place = "nowhere" if "nowhere" in need else "a"
    one = judge(Measured(found, folder, AS_OF), gate, gate.needs[0], place, date(2027, 4, 6))
    assert one.met is met
    assert said in one.message


def silent(found: Programme, folder: PlanFolder) -> Witness:
    return Witness(found, folder, lambda _: Authorship(unknown="nobody asked"), lambda _: "", lambda _: None)


def test_a_gate_knows_its_sites_by_its_name(programme_folder: Write) -> None:
    gates = (
        "gates:\n  wave-1: {on: T-28}\n  wave: {on: T-14}\n  go-live: {on: T-7}\n  scale: {}\n  exit: {}\n  audit: {}\n"
    )
    records = "- {milestone: go-live, on: 2027-02-02, by: A}\n"
    found, folder = programme(programme_folder, records, plan=gates)
    assert gate_names(folder) == ("wave-1", "wave-2", "go-live", "scale", "exit", "audit")
    meant = {}
    for name in gate_names(folder):
        gate = folder.plan.gate_of(name)
        assert gate is not None
        meant[name] = [site.id for site in sites_of(found, folder, gate, name)[0]]
    assert meant == {
        "wave-1": ["b"],
        "wave-2": ["c"],
        "go-live": ["b"],
        "scale": ["b", "c"],
        "exit": ["a"],
        "audit": ["b"],
    }
    days = {name: judged(found, folder, name, AS_OF, witness=silent(found, folder)).on for name in meant}
    assert days["wave-1"] == date(2027, 3, 9)
    assert days["wave-2"] == date(2027, 4, 20)
    assert days["scale"] is None
    assert wave_before(folder, wave_of(folder, "wave-2", "c")) == ("b",)


def test_a_gate_is_over_when_all_it_opens_is_live(programme_folder: Write) -> None:
    records = "- {milestone: go-live, on: 2027-03-02, by: A}\n"
    found, folder = programme(programme_folder, records, site="b", plan="gates:\n  wave-1: {approvals: {sponsor: 1}}\n")
    gone = judged(found, folder, "wave-1", AS_OF, witness=silent(found, folder))
    assert (gone.is_over, gone.decision, gone.notes) == (True, "go", ("Every site it opens is live.",))
    again = judged(found, folder, "wave-1", AS_OF, only=["b"], witness=silent(found, folder))
    assert again.decision == "no_go"


WAIVER = "- {{waiver: review, gate: go-live, owner: O, because: x, expires: {}, on: {}, by: C}}\n".format


@pytest.mark.parametrize(
    ("records", "waiver", "said"),
    [
        (WAIVER("2027-03-10", "2027-03-01"), "by O until 2027-03-10: x", "nothing shows review"),
        (WAIVER("2027-03-09", "2027-03-01"), "", "; the waiver of O expired on 2027-03-09"),
        (WAIVER("2027-04-01", "2027-03-01") + WAIVER("2027-03-05", "2027-03-02"), "", "expired on 2027-03-05"),
    ],
    ids=["its last day", "the day after", "the latest counts"],
)
def test_a_waiver_holds_to_its_last_day(programme_folder: Write, records: str, waiver: str, said: str) -> None:
    found, folder = programme(programme_folder, records, "{evidence: review}")
    (row,) = judged(found, folder, "go-live", AS_OF, witness=silent(found, folder)).criteria
    assert (row.waiver, row.met, said in row.message) == (waiver, False, True), row.message


def test_a_submitted_item_counts_from_its_request(programme_folder: Write) -> None:
    lines = "- {item: review, state: requested, on: 2027-01-04, by: C}\n- {item: review, state: submitted, on: 2027-01-08, by: C}\n"
    facts = programme(programme_folder, lines)[1].facts["a"]
    assert (facts.items["review"].on, facts.items["review"].state) == (date(2027, 1, 4), "requested")
    assert facts.submitted["review"].on == date(2027, 1, 8)
    assert not facts.is_done("review")
    alone = programme(programme_folder, lines.splitlines()[1] + "\n")[1].facts["a"]
    assert (alone.items["review"].state, alone.finished) == ("requested", {})
    again = programme(
        programme_folder, "- {item: review, state: done, on: 2027-01-04, by: C}\n" + lines.splitlines()[1]
    )
    assert again[1].facts["a"].items["review"].on == date(2027, 1, 8)
    assert again[1].facts["a"].finished["review"].on == date(2027, 1, 4)


def test_what_a_commit_follows_is_told_from_what_is_beside_it() -> None:
    ada = who("Ada")
    commits = tuple(
        Authored(id=name, parents=parents, author=ada)
        for name, parents in (("m", ("l", "r")), ("l", ("o",)), ("r", ("o",)), ("o", ()))
    )
    history = Authorship(commits)
    merge, left, right, old = commits
    assert history.since(merge) == commits
    assert history.since(merge, left) == (merge, right)
    assert history.since(left, right) == (left,)
    assert history.since(old, merge) == ()


def test_paths_of_evidence_never_leave_the_programme(programme_folder: Write, tmp_path: Path) -> None:
    found, folder = programme(
        programme_folder, "- {evidence: review, at: out.txt, on: 2027-01-04, by: C}\n", "{evidence: review}"
    )
    (tmp_path / "secret").write_text("x")
    (tmp_path / "programme/out.txt").symlink_to(tmp_path / "secret")
    gate = folder.plan.gates[0]
    one = judge(Measured(found, folder, AS_OF), gate, gate.needs[0], "a", None)
    assert (one.met, one.message) == (False, "the evidence out.txt is a link out of the programme's folder")
