"""What CI hosts read: each format judged by a parser or schema that is not ours, on findings meant to break it."""

from __future__ import annotations

import json
import re
import subprocess
from urllib.parse import unquote

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from junitparser import JUnitXml
from sarif_pydantic import Sarif
from typer.testing import CliRunner

from rollout import pipeline
from rollout.cli.app import app
from rollout.cli.findings.github import github
from rollout.cli.findings.gitlab import gitlab
from rollout.cli.findings.junit import junit
from rollout.cli.findings.sarif import LIMIT, sarif
from rollout.model.validated import Validated
from rollout.problem import Problem
from tests.conftest import Write

PAGES = pipeline.rules()

TEXT = {"type": "string", "minLength": 1}
MESSAGE = {"type": "object", "properties": {"text": TEXT}, "required": ["text"]}
LEVEL = {"enum": ["none", "note", "warning", "error"]}

# What the specification (and GitHub's "SARIF support for code scanning") asks of the parts that we write.
SARIF = {
    "type": "object",
    "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "maxItems": 20,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "semanticVersion", "rules"],
                                "properties": {
                                    "semanticVersion": {"pattern": r"^\d+\.\d+\.\d+"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": [
                                                "id",
                                                "shortDescription",
                                                "fullDescription",
                                                "help",
                                                "defaultConfiguration",
                                            ],
                                            "properties": {
                                                "id": TEXT,
                                                "shortDescription": {
                                                    "properties": {"text": {**TEXT, "maxLength": 1024}}
                                                },
                                                "fullDescription": {
                                                    "properties": {"text": {**TEXT, "maxLength": 1024}}
                                                },
                                                "help": {"required": ["text", "markdown"]},
                                                "defaultConfiguration": {"properties": {"level": LEVEL}},
                                            },
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": {"type": "array", "items": {"required": ["executionSuccessful"]}},
                    "results": {
                        "type": "array",
                        "maxItems": 25_000,
                        "items": {
                            "type": "object",
                            "required": ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
                            "properties": {
                                "ruleId": TEXT,
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": LEVEL,
                                "message": MESSAGE,
                                "partialFingerprints": {"required": ["primaryLocationLineHash"]},
                                "locations": {
                                    "type": "array",
                                    "minItems": 1,
                                    "items": {
                                        "type": "object",
                                        "required": ["physicalLocation"],
                                        "properties": {
                                            "physicalLocation": {
                                                "type": "object",
                                                "required": ["artifactLocation"],
                                                "properties": {
                                                    "artifactLocation": {
                                                        "required": ["uri", "uriBaseId"],
                                                        # a relative reference of RFC 3986: no scheme, nothing raw
                                                        "properties": {
                                                            "uri": {
                                                                "pattern": r"^(?!/)(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+$"
                                                            }
                                                        },
                                                    },
                                                    "region": {
                                                        "required": ["startLine"],
                                                        "properties": {
                                                            "startLine": {"type": "integer", "minimum": 1},
                                                            "startColumn": {"type": "integer", "minimum": 1},
                                                        },
                                                    },
                                                },
                                            }
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}

CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": TEXT,
            "check_name": TEXT,
            "fingerprint": TEXT,
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {**TEXT, "pattern": "^(?!/|\\./)"},
                    "lines": {"required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}

HOSTILE = [
    "::error file=x::boo",
    "one\n::error file=x::boo\r\n::stop-commands::t",
    "##[error]boo ##[add-mask]x",
    "\x1b[31mred\x1b[0m \x00 \x08 \u202e",
    "]]></failure></testsuite><script>&amp;\"'",
    "\ud800 \ufffe \uffff",
    "100 %, 25 %25 %0A :,",
    "x" * 100_000,
]


def problem(text: str, path: str = "sites/lyon.yaml", severity: str = "error", line: int = 3) -> Problem:
    return Problem(path=path, line=line, column=line, code="unknown-key", message=text, hint=text, severity=severity)  # type: ignore[arg-type]  # one of two


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands as the runner reads them: one a line, `::name key=value,…::message`."""
    found = []
    for line in re.split(r"\r\n|\r|\n", text.removesuffix("\n")):
        if not line.lstrip().startswith("::"):
            assert "##[" not in line
            continue
        head, _, message = line.lstrip()[2:].partition("::")
        name, _, rest = head.partition(" ")
        given = dict(pair.split("=", 1) for pair in rest.split(","))
        for old, new in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
            message = message.replace(old, new) if old not in ("%2C", "%3A") else message
            given = {key: value.replace(old, new) for key, value in given.items()}
        found.append((name, given, message))
    return found


def judge(found: Validated) -> None:
    """Every format of these findings is one document that others can read, with every finding in it."""
    count = len(found.problems)
    said = commands(github(found, ""))
    kinds = [name for name, _, _ in said]
    assert kinds == sorted(kinds, key=["error", "warning", "notice"].index)
    assert (kinds.count("error"), kinds.count("warning")) == (min(found.errors, 10), min(found.warnings, 10))
    assert all(given["title"] == "unknown-key" for name, given, _ in said if name != "notice")
    entries = json.loads(gitlab(found, ""))
    jsonschema.validate(entries, CODE_QUALITY)
    assert len({entry["fingerprint"] for entry in entries}) == len(entries) == count
    log = json.loads(sarif(found, "", PAGES))
    jsonschema.validate(log, SARIF)
    run = log["runs"][0]
    assert len(Sarif.model_validate(log).runs[0].results or []) == len(run["results"]) == count
    assert all(run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
    assert [one["level"] for one in run["results"]] == ["error"] * found.errors + ["warning"] * found.warnings
    text = junit(found, "", PAGES, strict=False)
    suites = JUnitXml.fromstring(text.encode("utf-8"))
    assert (suites.failures, suites.skipped) == (found.errors, found.warnings)
    assert all(len(suite) for suite in suites)
    assert suites.tests == sum(len(suite) for suite in suites) == sum(1 for suite in suites for case in suite)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_people_write_breaks_no_format(text: str) -> None:
    rows = (problem(text), problem(text, text[:50]), problem(text, severity="warning"), problem(text, "", line=0))
    judge(Validated(rows, 4))


@settings(max_examples=40)
@given(
    st.lists(
        # A place is always below the programme's folder.
        st.builds(
            problem,
            st.text(min_size=1),
            st.text().filter(lambda path: path[:1] not in ("/", ".")),
            st.sampled_from(["error", "warning"]),
            st.integers(0, 9),
        ),
        max_size=25,
    )
)
def test_no_text_breaks_any_format(problems: list[Problem]) -> None:
    judge(Validated(tuple(problems), 1))


def test_where_github_cuts_the_worst_is_shown_and_the_rest_counted() -> None:
    warnings = [problem(f"w{n}", severity="warning") for n in range(12)]
    said = commands(github(Validated((*warnings, *(problem(f"e{n}") for n in range(11))), 1), "p/q"))
    assert [(name, message) for name, _, message in said[:2]] == [("error", "e0; e0"), ("error", "e1; e1")]
    assert said[0][1] == {"file": "p/q/sites/lyon.yaml", "line": "3", "col": "3", "title": "unknown-key"}
    assert said[-1][0] == "notice"
    assert said[-1][2].startswith("1 more error and 2 more warnings not shown here")


def test_a_run_holds_what_github_accepts_and_says_what_it_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert SARIF["properties"]["runs"]["items"]["properties"]["results"]["maxItems"] == LIMIT
    monkeypatch.setattr("rollout.cli.findings.sarif.LIMIT", 3)
    many = tuple(problem(f"w{n}", severity="warning") for n in range(4))
    run = json.loads(sarif(Validated((*many, problem("e")), 1), "", PAGES))["runs"][0]
    assert len(run["results"]) == 3
    assert run["results"][0]["level"] == "error"
    assert run["properties"]["omitted"] == 2
    notes = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert notes[-1] == "2 of 5 findings are left out: 3 are accepted of a run"


def marks(*problems: Problem) -> list[str]:
    return [entry["fingerprint"] for entry in json.loads(gitlab(Validated(problems, 1), ""))]


def test_a_fingerprint_is_of_what_is_wrong_not_of_where_or_when() -> None:
    one, two = marks(problem("assessed 91 days ago, on 2026-05-01"), problem("assessed 91 days ago, on 2026-05-01"))
    assert one != two, "equal findings are told apart"
    assert marks(problem("assessed 92 days ago, on 2026-05-01", line=9)) == [one], "lines and days go on"
    assert marks(problem("assessed 91 days ago, on 2026-05-02")) != [one], "another day, another finding"
    assert marks(problem('unknown "rehearsal-2"')) != marks(problem('unknown "rehearsal-3"'))
    assert marks(problem("x", path="sites/graz.yaml")) != marks(problem("x"))


def test_warnings_fail_in_junit_where_they_fail_the_command() -> None:
    found = Validated((problem("x", severity="warning"),), 1)
    assert [JUnitXml.fromstring(junit(found, "", PAGES, strict)).failures for strict in (False, True)] == [0, 1]


def test_a_sound_programme_passes_in_every_format() -> None:
    judge(Validated((), 14))


@pytest.mark.parametrize("fmt", ["text", "json", "github", "gitlab", "sarif", "junit"])
def test_a_hostile_programme_below_the_top_of_its_repository(programme_folder: Write, fmt: str) -> None:
    name = "'::error file=x::boo ]]> % %0A'"
    root = programme_folder(
        {
            "sites/ly on#1.yaml": f"name: {name}\ncountry: FR\n",
            "sites/lyon.yaml": f"name: {name}\ncountry: '::error file=x::boo'\nlabels: {{x: \"\\e[31m\\n::error::y\"}}\n",
            "sites/graz.yaml": f"name: {'x' * 100_000}\ncountry: FR\n",
            "waves/v/plan.yaml": "name: V\nwork_from: 2026-10-05\nconstraints: {'::error::z': {after: a}}\n",
        }
    )
    subprocess.run(["git", "init", "-q", root.parent], check=True)
    result = CliRunner().invoke(app, ["validate", "-C", str(root), "--as-of", "2026-10-01", "--format", fmt])
    assert result.exit_code == 1
    text = result.stdout_bytes.decode("utf-8")
    assert "\x1b" not in text
    if fmt == "text":
        assert not [line for line in text.splitlines() if line.startswith(("::", "##["))]
        return
    if fmt == "github":
        paths = [given["file"] for _, given, _ in commands(text)]
    elif fmt == "junit":
        paths = [
            case.name.split(":")[0].split(" (")[0]
            for suite in JUnitXml.fromstring(text)
            for case in suite
            if case.result
        ]
    elif fmt == "sarif":
        log = json.loads(text)
        jsonschema.validate(log, SARIF)
        uris = [one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in log["runs"][0]["results"]]
        assert "programme/sites/ly%20on%231.yaml" in uris
        paths = [unquote(uri) for uri in uris]
    elif fmt == "gitlab":
        paths = [entry["location"]["path"] for entry in json.loads(text)]
    else:
        paths = [f"programme/{one['path']}" for one in json.loads(text)["problems"]]
    wanted = {"programme/sites/ly on#1.yaml", "programme/sites/lyon.yaml", "programme/waves/v/plan.yaml"}
    assert wanted <= set(paths)
    assert {path.partition("/")[0] for path in paths} == {"programme"}
