"""Rows of a sheet → site files: new ones, and new values in those that are there.

The sheet is somebody else's and the site files are the programme's: a blank cell never deletes a value, a site that
the sheet no longer names is reported and stays, and in a file that exists only values that differ are changed, so
that comments, order and everything a person added stay byte for byte. A value that a site inherits is not written.
Names are kept as they stand, without the whitespace around a cell.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from rollout.load import cells
from rollout.load.cells import Cell
from rollout.load.columns import Column, as_label, choose_columns
from rollout.load.dump import block
from rollout.load.edit import CannotEdit, Keys, applied, set_values
from rollout.load.ids import assign
from rollout.load.inventory import Inventory
from rollout.load.kinds import written_fields
from rollout.load.overlay import Raw, overlay
from rollout.load.plan_book import read_plan_book
from rollout.load.programme import SiteLayers
from rollout.load.schema import modeline, schema_path
from rollout.load.sheet import Row, read_sheet
from rollout.load.sheet_plan import PlanRow, plan_changes, read_plan_row
from rollout.load.validate import Layers, build
from rollout.load.workspace import Workspace
from rollout.load.yaml import Value
from rollout.model.change import Change
from rollout.model.imported import Imported, ImportOptions, Rejected, Renamed
from rollout.model.layout import SYSTEMS
from rollout.model.site import Site
from rollout.problem import Problem, RolloutError

ORDER = tuple(written_fields(Site))
"""Keys of a site file in the order they are written."""
_PEOPLE = ("site_lead", "sponsor")


def import_sheet(workspace: Workspace, sheet: Path, options: ImportOptions) -> Imported:
    """What a sheet changes in the programme, and every row of it accounted for. Writes nothing.

    Raises RolloutError where the sheet as a whole cannot be understood; a row that cannot is rejected with its reason.
    """
    # Fourteen thousand sites are a million objects and no cycles: the collector would cost a third of the time.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return _Import(workspace, sheet, options).run()
    finally:
        if was_enabled:
            gc.enable()


@dataclass(slots=True)
class _Entry:
    """A row on its way to a site."""

    row: Row
    site_id: str = ""
    values: list[tuple[Column, Cell]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    plan: PlanRow | None = None

    @property
    def name(self) -> str:
        """The site's name; empty where the row has none."""
        return next((str(value) for column, value in self.values if column.field == "name"), "")


def _mark_copies(entries: list[_Entry]) -> None:
    """A row that is another one again, cell by cell, is one site and not two; a name and a country alone may be two."""
    first: dict[tuple[str, ...], int] = {}
    for entry in entries:
        if sum(map(bool, entry.row.cells)) <= 2:
            continue
        number = first.setdefault(tuple(entry.row.cells), entry.row.number)
        if number != entry.row.number:
            entry.wrong.append(f"it is row {number} once more")


