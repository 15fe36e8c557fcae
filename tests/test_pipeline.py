"""The whole road on the example, in real repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.commit.lock import locked
from rollout.problem import RolloutError
from tests.conftest import TODAY, git

SITE = "lyon"


def state(root: Path) -> dict[str, bytes]:
    files = (p for p in root.rglob("*") if p.is_file() and ".git" not in p.relative_to(root).parts)
    return {str(p.relative_to(root)): p.read_bytes() for p in files}


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example in English, committed, not yet published; made once."""
    root = tmp_path_factory.mktemp("begun") / "acme"
    pipeline.init(root, TODAY, with_example=True)
    plan = root / "waves/vision/plan.yaml"
    # One language, one set of templates to make ready: pages in others are tests/render's to look at.
    plan.write_text(plan.read_text().replace("sites: all\n", "sites: all\nwritten_in: en\n", 1))
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "Start")
    return root


@pytest.fixture(scope="module")
def once(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, published."""
    root = shutil.copytree(begun, tmp_path_factory.mktemp("once") / "acme")
    pipeline.publish(root, TODAY)
    return root


@pytest.fixture
def acme(begun: Path, tmp_path: Path) -> Path:
    """The example, committed, not yet published."""
    return shutil.copytree(begun, tmp_path / "acme")


@pytest.fixture
def published(once: Path, tmp_path: Path) -> Path:
    """The example, published."""
    return shutil.copytree(once, tmp_path / "acme")


def refused(run: object, *codes: str) -> RolloutError:
    with pytest.raises(RolloutError) as caught:
        run()  # type: ignore[operator]  # it is a function
    assert {problem.code for problem in caught.value.problems} == set(codes)
    return caught.value


def test_publish_makes_one_commit_of_exactly_what_it_wrote(acme: Path) -> None:
    (acme / "mine.txt").write_text("untracked\n")
    (acme / "staged.txt").write_text("staged\n")
    git(acme, "add", "staged.txt")
    done = pipeline.publish(acme, TODAY)
    assert done.commit == git(acme, "rev-parse", "HEAD").strip()
    committed = git(acme, "show", "--name-only", "--format=", "HEAD").split()
    assert sorted(committed) == list(done.paths)
    assert f"playbooks/vision/{SITE}/playbook.md" in committed
    assert all(path.startswith("playbooks/vision/") for path in committed)
    assert git(acme, "status", "--porcelain") == "A  staged.txt\n?? mine.txt\n"
    message = git(acme, "log", "-1", "--format=%B")
    assert message.startswith("Publish vision: 14 sites, 4 waves, last go-live")
    assert "Rollout-Plan: vision" in git(acme, "log", "-1", "--format=%(trailers)")


def test_nothing_changed_no_commit_today_or_tomorrow(published: Path) -> None:
    acme = published
    head, before = git(acme, "rev-parse", "HEAD"), state(acme)
    for day in (TODAY, date(2026, 10, 2), date(2026, 12, 24)):
        done = pipeline.publish(acme, day)
        assert (done.commit, done.files) == (None, 0)
    assert git(acme, "rev-parse", "HEAD") == head
    assert state(acme) == before


def test_what_plan_and_render_wrote_before_is_published_too(acme: Path) -> None:
    plan = acme / "waves/vision/plan.yaml"
    plan.write_text(plan.read_text().replace("porto: {not_before: 2027-05-03", "porto: {not_before: 2027-08-02"))
    git(acme, "commit", "--quiet", "--all", "--message", "Porto later")
    pipeline.plan(acme, TODAY)
    pipeline.render(acme, TODAY)
    would = pipeline.publish(acme, TODAY, dry_run=True)
    done = pipeline.publish(acme, TODAY)
    assert would.paths == done.paths
    assert "waves/vision/schedule.yaml" in done.paths
    assert "playbooks/vision/porto/playbook.md" in done.paths
    assert git(acme, "status", "--porcelain") == ""


def test_a_person_s_uncommitted_work_is_never_committed(published: Path) -> None:
    acme = published
    page = acme / "playbooks/vision/porto/checklist.md"
    page.write_text(page.read_text().replace("- [ ]", "- [x]", 1))
    assert pipeline.publish(acme, TODAY).commit is None
    plan = acme / "waves/vision/plan.yaml"
    plan.write_text(plan.read_text().replace("porto: {not_before: 2027-05-03", "porto: {not_before: 2027-08-02"))
    git(acme, "commit", "--quiet", "--message", "Porto later", "waves/vision/plan.yaml")
    before = state(acme)
    error = refused(lambda: pipeline.publish(acme, TODAY), "uncommitted")
    assert error.problems[0].path == "playbooks/vision/porto/checklist.md"
    assert state(acme) == before
    git(acme, "commit", "--quiet", "--all", "--message", "Ticked")
    pipeline.publish(acme, TODAY)
    assert page.read_text().count("- [x]") == 1


def test_uncommitted_inputs_are_named_with_the_remedy(acme: Path) -> None:
    (acme / "sites/emea/new.yaml").write_text("name: New\ncountry: FR\n")
    before = state(acme)
    error = refused(lambda: pipeline.publish(acme, TODAY), "uncommitted")
    assert error.exit_code == 1
    assert "sites/emea/new.yaml" in str(error)
    assert "git add" in str(error)
    assert state(acme) == before


def test_a_programme_that_git_ignores_is_not_published(acme: Path) -> None:
    """Of such files git tells no changes, so that nobody would be asked to commit them."""
    (acme / "waves/vision/plan.yaml").rename(acme / "plan.yaml")
    git(acme, "rm", "-rq", "--cached", "waves")
    git(acme, "commit", "-qm", "x")
    (acme / "plan.yaml").rename(acme / "waves/vision/plan.yaml")
    (acme / ".git/info/exclude").write_text("waves\n")
    before = state(acme)
    assert "git check-ignore" in str(refused(lambda: pipeline.publish(acme, TODAY), "uncommitted"))
    assert state(acme) == before


def test_a_page_changed_on_both_sides_gets_markers_and_nothing_is_published(published: Path) -> None:
    acme = published
    page = acme / "playbooks/vision/porto/playbook.md"
    text = page.read_text()
    line = next(line for line in text.splitlines() if "2027" in line and not line.startswith(("#", "<")))
    page.write_text(text.replace(line, line + " (we think)"))
    plan = acme / "waves/vision/plan.yaml"
    plan.write_text(plan.read_text().replace("porto: {not_before: 2027-05-03", "porto: {not_before: 2027-08-02"))
    git(acme, "commit", "--quiet", "--all", "--message", "Both")
    before = state(acme)
    error = refused(lambda: pipeline.publish(acme, TODAY), "conflict")
    assert error.exit_code == 1
    assert state(acme) == before
    pipeline.plan(acme, TODAY)
    done = pipeline.render(acme, TODAY)
    assert {conflict.path for conflict in done.conflicts} == {"playbooks/vision/porto/playbook.md"}
    lines = page.read_text().splitlines()
    assert [lines[conflict.line - 1] for conflict in done.conflicts] == [
        "<<<<<<< yours (playbooks/vision/porto/playbook.md as edited)"
    ]
    assert any("(we think)" in line for line in lines)
    before = state(acme)
    assert pipeline.render(acme, TODAY).conflicts == done.conflicts
    assert state(acme) == before
    git(acme, "commit", "--quiet", "--all", "--message", "Markers")
    assert refused(lambda: pipeline.publish(acme, TODAY), "conflict").problems[0].line == done.conflicts[0].line


def test_a_renamed_site_keeps_its_work(published: Path) -> None:
    acme = published
    page = acme / "playbooks/vision/porto/checklist.md"
    page.write_text(page.read_text().replace("- [ ]", "- [x]", 1) + "\nAsk Rui.\n")
    (acme / "sites/emea/porto.yaml").rename(acme / "sites/emea/porto-norte.yaml")
    (acme / "waves/vision/records/porto.yaml").rename(acme / "waves/vision/records/porto-norte.yaml")
    site, plan = acme / "sites/emea/porto-norte.yaml", acme / "waves/vision/plan.yaml"
    site.write_text(site.read_text() + "formerly: [porto]\n")
    plan.write_text(plan.read_text().replace("  porto: {not_before", "  porto-norte: {not_before"))
    git(acme, "add", "--all")
    git(acme, "commit", "--quiet", "--message", "Porto is Porto Norte")
    pipeline.publish(acme, TODAY)
    moved = (acme / "playbooks/vision/porto-norte/checklist.md").read_text()
    assert moved.count("- [x]") == 1
    assert "Ask Rui." in moved
    assert not list((acme / "playbooks/vision").glob("porto/**/*.md"))
    assert git(acme, "status", "--porcelain") == ""
    # Whoever asks by the old name is told the new one.
    for ask in (
        lambda: pipeline.show(acme, "porto"),
        lambda: pipeline.explain(acme, TODAY, "porto"),
        lambda: pipeline.site_status(acme, TODAY, "porto"),
        lambda: pipeline.budget(acme, TODAY, site_id="porto"),
        lambda: pipeline.audit(acme, site_id="porto"),
        lambda: pipeline.preview(acme, "porto"),
        lambda: pipeline.gate(acme, TODAY, "go-live", sites=["porto"]),
        lambda: pipeline.whatif(acme, TODAY, None, ["x: --drop porto"]),
    ):
        problem = refused(ask, "unknown-site").problems[0]
        assert (problem.message, problem.hint) == ('there is no site "porto"', "it is porto-norte now")


def test_dry_run_writes_nothing_and_names_the_same_files(acme: Path) -> None:
    before = state(acme)
    would = pipeline.publish(acme, TODAY, dry_run=True)
    assert state(acme) == before
    assert would.paths == pipeline.publish(acme, TODAY).paths


def test_without_a_repository_nothing_is_written(tmp_path: Path, acme: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("sites", "waves"):
        (acme / name).rename(bare / name)
    before = state(bare)
    assert refused(lambda: pipeline.publish(bare, TODAY), "no-repository").exit_code == 3
    assert state(bare) == before


def test_an_error_anywhere_stops_before_anything_is_written(acme: Path) -> None:
    (acme / "sites/emea/lyon.yaml").write_text("name: Lyon\ncountry: FR\nsponsr: {name: A}\n")
    git(acme, "commit", "--quiet", "--all", "--message", "Slip")
    before = state(acme)
    for run in (pipeline.plan, pipeline.render, pipeline.publish):
        refused(lambda run=run: run(acme, TODAY), "unknown-key")  # type: ignore[misc]  # a default binds it
    assert state(acme) == before


def test_render_check_names_what_is_behind_and_writes_nothing(published: Path) -> None:
    acme = published
    assert pipeline.render(acme, TODAY, check=True).stale == ()
    site = acme / "sites/emea/lyon.yaml"
    site.write_text(site.read_text().replace("operators: 140", "operators: 150"))
    before = state(acme)
    stale = pipeline.render(acme, TODAY, check=True).stale
    assert stale
    assert all(path.startswith(("playbooks/vision/lyon/", "playbooks/vision/README")) for path in stale)
    assert state(acme) == before


def test_an_unlawful_schedule_is_not_rendered(acme: Path) -> None:
    schedule = acme / "waves/vision/schedule.yaml"
    schedule.write_text(
        schedule.read_text().replace("graz: {wave: 4, go_live: 2027-07-06}", "graz: {wave: 1, go_live: 2027-04-07}")
    )
    refused(lambda: pipeline.render(acme, TODAY), "unlawful")
    assert pipeline.plan(acme, TODAY).because
    pipeline.render(acme, TODAY)


def test_a_place_that_is_new_has_its_holidays_on_file_though_all_dates_are_kept(published: Path) -> None:
    acme = published
    (known,) = acme.glob("sites/**/porto.yaml")
    known.write_text(known.read_text() + "subdivision: 13\n")
    git(acme, "commit", "--quiet", "--all", "--message", "Porto keeps the holidays of its district")
    assert pipeline.publish(acme, TODAY, dry_run=True).planned.kept
    planned = pipeline.plan(acme, TODAY)
    assert planned.kept
    assert [change.path for change in planned.changes] == ["waves/_holidays.yaml"]
    assert '"PT-13":' in (acme / "waves/_holidays.yaml").read_text()
    assert pipeline.plan(acme, TODAY).changes == ()


def test_nobody_else_writes_while_plan_reads(published: Path) -> None:
    with locked(published):
        assert pipeline.plan(published, TODAY, dry_run=True).kept
        refused(lambda: pipeline.plan(published, TODAY), "locked")


def test_overdue_sites_are_warned_about_by_check_and_moved_by_plan(acme: Path) -> None:
    late = date(2027, 2, 20)
    _, problems = pipeline.check_dates(acme, late)
    assert [(p.code, p.severity) for p in problems] == [("overdue", "warning")]
    planned = pipeline.plan(acme, late)
    assert min(p.go_live for p in planned.schedule.sites.values()) >= late


def test_two_runs_give_the_same_bytes_whatever_the_hash_seed_and_zone(acme: Path, tmp_path: Path) -> None:
    trees = []
    for seed, zone in (("1", "Pacific/Kiritimati"), ("2", "America/Adak")):
        copy = tmp_path / seed
        git(tmp_path, "clone", "--quiet", str(acme), str(copy))
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        command = [sys.executable, "-m", "rollout", "publish", "--as-of", str(TODAY)]
        subprocess.run(command, cwd=copy, env=env, check=True, capture_output=True)
        trees.append(git(copy, "rev-parse", "HEAD^{tree}"))
    assert trees[0] == trees[1]


def test_init_writes_a_sound_programme_and_overwrites_nothing(tmp_path: Path) -> None:
    root = tmp_path / "new"
    started = pipeline.init(root, TODAY)
    assert started.repository_made
    assert pipeline.validate(root, TODAY).errors == 0
    refused(lambda: pipeline.init(root, TODAY), "already-there")
    (tmp_path / "file").write_text("")
    refused(lambda: pipeline.init(tmp_path / "file", TODAY), "not-a-folder")
