"""What a shell is told while somebody types."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rollout.cli.complete import TABLE, answer, completions
from rollout.cli.complete_table import table_text
from rollout.load import glance
from tests.conftest import Write, golden

REPOSITORY = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
FILES = {
    "sites/_defaults.yaml": "shifts: 2\n",
    "sites/emea/lyon.yaml": "name: Lyon\n",
    "sites/emea/$(touch x).yaml": "name: no id\n",
    "sites/linz.yaml": "not: [even YAML\n",
    "sites/notes.txt": "",
    "sites/_systems.yaml": "systems:\n  - {id: sap, kind: erp}\n  - id: mes\n    kind: mes\n",
    "waves/_teams.yaml": "",
    "waves/v/plan.yaml": """
        name: V
        preset: own@1
        gates:
          # said of it
          wave: {on: T-28}
          go-live:
            needs: {no-gate: {evidence: x}}
        activities:
        - {id: crane, title: C}
        """,
    "waves/v/schedule.yaml": "sites:\n  lyon: {wave: 0, go_live: 2027-02-09}\n  linz: {wave: 12, go_live: 2027-03-09}\n",
    "waves/w/plan.yaml": "name: W\n",
    "waves/empty/x.md": "",
    "templates/presets/own@1.yaml": "activities:\n  fence: {title: F}\ngates:\n  exit: {}\n",
}


def words(line: str) -> list[str]:
    """What is offered at the end of a line."""
    *before, begun = line.split(" ")
    return [word for word, _ in completions(before, begun)]


@pytest.fixture
def root(programme_folder: Write) -> Path:
    return programme_folder(FILES)


def test_the_table_is_made_from_the_command_line() -> None:
    made = table_text()
    golden(Path(TABLE), made)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("sch", ["schema"]),
        ("show ", ["linz", "lyon"]),
        ("show l", ["linz", "lyon"]),
        ("plan --plan ", ["v", "w"]),
        ("plan --plan=v", ["--plan=v"]),
        ("plan --eff", ["--effort"]),
        ("plan --effort t", ["thorough"]),
        ("gate --plan v ", ["exit", "go-live", "wave", "wave-12"]),
        ("gate --sites lyon,li", ["lyon,linz"]),
        ("status --wave ", ["0", "12"]),
        ("explain lyon --wave 1", ["12"]),
        ("systems --found ", ["mes", "sap"]),
        ("whatif --delay ly", ["lyon="]),
        ("record ly", ["lyon"]),
        ("record --plan v lyon c", ["crane", "committed", "cost"]),
        ("record --plan v lyon fe", ["fence"]),
        ("record lyon crane re", ["requested"]),
        ("record lyon status rea", ["ready"]),
        ("record lyon item --plan v cr", ["crane"]),
        ("record --plan-level sca", ["scale"]),
        ("record --plan-level scale no", ["no_go"]),
        ("record lyon lesson x --blo", ["--blocking"]),
        ("export workb", ["workbook"]),
        ("schema po", ["portfolio"]),
        ("show -- l", ["linz", "lyon"]),
        ("rules stale-ap", ["stale-approval"]),
        ("init ", []),
        ("nothing l", []),
    ],
)
def test_words_are_offered(root: Path, monkeypatch: pytest.MonkeyPatch, line: str, offered: list[str]) -> None:
    monkeypatch.chdir(root / "waves/v")
    assert words(line) == offered


def test_rules_and_places_without_a_programme(tmp_path: Path) -> None:
    assert words(f"show -C {tmp_path} ") == []
    assert words(f"show -C {REPOSITORY}/waves ly") == ["lyon"]
    assert glance.root_of(str(REPOSITORY / "sites/emea")) == str(REPOSITORY)


def asked(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], **said: str) -> tuple[int, str]:
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    return answer(), capsys.readouterr().out


def test_each_shell_is_answered_in_its_own_way(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    line = {"_TYPER_COMPLETE_ARGS": "rollout show ly"}
    zsh = asked(monkeypatch, capsys, _ROLLOUT_COMPLETE="complete_zsh", **line)
    assert zsh == (0, "_arguments '*: :((\"lyon\"))'\n")
    fish = {"_ROLLOUT_COMPLETE": "complete_fish", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    assert asked(monkeypatch, capsys, **fish, **line) == (0, "lyon\n")
    assert asked(monkeypatch, capsys, **fish, _TYPER_COMPLETE_ARGS="rollout schem")[1].startswith(
        "schema\tJSON Schemas"
    )
    is_args = fish | {"_TYPER_COMPLETE_FISH_ACTION": "is-args"}
    assert asked(monkeypatch, capsys, **is_args, **line) == (0, "")
    assert asked(monkeypatch, capsys, **is_args, _TYPER_COMPLETE_ARGS="rollout init ") == (1, "")
    bash = {"_ROLLOUT_COMPLETE": "complete_bash", "COMP_WORDS": "rollout\nplan\n--plan\n=\n", "COMP_CWORD": "4"}
    assert asked(monkeypatch, capsys, **bash) == (0, "v\nw\n")
    assert asked(monkeypatch, capsys, **bash | {"COMP_WORDS": "rollout show 'x", "COMP_CWORD": "2"}) == (0, "")


def test_bash_completes_a_site(root: Path) -> None:
    script = f"""
        PATH={BIN}:$PATH
        source <(_ROLLOUT_COMPLETE=source_bash rollout)
        COMP_WORDS=(rollout show -C {root} ly) COMP_CWORD=4
        _rollout_completion rollout
        echo "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert done.stdout == "lyon\n", done.stderr


def test_nothing_heavy_is_imported_for_an_answer(root: Path) -> None:
    code = """if True:
        import sys
        from rollout.cli.complete import completions
        assert completions(["show"], "ly") == [("lyon", "")]
        heavy = {"pydantic", "typer", "yaml", "rich", "git", "dataclasses", "rollout.pipeline"} & set(sys.modules)
        assert not heavy, heavy
    """
    subprocess.run(
        [sys.executable, "-c", code], cwd=root, check=True, env={**os.environ, "PYTHONPATH": str(REPOSITORY)}
    )


def test_the_folder_is_found_where_the_shell_has_not_put_its_name_yet(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(root.parent))
    monkeypatch.chdir("/")
    assert words(f"status -C ~/{root.name} ly") == ["lyon"]
    assert words(f"-C ~/{root.name} status ly") == ["lyon"]
    assert words("-C ") == []
    assert "status" in words(f"-C {root} st")
