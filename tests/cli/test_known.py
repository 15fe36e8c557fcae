"""Rules as a plan wants them, and problems a programme arrived with: the same for validate, plan and publish."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rollout import pipeline
from rollout.check.reference import SOFT
from rollout.cli.app import app
from rollout.problem import RolloutError
from tests.conftest import TODAY, Write, git

BARE = {"templates/presets/bare@1.yaml": "waves: {every: month}\n"}
PLAN = "name: V\npreset: bare@1\nwork_from: 2026-10-05\nlighthouse: a\n"
SITE = "name: {}\ncountry: FR\nlanguages: [en]\nsponsor: {{name: M}}\n"
LINKS = """\
systems:
  s: {kind: erp, connector: {live_since: 2026-01-05}}
  t: {kind: erp, connector: {live_since: 2026-01-05}}
links:
  orders: {between: [s, t], carries: orders}
"""
FILES = {
    **BARE,
    "sites/_systems.yaml": LINKS,
    "sites/a.yaml": SITE.format("A"),
    "sites/b.yaml": SITE.format("B").replace("sponsor", "# sponsor"),
    "waves/v/plan.yaml": PLAN,
}
"""One error that planning can go on in spite of (linked-systems), one warning (missing-sponsor)."""
KNOWN = "waves/_known.yaml"


def found(root: Path, as_of: date = TODAY) -> list[tuple[str, str]]:
    return [(p.severity, p.code) for p in pipeline.validate(root, as_of).problems]


def rules(text: str, plan: str = PLAN) -> dict[str, str]:
    return {"waves/v/plan.yaml": f"{plan}rules:\n  {text}\n"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("missing-sponsor: {severity: error, because: x}", [("error", "linked-systems"), ("error", "missing-sponsor")]),
        ("missing-sponsor: {off: true, because: x}", [("error", "linked-systems")]),
        ("linked-systems: {off: true, because: x}", [("warning", "missing-sponsor")]),
        (
            "linked-systems: {severity: warning, because: x}",
            [("warning", "linked-systems"), ("warning", "missing-sponsor")],
        ),
    ],
)
def test_a_plan_changes_a_rule(programme_folder: Write, said: str, expected: list[tuple[str, str]]) -> None:
    root = programme_folder({**FILES, **rules(said)})
    assert found(root) == expected
    if ("error", "linked-systems") in expected or ("error", "missing-sponsor") in expected:
        with pytest.raises(RolloutError) as caught:
            pipeline.plan(root, TODAY, dry_run=True)
        assert [("error", p.code) for p in caught.value.problems] == [e for e in expected if e[0] == "error"]
    else:
        assert len(pipeline.plan(root, TODAY, dry_run=True).schedule.sites) == 2


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("missing-sponser: {off: true, because: x}", 'unknown-rule: no rule of `rollout validate` is called "missing-sponser"; did you mean "missing-sponsor"?'),
        ("no-schedule: {off: true, because: x}", 'unknown-rule: no rule of `rollout validate` is called "no-schedule"'),
        ("unknown-site: {off: true, because: x}", "fixed-rule: unknown-site stays an error"),
        ("yaml: {severity: warning, because: x}", "fixed-rule: yaml stays an error"),
        ("unknown-system: {severity: warning, because: x}", "fixed-rule: unknown-system stays an error"),
        ("fixed-rule: {off: true, because: x}", "fixed-rule: fixed-rule stays an error"),
        ("silent: {off: true}", "missing-key: `because` is missing"),
        ("silent: {off: true, severity: error, because: x}", "say either `severity: error`"),
        ("silent: {severity: info, because: x}", "wrong-value: `severity`: this must be error or warning"),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_is_said(programme_folder: Write, said: str, expected: str) -> None:
    root = programme_folder({**FILES, **rules(said)})
    problems = [p for p in pipeline.validate(root, TODAY).problems if p.path == "waves/v/plan.yaml"]
    assert len(problems) == 1
    assert expected in str(problems[0])
    assert (problems[0].line, problems[0].severity) == (6, "error")


def test_the_errors_of_a_fixed_rule_stay_whatever_a_plan_says(programme_folder: Write) -> None:
    said = rules(
        "unknown-system: {off: true, because: x}",
        f"{PLAN}prerequisites: {{p: {{title: P, takes: 1d, where: {{systems: [x]}}}}}}\n",
    )
    assert ("error", "unknown-system") in found(programme_folder({**FILES, **said}))


def test_of_several_plans_the_strictest_decides_about_what_they_share(programme_folder: Write) -> None:
    second = PLAN.replace("lighthouse: a\n", "")
    off = "rules: {missing-sponsor: {off: true, because: x}, lighthouse-polish: {off: true, because: x}}\n"
    files = {**FILES, "waves/v/plan.yaml": PLAN + off, "waves/w/plan.yaml": second}
    assert ("warning", "missing-sponsor") in found(programme_folder(files)), "the other plan has it as it comes"
    assert ("warning", "lighthouse") in found(programme_folder(files))
    own = (
        files["waves/w/plan.yaml"]
        + "rules: {lighthouse: {off: true, because: x}, missing-sponsor: {off: true, because: x}}\n"
    )
    assert found(programme_folder({**files, "waves/w/plan.yaml": own})) == [("error", "linked-systems")]


@pytest.mark.parametrize("code", sorted(SOFT))
def test_what_is_softened_stands_in_no_plans_way(programme_folder: Write, code: str) -> None:
    broken = {
        "misplaced-record": {"waves/v/records/a.yaml": "- {approval: g, role: sponsor, decision: go, on: 2026-09-02, by: M}\n"},
        "opportunity-without-owner": {"waves/_portfolio.yaml": "opportunities: {o: {title: O, value: 1, effort: 1, plan: v}}\n"},
        "unknown-opportunity": {"waves/_portfolio.yaml": "opportunities: {o: {title: O, value: 1, effort: 1, owner: M}}\n"},
        "linked-systems": {},
    }  # fmt: skip
    work = {
        "raci": "activities: {x: {title: X, starts: T-9, takes: 2d, raci: {accountable: [site_lead, sponsor]}}}\n",
        "short-lived": "activities: {x: {title: X, starts: T-28, takes: 23d, valid_for: 3d}}\n",
        "unknown-opportunity": "opportunity: other\n",
    }
    plan = PLAN + work.get(code, "")
    own = {} if code == "linked-systems" else {"sites/_systems.yaml": ""}
    root = programme_folder({**FILES, **broken.get(code, {}), **own, "waves/v/plan.yaml": plan})
    assert ("error", code) in found(root)
    root = programme_folder(rules(f"{code}: {{off: true, because: x}}", plan))
    assert code not in [code for _, code in found(root)]
    pipeline.plan(root, TODAY)
    assert pipeline.render(root, TODAY).written


def known(root: Path, *words: str) -> list[str]:
    result = CliRunner().invoke(app, ["validate", "-C", str(root), "--as-of", str(TODAY), *words])
    return [*result.stdout.splitlines(), f"exit {result.exit_code}"]


def test_debts_are_written_down_counted_and_paid(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    said = known(root, "--write-known", "--until", "2026-12-31", "--because", "taken over", "--dry-run")
    assert not (root / KNOWN).exists()
    assert "+known:" in said
    assert known(root, "--write-known", "--until", "2026-12-31", "--because", "taken over") == [
        "2 known problems in waves/_known.yaml: 2 new, 0 dropped",
        "exit 0",
    ]
    written = (root / KNOWN).read_text()
    assert [line.partition(", fingerprint")[0] for line in written.splitlines()[2:]] == [
        "  - {path: sites/_systems.yaml, code: linked-systems",
        "  - {path: sites/b.yaml, code: missing-sponsor",
    ]
    assert written.count("until: 2026-12-31, because: taken over, says: ") == 2
    assert known(root) == ["2 sites: nothing wrong", "2 known problems", "exit 0"]
    assert known(root, "--strict")[-1] == "exit 0"
    assert len(pipeline.plan(root, TODAY, dry_run=True).schedule.sites) == 2
    assert [line.split(":")[0] for line in known(root, "--show-known")] == [
        "known", "sites/_systems.yaml", "sites/b.yaml", "2 sites", "2 known problems", "exit 0",
    ]  # fmt: skip

    programme_folder({"sites/_systems.yaml": "# moved down\n\n" + LINKS, "sites/b.yaml": SITE.format("B")})
    assert known(root)[-2] == "2 known problems, 1 of them gone: `rollout validate --write-known` drops them"
    assert json.loads("\n".join(known(root, "--format", "json")[:-1]))["summary"] == {
        "sites": 2, "errors": 0, "warnings": 0, "known": 1, "gone": 1,
    }  # fmt: skip
    assert known(root, "--write-known")[0] == "1 known problem in waves/_known.yaml: 0 new, 1 dropped"
    assert (root / KNOWN).read_text() == written.replace(written.splitlines(keepends=True)[3], ""), "not a byte more"
    programme_folder({"sites/_systems.yaml": ""})
    assert known(root, "--write-known")[-1] == "exit 0"
    assert not (root / KNOWN).exists()


def test_what_is_past_its_day_fails_again(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    last = date(2026, 12, 31)
    pipeline.write_known(root, TODAY, last, "x")
    assert found(root, last) == []
    after = pipeline.validate(root, last + timedelta(days=1))
    assert [p.code for p in after.problems] == ["linked-systems", "missing-sponsor"]
    assert all("it was to be mended by 2026-12-31" in p.hint for p in after.problems)
    with pytest.raises(RolloutError, match="linked-systems"):
        pipeline.plan(root, last + timedelta(days=1), dry_run=True)
    later = last + timedelta(days=90)
    pipeline.write_known(root, last + timedelta(days=1), later)
    assert (root / KNOWN).read_text().count(f"until: {later}, because: x") == 2
    assert found(root, later) == []


def test_what_planning_rests_on_cannot_be_known(programme_folder: Write) -> None:
    root = programme_folder(
        {**FILES, "sites/c.yaml": "nme: C\n", **rules("silent: {off: true, because: x}", f"{PLAN}apart: [[a, x]]\n")}
    )
    said = known(root, "--write-known")
    assert said[-2:] == [
        "2 known problems in waves/_known.yaml: 2 new, 0 dropped; 4 errors cannot be known and must be mended",
        "exit 1",
    ]
    assert {code for _, code in found(root)} == {"unknown-key", "missing-key", "unknown-site"}
    # And by hand neither: an entry for such an error is as good as none.
    mark = json.loads("\n".join(known(root, "--format", "gitlab")[:-1]))[-1]
    assert mark["check_name"] == "unknown-site"
    text = (
        root / KNOWN
    ).read_text() + f"  - {{path: waves/v/plan.yaml, code: unknown-site, fingerprint: {mark['fingerprint']}}}\n"
    (root / KNOWN).write_text(text)
    assert "unknown-site" in {code for _, code in found(root)}


def test_new_ones_fail_beside_equal_known_ones(programme_folder: Write) -> None:
    link = "between: [s, t], carries: orders}\n"
    root = programme_folder(FILES)
    pipeline.write_known(root, TODAY)
    (root / "sites/_systems.yaml").write_text(f"{LINKS}  again: {{{link}")
    assert found(root) == [("error", "linked-systems")], "one of two is new"
    pipeline.write_known(root, TODAY)
    assert "times: 2" in (root / KNOWN).read_text()
    assert found(root) == []


def test_branches_that_both_write_it_merge(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    pipeline.write_known(root, TODAY)
    text = (root / KNOWN).read_text()
    lines = text.splitlines(keepends=True)
    ours, theirs = lines[2], lines[3]
    (root / KNOWN).write_text(f"{''.join(lines[:2])}<<<<<<< ours\n{ours}=======\n{theirs}>>>>>>> theirs\n")
    assert ("error", "merge-markers") in found(root)
    done = pipeline.write_known(root, TODAY)
    assert (root / KNOWN).read_text() == text
    assert (done.added, done.dropped) == ((), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("known:\n  - {path: x, code: y, fingerprint: zz}\n", "wrong-value"),
        ("known:\n  - {path: x, code: y, fingerprint: 0123456789abcdef, untill: 2027-01-01}\n", "unknown-key"),
        ("- a\n", "wrong-value"),
        ("known: [\n", "yaml"),
    ],
)
def test_a_broken_file_is_a_problem_and_is_not_written_over(programme_folder: Write, text: str, expected: str) -> None:
    root = programme_folder({**FILES, KNOWN: text})
    assert (KNOWN, expected) in [(p.path, p.code) for p in pipeline.validate(root, TODAY).problems]
    with pytest.raises(RolloutError):
        pipeline.write_known(root, TODAY)
    assert (root / KNOWN).read_text() == text


def test_publish_goes_by_the_same_door(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        git(root, *words)
    with pytest.raises(RolloutError, match="linked-systems"):
        pipeline.publish(root, TODAY)
    pipeline.write_known(root, TODAY)
    with pytest.raises(RolloutError, match="uncommitted"):
        pipeline.publish(root, TODAY)
    git(root, "add", "waves")
    git(root, "commit", "-qm", "known")
    assert pipeline.publish(root, TODAY).commit


def test_options_that_go_with_writing_need_it(programme_folder: Write) -> None:
    assert known(programme_folder(FILES), "--until", "2027-01-01")[-1] == "exit 2"
