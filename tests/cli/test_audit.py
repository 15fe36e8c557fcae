"""`rollout audit` on real repositories: who brought a line, who took it away, whatever git was told to do."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.model.audited import Audited, Decided
from rollout.problem import RolloutError
from tests.cli.line import rollout
from tests.conftest import Write, git

GO = "- {approval: wave-1, role: sponsor, decision: go, by: Marc Petit, recorded_by: Ines Wolff, on: 2027-03-02}\n"
NO = GO.replace("decision: go", "decision: no_go")
HALT = "- {halt: recall, because: cameras recalled, on: 2027-03-05, by: Katrin Sommer}\n"
PLAN_RECORDS = "waves/v/records/_plan.yaml"
LYON = "waves/v/records/lyon.yaml"
FILES = {
    "sites/lyon.yaml": "name: Lyon\ncountry: FR\nsponsor: {name: Marc Petit}\n",
    "waves/v/plan.yaml": """
        name: V
        work_from: 2026-10-05
        lighthouse: lyon
        gates:
          wave-1:
            on: T-28
            needs: [{evidence: security-review}, {measure: escape-rate, at: lighthouse, at_most: 250}]
        activities: {security-review: {title: Have it reviewed, starts: T-60, takes: 20d}}
        """,
    LYON: """\
        - {item: security-review, state: done, evidence: docs/lyon.pdf, on: 2027-01-20, by: Ines Wolff}
        - {item: security-review, state: done, evidence: docs/later.pdf, on: 2027-04-20, by: Ines Wolff}
        - {proof: escape-rate, before: 900, after: 210, unit: ppm, on: 2027-02-28, by: Bernd Aigner}
        - {status: preparing, on: 2026-10-06, by: Claire Dubois}
        """,
}


class Repo:
    """A programme in a repository, and commits by name of author."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "-q", "-b", "main")
        self.commit("Ana Ruiz")

    def git(self, *words: str) -> str:
        return git(self.root, *words).strip()

    def commit(self, author: str, **files: str) -> str:
        for name, text in files.items():
            path = {"plan": PLAN_RECORDS, "lyon": LYON}.get(name, name)
            (self.root / path).write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git(
            "commit",
            "-q",
            "--allow-empty",
            "--author",
            f"{author} <{author.split(maxsplit=1)[0].lower()}@example.com>",
            "-m",
            "x",
        )
        return self.git("rev-parse", "HEAD")

    def audit(self, site: str | None = None) -> Audited:
        return pipeline.audit(self.root, site_id=site)

    def one(self, kind: str) -> Decided:
        (found,) = (one for one in self.audit().decisions if one.kind == kind)
        return found


@pytest.fixture
def repo(programme_folder: Write) -> Repo:
    return Repo(programme_folder(FILES))


def test_an_approval_has_its_place_its_commit_and_what_it_rests_on(repo: Repo) -> None:
    brought = repo.commit("Ines Wolff", plan="# decisions\n" + GO)
    repo.commit("Ana Ruiz", plan="# decisions\n" + HALT + GO)  # moved down a line, and nothing else
    one = repo.one("approval")
    assert one.commit is not None
    assert (one.place, one.commit.id, one.commit.author) == (f"{PLAN_RECORDS}:3", brought, "Ines Wolff")
    assert (one.by, one.recorded_by, one.says) == ("Marc Petit", "Ines Wolff", "wave-1: go as sponsor")
    assert [str(evidence) for evidence in one.evidence] == [
        "escape-rate: before 900, after 210 ppm (lyon, 28 Feb 2027)"
    ]
    assert [decision.kind for decision in repo.audit().decisions] == ["status", "approval", "halt"]


def test_evidence_is_what_was_known_at_the_sites_it_covers_on_that_day(repo: Repo) -> None:
    repo.commit("Ines Wolff", plan=GO.replace("on: 2027", "sites: {lyon: {}}, on: 2027"))
    said = [str(evidence) for evidence in repo.one("approval").evidence]
    assert said[0] == "security-review: docs/lyon.pdf (lyon, 20 Jan 2027)"


