"""A site lead works in a checklist, the history is squashed, the plan and the template move on."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

from rollout import pipeline
from rollout.load.workspace import shipped
from tests.cli.line import rollout
from tests.conftest import TODAY, as_begun, git

DAY = ("--as-of", "2026-10-01")
PAGE = "playbooks/vision/lyon/checklist.md"
PLAN = "waves/vision/plan.yaml"


def edit(file: Path, *pairs: tuple[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8")


def in_english(root: Path) -> None:
    """The example as it begins, with every page in one language."""
    pipeline.init(root, TODAY, with_example=True)
    as_begun(root)
    edit(root / PLAN, ("sites: all\n", "sites: all\nwritten_in: en\n"))


def changed(before: str, after: str) -> list[str]:
    """Lines taken away and put in, without comments and everything behind the item's first words."""
    diff = difflib.unified_diff(before.split("\n"), after.split("\n"), lineterm="", n=0)
    lines = [line for line in diff if line[:3] not in ("---", "+++") and line[:2] != "@@"]
    return [line.partition(" <!-- ")[0].partition(", by ")[0] for line in lines if "rollout: page" not in line]


def test_the_whole_story(tmp_path: Path) -> None:
    first = tmp_path / "acme"
    in_english(first)
    pipeline.render(first, TODAY)
    page = first / PAGE
    ticked = (
        "Survey the line",
        "Choose the champions",
        "Measure the baseline",
        "Count the systems",
        "Agree how the work will be done",
    )
    recorded = page.read_text(encoding="utf-8").count("- [x]")
    edit(page, *((f"- [ ] {words}", f"- [x] {words}") for words in ticked))
    edit(
        page,
        (
            "- [ ] Collect the reference parts",
            "  - Marie has the key to the gauge room\n- [ ] Collect the reference parts",
        ),
    )
    edit(page, ("- [ ] Record how the work is done today", "- [ ] Record how the night shift works today"))
    git(first, "add", "--all")
    git(first, "commit", "--quiet", "--message", "Everything")
    assert pipeline.render(first, TODAY, check=True).stale == (), "whoever works in a page makes nothing stale"

    root = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth", "1", first.as_uri(), str(root))
    edit(
        root / PLAN,
        (
            "activities:\n",
            "activities:\n"
            "  forklift: {title: Hire the forklift, phase: discover, starts: T-100, takes: 5d}\n"
            "  champions: {title: Win the champions over}\n",
        ),
    )
    own = root / "templates/documents/checklist.md.j2"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text((shipped("templates") / "documents/checklist.md.j2").read_text(encoding="utf-8"), encoding="utf-8")
    edit(
        own,
        (
            "{% for phase in phases %}\n",
            "- [ ] Hang this list up <!-- rollout:hang-up -->\n\n{% for phase in phases %}\n",
        ),
        ("{% for item in phase.items %}\n", "{% for item in phase.items | reverse %}\n"),
    )
    before = (root / PAGE).read_text(encoding="utf-8")
    check = rollout("render", "--check", *DAY, cwd=root)
    assert check.returncode == 1
    assert PAGE in pipeline.render(root, TODAY, check=True).stale
    assert "run `rollout render`" in check.stdout
    would = rollout("render", "--dry-run", *DAY, cwd=root)
    assert (would.returncode, "nothing was written (--dry-run)" in would.stderr) == (0, True)
    assert would.stdout.splitlines()[:-1] == check.stdout.splitlines()[:-1]
    assert (root / PAGE).read_text(encoding="utf-8") == before

    done = rollout("render", *DAY, cwd=root)
    assert done.stdout.splitlines()[-1] == would.stdout.splitlines()[-1].replace("would be written", "written")
    assert (done.returncode, "conflict" in done.stderr) == (0, False), done.stderr
    after = (root / PAGE).read_text(encoding="utf-8")
    lines = [line.partition(" <!-- ")[0] for line in after.split("\n")]
    assert after.count("- [x]") == recorded + 5
    assert any(line.startswith("- [x] Win the champions over") for line in lines)
    assert any(line.startswith("- [ ] Hire the forklift") for line in lines)
    assert any(line.startswith("- [ ] Record how the night shift works today") for line in lines)
    at = lines.index("  - Marie has the key to the gauge room")
    assert "Measure the baseline" in before.split("\n")[before.split("\n").index(lines[at]) - 2]
    assert "Measure the baseline" in lines[at - 2], "a note moves with the item it stands under"
    gone = {line[1:] for line in changed(before, after) if line[0] == "-"}
    come = {line[1:] for line in changed(before, after) if line[0] == "+"}
    assert {line for line in gone - come if line.startswith("- [")} == {"- [x] Choose the champions"}
    assert {line for line in come - gone if line.startswith("- [")} == {
        "- [x] Win the champions over",
        "- [ ] Hire the forklift",
        "- [ ] Hang this list up",
    }
    assert pipeline.render(root, TODAY).written == ()
    found = {problem.code for problem in pipeline.validate(root, TODAY).problems}
    assert "unknown-item" not in found, "an item of an own template is nobody's mistake"


