"""The order of the rooms, and nothing else: the first folder to read, and the Python API.

    from rollout.pipeline import load, plan, render

    loading.py     files → Programme, checked
    dating.py      Programme → Schedule: kept, mended or found
    previewing.py  one site's pages, and again after each save, for who works on a template
    publishing.py  Schedule → Standing → Changes → one commit
    recording.py   what happened → Changes of records files
    deciding.py    gates, and what approvals bind
    asking.py      questions that write nothing
    starting.py    a programme's first files

Every function takes the programme's folder and values, prints nothing, and raises `RolloutError` when there is no way
on. Nothing here asks for the time or the environment: today is an argument.
"""

from __future__ import annotations

from rollout.load.workspace import find_root
from rollout.pipeline.asking import capacity, explain, forecast, lighthouse
from rollout.pipeline.dating import check_dates, dates, plan, whatif
from rollout.pipeline.deciding import gate, gates
from rollout.pipeline.loading import Loaded, import_sites, load, pick, show, sound, validate
from rollout.pipeline.previewing import preview, watch
from rollout.pipeline.publishing import pages, publish, render
from rollout.pipeline.recording import export_workbook, fmt, import_workbook, record, record_kinds, whoami
from rollout.pipeline.starting import begin_demo, commit_demo, init

__all__ = [
    "Loaded",
    "begin_demo",
    "capacity",
    "check_dates",
    "commit_demo",
    "dates",
    "explain",
    "export_workbook",
    "find_root",
    "fmt",
    "forecast",
    "gate",
    "gates",
    "import_sites",
    "import_workbook",
    "init",
    "lighthouse",
    "load",
    "pages",
    "pick",
    "plan",
    "preview",
    "publish",
    "record",
    "record_kinds",
    "render",
    "show",
    "sound",
    "validate",
    "watch",
    "whatif",
    "whoami",
]