def test_evidence_is_what_the_gate_asks_for_where_it_asks(repo: Repo) -> None:
    """At a site it names, at the wave before, by the name of the criterion, for a wave without a gate of its own."""
    gate = """\
  wave:
    needs:
      tried: {evidence: trial, at: lyon}
      seen: {evidence: visit, at: previous-wave}
      signed: {evidence: contract}
"""
    shown = {
        name: f"- {{evidence: {name}, at: docs/{name}.pdf, on: 2027-02-01, by: Ines Wolff}}\n"
        for name in ("trial", "visit", "signed")
    }
    repo.commit(
        "Ana Ruiz",
        **{
            "waves/v/plan.yaml": (repo.root / "waves/v/plan.yaml").read_text().replace("gates:\n", "gates:\n" + gate),
            "sites/graz.yaml": "name: Graz\ncountry: AT\n",
            "sites/wels.yaml": "name: Wels\ncountry: AT\n",
            "waves/v/schedule.yaml": """\
made: {as_of: 2026-10-01, engine: core, outcome: feasible}
sites:
  lyon: {wave: 0, go_live: 2027-01-12}
  graz: {wave: 1, go_live: 2027-03-02}
  wels: {wave: 2, go_live: 2027-04-06}
""",
            LYON: shown["trial"] + shown["visit"],
            "waves/v/records/graz.yaml": shown["visit"],
            "waves/v/records/wels.yaml": shown["signed"] + shown["trial"],
            "plan": GO.replace("wave-1", "wave-2").replace("on: 2027", "sites: {wels: {}}, on: 2027"),
        },
    )
    assert [str(evidence) for evidence in repo.one("approval").evidence] == [
        "tried: docs/trial.pdf (lyon, 1 Feb 2027)",
        "seen: docs/visit.pdf (graz, 1 Feb 2027)",
        "signed: docs/signed.pdf (wels, 1 Feb 2027)",
    ]


def test_a_removed_approval_is_shown_with_the_commit_that_removed_it(repo: Repo) -> None:
    brought = repo.commit("Ines Wolff", plan=GO)
    removed = repo.commit("Karl Weg", plan="[]\n")
    one = repo.one("approval")
    assert one.is_removed
    assert one.commit is not None
    assert one.removed is not None
    assert (one.line, one.commit.id, one.removed.id, one.removed.author) == (None, brought, removed, "Karl Weg")
    assert any("removed by Karl Weg" in note for note in repo.audit().table().notes)


def test_a_whole_file_removed_or_a_line_gone_without_a_commit_is_seen(repo: Repo) -> None:
    repo.commit("Ines Wolff", plan=GO)
    (repo.root / PLAN_RECORDS).write_text("[]\n")
    assert (repo.one("approval").is_removed, repo.one("approval").removed) == (True, None)
    (repo.root / PLAN_RECORDS).unlink()
    removed = repo.commit("Karl Weg")
    gone = repo.one("approval").removed
    assert gone is not None
    assert gone.id == removed


def test_a_changed_approval_is_a_removed_one_and_a_new_one(repo: Repo) -> None:
    repo.commit("Ines Wolff", plan=NO)
    changed = repo.commit("Karl Weg", plan=GO)
    old, new = (one for one in repo.audit().decisions if one.kind == "approval")
    assert (old.says, old.is_removed, old.replaced) == (
        "wave-1: no_go as sponsor",
        True,
        "wave-1: go as sponsor of 2027-03-02 by Marc Petit",
    ) or (new.says, new.is_removed) == ("wave-1: no_go as sponsor", True)
    standing = next(one for one in (old, new) if not one.is_removed)
    assert standing.commit is not None
    assert (standing.says, standing.commit.id) == ("wave-1: go as sponsor", changed)