def test_a_conflict_is_shown_settled_and_remembered(tmp_path: Path) -> None:
    root = tmp_path / "acme"
    in_english(root)
    pipeline.render(root, TODAY)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Everything")
    page = root / PAGE
    edit(page, ("- [ ] Survey the line, by", "- [ ] Survey both lines, by"))
    edit(root / PLAN, ("activities:\n", "activities:\n  line-survey: {title: Survey the whole line}\n"))
    git(root, "commit", "--quiet", "--all", "--message", "Both")

    refused = rollout("publish", *DAY, cwd=root)
    assert refused.returncode == 1
    line = next(n for n, text in enumerate(page.read_text().split("\n"), 1) if "Survey both lines" in text)
    said = "conflict: line-survey was changed here and by rollout; `rollout render` puts both texts there: keep what"
    assert f"{PAGE}:{line}:1: {said}" in refused.stderr
    check = rollout("render", "--check", *DAY, cwd=root)
    assert (check.returncode, f"{PAGE}:{line}:1: conflict" in check.stderr) == (1, True)
    assert "<<<<<<<" not in page.read_text()

    done = rollout("render", *DAY, "--format", "json", cwd=root)
    answer = json.loads(done.stdout)
    assert (done.returncode, answer["conflicts"]) == (1, [PAGE])
    assert answer["disputes"] == [{"path": PAGE, "line": line, "block": "line-survey"}]
    assert page.read_text().split("\n")[line - 1] == f"<<<<<<< yours ({PAGE} as edited)"
    shown = page.read_text()
    again = rollout("render", *DAY, cwd=root)
    assert (again.returncode, page.read_text()) == (1, shown)
    assert f"{PAGE}:{line}:1: conflict" in again.stderr
    found = [(p.path, p.line) for p in pipeline.validate(root, TODAY).problems if p.code == "unsettled-page"]
    assert found == [(PAGE, line)]

    edit(
        page,
        (f"<<<<<<< yours ({PAGE} as edited)", "<<<<<<< HEAD"),
        ("- [ ] Survey the whole line", "- [ ] Survey it twice"),
        (">>>>>>> rollout (from the current plan)", ">>>>>>> b"),
    )
    merged = rollout("publish", *DAY, cwd=root).stderr
    assert f"{PAGE}:{line}:1: conflict: conflict markers of a git merge stand here" in merged
    assert ("keep what is right" in merged, "rollout render" in merged) == (True, False), "git has put them there"

    rows = shown.split("\n")
    del rows[line + 1 : line + 4], rows[line - 1]
    page.write_text("\n".join(rows))
    settled = rollout("render", *DAY, cwd=root)
    assert (settled.returncode, settled.stdout.split()[0]) == (0, "0")
    assert "- [ ] Survey both lines, by" in page.read_text()
    git(root, "commit", "--quiet", "--all", "--message", "Chosen")
    assert pipeline.publish(root, TODAY).files == 0, "and publishing refuses nothing any more"
