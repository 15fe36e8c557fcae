"""Every command in every format over a programme whose every text is an attack: nothing of it gets through."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typer
from markdown_it import MarkdownIt

from rollout.cli.app import app
from tests.bad import hostile
from tests.conftest import git
from tests.typed import Answer, typed

DAY = ("--as-of", "2026-10-01")
LOOKS = ("text", "json", "markdown", "csv")
BOTH = ("text", "json")
NAME = "\x1b[31m\u202e=cmd|'/C calc'!A0 ::error::x `b` [x](javascript:alert(1))"

COMMANDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "import": (("{sheet}", "--set", "country=NO", "--dry-run"), BOTH),
    "validate": ((), (*BOTH, "gitlab", "sarif", "junit")),
    "plan": (("--dry-run", "--afresh"), LOOKS),
    "plan --check": ((), LOOKS),
    "publish": (("--dry-run", "--branch", "plan/next"), BOTH),
    "diff": (("HEAD~1",), ("text", "markdown", "json")),
    "due": (("--within", "400d"), (*LOOKS, "ics")),
    "due --messages": (("--within", "400d"), BOTH),
    "status": ((), LOOKS),
    "status oslo": ((), LOOKS),
    "record": (("oslo", "note", "own", NAME, "--by", NAME, "--dry-run"), BOTH),
    "record --kinds": ((), BOTH),
    "init": (("{odd}",), BOTH),
    "demo": (("{odd}",), ("",)),
    "render --preview oslo": ((), BOTH),
    "show": (("oslo",), LOOKS),
    "lighthouse": ((), LOOKS),
    "forecast": ((), LOOKS),
    "lessons": ((), LOOKS),
    "proof": ((), LOOKS),
    "systems": ((), LOOKS),
    "systems --found x9 --at oslo": ((), LOOKS),
    "capacity": (("--by", "week"), LOOKS),
    "budget": ((), LOOKS),
    "budget oslo": ((), LOOKS),
    "people": ((), LOOKS),
    "portfolio": ((), LOOKS),
    "audit": ((), LOOKS),
    "whatif": (("--delay", "bergen=8w"), LOOKS),
    "explain": (("bergen",), LOOKS),
    "explain --wave 2": (("graz",), LOOKS),
    "gate": ((), LOOKS),
    "gate go-live": ((), LOOKS),
    "fmt": (("--check",), BOTH),
    "report": (("-o", "{out}"), BOTH),
    "schema": ((), BOTH),
    "doctor": ((), BOTH),
    "export plan": (("{out}",), ("",)),
    "export calendar": (("{out}",), ("",)),
    "export issues": (("-", "--tracker", "jira"), ("",)),
    "export mermaid": (("-",), ("",)),
    "export workbook": (("oslo", "-o", "{out}"), ("",)),
}
"""What is typed after each command, and its formats."""
ONLY_IDS = {"record --kinds", "forecast", "capacity", "whatif", "fmt", "schema", "doctor"}
"""Commands that say ids, days and figures. Every other one has to show a text, or it was refused and showed nothing."""
ENDINGS = {"report": ".html", "export calendar": ".ics"}
"""What a file is called that is no workbook."""
SHOWN = "javascri"
"""A part of every text that no line is broken in."""
NO_DAY = {"doctor", "schema", "show", "record", "fmt", "audit", "portfolio", "demo"}

# A tab and a line end are the only control characters of a text.
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
ORDER = re.compile(r"^\s*::(?:error|warning|notice|add-mask)|##[a-z]*\[", re.MULTILINE)
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def registered() -> set[str]:
    found = set()
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]  # a group has them
        below = getattr(command, "commands", None)
        found |= {f"{name} {inner}" for inner in below} if below else {name}
    return found


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programme, committed by somebody with a name of the same kind, and changed since."""
    root = tmp_path_factory.mktemp("hostile") / "p"
    hostile.write(root)
    assert typed("plan", "-C", str(root), *DAY).exit == 0
    git(root.parent, "init", "-q", "-b", "main", str(root))
    git(root, "-c", "user.name=\x1b[31m::error::x `b`", "-c", "user.email=a@example.com", "add", ".")
    for message in ("one", NAME):
        author = ("-c", "user.name=\x1b[31m\u202e::error::x `b`", "-c", "user.email=a@example.com")
        git(root, *author, "commit", "-qm", message, "--allow-empty")
    plan = root / "waves/v/plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("lag: 12w", "lag: 20w"), encoding="utf-8", newline="")
    sheet = io.StringIO()
    csv.writer(sheet).writerows([["name", "=cmd", NAME], ["=1+1|\u202eA `b`", "x", "y"], ["::error::no", "", ""]])
    (root.parent / "sheet.csv").write_text(sheet.getvalue(), encoding="utf-8")
    return root