class _Import:
    """One import: collects what becomes an `Imported`."""

    def __init__(self, workspace: Workspace, sheet: Path, options: ImportOptions) -> None:
        self.workspace = workspace
        came_back = None if options.sheet else read_plan_book(sheet, options.as_of)
        if came_back is not None:
            options = replace(
                options,
                map={**came_back.map, **options.map},
                plan=options.plan or came_back.plan,
                rest=False,
                came_back=True,
            )
        self.options = options
        self.sheet = came_back.sheet if came_back else read_sheet(sheet, options.sheet)
        self.sent = came_back.sites if came_back else frozenset[str]()
        """Sites of a workbook that rollout has sent out: their rows hold only what was changed."""
        self.columns = choose_columns(self.sheet.header, options, sheet.as_posix(), self.sheet.others)
        self.inventory = Inventory(workspace, options.into)
        self.has_schemas = workspace.read(schema_path("site")) is not None
        """Whether new files name the schema by which editors check them."""
        self.shared_names: set[str] = set()
        """Names of several rows, where nothing but the name makes their ids."""
        self.changes: list[Change] = []
        self.added: list[str] = []
        self.updated: list[str] = []
        self.unchanged = 0
        self.kept = 0
        self.rejected: list[Rejected] = []
        self.notes: list[str] = []

    def run(self) -> Imported:
        """Read, name, place and plan the rows."""
        entries = [self._read(row) for row in self.sheet.rows()]
        _mark_copies(entries)
        renamed, accepted = self._name_and_place(entries)
        self._register(accepted)
        plans = [(entry.site_id, entry.plan) for entry in accepted if entry.plan is not None]
        changes, notes = plan_changes(self.workspace, plans, self.sheet.name, self.options)
        if entries and not accepted and not any(column.field == "country" for column in self.columns.fields):
            self.notes.append("no column is known as the country: add --set country=US or --map country=COLUMN")
        if self.kept:
            self.notes.append(f"values that sites have and --set does not overwrite: {self.kept:,}")
        seen = {entry.site_id for entry in accepted} | self._meant([entry for entry in entries if entry.wrong])
        return Imported(
            sheet=self.sheet.name,
            rows=len(entries),
            changes=tuple(sorted((*self.changes, *changes), key=lambda change: change.path)),
            added=tuple(self.added),
            updated=tuple(self.updated),
            unchanged=self.unchanged,
            rejected=tuple(self.rejected),
            renamed=tuple(renamed),
            gone=tuple(site for site in sorted(self.sent) or self.inventory.in_folder() if site not in seen),
            ignored=self.columns.ignored,
            notes=(*self.sheet.notes, *(() if self.sent else self.columns.notes), *self.notes, *notes),
        )

    def _read(self, row: Row) -> _Entry:
        """The values of a row's cells, and what is wrong with them."""
        entry = _Entry(row, wrong=[row.problem] if row.problem else [])
        for column in self.columns.fields:
            cell = _cell(row, column)
            if cell:
                try:
                    entry.values.append((column, column.read(cell)))
                except ValueError as error:
                    entry.wrong.append(f"{column.title}: {error}")
        entry.values += [(column, cell) for column in self.columns.labels if (cell := _cell(row, column))]
        plan = self.columns.plan
        if plan and not row.problem:
            try:
                entry.plan = read_plan_row(
                    row.number, {name: _cell(row, column) for name, column in plan.items()}, self.options
                )
            except ValueError as error:
                entry.wrong.append(str(error))
            if "status" in plan and (word := _cell(row, plan["status"])) and cells.status(word) is None:
                entry.values.append((as_label(plan["status"]), word))  # not a word of ours: kept, not interpreted
        return entry

    def _name_and_place(self, entries: list[_Entry]) -> tuple[list[Renamed], list[_Entry]]:
        """What becomes of the rows. A rejected one takes no id, or the next import would give the others other ids."""
        while True:
            self.changes, self.added, self.updated, self.unchanged, self.kept = [], [], [], 0, 0
            self.rejected, self.notes = [], []
            named = [entry for entry in entries if not entry.wrong]
            renamed = self._name(named)
            accepted = [entry for entry in entries if self._is_placed(entry)]
            if not renamed or len(accepted) == sum(bool(entry.site_id) for entry in named):
                return renamed, accepted

    def _meant(self, rejected: list[_Entry]) -> set[str]:
        """Sites that rejected rows are about: what is wrong with a row does not make its site go away."""
        index = self.columns.id_index
        if index is not None:
            return {cells.slug(entry.row.cells[index] or entry.name) for entry in rejected}
        names = {entry.name for entry in rejected}
        return {cells.slug(name) for name in names} | {i for i, name in self.inventory.names().items() if name in names}

    def _name(self, entries: list[_Entry]) -> list[Renamed]:
        """Give every row its id; those that did not get their own are returned."""
        index = self.columns.id_index
        names = [entry.name for entry in entries]
        if index is None:
            self.shared_names = {name for name, count in Counter(names).items() if name and count > 1}
        texts = ["" if index is None else entry.row.cells[index] for entry in entries]
        wishes = [(e.row.number, text or name, name) for e, text, name in zip(entries, texts, names, strict=True)]
        renamed = []
        for entry, name, (site_id, is_own) in zip(entries, names, assign(wishes, self.inventory.names), strict=True):
            entry.site_id = site_id
            if site_id and not is_own:
                renamed.append(Renamed(site_id, name))
        return renamed

    def _is_placed(self, entry: _Entry) -> bool:
        """Whether the row became a site, new or known; else it is rejected with every reason."""
        was_sent = entry.site_id in self.sent
        if not entry.name and not entry.wrong and not was_sent:
            entry.wrong.append("the name is blank")
        if was_sent and entry.site_id not in self.inventory.sites and not entry.wrong:
            entry.wrong.append(f"the file of {entry.site_id} is gone since this workbook was written")
        if not entry.wrong:
            known = self.inventory.sites.get(entry.site_id)
            if known is None:
                self._add(entry)
            else:
                self._update(entry, known)
        if entry.wrong:
            self.rejected.append(Rejected(entry.row.number, _visible("; ".join(entry.wrong))))
        return not entry.wrong

    def _add(self, entry: _Entry) -> None:
        inherited = self.inventory.inherited
        raw: dict[str, Raw] = {}
        for column, value in entry.values:
            if not column.is_same(_at(inherited, column.keys), value):
                _put(raw, column.keys, value)
        for keys in _other_persons(raw, inherited):
            _put(raw, keys, None)
        path = f"{self.inventory.folder}/{entry.site_id}.yaml"
        layers: Layers = [(path, raw), *self.inventory.defaults]
        entry.wrong += _wrong_with(entry.site_id, overlay([inherited, raw]), layers)
        if not entry.wrong:
            lines = block({key: raw[key] for key in ORDER if key in raw})
            head = modeline(path, "site") if self.has_schemas else ""
            self.changes.append(Change(path, None, head + "".join(f"{line}\n" for line in lines)))
            self.added.append(entry.site_id)

    def _update(self, entry: _Entry, known: SiteLayers) -> None:
        path, raw = known.layers[0]
        if entry.site_id in self.inventory.twice or not isinstance(raw, dict):
            problem = self.inventory.problems.get(path)
            said = problem.message if problem else "this site is written in two files, or not as `key: value` lines"
            entry.wrong.append(f"{path} has to be repaired first: {said}")
            return
        effective = known.effective
        values: dict[Keys, Value] = {}
        for column, value in entry.values:
            there = _at(effective, column.keys)
            if column.is_same(there, value):
                continue
            if there is not None and not _is_in_sheet(entry.row, column):
                self.kept += 1  # --set is for what a row lacks, and this site does not lack it any more
            else:
                values[column.keys] = value
        if not values:
            self.unchanged += 1
            return
        if ("country",) in values and entry.name in self.shared_names:
            # Told apart by their order alone, another row of this name may be meant: never turn one site into another.
            said = f"several rows are called {entry.name}, and {path} is in {effective['country']}"
            entry.wrong.append(f"{said}; name the column that tells them apart with --id-from")
            return
        self._look_at_persons(entry, raw, effective, values)
        changed = applied(raw, values)
        layers: Layers = [(path, changed), *known.layers[1:]]
        entry.wrong += _wrong_with(entry.site_id, overlay(raw for _, raw in reversed(layers)), layers)
        if entry.wrong:
            return
        before = self.workspace.marked_text(path) or ""
        try:
            after = set_values(before, values, ORDER)
        except CannotEdit as error:
            entry.wrong.append(f"{path} has to be changed by hand: {error}")
            return
        self.changes.append(Change(path, before, after))
        self.updated.append(entry.site_id)

    def _look_at_persons(self, entry: _Entry, raw: Raw, effective: Raw, values: dict[Keys, Value]) -> None:
        """A new name with somebody else's address beside it would send mail to the wrong person."""
        given = {column.keys for column, _ in entry.values}
        for person in _PEOPLE:
            if (person, "name") not in values:
                continue
            rest = [key for key in effective.get(person) or () if key != "name" and (person, key) not in given]
            own = raw.get(person)
            for key in rest:
                if isinstance(own, dict) and key in own:
                    who = f"{entry.site_id}: {person} is now {values[person, 'name']}"
                    self.notes.append(_visible(f"{who}, with the {key} that was there: check it"))
                else:
                    values[person, key] = None

    def _register(self, accepted: list[_Entry]) -> None:
        """Systems the register does not list are added to it: a site may only run listed ones."""
        column = next((column for column in self.columns.fields if column.field == "systems"), None)
        if column is None:
            return
        titles = {cells.system_id(part): part for e in accepted for part in cells.parts(_cell(e.row, column))}
        problems: list[Problem] = []
        raw = self.workspace.yaml(SYSTEMS, problems)
        if problems:
            raise RolloutError(*problems)
        listed = raw.get("systems") if isinstance(raw, dict) else None
        known = overlay([raw]).get("systems") or {} if isinstance(raw, dict) else {}
        new = {i: _unknown_system(i, titles[i]) for i in sorted(titles) if i not in known}
        if not new:
            return
        if isinstance(listed, list):
            values: dict[Keys, Value] = {("systems",): [*listed, *({"id": i, **entry} for i, entry in new.items())]}
        else:
            values = {("systems", i): entry for i, entry in new.items()}
        before = self.workspace.marked_text(SYSTEMS)
        try:
            after = set_values(before or "", values)
        except CannotEdit as error:
            said = f"the new systems {', '.join(new)} have to be added by hand: {error}"
            raise RolloutError(Problem(path=SYSTEMS, code="cannot-edit", message=said)) from None
        self.changes.append(Change(SYSTEMS, before, after))
        self.notes.append(f"added to {SYSTEMS} with kind unknown, say what they are: {', '.join(new)}")


