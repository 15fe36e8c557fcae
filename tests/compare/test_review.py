"""What an edit does to a plan, in real repositories: who moves, by which chain, and what it takes along."""

from __future__ import annotations

import re
import shutil
import subprocess
import textwrap
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.model.review import Review, told_once
from rollout.model.table import Table
from rollout.problem import RolloutError
from tests.conftest import TODAY, git

PLAN = """
    name: V
    preset: bare@1
    version: "1"
    currency: EUR
    work_from: 2026-10-05
    lighthouse: a
    waves: {every: month, size: 2, go_live: {on: [tuesday]}}
    constraints:
      c: {after: b, lag: 4w, because: one crew}
    budget: {hardware: 4000}
    activities:
      training: {title: Train, starts: T-14, takes: 1d, valid_for: 28d}
      review: {title: Review, starts: T-60, takes: 5d}
    gates:
      wave-1: {on: T-7, tolerance: 5d, approvals: {sponsor: 1}, needs: {reviewed: {evidence: review}}}
    """
FILES = {
    "templates/presets/bare@1.yaml": "waves: {every: month}\n",
    "sites/a.yaml": "name: Aden\ncountry: FR\nsponsor: {name: Eva Lind}\n",
    "sites/b.yaml": "name: Bonn\ncountry: DE\nheadcount: {operators: 40}\n",
    "sites/c.yaml": "name: Cork\ncountry: IE\n",
    "sites/d.yaml": "name: Dax\ncountry: FR\n",
    "waves/_teams.yaml": "approvers: {sponsor: [Eva Lind]}\nteams: {crew: {people: 2}}\n",
    "waves/v/plan.yaml": PLAN,
}


class Story:
    """A repository with a published plan, and edits of it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def git(self, *words: str) -> str:
        return git(self.root, *words)

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)

    def write(self, files: Mapping[str, str]) -> None:
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")

    def day(self, site: str) -> date:
        found = pipeline.load(self.root).programme.plans["v"].schedule
        assert found is not None
        return found.sites[site].go_live

    def diff(self, base: str | None = None, head: str | None = None, **more: bool) -> Review:
        """Every test asks that nothing is written."""
        before = self.git("status", "--porcelain=v2", "--untracked-files=all"), self.git("rev-parse", "HEAD")
        found = pipeline.diff(self.root, base, head, today=date(2030, 1, 1), **more)
        assert found.comment().startswith(f"**{found.summary.partition(' ')[0]}") or found.summary[:1] in "*_<"
        assert before == (self.git("status", "--porcelain=v2", "--untracked-files=all"), self.git("rev-parse", "HEAD"))
        return found


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Planned and committed once; every test has its own copy."""
    made = Story(tmp_path_factory.mktemp("begun"))
    made.write(FILES)
    made.git("init", "--quiet", "--initial-branch=main")
    for key, value in (("user.name", "Test"), ("user.email", "test@example.com")):
        made.git("config", key, value)
    pipeline.plan(made.root, TODAY)
    made.commit("base")
    return made.root


@pytest.fixture
def story(begun: Path, tmp_path: Path) -> Story:
    return Story(shutil.copytree(begun, tmp_path / "programme"))


def chains(review: Review) -> dict[str, list[tuple[str, str]]]:
    return {move.site: [(c.job, c.constraint) for c in move.because] for move in review.plans[0].moved}


def test_nothing_edited_says_so(story: Story) -> None:
    found = story.diff()
    assert (found.summary, found.changed) == ("no plan change", False)


def test_comments_and_the_order_of_keys_are_no_change(story: Story) -> None:
    story.write({"sites/b.yaml": "# the big one\nheadcount: {operators: 40}\ncountry: 'DE'\nname: Bonn\n"})
    found = story.diff()
    assert (found.summary, found.changed, found.edits) == ("no plan change", False, ())


def test_a_raised_cap_moves_nobody(story: Story) -> None:
    story.replace("waves/v/plan.yaml", "size: 2", "size: 3")
    found = story.diff()
    assert found.summary == "no plan change: plan v: waves size 2 → 3 moves nobody"
    assert not found.changed
    assert found.edits[0].place == "waves/v/plan.yaml:7"