def test_a_line_written_another_way_is_the_same_decision(repo: Repo) -> None:
    brought = repo.commit("Ines Wolff", plan=GO)
    other = "- approval: wave-1\n  role: sponsor\n  decision: go\n  by: Marc Petit\n  recorded_by: Ines Wolff\n"
    repo.commit("Karl Weg", plan=GO.replace("wave-1", '"wave-1"').replace("}", "}   # spoken in the meeting"))
    one = repo.one("approval")
    assert one.commit is not None
    assert (one.is_removed, one.commit.id) == (False, brought)
    rewritten = repo.commit("Karl Weg", plan=f"{other}  on: 2027-03-02\n")
    one = repo.one("approval")  # in several lines: found by its first
    assert one.commit is not None
    assert (one.is_removed, one.line, one.commit.id) == (False, 1, rewritten)


def test_removed_and_brought_back_counts_from_the_second_time(repo: Repo) -> None:
    repo.commit("Ines Wolff", plan=GO)
    repo.commit("Karl Weg", plan="[]\n")
    again = repo.commit("Ana Ruiz", plan=GO)
    one = repo.one("approval")
    assert one.commit is not None
    assert (one.is_removed, one.commit.id) == (False, again)


@pytest.mark.parametrize("how", ["merge", "ours"])
def test_merges_bring_lines_from_side_branches_or_drop_them(repo: Repo, how: str) -> None:
    repo.git("switch", "-q", "-c", "side")
    brought = repo.commit("Ines Wolff", plan=GO)
    repo.git("switch", "-q", "main")
    repo.commit("Ana Ruiz", **{"sites/lyon.yaml": "name: Lyon\ncountry: FR\n"})
    strategy = ["-s", "ours"] if how == "ours" else []
    repo.git("merge", "-q", "--no-ff", *strategy, "-m", "merged", "side")
    merge = repo.git("rev-parse", "HEAD")
    one = repo.one("approval")
    assert one.commit is not None
    assert one.commit.id == brought
    assert one.is_removed == (how == "ours")
    assert (one.removed.id if one.removed else None) == (merge if how == "ours" else None)


def test_a_renamed_site_keeps_its_history(repo: Repo) -> None:
    first = repo.git("rev-parse", "HEAD")
    repo.git("mv", LYON, "waves/v/records/lyon-2.yaml")
    repo.git("mv", "sites/lyon.yaml", "sites/lyon-2.yaml")
    plan = (repo.root / "waves/v/plan.yaml").read_text().replace("lyon", "lyon-2")
    repo.commit(
        "Karl Weg", **{"waves/v/plan.yaml": plan, "sites/lyon-2.yaml": FILES["sites/lyon.yaml"] + "formerly: lyon\n"}
    )
    for found in (repo.audit(), repo.audit("lyon-2")):
        (one,) = found.decisions
        assert one.commit is not None
        assert (one.kind, one.site, one.is_removed, one.commit.id) == ("status", "lyon-2", False, first)


def test_an_approval_under_a_former_id_is_about_the_site_and_rests_on_its_records(repo: Repo) -> None:
    repo.commit("Ines Wolff", plan=GO.replace("on: 2027", "sites: {lyon: {}}, on: 2027"))
    repo.git("mv", LYON, "waves/v/records/lyon-2.yaml")
    repo.git("mv", "sites/lyon.yaml", "sites/lyon-2.yaml")
    plan = (repo.root / "waves/v/plan.yaml").read_text().replace("lyon", "lyon-2")
    renamed = FILES["sites/lyon.yaml"] + "formerly: lyon\n"
    repo.commit("Karl Weg", **{"waves/v/plan.yaml": plan, "sites/lyon-2.yaml": renamed})
    for found in (repo.audit(), repo.audit("lyon-2")):
        (one,) = (one for one in found.decisions if one.kind == "approval")
        assert (one.sites, [str(evidence) for evidence in one.evidence]) == (
            ("lyon",),
            [
                "security-review: docs/lyon.pdf (lyon-2, 20 Jan 2027)",
                "escape-rate: before 900, after 210 ppm (lyon-2, 28 Feb 2027)",
            ],
        )