def _cell(row: Row, column: Column) -> str:
    return (row.cells[column.index] if column.index is not None else "") or column.fill


def _is_in_sheet(row: Row, column: Column) -> bool:
    return column.index is not None and bool(row.cells[column.index])


def _at(raw: Raw, keys: Keys) -> Raw:
    for key in keys:
        if not isinstance(raw, dict):
            return None
        raw = raw.get(key)
    return raw


def _put(raw: dict[str, Raw], keys: Keys, value: Value) -> None:
    here = raw
    for key in keys[:-1]:
        here = here.setdefault(key, {})
    here[keys[-1]] = value


def _other_persons(raw: Mapping[str, Raw], inherited: Mapping[str, Raw]) -> list[Keys]:
    """What a site would inherit of another person than the one it names."""
    return [
        (person, key)
        for person in _PEOPLE
        if "name" in (own := raw.get(person) or {}) and isinstance(above := inherited.get(person), dict)
        for key in above
        if key not in own and key != "name"
    ]


def _wrong_with(site_id: str, effective: dict[str, Raw], layers: Layers) -> list[str]:
    """Why this cannot be a site, in words; nothing when it can."""
    if "country" not in effective:
        return ["the country is blank"]
    _, problems = build(Site, effective, layers, {"id": site_id, "paths": ()})
    own = layers[0][0]
    said = []
    for problem in problems:
        above = str(problem.keys[0]) + ": " if problem.code == "missing-key" and problem.keys else ""
        place = "" if problem.path == own else f"{problem.path}: "
        said.append(f"{place}{above}{problem.message}")
    return said


def _unknown_system(system_id: str, title: str) -> dict[str, Value]:
    return {"kind": "unknown"} if title == system_id else {"title": title, "kind": "unknown"}


def _visible(text: str) -> str:
    """A text on one line, with what nobody could see written out."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
