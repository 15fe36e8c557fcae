"""The command line as a person and as a program meet it."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import python_calamine

from rollout import pipeline
from rollout.cli.ended import Ended, listen
from rollout.cli.report import write_problems
from tests import conftest
from tests.cli.line import REPOSITORY, rollout
from tests.conftest import Write, git


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


LIVED = ("--as-of", str(conftest.LIVED))


def test_version() -> None:
    assert rollout("--version").stdout == "rollout 0.1.0\n"


def test_help_names_every_command() -> None:
    said = rollout("--help").stdout
    assert all(
        f" {name} " in said for name in ("import", "validate", "plan", "publish", "init", "demo", "render", "show")
    )


def test_help_is_one_screen() -> None:
    lines = rollout("--help").stdout.splitlines()
    assert len(lines) <= 50
    assert max(map(len, lines)) <= 80
    assert next(line for line in lines if line.endswith(":")) == "What a manager types:"


def test_a_paragraph_of_help_is_broken_by_the_terminal_alone_and_a_list_stays() -> None:
    assert "sites gone from the sheet are named, never" in rollout("import", "--help").stdout
    listed = rollout("whatif", "--help").stdout.splitlines()
    assert any(line.strip() == "--drop        a record that the site is dropped" for line in listed)


def test_help_begins_with_examples() -> None:
    lines = rollout("whatif", "--help").stdout.splitlines()
    assert [line.strip() for line in lines[5:7]] == ["Examples:", "rollout whatif --delay lyon=3w"]


def test_errors_teach() -> None:
    assert "Did you mean 'plan'" in rollout("pln").stderr
    assert "--afresh" in rollout("plan", "--aferesh").stderr
    assert 'did you mean "lyon"?' in rollout("explain", "lion").stderr


def test_wrong_usage_exits_2() -> None:
    assert rollout("pln").returncode == 2
    assert rollout("plan", "--as-of", "tomorrow").returncode == 2
    assert rollout().returncode == 2


@pytest.mark.parametrize("text", ["0", "1800-01-01", "2027-3-1"])
@pytest.mark.parametrize("option", ["audit --as-of", "validate --dry-run --write-known --until", "plan --as-of"])
def test_a_day_is_typed_in_one_way(option: str, text: str) -> None:
    """Else `--until 1800-01-01` is written into a file that nothing reads again."""
    assert rollout(*option.split(), text).returncode == 2


def test_validate_for_people_and_for_programs() -> None:
    text = rollout("validate", *LIVED)
    assert text.returncode == 0
    assert text.stdout.splitlines()[-1] == "14 sites: 0 errors, 2 warnings"
    answer = json.loads(rollout("validate", *LIVED, "--format", "json").stdout)
    assert answer["version"] == 1
    assert answer["summary"] == {"sites": 14, "errors": 0, "warnings": 2}
    assert answer["problems"][0].keys() == {"code", "severity", "message", "path", "line", "column", "hint"}
    assert rollout("validate", *LIVED, "--strict").returncode == 1


def test_a_terminal_shows_the_line_that_is_meant(programme_folder: Write) -> None:
    """Lines are counted as editors do: what Unicode also calls the end of one ends none."""
    root = programme_folder({"sites/a.yaml": 'labels: {a: "x\u2028y"}\nname: A\ncountry: F\x85R\n'})
    terminal = Terminal()
    write_problems(pipeline.validate(root, conftest.TODAY).problems, terminal, root)
    assert f"    country: F\N{REPLACEMENT CHARACTER}R\n{'^':>15}\n" in terminal.getvalue()


def test_rules_as_a_workbook(tmp_path: Path) -> None:
    for words, rows in ((["rules"], 100), (["rules", "slip"], 1)):
        out = tmp_path / "rules.xlsx"
        assert rollout(*words, "--format", "xlsx", "-o", str(out)).returncode == 0
        table = python_calamine.CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
        assert table[0] == ["code", "severity", "what"]
        assert len(table) > rows


def test_plan_calls_the_lighthouse_by_its_name_when_it_moves(programme_folder: Write) -> None:
    plan = "name: V\nwork_from: 2026-10-05\nlighthouse: lyon\nconstraints: {lyon: {not_before: 2027-04-20}}\n"
    root = programme_folder(
        {
            "sites/lyon.yaml": "name: Lyon\ncountry: FR\nsponsor: {name: Marc}\n",
            "waves/v/plan.yaml": plan,
            "waves/v/schedule.yaml": "made: {as_of: 2026-10-01, outcome: feasible}\n"
            "sites: {lyon: {wave: 0, go_live: 2027-04-13}}\n",
        }
    )
    said = rollout("plan", "--dry-run", "--as-of", "2026-10-01", cwd=root).stdout
    assert "  lyon: 13 Apr 2027 (lighthouse) → 20 Apr 2027 (lighthouse)" in said.splitlines()


def test_plan_names_the_first_of_very_many_sites_without_a_day(programme_folder: Write) -> None:
    sites = {f"sites/s{number}.yaml": "name: S\ncountry: FR\n" for number in range(250)}
    plan = "name: V\nwork_from: 2026-10-05\nblackouts: [{id: never, from: 2026-01-01, to: 2060-01-01}]\n"
    root = programme_folder({**sites, "waves/v/plan.yaml": plan})
    said = rollout("plan", "--dry-run", "--as-of", "2026-10-01", cwd=root).stdout
    assert "and 230 more without a day; --format json has all" in said
    assert len(said.splitlines()) < 60


def test_one_of_a_thing_is_never_called_many(programme_folder: Write) -> None:
    """In what commands say to somebody who begins with one site, and in the commit."""
    plan = "name: V\npreset: standard@1\nwork_from: 2026-10-05\nwaves: {every: month, size: 1}\n"
    root = programme_folder({"sites/a.yaml": "name: A\ncountry: FR\nlanguages: [en]\n", "waves/v/plan.yaml": plan})
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "Start"]):
        git(root, *words)
    said = "".join(
        rollout(*words.split(), "--as-of", "2026-10-01", cwd=root).stdout
        for words in (
            *("plan", "publish --dry-run", "publish", "render", "render --check", "report", "status", "status a"),
            *("due --within 40w", "systems", "forecast --runs 1", "gate", "people", "whatif --delay a=1d"),
        )
    )
    said += git(root, "log", "-1")
    assert "Publish v: 1 site, 1 wave, last go-live" in said
    assert re.findall(r"(?<![\w.,:/-])1 (?:more )?[a-z]+s\b", said) == []


def test_plan_json_keeps_its_promise() -> None:
    answer = json.loads(rollout("plan", "--dry-run", "--as-of", "2026-10-01", "--format", "json").stdout)
    assert {"version", "plan", "outcome", "bound", "proved", "waves", "unplaced", "conflict"} <= answer.keys()
    assert (answer["plan"], answer["outcome"], answer["bound"]) == ("vision", "optimal", {"waves": 4})
    assert answer["waves"][0]["sites"] == [{"site": "lyon", "go_live": "2027-02-09"}]


@pytest.mark.parametrize("how", ["markdown", "csv"])
def test_plan_as_a_table_elsewhere(how: str) -> None:
    lines = rollout("plan", "--dry-run", "--as-of", "2026-10-01", "--format", how).stdout.splitlines()
    assert len(lines) == {"markdown": 16, "csv": 15}[how]


@pytest.mark.parametrize("columns", ["80", "200"])
def test_the_terminal_is_never_overrun(columns: str) -> None:
    said = rollout("plan", "--dry-run", "--as-of", "2026-10-01", COLUMNS=columns).stdout
    assert max(map(len, said.splitlines()[:-1])) <= int(columns)
    assert "█" in said


def test_bars_without_unicode() -> None:
    said = rollout("plan", "--dry-run", "--as-of", "2026-10-01", PYTHONIOENCODING="ascii:replace").stdout
    assert "#" in said
    assert "█" not in said


def test_show_says_where_each_value_is_written() -> None:
    lines = rollout("show", "lyon").stdout.splitlines()
    assert any(line.split()[:1] == ["country"] and "sites/emea/lyon.yaml:4" in line for line in lines)
    assert any(line.split()[:1] == ["shifts"] and "sites/_defaults.yaml" in line for line in lines)


def test_show_says_what_a_slip_has_made_too_old() -> None:
    slipped = REPOSITORY / "tests/examples/bad/reopened"
    said = " ".join(rollout("show", "lyon", "-C", str(slipped)).stdout.split())
    assert "sponsor-commitment (done on 2026-09-18, good until 2027-03-17)" in said
    assert "too old" not in rollout("show", "lyon").stdout


def test_errors_are_sentences_with_a_remedy_and_no_traceback(tmp_path: Path) -> None:
    for words, code, says in (
        (("validate",), 1, "rollout init DIR"),
        (("validate", "-C", str(tmp_path / "nowhere")), 1, "check the path given with -C"),
        (("show", "lion", "-C", str(REPOSITORY)), 1, 'did you mean "lyon"?'),
        (("plan", "--plan", "visoin", "-C", str(REPOSITORY)), 1, 'did you mean "vision"?'),
        (("import", "missing.csv", "-C", str(REPOSITORY)), 1, "missing.csv"),
    ):
        done = rollout(*words, cwd=tmp_path)
        assert done.returncode == code, done.stderr
        assert says in done.stderr + done.stdout
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [("validate", "--as-of", "2026-10-01"), ("--help",)])
def test_a_reader_who_has_gone_is_said(words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "rollout", *words],
        cwd=REPOSITORY,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1


def test_with_nothing_left_to_say_it_on_the_exit_code_stands() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "rollout", "plan", "--plan", "visoin"]
        assert subprocess.run(command, cwd=REPOSITORY, stdout=full, stderr=full, check=False).returncode == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_a_library_makes_of_a_signal_is_still_its_end(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Pydantic turns whatever is raised while it builds a model into an error of its own."""

    def building(*_: object) -> None:
        try:
            signal.raise_signal(number)
        except BaseException as error:
            raise ValueError("a model that cannot be built") from error

    monkeypatch.setattr("rollout.pipeline.validate", building)
    done = rollout("validate")
    assert (done.returncode, done.stdout) == (128 + number, "")
    assert done.stderr.startswith("rollout: ")
    assert "nothing is half-written" in done.stderr
    assert rollout("--version").returncode == 0


