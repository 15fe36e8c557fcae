"""`rollout gate` and the approvals it judges, in real repositories: who may say go, for what, and for how long."""

from __future__ import annotations

import json
import shutil
import subprocess
import textwrap
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from rollout import pipeline
from rollout.cli.app import app
from rollout.model.gated import Gated
from rollout.problem import RolloutError
from tests.cli.line import rollout
from tests.conftest import Write, git

AS_OF = date(2027, 3, 10)
FILES = {
    "sites/a.yaml": "name: A\ncountry: FR\nsponsor: {name: Marc Petit, email: m.petit@example.com}\n",
    "sites/b.yaml": "name: B\ncountry: FR\nsponsor: {name: Marc Petit}\n",
    "sites/c.yaml": "name: C\ncountry: FR\nsponsor: {name: Marc Petit}\n",
    "sites/d.yaml": "name: D\ncountry: FR\nsponsor: {name: Marc Petit}\n",
    "waves/_teams.yaml": "approvers: {sponsor: [Marc Petit, Eva Lind], security: [Ines Wolff]}\n",
    "waves/v/plan.yaml": """
        name: V
        version: "2.3"
        preset: bare@1
        work_from: 2026-10-05
        lighthouse: a
        activities:
          review: {title: Review, starts: T-60, takes: 20d}
        gates:
          wave-1:
            on: T-28
            tolerance: 5d
            approvals: {sponsor: 1, security: 1}
            needs:
              reviewed: {evidence: review, at: lighthouse, max_age: 365d}
              used: {measure: adoption, at: lighthouse, at_least: 60, unit: "%"}
              trained: {measure: training-reach, at_least: 90}
        """,
    "templates/presets/bare@1.yaml": "waves: {every: month}\n",
    "waves/v/schedule.yaml": """
        made: {as_of: 2026-10-01, engine: core, effort: normal, outcome: feasible, proved: []}
        sites:
          a: {wave: 0, go_live: 2027-02-02}
          b: {wave: 1, go_live: 2027-04-06}
          c: {wave: 1, go_live: 2027-04-13}
          d: {wave: 2, go_live: 2027-05-04}
        """,
    "waves/v/records/a.yaml": """
        - {milestone: go-live, on: 2027-02-02, by: A}
        - {item: review, state: done, evidence: docs/review.txt, on: 2027-03-01, by: A}
        - {users: {onboarded: 100, active: 70}, on: 2027-03-01, by: A}
        """,
    "waves/v/records/b.yaml": "- {proof: training-reach, after: 95, on: 2027-03-02, by: B}\n",
    "waves/v/records/c.yaml": "- {proof: training-reach, after: 95, on: 2027-03-02, by: B}\n",
    "docs/review.txt": "fine\n",
}


