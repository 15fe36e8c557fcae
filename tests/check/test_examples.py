"""Whole programmes by their folder: a good one has nothing wrong, a bad one holds the output it is due.

Drop a folder into tests/examples/bad with an `expected.txt`, gain a test. ROLLOUT_UPDATE_GOLDEN=1 writes the files.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rollout import pipeline
from tests.conftest import LIVED, TODAY, golden

EXAMPLES = Path(__file__).parents[1] / "examples"
REPOSITORY = Path(__file__).parents[2]


@pytest.mark.parametrize("folder", sorted((EXAMPLES / "bad").iterdir()), ids=lambda f: f.name)
def test_bad_programmes_say_what_is_wrong(folder: Path, tmp_path: Path) -> None:
    root = tmp_path / "p"
    shutil.copytree(folder, root)
    for name in ("sites", "waves"):
        (root / name).mkdir(exist_ok=True)
    found = pipeline.validate(root, TODAY)
    said = "".join(f"{problem.severity}: {problem}\n" for problem in found.problems)
    expected = folder / "expected.txt"
    golden(expected, said)
    assert found.problems, "a bad programme has a problem"
    assert all(problem.line and problem.column for problem in found.problems)
    assert all(problem.message and (problem.hint or problem.severity) for problem in found.problems)


def test_the_programme_in_this_repository_lacks_a_sponsor_and_nine_languages() -> None:
    found = pipeline.validate(REPOSITORY, LIVED)
    assert [(p.code, p.severity, p.path) for p in found.problems if p.code != "untranslated"] == [
        ("missing-sponsor", "warning", "sites/americas/joinville.yaml")
    ]
    untranslated = [p for p in found.problems if p.code == "untranslated"]
    assert {p.severity for p in untranslated} == {"warning"}
    assert len(untranslated) == 1
    assert "(hi, hr, it, mr, nb, pl, pt, pt_BR, zh)" in untranslated[0].hint
    assert found.sites == 14
