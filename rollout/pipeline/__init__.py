"""The order of the rooms, and nothing else: the first folder to read, and the Python API.

    from rollout.pipeline import load, plan, render, diff

    loading.py     files → Programme, checked; what the others begin with
    editing.py     a spreadsheet → Changes of site files; files put in order
    validating.py  everything wrong with it, and what is said of each code
    dating.py      Programme → Schedule: kept, mended or found
    previewing.py  one site's pages, and again after each save, for who works on a template
    publishing.py  Schedule → Standing → Changes → one commit
    reviewing.py   two states of the files → what the change does
    recording.py   what happened → Changes of records files
    following.py   where it stands on a day, and what has to start
    deciding.py    gates, and what approvals bind
    asking.py      questions that write nothing
    learning.py    lessons, proof, systems
    accounting.py  and those of a steering committee: money, people, opportunities, decisions
    reporting.py   all of it on one page
    examining.py   the machine, git and the folder, with remedies
    describing.py  what files accept, and what commands answer, as JSON Schema
    exporting.py   workbooks, calendars, lists for issue trackers, diagrams
    starting.py    a programme's first files

Every function takes the programme's folder and values, prints nothing, and raises `RolloutError` when there is no way
on. Nothing here asks for the time or the environment: today is an argument.
"""

from __future__ import annotations

from rollout.load.workspace import find_root
from rollout.pipeline.accounting import audit, budget, people, portfolio
from rollout.pipeline.asking import capacity, explain, forecast, lighthouse, show
from rollout.pipeline.dating import check_dates, dates, plan, whatif
from rollout.pipeline.deciding import gate, gates
from rollout.pipeline.describing import answer_schema, schema, schema_kinds, write_schemas
from rollout.pipeline.editing import fmt, import_sites
from rollout.pipeline.examining import doctor
from rollout.pipeline.exporting import (
    diagram,
    export_workbook,
    issues,
    plan_calendar,
    plan_workbook,
    tables_workbook,
    write_export,
)
from rollout.pipeline.following import due, due_calendar, site_status, status
from rollout.pipeline.learning import found_late, lessons, proof, systems
from rollout.pipeline.loading import Loaded, load, pick, sound
from rollout.pipeline.previewing import preview, watch
from rollout.pipeline.publishing import pages, publish, render
from rollout.pipeline.recording import import_workbook, record, record_kinds, whoami
from rollout.pipeline.reporting import report, write_report
from rollout.pipeline.reviewing import diff
from rollout.pipeline.starting import begin_demo, commit_demo, init
from rollout.pipeline.validating import folder_in_repository, rule, rules, validate, write_known

__all__ = [
    "Loaded",
    "answer_schema",
    "audit",
    "begin_demo",
    "budget",
    "capacity",
    "check_dates",
    "commit_demo",
    "dates",
    "diagram",
    "diff",
    "doctor",
    "due",
    "due_calendar",
    "explain",
    "export_workbook",
    "find_root",
    "fmt",
    "folder_in_repository",
    "forecast",
    "found_late",
    "gate",
    "gates",
    "import_sites",
    "import_workbook",
    "init",
    "issues",
    "lessons",
    "lighthouse",
    "load",
    "pages",
    "people",
    "pick",
    "plan",
    "plan_calendar",
    "plan_workbook",
    "portfolio",
    "preview",
    "proof",
    "publish",
    "record",
    "record_kinds",
    "render",
    "report",
    "rule",
    "rules",
    "schema",
    "schema_kinds",
    "show",
    "site_status",
    "sound",
    "status",
    "systems",
    "tables_workbook",
    "validate",
    "watch",
    "whatif",
    "whoami",
    "write_export",
    "write_known",
    "write_report",
    "write_schemas",
]