def test_a_signal_we_are_to_ignore_stays_ignored() -> None:
    """As `nohup rollout plan` asks for."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        listen()
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
        with pytest.raises(Ended) as caught:
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)  # while files are put back: not heard
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
    assert caught.value.code == 143


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_behind_stdout_is_said(unbuffered: str) -> None:
    env = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "rollout", "validate", "--as-of", "2026-10-01"]
        done = subprocess.run(
            command, cwd=REPOSITORY, stdout=full, stderr=subprocess.PIPE, env=env, text=True, check=False
        )
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("closed", "words", "code"), [("2>&-", "show lion", 1), ("<&- >&- 2>&-", "--version", 0)])
def test_an_end_that_is_closed_is_no_fault(closed: str, words: str, code: int) -> None:
    command = f"exec {sys.executable} -m rollout {words} {closed}"
    done = subprocess.run(["sh", "-c", command], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def test_the_demo_walks_the_whole_road(tmp_path: Path) -> None:
    done = rollout("demo", "demo", cwd=tmp_path, HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "demo/playbooks/vision/lyon/playbook.md" in done.stdout
    assert "row 16" in done.stdout
    log = subprocess.run(
        ["git", "log", "--format=%s"], cwd=tmp_path / "demo", capture_output=True, text=True, check=True
    )
    assert log.stdout.splitlines()[0].startswith("Publish vision: 14 sites")
    assert len(log.stdout.splitlines()) == 3


def test_the_demo_leaves_a_filled_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = rollout("demo", ".", cwd=tmp_path)
    assert (done.returncode, [path.name for path in tmp_path.iterdir()]) == (1, ["mine.txt"])
    assert "already-there: the demonstration begins in an empty or missing folder" in done.stderr


def test_lighthouse_ranks_for_people_and_for_programs() -> None:
    text = rollout("lighthouse", "--as-of", "2026-10-01")
    assert text.returncode == 0
    assert " ".join(text.stdout.split()).startswith(
        "lyon, the plan's lighthouse, ranks first of 10 sites that can be, with 81.8 of 100"
    )
    assert "lyon stays first whichever single weight is 20 % less or more." in text.stdout
    assert all(len(line) <= 80 for line in text.stdout.splitlines())
    answer = json.loads(rollout("lighthouse", "--as-of", "2026-10-01", "--format", "json").stdout)
    assert list(answer)[:5] == ["version", "plan", "as_of", "lighthouse", "winner"]
    assert (answer["winner"], answer["survives"]) == ("lyon", {"percent": 20, "all": True, "lost": []})
    assert len(answer["sites"]) == 14
    for site in answer["sites"]:
        assert round(sum(c["points"] for c in site["contributions"]), 3) == site["score"]
    joinville = next(site for site in answer["sites"] if site["site"] == "joinville")
    assert (joinville["eligible"], joinville["rank"]) == (False, None)
    assert [(r["code"], r["path"], r["line"]) for r in joinville["reasons"]] == [
        ("no-sponsor", "sites/americas/joinville.yaml", 3),
        ("below-minimum", "waves/vision/records/joinville.yaml", 2),
    ]
    table = rollout("lighthouse", "--as-of", "2026-10-01", "--format", "csv").stdout.splitlines()
    assert len(table) == 15
    assert table[1].startswith("1,lyon,Lyon Coatings,yes,81.8,30.0,")
    assert "| 1 | lyon |" in rollout("lighthouse", "--as-of", "2026-10-01", "--format", "markdown").stdout


def test_lighthouse_says_no_when_no_assessment_is_fresh() -> None:
    late = rollout("lighthouse", "--as-of", "2027-10-01")
    assert late.returncode == 1
    assert late.stdout.startswith("No site of 14 can be the lighthouse yet: 14 assessed too long ago")


def test_what_people_wrote_is_harmless_in_the_sentences_of_a_ranking(programme_folder: Write) -> None:
    never = '{x: {where: {}, because: "[x](javascript:alert)"}}'
    root = programme_folder(
        {
            "sites/a.yaml": "name: A\ncountry: FR\nsponsor: {name: A}\nlabels: {v: '1'}\n",
            "sites/b.yaml": "name: B\ncountry: FR\nsponsor: {name: A}\n",
            "waves/v/records/b.yaml": "- {readiness: {leadership: 5, workflow_redesign: 4, data_quality: 3, systems: 3, "
            "people: 4, change_capacity: 4, security: 3, infrastructure: 3}, on: 2026-09-14, by: A}\n",
            "waves/v/plan.yaml": "name: V\nwork_from: 2026-10-05\nlighthouse: a\n"
            f"lighthouse_fit: {{never: {never.replace('{}', '{labels: {v: 1}}')}}}\n",
        }
    )
    said = rollout("lighthouse", "--as-of", "2026-10-01", "--format", "markdown", cwd=root)
    assert said.returncode == 0, said.stderr
    assert "[x](javascript" not in said.stdout
    assert "javascript" in said.stdout.splitlines()[0]
