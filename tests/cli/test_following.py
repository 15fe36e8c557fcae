"""`rollout status` and `rollout due` as a person and as a program meet them, on the example."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import NamedTuple

import icalendar
import pytest
from typer.testing import CliRunner

from rollout import pipeline
from rollout.cli.app import app
from tests.cli.line import REPOSITORY, rollout
from tests.conftest import TODAY, as_begun

DAY = ("--as-of", "2026-11-24")


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example as it begins, with seven weeks of silence; in no repository, so that history says nothing."""
    root = tmp_path_factory.mktemp("example")
    for folder in ("sites", "waves"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    pipeline.render(as_begun(root), TODAY)
    # What was to be ready is: the story here is about sites.
    records = root / "waves/vision/records/_plan.yaml"
    schedule = pipeline.load(root).programme.plans["vision"].schedule
    assert schedule is not None
    with records.open("a", encoding="utf-8") as file:
        for name, ready in schedule.prerequisites.items():
            if ready.ready < date(2026, 11, 24):
                said = f"evidence: {name}, at: 'https://git.example.com/{name}', on: {ready.ready}, by: Ana Ruiz"
                file.write(f"- {{{said}}}\n")
    return root


STATUS = """\
Vision defect detection, as of Tue 24 Nov 2026: AMBER
14 sites: 1 red, 8 amber, 5 green; 0 live. The end, 13 Jul 2027, is kept.

wave         from         items done   slip   colour   sites
───────────────────────────────────────────────────────────────────────
lighthouse   9 Feb 2027   1/47         +48d   red      1 red
wave 1       6 Apr 2027   0/187        +41d   amber    4 amber
wave 2       4 May 2027   0/142        +13d   amber    3 amber
wave 3       1 Jun 2027   0/140        +19d   amber    1 amber, 2 green
wave 4       6 Jul 2027   0/140               green    3 green

site         go-live       colour   why
────────────────────────────────────────────────────────────────────────────────
lyon         9 Feb 2027    red      48 days late: Survey the line (had to start
                                    by 7 Oct 2026);
                                    15 items behind, the first since 5 Oct 2026:
                                    Count the systems and confirm the count;
                                    and 2 more
"""


class Said(NamedTuple):
    stdout: str
    returncode: int


def inside(*words: str, cwd: Path) -> Said:
    """The command line without a process of its own, which costs more than what is asked."""
    found = CliRunner(env={"COLUMNS": "80"}).invoke(app, [*words, "-C", str(cwd)])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return Said(found.stdout, found.exit_code)


def narrow(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.splitlines()]
    assert all(len(line) <= 80 for line in lines), [line for line in lines if len(line) > 80]
    return lines


def test_status_for_people_fits_a_terminal(example: Path) -> None:
    said = inside("status", *DAY, cwd=example)
    assert said.returncode == 0
    lines = narrow(said.stdout)
    assert lines[: len(STATUS.splitlines())] == STATUS.splitlines()
    early = inside("status", "--as-of", "2026-10-01", cwd=example).stdout
    assert "14 sites: 0 red, 1 amber, 13 green; 0 live." in early
    later = inside("status", "--as-of", "2027-02-11", cwd=example)
    assert "was to go live on 9 Feb 2027" in " ".join(later.stdout.split())


def test_status_for_programs(example: Path) -> None:
    answer = json.loads(inside("status", *DAY, "--format", "json", cwd=example).stdout)
    assert list(answer)[:5] == ["version", "plan", "as_of", "colour", "stopped"]
    assert answer["summary"] == {
        "sites": 14, "red": 1, "amber": 8, "green": 5, "live": 0, "end": "2027-07-13", "expected_end": "2027-07-13",
    }  # fmt: skip
    lyon = answer["sites"][0]
    assert (lyon["site"], lyon["colour"], lyon["slip"], lyon["expected"]) == ("lyon", "red", 48, "2027-03-29")
    assert [reason["rule"] for reason in lyon["reasons"]] == ["late", "behind", "silent", "tight"]
    again = rollout("status", *DAY, "--format", "json", cwd=example, PYTHONHASHSEED="7").stdout
    assert json.loads(again) == answer


def test_status_of_a_wave_and_for_documents(example: Path) -> None:
    said = inside("status", "--wave", "3", *DAY, cwd=example).stdout
    assert [line.split()[0] for line in narrow(said)[-6:] if line[:1].isalpha()][1:] == ["pune", "turin", "alexandria"]
    rows = inside("status", *DAY, "--format", "csv", cwd=example).stdout.splitlines()
    assert rows[0].startswith("site,name,wave,status,colour,go-live,expected,slip,done,items,why")
    assert len(rows) == 15
    assert inside("status", *DAY, "--format", "markdown", cwd=example).stdout.count("|\n| --- |") == 2
    assert inside("status", "lyon", "--wave", "1", *DAY, cwd=example).returncode == 2
    assert 'did you mean "lyon"' in rollout("status", "lion", *DAY, cwd=example).stderr


def test_status_stops_a_programme_with_too_many_red_sites(example: Path, tmp_path: Path) -> None:
    root = tmp_path / "r"
    shutil.copytree(example, root)
    plan = root / "waves/vision/plan.yaml"
    plan.write_text(plan.read_text() + "stop_when: {red: 0}\n")
    said = inside("status", *DAY, cwd=root)
    assert said.returncode == 1
    assert "STOP: 1 site is red, and the plan tolerates 0: lyon" in said.stdout
    assert json.loads(inside("status", *DAY, "--format", "json", cwd=root).stdout)["stopped"]


def test_a_site_item_by_item_with_who_and_when(example: Path, tmp_path: Path) -> None:
    root = tmp_path / "r"
    shutil.copytree(example, root)

    def git(*words: str, who: str = "Katrin Sommer", on: str = "2026-10-05") -> None:
        env = {"GIT_AUTHOR_NAME": who, "GIT_AUTHOR_EMAIL": "w@example.com", "GIT_COMMITTER_NAME": who,
               "GIT_COMMITTER_EMAIL": "w@example.com", "GIT_AUTHOR_DATE": f"{on}T10:00:00Z",
               "GIT_COMMITTER_DATE": f"{on}T10:00:00Z", "PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(tmp_path)}  # fmt: skip
        subprocess.run(["git", *words], cwd=root, env=env, check=True, capture_output=True)

    page = root / "playbooks/vision/lyon/checklist.md"

    def tick(item: str, before: str = " ", after: str = "x") -> None:
        lines = page.read_text().split("\n")
        number = next(n for n, line in enumerate(lines) if f"<!-- rollout:{item} " in line)
        lines[number] = lines[number].replace(f"[{before}]", f"[{after}]", 1)
        page.write_text("\n".join(lines))

    git("init", "--quiet")
    git("add", "-A")
    git("commit", "--quiet", "-m", "Start")
    tick("line-survey")
    git("commit", "--quiet", "-am", "Surveyed", who="Ana Ruiz", on="2026-10-15")
    tick("champions")
    tick("equipment-order:requested")
    git("commit", "--quiet", "-am", "Two", who="Claire Dubois", on="2026-10-20")
    tick("champions", "x", " ")
    git("commit", "--quiet", "-am", "Not yet", who="Ana Ruiz", on="2026-10-21")
    tick("baseline")
    answer = json.loads(inside("status", "lyon", *DAY, "--format", "json", cwd=root).stdout)
    items = {item["item"]: item for item in answer["checklist"]}
    told = {name: (i["state"], i["by"], i["on"], i["told_by"]) for name, i in items.items()}
    assert told["line-survey"] == ("done", "Ana Ruiz", "2026-10-15", "tick")
    assert told["sponsor-commitment"] == ("done", "Marc Petit", "2026-09-18", "record")
    assert told["works-council"] == ("requested", "Petra Novak", "2026-09-28", "record")
    assert told["equipment-order"] == ("requested", "Claire Dubois", "2026-10-20", "tick")
    assert told["baseline"] == ("done", None, None, "page")
    assert told["champions"] == ("open", None, None, None)
    assert items["champions"]["unticked"] == {"by": "Ana Ruiz", "on": "2026-10-21"}
    assert "silent" in [reason["rule"] for reason in answer["reasons"]]  # since 21 October
    text = inside("status", "lyon", *DAY, cwd=root)
    lines = narrow(text.stdout)
    assert lines[0] == "Lyon Coatings (lyon), as of Tue 24 Nov 2026: RED"
    assert "[x]   Survey the line" in text.stdout
    assert "ticked, not committed yet" in " ".join(text.stdout.split())
    recent = json.loads(inside("status", "lyon", "--as-of", "2026-11-03", "--format", "json", cwd=root).stdout)
    assert "silent" not in [reason["rule"] for reason in recent["reasons"]]  # thirteen days since the last commit


DUE = """\
Vision defect detection: what is due until Tue 8 Dec 2026, as of 24 Nov 2026
3 overdue, 5 within 14 days. Late already, if all of it starts today: lyon 48
  days.

latest         slip   site        what                          who
────────────────────────────────────────────────────────────────────────────────
! Wed 7 Oct    +63d   lyon        Survey the line               Ana Ruiz
! Wed 21 Oct   +49d   lyon        Request: Order cameras,       Olaf Brandt
                                  lights, hoods, edge
                                  computer and spares
! Tue 10 Nov   +29d   lyon        Record how the work is done   Bernd Aigner
                                  today
  Thu 26 Nov   +13d   lyon        Count the systems and         Jonas Keller
                                  confirm the count
  Mon 30 Nov                      Ready: Connector to           team integration
                                  proALPHA, Leipzig
  Tue 1 Dec    +8d    lyon        Agree how the work will be    Bernd Aigner
                                  done
  Wed 2 Dec    +7d    leipzig     Survey the line               Milan Horvat
  Thu 3 Dec    +6d    monterrey   Survey the line               Lucía Garza
slip: of the go-live, when it has not happened by 8 Dec 2026.
Begun already? Say so: rollout record SITE ITEM requested --on DAY
49 items are behind the day on the checklist and can still wait; --norm lists
them too.
"""


def test_due_for_people_fits_a_terminal(example: Path) -> None:
    said = inside("due", "--within", "14d", *DAY, cwd=example)
    assert said.returncode == 0
    assert narrow(said.stdout) == DUE.splitlines()
    for day, within in (("2027-01-15", "30d"), ("2027-03-20", "6w")):
        lines = narrow(inside("due", "--as-of", day, "--within", within, cwd=example).stdout)
        assert "overdue" in lines[1]
    assert (
        "Nothing has to start or be over within 1 day."
        in inside("due", "--within", "1", "--site", "pune", *DAY, cwd=example).stdout
    )


def test_due_for_programs_documents_and_one_person(example: Path) -> None:
    answer = json.loads(inside("due", *DAY, "--format", "json", cwd=example).stdout)
    assert (answer["version"], answer["until"], answer["overdue"], len(answer["items"])) == (1, "2026-12-08", 3, 8)
    assert answer["items"][1] == {
        "kind": "request", "id": "equipment-order", "title": "Order cameras, lights, hoods, edge computer and spares",
        "site": "lyon", "wave": 0, "day": "2026-10-21", "norm": "2026-10-19", "overdue": True, "slip_now": 34,
        "slip_if_missed": 49, "requested": None, "role": "procurement", "owner": "Olaf Brandt", "email": "o.brandt@example.com",
    }  # fmt: skip
    rows = inside("due", *DAY, "--format", "csv", "--owner", "Bernd Aigner", cwd=example).stdout.splitlines()
    assert [row.split(",")[1] for row in rows[1:]] == ["2026-11-10", "2026-12-01"]
    assert inside("due", *DAY, "--format", "markdown", cwd=example).stdout.startswith("| overdue | day |")
    said = inside("due", *DAY, "--messages", cwd=example).stdout
    assert said.count("\nSubject: ") == 7
    assert said.startswith("To: Ana Ruiz <a.ruiz@example.com>\n")
    assert len(json.loads(inside("due", *DAY, "--messages", "--format", "json", cwd=example).stdout)["messages"]) == 7
    assert inside("due", "--within", "soon", *DAY, cwd=example).returncode == 2


def test_due_as_a_calendar_reads_back(example: Path) -> None:
    command = [sys.executable, "-m", "rollout", "due", *DAY, "--format", "ics"]
    said = subprocess.run(command, cwd=example, capture_output=True, check=True).stdout
    assert said == pipeline.due_calendar(pipeline.due(example, date(2026, 11, 24)))
    assert b"\r\n" in said
    assert b"\r\r" not in said
    read = icalendar.Calendar.from_ical(said)
    events = list(read.walk("VEVENT"))
    assert len(events) == 8
    first = {str(e["UID"]): e for e in events}["request.equipment-order.lyon.vision@rollout"]
    assert first["DTSTART"].dt == date(2026, 11, 24)  # overdue, so on the day asked for
    assert first["SUMMARY"] == "Overdue: Lyon Coatings: Request: Order cameras, lights, hoods, edge computer and spares"
    assert first["DTSTAMP"].dt.isoformat() == "2026-11-24T00:00:00+00:00"
    later = icalendar.Calendar.from_ical(pipeline.due_calendar(pipeline.due(example, date(2026, 11, 25))))
    assert {str(e["UID"]) for e in events} <= {str(e["UID"]) for e in later.walk("VEVENT")}


def test_a_calendar_needs_its_extra(example: Path) -> None:
    script = "import sys; sys.modules['icalendar'] = None; from rollout.__main__ import main; sys.exit(main())"
    said = subprocess.run(
        [sys.executable, "-c", script, "due", *DAY, "--format", "ics"],
        cwd=example,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 3
    assert 'pip install "rollout[calendar]"' in said.stderr