def test_a_slip_and_everybody_it_takes_along(story: Story) -> None:
    was = {site: story.day(site) for site in "abcd"}
    story.replace("waves/v/plan.yaml", "constraints:", "constraints:\n  b: {not_before: 2027-03-02, because: lease}")
    found = story.diff()
    assert chains(found) == {"b": [("b", "not_before")], "c": [("c", "after b"), ("b", "not_before")]}
    b, c = found.plans[0].moved
    assert (b.before.go_live, b.after.go_live) == (was["b"], date(2027, 3, 2))  # type: ignore[union-attr]  # it has both
    assert [(cause.path, cause.line) for cause in c.because] == [("waves/v/plan.yaml", 10), ("waves/v/plan.yaml", 9)]
    assert b.because[0].is_new
    assert found.summary.startswith("Bonn slips ")
    assert ": 1 more site moves, " in found.summary
    assert found.changed
    ends = found.plans[0].ends
    assert ends == (was["c"], c.after.go_live)  # type: ignore[union-attr]  # it has one


def test_a_wave_that_only_has_another_number(story: Story) -> None:
    """Waves are counted from the lighthouse's month; a site that stays is in an earlier one when that moves later."""
    story.replace("waves/v/plan.yaml", "constraints:", "constraints:\n  d: {go_live: 2027-01-05}")
    pipeline.plan(story.root, TODAY)
    story.commit("d is pinned")
    story.replace("waves/v/plan.yaml", "  d: {go_live", "  a: {not_before: 2026-11-03}\n  d: {go_live")
    found = story.diff()
    [d] = [move for move in found.plans[0].moved if move.site == "d"]
    assert (d.days, d.root) == (0, "a")
    assert d.before and d.after and d.after.wave == d.before.wave - 1
    assert found.summary.startswith("Aden slips 3 weeks: ")


def test_the_same_from_two_commits_and_from_python_or_json(story: Story) -> None:
    story.replace("waves/v/plan.yaml", "constraints:", "constraints:\n  b: {not_before: 2027-03-02}")
    from_tree = story.diff().json()
    story.git("switch", "--quiet", "--create", "slip")
    story.commit("slip")
    story.git("switch", "--quiet", "main")
    from_commits = story.diff("main", "slip").json()
    assert from_commits.pop("head").startswith("slip (")
    assert from_tree.pop("head") == "the working tree"
    assert from_commits.pop("base").startswith("main (")
    from_tree.pop("base")
    assert from_commits == from_tree
    back = story.diff("slip", "main")
    assert {move.site: move.days for move in back.plans[0].moved} == {
        move["site"]: -move["days"] for move in from_tree["moved"]
    }
    assert all(move.because[0].way == "freed" for move in back.plans[0].moved)


def test_the_merge_base_leaves_out_what_main_did_since(story: Story) -> None:
    story.git("switch", "--quiet", "--create", "branch")
    story.replace("sites/d.yaml", "Dax", "Dijon")
    story.commit("rename")
    story.git("switch", "--quiet", "main")
    story.replace("waves/v/plan.yaml", "size: 2", "size: 3")
    story.commit("raise")
    assert {edit.spoken() for edit in story.diff("main", "branch").edits} == {
        "d: name Dax → Dijon",
        "plan v: waves size 3 → 2",
    }
    assert [edit.spoken() for edit in story.diff("main", "branch", merge_base=True).edits] == ["d: name Dax → Dijon"]


def test_published_dates_that_are_lawful_are_taken_as_they_are(story: Story) -> None:
    """A pull request that carries its own schedule is judged by that, not by what we would have planned."""
    late = date(2027, 6, 1)
    story.replace("waves/v/schedule.yaml", f"d: {{wave: 1, go_live: {story.day('d')}", f"d: {{wave: 8, go_live: {late}")
    found = story.diff()
    assert found.plans[0].how == ("published", "published")
    [move] = found.plans[0].moved
    assert (move.site, move.after.go_live if move.after else None) == ("d", late)
    assert [(cause.way, cause.constraint) for cause in move.because] == [("chosen", "schedule")]


