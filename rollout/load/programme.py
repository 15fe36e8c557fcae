"""Everything below `sites/` and `waves/` as one Programme, and everything wrong with it."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from rollout.load.catalogues import available, missing_texts
from rollout.load.edit import CannotEdit
from rollout.load.evidence import FilesOnDisk
from rollout.load.lines import our_side
from rollout.load.overlay import NOTHING, Overlay, Raw, overlay
from rollout.load.pages import ChecklistsOnDisk
from rollout.load.records import load_records
from rollout.load.validate import Layers, build
from rollout.load.workspace import Workspace, shipped, wrong_extension
from rollout.load.yaml import Value, decode, parse
from rollout.model.calendar import Holidays
from rollout.model.discovery import found_systems, with_found
from rollout.model.fields import is_id
from rollout.model.known import Known
from rollout.model.layout import HOLIDAYS, KNOWN, PORTFOLIO, SHIPPED_FILE, SYSTEMS, TEAMS, Layout, is_planned
from rollout.model.lesson import with_lessons
from rollout.model.markers import CHOOSE, MARKER
from rollout.model.plan import Plan
from rollout.model.portfolio import Portfolio
from rollout.model.programme import Content, PlanFolder, Programme
from rollout.model.schedule import Schedule
from rollout.model.site import Site
from rollout.model.system import Register
from rollout.model.team import Teams
from rollout.model.watched import counted
from rollout.problem import Problem, RolloutError, did_you_mean

_DEFAULTS = "_defaults.yaml"
_NO_SITES = (_DEFAULTS, SYSTEMS.rpartition("/")[2])
"""Files below `sites/` that are no site's."""
_SHARED = (TEAMS, HOLIDAYS, PORTFOLIO, KNOWN)
"""Files in `waves/` that belong to no plan."""


def load_programme(workspace: Workspace, over: Overlay = NOTHING) -> tuple[Programme, list[Problem]]:
    """The programme as far as it can be understood, and every problem of every file.

    `over` is read as if it had been edited into the files; problems of its values name it instead of a line.
    Sites, plans and lists with problems are left out of it; `broken_sites` and `unread` name them, so that references
    to them are not reported as unknown too. What is alive after the first time, the collector passes over
    (`gc.unfreeze`).
    """
    problems: list[Problem] = []
    # Loading makes hundreds of thousands of objects and no cycles: the collector would cost a third of the time.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        sites, broken = _load_sites(workspace, over, problems)
        register = _load_file(workspace, SYSTEMS, Register, over, problems)
        teams = _load_file(workspace, TEAMS, Teams, over, problems)
        portfolio = _load_file(workspace, PORTFOLIO, Portfolio, over, problems)
        holidays = _load_file(workspace, HOLIDAYS, Holidays, over, problems) or Holidays()
        known = _load_file(workspace, KNOWN, Known, over, problems) or Known()
        plans, broken_plans = _load_plans(workspace, over, problems, sites)
        catalogues = available(workspace, problems)
    finally:
        if was_enabled:
            _pass_over()
            gc.enable()
    shared = ((SYSTEMS, register), (TEAMS, teams), (PORTFOLIO, portfolio))
    programme = Programme(
        sites=with_found(sites, found_systems(folder.records for folder in plans.values())),
        register=register or Register(),
        teams=teams or Teams(),
        portfolio=portfolio or Portfolio(),
        plans=plans,
        holidays=holidays,
        known=known,
        unmerged=frozenset(problem.path for problem in problems if problem.code == "unmerged-dates"),
        files=FilesOnDisk(workspace),
        broken_sites=frozenset(broken),
        unread=frozenset((*broken_plans, *(path for path, found in shared if found is None))),
        catalogues=catalogues,
        missing_texts=_missing_texts(workspace, catalogues, problems),
    )
    return programme, problems


@cache
def _pass_over() -> None:
    """Looking through what was loaded would not pay afterwards either. Once, or what lies in circles would stay."""
    gc.freeze()


