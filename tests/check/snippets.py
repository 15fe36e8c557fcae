"""Snippets of rule pages as programmes: put where they belong, over a programme in which nothing else is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rollout.load.dump import block
from rollout.load.overlay import overlay
from rollout.load.yaml import parse
from rollout.model.plan import Plan
from rollout.model.portfolio import Portfolio
from rollout.model.site import Site
from rollout.model.system import Register
from rollout.model.team import Teams

_FILE = re.compile(r"^# ((?:sites|waves|playbooks|templates)/[^\s:;]+)")
_OF_THE_PLAN = re.compile(r"- \{(?:approval|halt|resume|waiver|reforecast|budget)\b")
PLAN, SITE = "waves/vision/plan.yaml", "sites/lyon.yaml"
HOMES = (
    (PLAN, Plan),
    (SITE, Site),
    ("waves/_teams.yaml", Teams),
    ("sites/_systems.yaml", Register),
    ("waves/_portfolio.yaml", Portfolio),
)


def parts(snippet: str) -> dict[str, str]:
    """The text of each file that a snippet is about."""
    found: dict[str, list[str]] = {}
    path = ""
    for line in snippet.splitlines():
        if match := _FILE.match(line):
            path = match[1].rstrip(",.")
            found.setdefault(path, [])
        elif path or not line.startswith("#"):
            found.setdefault(path or _home(snippet), []).append(line)
    return {path: "\n".join(lines) + "\n" for path, lines in found.items()}


def _home(snippet: str) -> str:
    lines = [line for line in snippet.splitlines() if not line.startswith("#")]
    if any("<!-- rollout:" in line for line in lines):
        return "playbooks/vision/lyon/checklist.md"
    if lines[0].startswith("- "):
        return f"waves/vision/records/{'_plan' if _OF_THE_PLAN.match(lines[0]) else 'lyon'}.yaml"
    keys = {line.partition(":")[0] for line in lines if line[:1].isalpha()}
    return next((path for path, model in HOMES if keys <= model.model_fields.keys()), PLAN)


def over(base: Mapping[str, str], snippet: str, *, raw: bool) -> dict[str, str]:
    """A programme with a snippet in it: mappings are merged, anything else (and all where `raw`) takes the file."""
    files = dict(base)
    for path, text in parts(snippet).items():
        if path.endswith("checklist.md"):
            listed = " ".join(dict.fromkeys(re.findall(r"<!-- rollout:([a-z:-]+)", text)))
            files[path] = f"{text}\n<!-- rollout: {listed} -->\n"
            continue
        value, wrong = parse(text, path)
        assert raw or wrong == [] or path.endswith(".md"), (path, wrong)
        if raw or not isinstance(value, dict) or path not in files:
            files[path] = text
        else:
            before, _ = parse(files[path], path)
            files[path] = "\n".join(block(overlay([before, value]))) + "\n"
    return files
