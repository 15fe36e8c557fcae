"""The checklist of a site as a workbook that a person fills in and sends back."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from rollout.model.agenda import activities_at
from rollout.model.standing import SiteStanding, Standing
from rollout.model.workbook import COLUMNS, HELP, KEPT, MARK, SHEET, STATES, VERSION, Checklist, ItemRow, progress_of
from rollout.render.book import new_book, write_cell
from rollout.render.setting import Setting
from rollout.render.wording import words

_WIDTHS = (18, 52, 14, 13, 13, 22, 12, 13, 22, 36, 44)
_DAYS = ("latest start", "due", "done on")
_FOR_PEOPLE = COLUMNS.index("state")
_HELP = (
    "Fill in the white columns: state, done on, by, evidence, note. The grey ones are for reading.",
    "state: open, requested (the request is sent, its answer is not there) or done.",
    "done on: the day it was done (or requested). Left blank, it is the day on which the file is imported.",
    "by: who says so. evidence: a path inside the repository, or an https:// address.",
    "Sort and filter as you like. Do not add rows; a row that you delete changes nothing.",
    "Send the file back; `rollout import FILE` takes over what you changed. Twice is as good as once.",
)


def checklist_of(standing: Standing, site_id: str) -> Checklist:
    """The rows of a site's workbook: its work by latest start."""
    setting, one = Setting(standing), standing.site(site_id)
    return Checklist(standing.folder.id, site_id, tuple(_rows(setting, one)))


def workbook(checklist: Checklist) -> bytes:
    """The .xlsx file. Raises RolloutError (3) without the extra."""
    out = io.BytesIO()
    book = new_book(out, f"{checklist.plan}: {checklist.site}")
    _checklist_sheet(book, checklist)
    help_sheet = book.add_worksheet(HELP)
    help_sheet.set_column(0, 0, 110)
    for number, line in enumerate(_HELP):
        write_cell(help_sheet, number, 0, line)
    kept = book.add_worksheet(KEPT)
    kept.hide()
    for column, text in enumerate((MARK, VERSION, checklist.plan, checklist.site)):
        write_cell(kept, 0, column, text)
    for number, row in enumerate(checklist.rows, 1):
        for column, value in enumerate((row.id, *_progress(row))):
            write_cell(kept, number, column, value.isoformat() if isinstance(value, date) else value)
    book.close()
    return out.getvalue()


def _checklist_sheet(book: Any, checklist: Checklist) -> None:
    sheet = book.add_worksheet(SHEET)
    grey = {
        "bg_color": "#EEEEEE",
        "font_color": "#444444",
        "valign": "top",
        "text_wrap": True,
        "border_color": "#CCCCCC",
    }
    head = book.add_format({"bold": True, "bottom": 1})
    shown, shown_day = book.add_format(grey), book.add_format({**grey, "num_format": "yyyy-mm-dd"})
    own = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    own_day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    rows = [(row.id, row.what, row.phase, row.starts, row.due, row.owner, *_progress(row)) for row in checklist.rows]
    for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
        is_own, is_day = column >= _FOR_PEOPLE, name in _DAYS
        look = (own_day if is_day else own) if is_own else shown_day if is_day else shown
        sheet.set_column(column, column, width, look if is_own else None)
        write_cell(sheet, 0, column, name, head)
        for number, row in enumerate(rows, 1):
            write_cell(sheet, number, column, row[column], look)
    last = max(len(checklist.rows), 1)
    sheet.data_validation(
        1, _FOR_PEOPLE, last, _FOR_PEOPLE,
        {"validate": "list", "source": list(STATES), "error_message": "open, requested or done"},
    )  # fmt: skip
    sheet.data_validation(
        1, _FOR_PEOPLE + 1, last, _FOR_PEOPLE + 1,
        {"validate": "date", "criteria": ">", "value": date(2000, 1, 1), "error_message": "a day, such as 2027-02-09"},
    )  # fmt: skip
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _rows(setting: Setting, one: SiteStanding) -> list[ItemRow]:
    dates = {task.activity.id: task for task in one.tasks}
    activities = [task.activity for task in one.tasks] or activities_at(setting.plan, one.site)
    return [
        ItemRow(
            id=activity.id,
            what=activity.title,
            phase=words(activity.phase),
            starts=dates[activity.id].starts if activity.id in dates else None,
            due=dates[activity.id].ends if activity.id in dates else None,
            owner=setting.owner(activity.owner, one, dates[activity.id].starts if activity.id in dates else None),
            progress=progress_of(one.facts, activity.id),
        )
        for activity in activities
    ]


def _progress(row: ItemRow) -> tuple[str, date | None, str, str, str]:
    said = row.progress
    return said.state, said.on, said.by, said.evidence, said.note
