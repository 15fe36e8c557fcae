"""`rollout diff` as a reviewer and CI see it: exit codes, and the same content in every form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rollout import pipeline
from rollout.load.yaml import Marked
from tests.cli.line import rollout
from tests.conftest import TODAY, Write, git

HOSTILE = "::error file=x::boo | <!-- --> [x](javascript:1) `a` **b** @everybody \\e[31mred"
FILES = {
    "sites/a.yaml": "name: Aden\ncountry: FR\nsponsor: {name: Eva Lind}\n",
    "sites/b.yaml": f'name: "{HOSTILE}"\ncountry: DE\n'.replace("\\e[31m", ""),
    "waves/v/plan.yaml": "name: V\npreset: bare@1\nwork_from: 2026-10-05\nlighthouse: a\n",
    "templates/presets/bare@1.yaml": "waves: {every: month}\n",
}


@pytest.fixture
def root(programme_folder: Write) -> Path:
    root = programme_folder(FILES)
    git(root, "init", "--quiet", "--initial-branch=main")
    rollout("plan", "-C", str(root), "--as-of", "2026-10-01")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "base")
    return root


def slip(root: Path, because: str = "lease") -> None:
    with (root / "waves/v/plan.yaml").open("a", encoding="utf-8") as plan:
        plan.write(f"constraints: {{b: {{not_before: 2027-03-02, because: {json.dumps(because)}}}}}\n")


def test_exit_codes_are_those_of_a_question(root: Path) -> None:
    assert rollout("diff", "-C", str(root), "--exit-code").returncode == 0
    slip(root)
    assert rollout("diff", "-C", str(root)).returncode == 0
    assert rollout("diff", "-C", str(root), "--exit-code").returncode == 1
    (root / "sites/b.yaml").write_text("nmae: B\nname: B\ncountry: DE\n", encoding="utf-8")
    broken = rollout("diff", "-C", str(root))
    assert broken.returncode == 1
    assert broken.stdout.startswith("1 error to mend before anything can be planned\n")
    assert "sites/b.yaml:1" in broken.stdout
    assert rollout("diff", "nowhere", "-C", str(root)).returncode == 3


def test_a_file_of_many_edits_is_read_once_a_side(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four hundred edits of one plan took as many readings of it, and most of the time."""
    (root / "waves/v/plan.yaml").write_text(
        "name: W\npreset: bare@1\nwork_from: 2026-10-06\nlighthouse: b\nsites: [a, b]\n", encoding="utf-8"
    )
    taken_apart: list[str] = []

    class Counted(Marked):
        def __init__(self, text: str) -> None:
            taken_apart.append(text)
            super().__init__(text)

    monkeypatch.setattr("rollout.load.locate.Marked", Counted)
    assert len(pipeline.diff(root, today=TODAY).edits) == 4
    assert len(taken_apart) == len(set(taken_apart))


def test_one_more_of_what_was_found_before_is_one(root: Path) -> None:
    records = root / "waves/v/records/a.yaml"
    records.parent.mkdir()
    line = "- {note: lease, says: asked, on: 2026-11-02, by: %s}\n"
    records.write_text(line % "Eva")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "one line of a day to come")
    records.write_text(line % "Eva" + line % "Ann")
    found = pipeline.diff(root, today=TODAY, as_of=TODAY)
    assert {(problem.path, problem.line) for problem in found.problems} == {("waves/v/records/a.yaml", 2)}
    assert found.summary.endswith("2 new problems"), "its day is to come, and nothing is called so"


def test_every_form_says_the_same(root: Path) -> None:
    slip(root)
    text, markdown = (rollout("diff", "-C", str(root), "--format", how).stdout for how in ("text", "markdown"))
    told = json.loads(rollout("diff", "-C", str(root), "--format", "json").stdout)
    assert told["version"] == 1
    assert told["changed"] is True
    [moved] = told["moved"]
    assert (moved["site"], moved["to"]) == ("b", {"wave": 5, "go_live": "2027-03-02"})
    assert [(c["constraint"], c["path"], c["line"]) for c in moved["because"]] == [
        ("not_before", "waves/v/plan.yaml", 5)
    ]
    for said in ("2 Mar 2027 (wave 5)", "waves/v/plan.yaml:5", "last go-live"):
        assert said in text
        assert said in markdown
    assert len(told["plans"][0]["documents"]) > 5


def test_what_people_wrote_is_never_markup_or_an_order_to_the_host(root: Path) -> None:
    slip(root, f"{HOSTILE}\n::error::gone\n-->\n" + "x" * 100_000)
    markdown = rollout("diff", "-C", str(root), "--format", "markdown").stdout
    assert len(markdown.encode()) < 60_000
    assert "<!--" not in markdown
    assert "-->" not in markdown
    assert not any(line.startswith("::") for line in markdown.splitlines())
    assert "\x1b" not in rollout("diff", "-C", str(root)).stdout


def test_a_review_of_many_sites_fits_into_a_comment(root: Path) -> None:
    for number in range(700):
        name = f"Site number {number} of a long list of sites with long names"
        (root / f"sites/s{number:03}.yaml").write_text(f"name: {name}\ncountry: DE\n", encoding="utf-8")
    markdown = rollout("diff", "-C", str(root), "--format", "markdown").stdout
    assert 5_000 < len(markdown.encode()) < 60_000
    assert "and 500 more" in markdown
    assert "700 sites join" in markdown