def test_sites_that_come_go_and_find_no_day(story: Story) -> None:
    story.write({"sites/e.yaml": "name: Ebro\ncountry: ES\n"})
    (story.root / "sites/d.yaml").unlink()
    story.replace("waves/v/plan.yaml", "lag: 4w", "lag: 4w, deadline: 2026-11-10")
    found = story.diff()
    said = {move.site: move.says for move in found.plans[0].lost}
    assert said["d"] == "no longer a site of the programme"
    assert "c" in said
    assert [move.site for move in found.plans[0].joined] == ["e"]
    assert [clash.constraint for group in found.plans[0].clashes for clash in group]
    assert "1 site joins, 2 sites without a day" in found.summary


def test_a_dropped_site_says_when_it_was_dropped(story: Story) -> None:
    story.write({"waves/v/records/d.yaml": "- {status: dropped, on: 2026-10-20, by: Eva Lind, because: sold}\n"})
    found = story.diff()
    assert found.summary.startswith("Dax has no day any more: ")
    assert found.plans[0].lost[0].says == "dropped since 20 Oct 2026"


def test_a_renamed_file_is_the_same_site(story: Story) -> None:
    (story.root / "sites/d.yaml").unlink()
    story.write({"sites/dijon.yaml": "name: Dax\ncountry: FR\nformerly: d\n"})
    assert story.diff().plans[0].moved == ()


def record(story: Story, *words: str, on: str = "2026-12-01", by: str = "Eva Lind") -> None:
    pipeline.record(story.root, words, {"on": on, "by": by}, date(2026, 12, 1), user=by)


@pytest.fixture
def approved(story: Story) -> Story:
    record(story, "_plan", "approval", "wave-1", "go", "--role", "sponsor", "--sites", "b")
    record(story, "b", "training", "done", on="2026-11-10", by="Nora")
    story.commit("approved")
    return story


def test_an_approval_that_is_voided_by_what_it_binds(approved: Story) -> None:
    approved.replace("sites/b.yaml", "operators: 40", "operators: 55")
    found = approved.diff()
    [void] = found.plans[0].stale
    assert (void.gate, void.site, void.by, void.says) == ("wave-1", "b", "Eva Lind", "headcount changed")
    assert (void.path, void.line) == ("waves/v/records/_plan.yaml", 1)
    assert found.summary.startswith("b: headcount operators 40 → 55: nobody moves, 1 approval void, ")
    assert any(problem.code == "stale-approval" for problem in found.problems)


def test_an_approval_that_is_voided_by_a_move_and_people_who_forget(approved: Story) -> None:
    """Beyond the gate's tolerance of five days."""
    approved.replace("waves/v/plan.yaml", "constraints:", "constraints:\n  b: {not_before: 2027-03-02}")
    found = approved.diff()
    [void], was = found.plans[0].stale, approved.day("b")
    assert (void.site, void.says.partition(",")[0]) == ("b", f"its go-live moved from {was} to 2027-03-02")
    assert [(again.site, again.activity, again.people) for again in found.plans[0].repeated] == [("b", "training", 40)]
    assert "1 approval void, 40 people to retrain" in found.summary


def test_evidence_is_looked_for_in_the_commit(approved: Story) -> None:
    approved.write(
        {
            "docs/review.txt": "fine\n",
            "waves/v/records/c.yaml": "- {governance: '1', bias_test: passed, evidence: docs/review.txt, on: 2026-11-02, by: Nora}\n",
        }
    )
    approved.commit("shown")
    assert approved.diff().changed is False
    approved.write({"docs/review.txt": "not fine\n"})
    assert approved.diff().edits == ()


def test_an_approval_whose_line_is_taken_away(approved: Story) -> None:
    approved.write({"waves/v/records/_plan.yaml": ""})
    assert {void.says for void in approved.diff().plans[0].stale} == {"its line was taken away"}


