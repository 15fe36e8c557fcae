"""How-tos are typed as they are written, each on its own copy of the example or in a new programme."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from rollout import pipeline
from tests.cli.line import REPOSITORY, answers, rollout
from tests.conftest import LIVED, git

GUIDES = REPOSITORY / "docs/how-to"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TYPED = sorted(path.stem for path in GUIDES.glob("*.md") if "```console\n" in path.read_text(encoding="utf-8"))
_UNDATED = {"record", "init", "import", "show", "fmt", "schema"}
_AFRESH = {"import", "migrate"}
"""Those that begin with a programme of nobody."""


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, published and committed."""
    root = tmp_path_factory.mktemp("guides") / "acme"
    pipeline.init(root, LIVED, with_example=True)
    shutil.copytree(REPOSITORY / "playbooks", root / "playbooks")
    for words in (
        ("config", "user.name", "Katrin Sommer"),
        ("config", "user.email", "k.sommer@example.com"),
        ("add", "--all"),
        ("commit", "--quiet", "--message", "Start from the example"),
    ):
        git(root, *words)
    return root


@pytest.mark.parametrize("guide", _TYPED)
def test_a_guide_is_true(guide: str, example: Path, tmp_path: Path) -> None:
    here = tmp_path / "acme"
    if guide in _AFRESH:
        pipeline.init(here, LIVED)
    else:
        shutil.copytree(example, here)
    for kind, text in _BLOCK.findall((GUIDES / f"{guide}.md").read_text(encoding="utf-8")):
        if kind == "csv":
            name, _, body = text.partition("\n")
            (here / name).write_text(body, encoding="utf-8")
        elif kind == "diff":
            edited(here, text)
        elif kind == "console":
            for command in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                line, _, answer = command.partition("\n")
                typed(here, line, answer)


def edited(here: Path, text: str) -> None:
    """Lines with `+` put below the lines that stand before them, lines with `-` taken out."""
    name, _, change = text.partition("\n")
    file = here / name.removeprefix("# ")
    old = "".join(line[1:] for line in change.splitlines(keepends=True) if line[0] != "+")
    new = "".join(line[1:] for line in change.splitlines(keepends=True) if line[0] != "-")
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    assert before.count(old) == 1 or not before, (name, old)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(before.replace(old, new) if before else new, encoding="utf-8")


def typed(here: Path, command: str, answer: str) -> None:
    """Types a line, as of the day of the example where it needs one and says none, and looks for the answer."""
    words = shlex.split(command)
    if words[0] == "rollout":
        dated = words[1] not in _UNDATED and "--as-of" not in words
        when = ("--as-of", str(LIVED)) if dated else ()
        done = rollout(*words[1:], *when, cwd=here, GIT_AUTHOR_NAME="Katrin Sommer")
    else:
        done = subprocess.run(words, cwd=here, capture_output=True, text=True, check=False)
    answers(command, done, answer)