def test_a_programme_below_the_top_and_a_user_with_settings_of_their_own(repo: Repo) -> None:
    brought = repo.commit("Ines Wolff", plan=GO)
    repo.commit("Karl Weg", plan=GO + HALT)
    for setting in ("diff.noprefix", "diff.mnemonicPrefix", "diff.renames", "log.follow", "diff.relative"):
        repo.git("config", setting, "true")
    repo.git("config", "diff.interHunkContext", "9")
    repo.git("config", "diff.context", "5")
    assert repo.one("approval").commit == pipeline.audit(repo.root).decisions[1].commit
    (repo.root / ".mailmap").write_text("Ines Wolff-Berg <ines@example.com>\n")
    one = repo.one("approval")
    assert one.commit is not None
    assert (one.commit.id, one.commit.author) == (brought, "Ines Wolff-Berg")
    (repo.root / "below").mkdir()
    repo.git("mv", "sites", "waves", "below/")
    moved = repo.commit("Karl Weg")
    (one,) = (d for d in pipeline.audit(repo.root / "below").decisions if d.kind == "approval")
    assert one.commit is not None
    assert (one.commit.id, one.path, one.is_removed) == (moved, PLAN_RECORDS, False)


def test_what_is_not_committed_has_no_commit(repo: Repo) -> None:
    (repo.root / PLAN_RECORDS).write_text(GO)
    one = repo.one("approval")
    assert (one.commit, one.line, one.is_removed) == (None, 1, False)


def test_a_shallow_clone_says_that_it_is_one(repo: Repo, tmp_path: Path) -> None:
    repo.commit("Ines Wolff", plan=GO)
    repo.commit("Ana Ruiz", plan=GO + HALT)
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{repo.root}", "c"], cwd=tmp_path, check=True)
    found = pipeline.audit(tmp_path / "c")
    assert all(one.is_older for one in found.decisions)
    assert "shallow" in found.notes[0]


def test_without_history_the_decisions_are_told_and_the_lack_is_said(programme_folder: Write) -> None:
    root = programme_folder({**FILES, PLAN_RECORDS: GO})
    found = pipeline.audit(root)
    assert [one.kind for one in found.decisions] == ["status", "approval"]
    assert not found.has_history
    assert "No history: this folder is not in a git repository" in found.notes[0]


def test_every_kind_of_decision(repo: Repo) -> None:
    lines = [
        "{waiver: security-review, gate: wave-1, owner: Ines, expires: 2027-06-01, on: 2027-03-01, by: I, because: x}",
        "{lesson: hoods, says: Hood them, state: rejected, because: too dear, on: 2027-03-02, by: C}",
        "{lesson: lamps, says: Turn them, on: 2027-03-02, by: C}",
        "{milestone: go-live, on: 2027-02-09, by: C}",
        "{milestone: kick-off, on: 2026-10-07, by: C}",
        "{forecast: 2027-04-02, on: 2026-11-02, by: C, because: late}",
        "{reforecast: data, at_completion: 12000, on: 2027-03-03, by: K, because: more}",
    ]
    plan = ["{scale: go, on: 2027-04-01, by: M, because: y}", "{resume: recall, on: 2027-03-09, by: K}"]
    repo.commit(
        "Ana Ruiz", lyon="".join(f"- {line}\n" for line in lines), plan=HALT + "".join(f"- {line}\n" for line in plan)
    )
    assert [one.says for one in repo.audit().decisions if not one.is_removed] == [
        "go-live expected on 2 Apr 2027",
        "go-live reached: live",
        "security-review waived at wave-1 until 1 Jun 2027, Ines answers for it",
        "lesson hoods rejected",
        "data re-forecast at 12,000",
        "halt recall",
        "resume recall",
        "scale: go",
    ]
    assert [one.says for one in repo.audit().removed] == ["status preparing"]


def test_only_what_is_about_a_site(repo: Repo) -> None:
    elsewhere = GO.replace("on: 2027", "sites: {graz: {}}, on: 2027")
    (repo.root / "sites/graz.yaml").write_text("name: Graz\ncountry: AT\n")
    repo.commit("Ines Wolff", plan=elsewhere + HALT)
    assert [one.kind for one in repo.audit("lyon").decisions] == ["status", "halt"]
    assert [one.kind for one in repo.audit("graz").decisions] == ["approval", "halt"]
    with pytest.raises(RolloutError, match="lyon"):
        repo.audit("lyno")