def test_a_site_with_another_id_keeps_its_approvals(approved: Story) -> None:
    text = (approved.root / "sites/b.yaml").read_text()
    (approved.root / "sites/b.yaml").unlink()
    (approved.root / "waves/v/records/b.yaml").rename(approved.root / "waves/v/records/bristol.yaml")
    plan = approved.root / "waves/v/plan.yaml"
    plan.write_text(re.sub(r"\bb\b", "bristol", plan.read_text()))
    approved.write({"sites/bristol.yaml": f"{text}formerly: b\nsponsor: {{name: Ute Berg, title: Head}}\n"})
    assert [void for plan in approved.diff().plans for void in plan.stale] == []
    approved.replace("sites/bristol.yaml", "operators: 40", "operators: 55")
    assert [(void.site, void.says) for void in approved.diff().plans[0].stale] == [("bristol", "headcount changed")]


def test_an_unrelated_edit_voids_nothing(approved: Story) -> None:
    approved.replace("sites/d.yaml", "name: Dax", "name: Dax\nlanguages: [fr]")
    approved.write({"sites/e.yaml": "name: Ebro\ncountry: ES\n"})
    assert approved.diff().plans[0].stale == ()


def test_money_and_load(story: Story) -> None:
    story.replace("waves/v/plan.yaml", "hardware: 4000", "hardware: 5000")
    story.replace("waves/v/plan.yaml", "takes: 5d", "takes: 5d, needs: {crew: 1}")
    found = story.diff()
    [plan] = found.plans
    assert [(cost.line, cost.before, cost.after) for cost in plan.costs] == [("hardware", 4000, 5000), ("", 4000, 5000)]
    [peak] = plan.peaks
    assert (peak.team, peak.before, peak.capacity) == ("crew", 0, (0, 2))
    assert 0 < peak.after <= 2
    assert "+1,000 EUR" in found.summary


def test_a_connector_that_is_new_pushes_others(story: Story) -> None:
    """The chain of a prerequisite ends at the one that is new."""
    register = "systems:\n  erp: {kind: erp, owner: it, connector: {team: crew, takes: 20wd}}\n"
    story.write({"sites/_systems.yaml": register, "sites/c.yaml": "name: Cork\ncountry: IE\nsystems: [erp]\n"})
    story.replace("waves/_teams.yaml", "people: 2", "people: 1")
    pipeline.plan(story.root, TODAY)
    story.commit("one connector")
    more = "  apriso: {kind: mes, owner: it, connector: {team: crew, takes: 20wd}}\n"
    story.write(
        {"sites/_systems.yaml": register + more, "sites/b.yaml": "name: Bonn\ncountry: DE\nsystems: [apriso]\n"}
    )
    waited = {one.prerequisite: one for one in story.diff().plans[0].waited}
    assert waited["connector-apriso"].before is None
    if (pushed := waited.get("connector-erp")) is not None:
        assert [cause.job for cause in pushed.because] == ["connector-erp", "connector-apriso"]


def test_errors_of_the_new_side_come_first(story: Story) -> None:
    story.replace("waves/v/plan.yaml", "after: b", "after: bb")
    found = story.diff()
    assert (found.summary, found.errors, found.plans) == ("1 error to mend before anything can be planned", 1, ())
    [problem] = [problem for problem in found.problems if problem.severity == "error"]
    assert (problem.code, problem.path, problem.line) == ("unknown-site", "waves/v/plan.yaml", 9)


def test_a_base_with_errors_cannot_be_compared_with(story: Story) -> None:
    story.replace("waves/v/plan.yaml", "after: b", "after: bb")
    story.commit("broken")
    story.replace("waves/v/plan.yaml", "after: bb", "after: b")
    with pytest.raises(RolloutError, match="has 1 error, so nothing can be compared with it; the first: waves/v") as no:
        story.diff()
    assert no.value.exit_code == 3