@pytest.fixture
def root(programme_folder: Write, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A programme in a repository, everything of it by Ada."""
    root = programme_folder(FILES)
    made = tmp_path_factory.getbasetemp() / "made-once"
    if not made.exists():
        git(root, "init", "-q", "-b", "main")
        commit(root, "Ada", "start")
        shutil.copytree(root / ".git", made)
    else:
        shutil.copytree(made, root / ".git")
    return root


def commit(root: Path, name: str, message: str, address: str = "") -> None:
    git(root, "add", "-A")
    who = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": address or f"{name.lower().replace(' ', '.')}@example.com"}
    git(root, "commit", "-qm", message, **who)


def approve(
    root: Path, role: str, by: str, *more: str, decision: str = "go", user: str = "Rita", day: date = AS_OF
) -> str:
    words = ["_plan", "approval", "wave-1", decision, "--role", role, *more]
    done = pipeline.record(root, words, {"by": by, "on": day.isoformat()}, day, user=user)
    return done.records[0].line


def approved(root: Path, *, recorder: str = "Rita") -> None:
    """Both approvals, committed by somebody who wrote nothing else."""
    approve(root, "sponsor", "Marc Petit")
    approve(root, "security", "Ines Wolff")
    commit(root, recorder, "approve")


def typed(root: Path, *words: str) -> Result:
    """What a person types, without the start of a Python for each."""
    return CliRunner(env={"COLUMNS": "100"}).invoke(app, ["gate", *words, "-C", str(root)])


def judged(root: Path, *sites: str, as_of: date = AS_OF, gate: str = "wave-1") -> Gated:
    return pipeline.gate(root, as_of, gate, sites=sites)


def said(found: Gated) -> list[str]:
    """What does not pass, with its place."""
    rows = [(check.path, check.line, f"{check.id}: {check.message}") for check in found.criteria if not check.passes]
    rows += [(one.path, one.line, f"{one.role}: {one.message}") for one in found.approvals if not one.counts and one.by]
    missing = [one for one in found.approvals if not one.by]
    rows += [] if rows else [(one.path, one.line, f"{one.role}: {one.message}") for one in missing]
    return [f"{path}:{line}: {text}" for path, line, text in rows]


def edit(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def append(root: Path, path: str, text: str) -> None:
    file = root / path
    file.write_text(f"{file.read_text() if file.exists() else ''}{text}")


def test_a_gate_opens_when_all_is_met_and_approved(root: Path) -> None:
    found = judged(root)
    assert found.decision == "no_go"
    assert (found.on, found.is_late) == (date(2027, 3, 9), True)
    assert [one.split(" (")[0] for one in said(found)] == [
        "waves/v/plan.yaml:12:18: sponsor: no approval by sponsor".replace(":18", ""),
        "waves/v/plan.yaml:12:30: security: no approval by security".replace(":30", ""),
    ]
    approved(root)
    found = judged(root)
    assert said(found) == []
    assert (found.decision, found.ready, found.holding) == ("go", ("b", "c"), ())
    assert pipeline.validate(root, AS_OF).errors == 0


def test_the_record_holds_what_it_is_for_and_nobody_types_it(root: Path) -> None:
    line = approve(root, "sponsor", "Marc Petit", "--sites", "c")
    assert line.startswith(
        "{approval: wave-1, decision: go, role: sponsor, recorded_by: Rita, on: 2027-03-10, by: Marc"
    )
    assert "go_live: 2027-04-13}}" in line
    assert judged(root).sites[1].binds in line
    with pytest.raises(RolloutError, match="worked out, not typed"):
        approve(root, "sponsor", "Marc Petit", "--sites", f"c.binds=v1:{'0' * 64}")
    for sites, why in (("d", "does not decide about d: it is in wave 2"), ("x", 'no site "x"')):
        with pytest.raises(RolloutError, match=why):
            approve(root, "sponsor", "Marc Petit", "--sites", sites)
    with pytest.raises(RolloutError, match="Rita Roe may not approve as sponsor; sponsor: Marc Petit, Eva Lind"):
        approve(root, "sponsor", "Rita Roe")
    with pytest.raises(RolloutError, match='nobody holds the role "finance"'):
        approve(root, "finance", "Marc Petit")


@pytest.mark.parametrize(
    ("path", "old", "new", "named"),
    [
        ("sites/b.yaml", "country: FR", "country: BE", "country"),
        ("waves/v/plan.yaml", 'version: "2.3"', 'version: "2.4"', "version"),
        ("waves/v/plan.yaml", "at_least: 60", "at_least: 65", "criterion used"),
        ("docs/review.txt", "fine", "fine but", "evidence reviewed"),
    ],
)
def test_what_changed_since_an_approval_is_named(root: Path, path: str, old: str, new: str, named: str) -> None:
    approved(root)
    edit(root, path, old, new)
    found = judged(root, "b")
    assert found.decision == "no_go"
    stale = [one for one in said(found) if ": stale: " in one]
    assert len(stale) == 2
    assert all(f"stale: {named} changed since commit " in one for one in stale)
    warned = [p for p in pipeline.validate(root, AS_OF).problems if p.code == "stale-approval"]
    assert {(p.path, p.severity) for p in warned} == {("waves/v/records/_plan.yaml", "warning")}
    assert all("for b: what it is for has changed" in p.message for p in warned if " for b:" in p.message)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("sites/b.yaml", "name: B", "# seen\nname: Bb"),
        ("sites/d.yaml", "country: FR", "country: BE\nsystems: []"),
        ("waves/v/plan.yaml", "name: V", "name: Another"),
        ("waves/v/schedule.yaml", "b: {wave: 1, go_live: 2027-04-06}", "b: {wave: 1, go_live: 2027-04-11}"),
        ("waves/v/schedule.yaml", "d: {wave: 2, go_live: 2027-05-04}", "d: {wave: 3, go_live: 2027-06-01}"),
        ("waves/v/records/b.yaml", "after: 95", "after: 96"),
    ],
)
def test_what_it_does_not_bind_changes_nothing(root: Path, path: str, old: str, new: str) -> None:
    approved(root)
    edit(root, path, old, new)
    commit(root, "Marc Petit", "after the approval, so he is no author of what he approved")
    found = judged(root)
    assert said(found) == []
    assert found.decision == "go"


def test_a_go_live_may_move_by_the_tolerance_and_no_more(root: Path) -> None:
    approved(root)
    edit(root, "waves/v/schedule.yaml", "2027-04-06", "2027-04-12")
    found = judged(root)
    assert (found.ready, found.holding) == (("c",), ("b",))
    assert "its go-live moved from 2027-04-06 to 2027-04-12, 6 days later, and 5d are tolerated" in said(found)[0]


def test_who_joins_is_not_approved_and_who_leaves_changes_nobody(root: Path) -> None:
    approved(root)
    edit(root, "waves/v/schedule.yaml", "d: {wave: 2", "d: {wave: 1")
    append(root, "waves/v/records/c.yaml", "- {status: dropped, on: 2027-03-09, by: B}\n")
    append(root, "waves/v/records/d.yaml", "- {proof: training-reach, after: 95, on: 2027-03-02, by: B}\n")
    found = judged(root)
    assert (found.ready, found.holding) == (("b",), ("d",))
    assert [one.sites for one in found.approvals if not one.counts] == [("d",), ("d",)]


def test_the_ready_go_without_the_rest(root: Path) -> None:
    edit(root, "waves/v/records/c.yaml", "after: 95", "after: 80")
    commit(root, "Ada", "a worse figure")
    approved(root)
    text = typed(root, "wave-1", "--as-of", AS_OF.isoformat())
    assert text.exit_code == 1
    assert "Ready: b." in text.stdout
    assert "Held up by c." in text.stdout
    assert "rollout gate wave-1 --sites b" in text.stdout
    assert "trained at c: trained (training-reach) is 80 %, at least 90 % is wanted" in " ".join(text.stdout.split())
    alone = typed(root, "wave-1", "--sites", "b", "--as-of", AS_OF.isoformat())
    assert alone.exit_code == 0
    assert "Not asked about: c." in alone.stdout
    assert typed(root, "wave-1", "--sites", "d").exit_code == 1
    assert typed(root, "--sites", "b").exit_code == 2


def test_a_waiver_makes_a_go_conditional_until_it_expires(root: Path) -> None:
    edit(root, "waves/v/records/a.yaml", "active: 70", "active: 50")
    commit(root, "Ada", "fewer")
    approved(root)
    assert judged(root).decision == "no_go"
    why = "- {waiver: used, owner: Eva Lind, expires: 2027-03-20, because: holidays, on: 2027-03-09, by: Eva Lind}\n"
    append(root, "waves/v/records/_plan.yaml", why)
    found = judged(root)
    assert found.decision == "conditional_go"
    assert [check.waiver for check in found.waivers] == ["by Eva Lind until 2027-03-20: holidays"]
    run = typed(root, "wave-1", "--as-of", "2027-03-20", "--format", "json")
    assert run.exit_code == 0
    answer = json.loads(run.stdout)
    assert (answer["version"], answer["decision"]) == (1, "conditional_go")
    assert {"id", "met", "message", "path", "line"} <= answer["criteria"][0].keys()
    over = judged(root, as_of=date(2027, 3, 21))
    assert over.decision == "no_go"
    assert "the waiver of Eva Lind expired on 2027-03-20" in said(over)[0]
    elsewhere = why.replace("waiver: used", "waiver: used, gate: exit")
    edit(root, "waves/v/records/_plan.yaml", why, elsewhere)
    assert judged(root).decision == "no_go"


def test_a_waiver_of_one_site_is_for_that_site(root: Path) -> None:
    edit(root, "waves/v/records/a.yaml", "active: 70", "active: 50")
    commit(root, "Ada", "fewer")
    approved(root)
    why = "- {waiver: used, owner: Eva Lind, expires: 2027-03-20, because: x, on: 2027-03-09, by: Eva Lind}\n"
    append(root, "waves/v/records/b.yaml", why)
    found = judged(root)
    assert {site.site: site.decision for site in found.sites} == {"b": "conditional_go", "c": "no_go"}


def test_a_conditional_approval_and_a_refusal(root: Path) -> None:
    approve(root, "security", "Ines Wolff")
    approve(root, "sponsor", "Marc Petit", "--because", "if it stays cool", decision="conditional_go")
    commit(root, "Rita", "approve")
    assert judged(root).decision == "conditional_go"
    approve(root, "sponsor", "Eva Lind", "--because", "not in April", "--sites", "c", decision="no_go")
    commit(root, "Rita", "refuse")
    found = judged(root)
    assert (found.ready, found.holding) == (("b",), ("c",))
    assert "Eva Lind on 2027-03-10: no go, because not in April" in said(found)[0]
    approve(root, "sponsor", "Eva Lind", "--sites", "c", day=date(2027, 3, 11))
    commit(root, "Rita", "go after all")
    assert judged(root, as_of=date(2027, 3, 11)).decision == "conditional_go"
    assert judged(root).holding == ("c",), "as of the day before, the refusal stands"


def test_an_approval_of_a_site_is_none_of_one_that_had_its_id_before(root: Path) -> None:
    """b was called c until another site took that id; their approvals would bind the same."""
    schedule = FILES["waves/v/schedule.yaml"].replace("2027-04-13", "2027-04-06")
    (root / "waves/v/schedule.yaml").write_text(textwrap.dedent(schedule).lstrip())
    (root / "sites/b.yaml").write_text(FILES["sites/b.yaml"] + "formerly: [c]\n")
    commit(root, "Ada", "rename")
    approve(root, "sponsor", "Marc Petit", "--sites", "c")
    approve(root, "security", "Ines Wolff", "--sites", "c")
    commit(root, "Rita", "approve")
    found = {site.site: site.decision for site in judged(root).sites}
    assert found == {"b": "no_go", "c": "go"}


def test_two_of_one_role_are_none_of_the_other(root: Path) -> None:
    approve(root, "sponsor", "Marc Petit")
    approve(root, "sponsor", "Eva Lind")
    commit(root, "Rita", "approve")
    assert [one.split(" (")[0] for one in said(judged(root))] == [
        "waves/v/plan.yaml:12: security: no approval by security"
    ]
    edit(root, "waves/v/plan.yaml", "{sponsor: 1, security: 1}", "{sponsor: 3}")
    assert "2 of 3 approvals by sponsor" in said(judged(root))[0]


def test_nobody_approves_what_they_wrote(root: Path) -> None:
    edit(root, "sites/b.yaml", "country: FR", "country: FR\nlanguages: [fr]")
    commit(root, "Marc Petit", "a language")
    approved(root)
    found = judged(root)
    assert (found.ready, found.holding) == (("c",), ("b",))
    assert "Marc Petit wrote part of what is approved (sites/b.yaml in commit " in said(found)[0]
    approve(root, "sponsor", "Eva Lind", "--sites", "b")
    commit(root, "Rita", "another sponsor")
    assert judged(root).decision == "go"


@pytest.mark.parametrize("way", ["co-author", "mailmap", "address", "recorder", "same commit", "evidence", "records"])
def test_every_way_of_having_written_it_counts(root: Path, way: str) -> None:
    edit(root, "sites/a.yaml", "name: A", "name: Aa")  # not read for wave 1
    commit(root, "Marc Petit", "somewhere else")
    language = ("sites/b.yaml", "country: FR", "country: FR\nlanguages: [fr]")
    recorder = "Rita"
    if way == "co-author":
        edit(root, *language)
        commit(root, "Bo", "a language\n\nCo-authored-by: Marc Petit <marc@example.com>")
    elif way == "mailmap":
        (root / ".mailmap").write_text("Marc Petit <m@example.com> <mp77@example.com>\n")
        edit(root, *language)
        commit(root, "mp77", "a language", "mp77@example.com")
    elif way == "address":
        edit(root, *language)
        commit(root, "mpetit", "a language", "M.Petit@example.com")
    elif way == "evidence":
        edit(root, "docs/review.txt", "fine", "all is fine")
        commit(root, "Marc Petit", "a word")
    elif way == "records":
        edit(root, "waves/v/records/a.yaml", "on: 2027-03-01, by: A}\n- {users", "on: 2027-03-02, by: A}\n- {users")
        commit(root, "Marc Petit", "the day of the evidence")
    elif way == "recorder":
        edit(root, *language)
        commit(root, "Bo", "a language")
        recorder = "Bo"
    approve(root, "sponsor", "Marc Petit", "--sites", "b")
    approve(root, "security", "Ines Wolff", "--sites", "b")
    if way == "same commit":
        edit(root, *language)
        approve(root, "sponsor", "Marc Petit", "--sites", "b", day=date(2027, 3, 11))
        recorder = "Bo"
    commit(root, recorder, "approve")
    found = judged(root, "b", as_of=date(2027, 3, 11))
    doubts = [one for one in said(found) if "not independent" in one]
    assert found.decision == "no_go"
    assert doubts
    assert "wrote part of what is approved" in doubts[0]


def test_records_that_no_digest_reads_make_nobody_an_author(root: Path) -> None:
    append(root, "waves/v/records/a.yaml", "- {note: review, says: ask again, on: 2027-03-02, by: Marc Petit}\n")
    commit(root, "Marc Petit", "a note")
    approved(root)
    assert judged(root).decision == "go"


def test_what_was_approved_before_is_not_asked_again(root: Path) -> None:
    edit(root, "sites/b.yaml", "country: FR", "country: FR\nlanguages: [fr]")
    commit(root, "Marc Petit", "a language")
    approve(root, "sponsor", "Eva Lind")
    approve(root, "security", "Ines Wolff")
    commit(root, "Rita", "approve")
    edit(root, "sites/b.yaml", "languages: [fr]", "languages: [fr, en]")
    commit(root, "Ada", "another language")
    approved(root)
    assert judged(root).decision == "go", "Marc's own change was approved by others before"


def test_an_approval_of_ones_own_opens_no_new_page(root: Path) -> None:
    edit(root, "sites/b.yaml", "country: FR", "country: FR\nlanguages: [fr]")
    approve(root, "sponsor", "Marc Petit")
    commit(root, "Marc Petit", "a language, and approved at once")
    edit(root, "sites/b.yaml", "languages: [fr]", "languages: [fr, en]")
    commit(root, "Ada", "another language")
    approved(root)
    assert judged(root).holding == ("b",)


def test_merging_changes_nothing(root: Path) -> None:
    git(root, "switch", "-qc", "approvals")
    approved(root)
    git(root, "switch", "-q", "main")
    edit(root, "sites/d.yaml", "name: D", "name: Dd")
    commit(root, "Ada", "meanwhile")
    git(root, "merge", "-q", "--no-ff", "-m", "merge", "approvals", GIT_AUTHOR_NAME="Marc Petit")
    assert judged(root).decision == "go"


def test_a_merge_counts_for_what_it_changed_itself(root: Path) -> None:
    git(root, "switch", "-qc", "one")
    edit(root, "sites/b.yaml", "country: FR", "country: BE")
    commit(root, "Ada", "one")
    git(root, "switch", "-q", "main")
    edit(root, "sites/b.yaml", "country: FR", "country: DE")
    commit(root, "Ada", "two")
    subprocess.run(["git", "merge", "-q", "one"], cwd=root, check=False, capture_output=True)
    (root / "sites/b.yaml").write_text("name: B\ncountry: AT\nsponsor: {name: Marc Petit}\n")
    commit(root, "Marc Petit", "resolved")
    approved(root)
    assert "Marc Petit wrote part" in said(judged(root))[0]


def test_without_history_nothing_is_known(root: Path, tmp_path: Path) -> None:
    approve(root, "sponsor", "Marc Petit")
    approve(root, "security", "Ines Wolff")
    assert all("its line is not committed yet" in one for one in said(judged(root)))
    commit(root, "Rita", "approve")
    git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), "shallow")
    shallow = judged(tmp_path / "shallow")
    assert shallow.decision == "no_go"
    assert all("run `git fetch --unshallow`" in one for one in said(shallow))
    git(tmp_path / "shallow", "fetch", "-q", "--unshallow")
    assert judged(tmp_path / "shallow").decision == "go"
    git(tmp_path, "clone", "-q", root.as_uri(), "bare-files")
    (tmp_path / "bare-files/.git").rename(tmp_path / "elsewhere")
    assert all("in no git repository" in one for one in said(judged(tmp_path / "bare-files")))


def test_a_programme_below_the_top_of_its_repository(programme_folder: Write) -> None:
    root = programme_folder(FILES)
    git(root.parent, "init", "-q", "-b", "main")
    commit(root.parent, "Ada", "start")
    approved(root)
    assert judged(root).decision == "go"
    edit(root, "sites/b.yaml", "country: FR", "country: BE")
    assert "stale: country changed since commit" in said(judged(root, "b"))[0]


def test_a_digest_that_was_typed_is_found_out(root: Path) -> None:
    approved(root)
    file = root / "waves/v/records/_plan.yaml"
    digest = judged(root).sites[0].binds
    file.write_text(file.read_text().replace(digest, f"v1:{'0' * 64}"))
    commit(root, "Bo", "clever")
    assert "matches neither what stands there now nor what stood there when it was committed" in said(judged(root))[0]
    file.write_text(file.read_text().replace(f"v1:{'0' * 64}", "v1:00"))
    with pytest.raises(RolloutError, match='"v1:00" is no digest: `rollout record` writes') as caught:
        judged(root)
    assert (caught.value.problems[0].path, caught.value.problems[0].line) == ("waves/v/records/_plan.yaml", 1)


def test_an_approval_that_binds_nothing_counts_for_nothing(root: Path) -> None:
    text = "- {approval: wave-1, role: sponsor, decision: go, by: Marc Petit, on: 2027-03-10, sites: {b: {}, c: {}}}\n"
    (root / "waves/v/records/_plan.yaml").write_text(text)
    commit(root, "Rita", "approve")
    assert "it binds nothing; record it again" in said(judged(root))[0]


def test_all_gates_with_their_days(root: Path) -> None:
    early = typed(root, "--as-of", "2027-03-09")
    assert early.exit_code == 0
    assert early.stdout.splitlines()[2].split()[:6] == ["wave-1", "9", "Mar", "2027", "NO", "GO"]
    late = typed(root, "--as-of", "2027-03-10", "--format", "json")
    assert late.exit_code == 1
    answer = json.loads(late.stdout)
    assert [(gate["gate"], gate["late"]) for gate in answer["gates"]] == [("wave-1", True)]
    unknown = rollout("gate", "wave-9", cwd=root)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert 'unknown-gate: the plan v has no gate "wave-9"; did you mean "wave-1"?' in unknown.stderr
    (root / "waves/v/plan.yaml").write_text(FILES["waves/v/plan.yaml"].replace("wave-1:", "wave:"))
    beyond = rollout("gate", "wave-9", cwd=root)
    assert (beyond.returncode, beyond.stdout) == (1, ""), "a gate for every wave is none for a wave that is not there"
    assert 'unknown-gate: the plan v has no gate "wave-9"; did you mean "wave-' in beyond.stderr


@pytest.mark.parametrize("how", ["text", "markdown", "csv"])
def test_every_writer_shows_every_row(root: Path, how: str) -> None:
    run = typed(root, "wave-1", "--as-of", AS_OF.isoformat(), "--format", how)
    assert run.exit_code == 1
    shown = " ".join(run.stdout.split()).replace("\\", "")
    assert all(name in shown for name in ("reviewed", "trained", "approval sponsor", "waves/v/plan.yaml:12"))


def test_records_of_later_days_do_not_count(root: Path) -> None:
    approved(root)
    assert judged(root, as_of=date(2027, 2, 28)).decision == "no_go"
    found = [one for one in said(judged(root, as_of=date(2027, 2, 28))) if "reviewed" in one]
    assert "nothing shows review" in found[0]
