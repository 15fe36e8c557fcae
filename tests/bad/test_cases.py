"""Bad input as data: each case says what is in the files, what is typed, and what has to be said, and where.

A case in one of the YAML files beside this one:

    - name: a country that is none
      files: {sites/lyon.yaml: "name: Lyon\ncountry: Utopia\n"}     # over the sound programme of `SOUND`; ~ removes
      run: [validate]                                               # the default
      code: wrong-value
      place: sites/lyon.yaml:2:10
      says: a country is its ISO 3166 code
      exit: 1                                                       # the default

Files may also come as `latin1: {path: text}`, as `many: {path: [text, times]}`, as `links: {path: target}` or as
`made: {path: maker}` (tests/bad/makers.py), and with `git: true` they are committed. Where `code` is missing nothing is wrong, and `exit` is 0 by default.
Nothing here may end in a traceback, write a file or put a control character on the terminal.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.bad.makers import MAKERS
from tests.conftest import git
from tests.typed import Answer, fingerprint, typed

HERE = Path(__file__).parent
SOUND = {
    "sites/lyon.yaml": "name: Lyon\ncountry: FR\nsponsor: {name: Marc Petit}\n",
    "waves/v/plan.yaml": "name: Vision\nwork_from: 2026-10-05\nlighthouse: lyon\n",
}
DAY = ["--as-of", "2026-10-01"]
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def _cases() -> list[Any]:
    found = []
    for path in sorted(HERE.glob("*.yaml")):
        for case in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader):
            found.append(pytest.param(case, id=f"{path.stem}: {case['name']}"))
    return found


def write(root: Path, case: dict[str, Any]) -> None:
    files = {**({} if case.get("bare") else SOUND), **case.get("files", {})}
    contents = {path: text.encode("utf-8", "surrogatepass") for path, text in files.items() if text is not None}
    contents |= {path: text.encode("latin-1") for path, text in case.get("latin1", {}).items()}
    contents |= {path: (text * times).encode() for path, (text, times) in case.get("many", {}).items()}
    contents |= {path: MAKERS[maker]() for path, maker in case.get("made", {}).items()}
    for folder in () if case.get("bare") else ("sites", "waves"):
        (root / folder).mkdir(parents=True)
    for path, data in contents.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    for path, target in case.get("links", {}).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).symlink_to(target)
    if case.get("git"):
        for words in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-qm", "all")):
            git(root, *words)


def answered(root: Path, case: dict[str, Any]) -> Answer:
    words = [str(word).replace("{root}", str(root)) for word in case.get("run", ["validate", *DAY])]
    if "-C" not in words and not case.get("bare"):
        at = words.index("--") if "--" in words else len(words)
        words[at:at] = ["-C", str(root)]
    return typed(*words)


@pytest.mark.parametrize("case", _cases())
def test_bad_input_is_told_where_it_stands(
    case: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "p"
    root.mkdir()
    write(root, case)
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "500")
    before = fingerprint(tmp_path)
    answer = answered(root, case)
    said = answer.text
    assert "Traceback" not in said
    assert "a fault of its own" not in said
    assert not CONTROL.search(said)
    assert fingerprint(tmp_path) == before
    assert answer.exit == case.get("exit", 1 if "code" in case else 0), said
    lines = [line.replace(f"{root}/", "") for line in said.splitlines()]
    if "code" in case:
        place = case.get("place", "").replace("{root}", str(root))
        head = f"{place}: {case['code']}: " if place else f"{case['code']}: "
        lines = [line for line in lines if line.startswith(head)]
        assert lines, f"no {head} in\n{said}"
    assert any(case["says"] in line for line in lines), said


def test_work_that_lasts_beyond_the_calendar_is_refused(tmp_path: Path) -> None:
    rows = [
        f"  a{n}: {{title: A, starts: T-9000, takes: 1040w, depends_on: [{f'a{n - 1}' if n else ''}]}}\n"
        for n in range(420)
    ]
    write(tmp_path, {"files": {"waves/v/plan.yaml": SOUND["waves/v/plan.yaml"] + "activities:\n" + "".join(rows)}})
    answer = typed("plan", "--dry-run", *DAY, "-C", str(tmp_path))
    assert (answer.exit, answer.stdout) == (1, b"")
    assert "beyond the calendar" in answer.text


def test_cases_have_different_names() -> None:
    names = [case.id for case in _cases()]
    assert len(set(names)) == len(names)