@pytest.mark.parametrize("name", ["nowhere", "--upload-pack=touch x", "-p", "HEAD~99", "HEAD:sites", "a b", "", "\n"])
def test_commits_there_are_not(story: Story, name: str) -> None:
    with pytest.raises(RolloutError, match="git knows no commit called") as no:
        story.diff(name or "''")
    assert no.value.exit_code == 3


def test_a_shallow_clone_says_what_to_fetch(story: Story, tmp_path: Path) -> None:
    story.git("switch", "--quiet", "--create", "branch")
    story.replace("sites/d.yaml", "Dax", "Dijon")
    story.commit("rename")
    story.git("switch", "--quiet", "main")
    story.replace("sites/d.yaml", "Dax", "Dole")
    story.commit("rename")
    clone = tmp_path / "clone"
    words = ["git", "clone", "--quiet", "--depth", "1", "--no-single-branch", f"file://{story.root}", str(clone)]
    subprocess.run(words, check=True)
    with pytest.raises(RolloutError, match="this clone is shallow: `git fetch --unshallow`") as no:
        pipeline.diff(clone, "origin/main", "origin/branch", today=TODAY, merge_base=True)
    assert no.value.exit_code == 3


def test_a_plan_that_is_new_is_joined_by_everybody(story: Story) -> None:
    (story.root / "waves/w").mkdir()
    story.write({"waves/w/plan.yaml": PLAN.replace("name: V", "name: W")})
    found = story.diff()
    assert [plan.plan for plan in found.plans] == ["v", "w"]
    assert sorted(move.site for move in found.plans[1].joined) == ["a", "b", "c", "d"]
    assert found.summary.startswith("v: no plan change")
    assert {move["plan"] for move in found.json()["moved"]} == {"w"}


def test_files_that_are_no_yaml_are_edits_as_a_whole(story: Story) -> None:
    story.write({"templates/documents/playbook.md.j2": "{% x", "waves/v/content/en/why.md": "Because: {\n"})
    found = story.diff()
    assert [edit.place for edit in found.edits] == [
        "templates/documents/playbook.md.j2:1",
        "waves/v/content/en/why.md:1",
    ]


def test_a_halted_plan_keeps_its_dates(story: Story) -> None:
    story.write({"waves/v/records/_plan.yaml": "- {halt: recall, because: cameras, on: 2026-10-20, by: Eva Lind}\n"})
    story.replace("waves/v/plan.yaml", "constraints:", "constraints:\n  b: {not_before: 2027-03-02}")
    found = story.diff()
    [plan] = found.plans
    assert plan.moved == ()
    # What the edits would do is not known, so they do not do nothing.
    assert found.summary == "nothing is planned, for the programme is halted; 1 page changes"
    assert "the programme is halted since 20 Oct 2026 (cameras)" in plan.halted


def test_a_reason_that_many_share_is_told_once() -> None:
    """One late lighthouse moves everybody: its chain stood below each of 23 sites, 140 lines for one reason."""
    gate, root = "the gate wave-1 needs 21 days of a live [plan.yaml:3]", f"a: {'its remaining work ' * 5}[plan.yaml:1]"
    moves = (("b", f"{gate} ← {root}"), ("c", f"{gate} ← {root}"), ("d", f"keeps its day ← {root}"), ("e", "pinned"))
    table = Table("Who moves", ("site", "because"), (*moves, ("f", "pinned")))
    assert told_once(table).rows == (
        ("b", f"{gate} ← {root}"),
        ("c", "as for b"),
        ("d", "keeps its day ← the rest as for b"),
        ("e", "pinned"),
        ("f", "pinned"),
    )
    places = Table("What was edited", ("where", "edit"), (("plan.yaml:1", root), ("plan.yaml:2", root)))
    assert told_once(places) == places


def test_a_paused_site_says_so_once(story: Story) -> None:
    """It was `paused since 5 Oct 2026; b is paused since 5 Oct 2026`."""
    record(story, "b", "status", "paused")
    rows = {
        row[0]: row[-1] for table in story.diff().sections() if table.columns[-1] == "because" for row in table.rows
    }
    assert rows["b"].count("paused since 1 Dec 2026") == 1