def answer(root: Path, command: str, how: str, out: Path) -> Answer:
    words, _ = COMMANDS[command]
    places = {
        "odd": str(out.with_name(NAME.replace("/", ""))),
        "out": str(out),
        "sheet": str(root.parent / "sheet.csv"),
    }
    given = [*command.split(), *(word.format(**places) if word.startswith("{") else word for word in words)]
    name = command.split(maxsplit=1)[0]
    given += () if name in NO_DAY else DAY
    given += () if name in ("init", "demo") else ("-C", str(root))
    return typed(*given, *(("--format", how) if how else ()))


def harmless_markdown(text: str) -> None:
    tokens = READER.parse(text)
    inner = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in (*tokens, *inner)}
    assert not kinds & {"html_inline", "html_block", "image", "link_open", "code_inline", "fence", "code_block"}
    rows = [line for line in text.splitlines() if line.startswith("|")]
    for row in rows:
        assert re.fullmatch(r"\|(?: (?:[^|\\]|\\.)* \|)+|\|(?: --- \|)+", row), row


def harmless_csv(text: str) -> None:
    for row in csv.reader(io.StringIO(text)):
        for cell in row:
            assert not re.match(r"\s*[=+@-](?![0-9.]+\Z)", cell), cell


def harmless_calendar(text: str) -> None:
    assert not UNSEEN.search(text.replace("\r\n", "\n"))
    assert text.count("BEGIN:VEVENT") == len(re.findall("^BEGIN:VEVENT\r$", text, re.MULTILINE))


def harmless_file(file: Path) -> str:
    """What a command has written, as text."""
    data = file.read_bytes()
    if not data.startswith(b"PK"):
        text = data.decode("utf-8")
        if text.startswith("BEGIN:VCALENDAR"):
            harmless_calendar(text)
        else:
            assert not UNSEEN.search(text)
            assert not re.search(r"""<script>x|(?:href|src)=["']?(?:javascript:|https://example\.com)""", text)
        return text
    with zipfile.ZipFile(file) as book:
        parts = {name: book.read(name).decode("utf-8") for name in book.namelist()}
    for name, text in parts.items():
        assert "<f>" not in text, name
        # A hidden sheet names labels and roles as the files do, or they would not be found again.
        seen = re.sub(r"<t[^>]*>(?:labels|headcount)\.[^<]*</t>", "", text.replace("\r\n", "\n"))
        assert not UNSEEN.search(seen), name
    return "".join(parts.values())


@pytest.mark.parametrize("command", COMMANDS)
def test_no_text_of_a_programme_is_more_than_text(
    command: str, programme: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    file, shown = tmp_path / f"out{ENDINGS.get(command, '.xlsx')}", ""
    file.with_name(NAME.replace("/", "")).touch()
    for how in COMMANDS[command][1]:
        said = answer(programme, command, how, file)
        assert said.exit in (0, 1), said.text
        assert "Traceback" not in said.text
        out, err = said.stdout.decode("utf-8"), said.stderr.decode("utf-8")
        shown += out + err
        assert not UNSEEN.search(err), ascii(err)
        assert not ORDER.search(err), err
        if how == "ics":
            harmless_calendar(out)
            continue
        assert not UNSEEN.search(out), ascii(out[:2000])
        assert not ORDER.search(out), ORDER.search(out)
        if how == "json" and out:
            assert json.loads(out)["version"] == 1
        if how == "markdown":
            harmless_markdown(out)
        if how == "csv":
            harmless_csv(out)
    if file.exists():
        shown += harmless_file(file)
    assert (SHOWN in shown.replace("\n", "")) == (command not in ONLY_IDS), shown


def test_no_page_holds_what_nobody_sees(programme: Path, tmp_path: Path) -> None:
    root = tmp_path / "p"
    shutil.copytree(programme, root)
    assert typed("plan", "-C", str(root), *DAY).exit == 0
    assert typed("render", "-C", str(root), *DAY).exit == 0
    written = [path for path in (root / "playbooks").rglob("*") if path.is_file()]
    assert len(written) > 9
    for path in (*written, root / "waves/v/schedule.yaml", root / "waves/_holidays.yaml"):
        text = path.read_bytes().decode("utf-8")
        assert not UNSEEN.search(text), path
        assert path.suffix == ".svg" or "](javascript:" not in text.replace("\\](", ""), path
        if path.suffix == ".svg":
            drawn = ElementTree.fromstring(text)
            assert {element.tag.rpartition("}")[2] for element in drawn.iter()}.isdisjoint(
                {"script", "image", "foreignObject"}
            )


def test_no_command_is_left_out() -> None:
    known = registered()
    typed_here = {
        next(name for name in (" ".join(command.split()[:2]), command.split()[0]) if name in known)
        for command in COMMANDS
    }
    assert typed_here == known - {"rules"}, "`rules` says nothing of a programme"