def test_the_command_line(repo: Repo) -> None:
    repo.commit("Ines Wolff", plan=GO)
    repo.commit("Karl Weg", plan=HALT)
    text = rollout("audit", cwd=repo.root)
    assert text.returncode == 0
    assert "REMOVED" in text.stdout
    assert all(len(line) <= 80 for line in text.stdout.splitlines())
    answer = json.loads(rollout("audit", "--format", "json", cwd=repo.root).stdout)
    assert (answer["version"], answer["removed"], answer["history"]) == (1, 1, True)
    assert rollout("audit", "--format", "csv", cwd=repo.root).stdout.startswith("on,site,kind,decision,by,recorded by,")


def test_who_changed_the_plan_is_shown_by_its_parts(repo: Repo) -> None:
    file = "waves/v/plan.yaml"
    first = (repo.root / file).read_text()

    def edit(author: str, text: str, on: str, message: str) -> str:
        (repo.root / file).write_text(text)
        repo.git("add", "-A")
        repo.git("commit", "-q", "--author", f"{author} <a@example.com>", "--date", f"{on}T12:00:00Z", "-m", message)
        return repo.git("rev-parse", "HEAD")

    eased = first.replace("at_most: 250", "at_most: 400")
    easing = edit("Karl Weg", eased, "2027-03-01", "Ease the gate\n\nlong story")
    edit("Ana Ruiz", f"# words only\n\n{eased}", "2027-03-02", "Say why")
    more = (
        eased + "limits:\n  - {id: per-region, same: country, max: 2}\nconstraints: {lyon: {not_before: 2027-02-01}}\n"
    )
    edit("Ana Ruiz", f"# words only\n\n{more}", "2027-03-03", "Two a country")
    found = repo.audit()
    assert [(one.commit.author, one.says(), one.commit.subject) for one in found.edits[1:]] == [
        ("Karl Weg", "plan.yaml: gates (+1 -1)", "Ease the gate"),
        ("Ana Ruiz", "plan.yaml: limits, constraints (+3 -0)", "Two a country"),
    ]
    assert found.edits[0].parts == ("name", "work_from", "lighthouse", "gates", "activities")
    assert found.edits[1].commit.id == easing
    assert pipeline.audit(repo.root, site_id="lyon").edits == ()
    assert ("Karl Weg", "Ease the gate") in {(row[2], row[3].split("\n")[-1]) for row in found.table().rows}
    assert [one["parts"] for one in found.json()["plan_edits"]][1:] == [["gates"], ["limits", "constraints"]]


def test_a_merge_changed_only_what_neither_branch_had(repo: Repo) -> None:
    file, text = "waves/v/plan.yaml", (repo.root / "waves/v/plan.yaml").read_text()
    repo.git("checkout", "-q", "-b", "side")
    repo.commit("Karl Weg", **{file: text.replace("at_most: 250", "at_most: 400")})
    repo.git("checkout", "-q", "main")
    repo.commit("Ana Ruiz", **{file: text.replace("2026-10-05", "2026-10-06")})
    repo.git("merge", "-q", "--no-commit", "side")
    both = (repo.root / file).read_text()
    assert "400" in both
    assert "2026-10-06" in both
    repo.commit("Ines Wolff", **{file: both.replace("T-28", "T-14")})
    said = [(one.commit.author, one.parts) for one in repo.audit().edits[1:]]
    assert sorted(said) == [("Ana Ruiz", ("work_from",)), ("Ines Wolff", ("gates",)), ("Karl Weg", ("gates",))]


def test_as_of_a_day_later_records_and_edits_are_left_out(repo: Repo) -> None:
    repo.commit("Ines Wolff", plan=GO + HALT)
    said = json.loads(rollout("audit", "--as-of", "2027-03-04", "--format", "json", cwd=repo.root).stdout)
    assert [one["kind"] for one in said["decisions"]] == ["status", "approval"]
    assert said["as_of"] == "2027-03-04"
    early = json.loads(rollout("audit", "--as-of", "2020-01-01", "--format", "json", cwd=repo.root).stdout)
    assert (early["decisions"], early["plan_edits"]) == ([], [])
