"""A review for a terminal."""

from __future__ import annotations

from rollout.cli.report import say, say_paragraph, write_table
from rollout.model.review import CHAIN, Review, told_once
from rollout.model.table import Table

_MANY = 40
"""Rows of each table on a terminal; --format json has all."""


def show(review: Review) -> None:
    """On a terminal: the sentence, then table after table."""
    say_paragraph(review.summary)
    say(review.compared())
    for table in map(told_once, review.sections(_MANY)):
        say(f"\n{table.title}")
        if table.columns[-1] == "because":
            _reasons(table)
        elif "where" in table.columns:
            _places(table)
        elif table.rows:
            write_table(table)
        else:
            for line in table.notes:
                say(line)


def show_sections(review: Review, how: str) -> None:
    """As CSV, one table below the other, or as a workbook, one sheet a table; every row of them."""
    write_table(Table("In short", ("what it does",), ((review.summary,), (review.compared(),))), how)
    for table in review.sections():
        if how == "csv":
            say(f"\n{table.title}")
        write_table(table, how)


def _reasons(table: Table) -> None:
    """One move a line and its reason below it: no terminal is wide enough for both beside each other."""
    wide = (
        [max(len(row[number]) for row in table.rows) for number in range(len(table.columns) - 1)] if table.rows else []
    )
    for *cells, because in table.rows:
        line = "   ".join(cell.ljust(width) for cell, width in zip(cells, wide, strict=True))
        say(f"  {line}".rstrip())
        for step in filter(None, because.split(CHAIN)):
            say_paragraph(f"      {step}")
    for line in table.notes:
        say(line)


def _places(table: Table) -> None:
    """What stands at a place: a path is never broken in the middle, so that it can be opened."""
    for row in table.rows:
        if table.columns[0] == "where":
            say_paragraph(f"  {row[0]}: {': '.join(row[1:])}")
        else:
            say_paragraph(f"  {', '.join(row[:-1])} [{row[-1]}]")
    for line in table.notes:
        say(f"  {line}")