def _missing_texts(
    workspace: Workspace, catalogues: Mapping[str, tuple[str, ...]], problems: list[Problem]
) -> Mapping[str, tuple[str, ...]]:
    try:
        return missing_texts(workspace, catalogues)
    except RolloutError as error:
        problems += error.problems
        return {}


@dataclass(frozen=True)
class SiteLayers:
    """A site before validation: the files it is made of, nearest first, with their raw contents."""

    site_id: str
    layers: Layers

    @property
    def effective(self) -> dict[str, Raw]:
        """The overlay of all layers."""
        return overlay(raw for _, raw in reversed(self.layers))


def site_layers(workspace: Workspace, problems: list[Problem], over: Overlay = NOTHING) -> list[SiteLayers]:
    """Every site's layers, by id. Files that are not YAML, and ids that cannot be, become problems."""
    found: list[SiteLayers] = []
    _gather(workspace, over, "sites", (), found, problems)
    found.sort(key=lambda site: site.site_id)
    return found


def _gather(
    workspace: Workspace,
    over: Overlay,
    folder: str,
    inherited: tuple[tuple[str, Raw], ...],
    found: list[SiteLayers],
    problems: list[Problem],
) -> None:
    names = workspace.names(folder, problems)
    if (_DEFAULTS, False) in names:
        inherited = (*_defaults(workspace, f"{folder}/{_DEFAULTS}", problems), *inherited)
    for name, is_folder in counted(f"reading {folder}", names):
        path = f"{folder}/{name}"
        if is_folder:
            _gather(workspace, over, path, inherited, found, problems)
        elif _is_site(path, problems):
            before = len(problems)
            raw = workspace.yaml(path, problems)
            is_broken = raw is None and len(problems) > before
            own = ((path, None),) if is_broken else (*over.over(path), (path, {} if raw is None else raw))
            found.append(SiteLayers(name.removesuffix(".yaml"), (*own, *inherited)))
    there = {name for name, _ in names}
    for name in over.names(folder):
        if name not in there:
            found.append(SiteLayers(name.removesuffix(".yaml"), (*over.over(f"{folder}/{name}"), *inherited)))


def _defaults(workspace: Workspace, path: str, problems: list[Problem]) -> Layers:
    raw = workspace.yaml(path, problems)
    if isinstance(raw, dict):
        return [(path, raw)]
    if raw is not None:
        said = "defaults are a mapping of `key: value` lines"
        problems.append(Problem(path=path, code="wrong-value", message=said))
    return []


def _is_site(path: str, problems: list[Problem]) -> bool:
    """Whether a file below `sites/` is a site's, by its name; what its name should have been is a problem."""
    name = path.rpartition("/")[2]
    if name.endswith(".yml"):
        problems.append(wrong_extension(path))
    if not name.endswith(".yaml") or name == _DEFAULTS or path == SYSTEMS:
        return False
    if name.startswith("_"):
        said = f"files that begin with _ are not sites: only _defaults.yaml and {SYSTEMS} are known"
        hint = f"there is one register, {SYSTEMS}" if SYSTEMS.endswith(f"/{name}") else did_you_mean(name, _NO_SITES)
        problems.append(Problem(path=path, code="unknown-file", message=said, hint=hint))
        return False
    if not is_id(name.removesuffix(".yaml")):
        said = "the file's name is the site's id: up to 64 of a-z, 0-9 and dashes inside, no device name of Windows"
        problems.append(Problem(path=path, code="bad-id", message=said, hint="rename the file"))
        return False
    return True


def _load_sites(workspace: Workspace, over: Overlay, problems: list[Problem]) -> tuple[dict[str, Site], set[str]]:
    sites: dict[str, Site] = {}
    broken: set[str] = set()
    written: dict[str, str] = {}
    shared: set[Problem] = set()
    for site in site_layers(workspace, problems, over):
        path, raw = site.layers[0]
        if site.site_id in written:
            said = f'the site "{site.site_id}" is also written in {written[site.site_id]}'
            problems.append(Problem(path=path, code="duplicate-site", message=said, hint="rename one of the two files"))
            continue
        written[site.site_id] = path
        if raw is None:
            broken.add(site.site_id)
            continue
        internal: dict[str, Any] = {"id": site.site_id, "paths": tuple(p for p, _ in site.layers)}
        effective = site.effective if isinstance(raw, dict) else raw
        built, wrong = build(Site, effective, site.layers, internal)
        if built is None:
            broken.add(site.site_id)
            # A slip in a _defaults.yaml is one problem, however many sites inherit it.
            problems.extend(p for p in wrong if p not in shared)
            shared.update(wrong)
        else:
            sites[site.site_id] = built
    return sites, broken


def _load_file(workspace: Workspace, path: str, model: Any, over: Overlay, problems: list[Problem]) -> Any:
    before = len(problems)
    raw = workspace.yaml(path, problems)
    if raw is None and len(problems) > before:
        raw = _our_side(workspace, path, problems)
        if raw is None:
            return None
    raw = {} if raw is None else raw
    layers = [*over.over(path), (path, raw)]
    effective = overlay(layer for _, layer in reversed(layers)) if isinstance(raw, dict) else raw
    built, wrong = build(model, effective, layers)
    problems.extend(wrong)
    return built


def _our_side(workspace: Workspace, path: str, problems: list[Problem]) -> Value:
    """What rollout writes itself is taken from our side of an unfinished merge: `plan` goes on from there."""
    if not is_planned(path) or problems[-1].code != "merge-markers":
        return None
    try:
        raw, wrong = parse(our_side((workspace.read(path) or b"").decode("utf-8", "replace")), path)
    except CannotEdit:
        return None
    if wrong:
        return None
    said, hint = (
        "git could not merge these dates by itself",
        "`rollout plan` goes on from our side, and writes them anew",
    )
    problems[-1] = replace(problems[-1], code="unmerged-dates", message=said, hint=hint)
    return raw


def _load_plans(
    workspace: Workspace, over: Overlay, problems: list[Problem], sites: dict[str, Site]
) -> tuple[dict[str, PlanFolder], list[str]]:
    plans: dict[str, PlanFolder] = {}
    broken = []
    for name, is_folder in workspace.names("waves", problems):
        if not is_folder:
            path = f"waves/{name}"
            if name.endswith((".yaml", ".yml")) and path not in _SHARED:
                said = "a plan is a folder with a plan.yaml: waves/NAME/plan.yaml"
                problems.append(Problem(path=path, code="unknown-file", message=said))
            continue
        layout = Layout(name)
        if not is_id(name):
            said = "the folder's name is the plan's id: up to 64 of a-z, 0-9 and dashes inside"
            problems.append(Problem(path=layout.folder, code="bad-id", message=said, hint="rename the folder"))
            continue
        problems += _unread(layout, workspace.names(layout.folder, problems))
        plan = _load_plan(workspace, over, name, problems)
        path = layout.schedule
        schedule = _load_file(workspace, path, Schedule, over, problems) if workspace.is_there(path) else None
        records = load_records(workspace, over, layout.records, problems)
        content = _load_content(workspace, layout.content, problems)
        if plan is None:
            broken.append(layout.plan)
        else:
            plans[name] = PlanFolder(
                plan=with_lessons(plan, records),
                schedule=schedule,
                records=records,
                content=content,
                checklists=ChecklistsOnDisk(workspace, name, sites),
            )
    return plans, broken


def _unread(layout: Layout, names: Iterable[tuple[str, bool]]) -> Iterator[Problem]:
    """What stands in a plan's folder as if it counted, and is read by nobody."""
    folders = [path.rpartition("/")[2] for path in (layout.records, layout.content)]
    for name, is_folder in names:
        path = f"{layout.folder}/{name}"
        if is_folder and name not in folders and (hint := did_you_mean(name, folders)):
            said = "of a plan's folders only records/ and content/ are read"
            yield Problem(path=path, code="unknown-file", message=said, hint=hint)
        elif not is_folder and path.endswith(".yml"):
            yield wrong_extension(path)
        elif not is_folder and path.endswith(".yaml") and path not in (layout.plan, layout.schedule):
            said = "of a plan's folder only plan.yaml and schedule.yaml are read"
            yield Problem(path=path, code="unknown-file", message=said, hint="what happened goes below records/")


def plan_layers(workspace: Workspace, name: str, problems: list[Problem], over: Overlay = NOTHING) -> Layers | None:
    """A plan's `plan.yaml` and its preset, raw, nearest first; None (and a problem) when either cannot be read."""
    path = Layout(name).plan
    before = len(problems)
    raw = workspace.yaml(path, problems)
    if len(problems) > before:
        return None
    if not isinstance(raw, dict):
        said = "a plan needs a plan.yaml with at least `name` and `work_from`"
        problems.append(Problem(path=path, code="missing-plan", message=said, hint="see `rollout init DIR --example`"))
        return None
    own = [*over.over(path), (path, raw)]
    preset = raw.get("preset", "standard@1")
    if not isinstance(preset, str):
        return own
    preset_path, base = _load_preset(workspace, preset, problems)
    if base is None:
        known = sorted(file.stem for file in (shipped("templates") / "presets").glob("*.yaml"))
        hint = did_you_mean(preset, known) or "shipped: " + ", ".join(known)
        if not preset_path:
            problems.append(
                Problem(
                    path=path,
                    keys=("preset",),
                    code="unknown-preset",
                    message=f'there is no preset "{preset}"',
                    hint=hint,
                )
            )
        return None
    return [*own, (preset_path, base)]


def _load_preset(workspace: Workspace, name: str, problems: list[Problem]) -> tuple[str, Raw]:
    """A programme's own preset in `templates/presets/` wins over the shipped one of the same name."""
    stem, _, version = name.partition("@")
    if not is_id(stem) or not version.isdigit():
        return "", None
    own = f"templates/presets/{name}.yaml"
    if workspace.is_there(own):
        return own, workspace.yaml(own, problems)
    file = shipped("templates") / "presets" / f"{name}.yaml"
    path = f"{SHIPPED_FILE}presets/{name}.yaml"
    if not file.is_file():
        return "", None
    text, wrong = decode(file.read_bytes(), path)
    if not wrong:
        value, wrong = parse(text, path)
    problems.extend(wrong)
    return path, None if wrong else value


def _load_plan(workspace: Workspace, over: Overlay, name: str, problems: list[Problem]) -> Plan | None:
    layers = plan_layers(workspace, name, problems, over)
    if layers is None:
        return None
    effective = overlay(raw for _, raw in reversed(layers))
    plan, wrong = build(Plan, effective, layers, {"id": name, "paths": tuple(path for path, _ in layers)})
    problems.extend(wrong)
    return plan


def _load_content(workspace: Workspace, folder: str, problems: list[Problem]) -> Content:
    texts: dict[str, str] = {}
    for path in workspace.walk(folder, problems):
        if not path.endswith(".md"):
            continue
        text = workspace.decoded(path, problems) or ""
        if (at := text.find("<!--")) >= 0:
            line = text.count("\n", 0, at) + 1
            said, hint = "comments are kept for rollout's own marks in the pages", "delete it"
            problems.append(Problem(path=path, line=line, column=1, code="comment-in-content", message=said, hint=hint))
        elif match := MARKER.search(text):
            line = text.count("\n", 0, match.start()) + 1
            said = "a merge was not finished here"
            problems.append(Problem(path=path, line=line, column=1, code="merge-markers", message=said, hint=CHOOSE))
        texts[path.removeprefix(f"{folder}/")] = text.replace("\r\n", "\n")
    return Content(texts)
