"""A review for a terminal, and as a comment on a pull request."""

from __future__ import annotations

from rollout.cli.report import markdown, markdown_table, say, say_paragraph, write_table
from rollout.model.review import CHAIN, Review
from rollout.model.table import Table

_MANY = 40
"""Rows of each table on a terminal; --format json has all."""
COMMENT = 58_000
"""Bytes of the Markdown. A comment holds 65,536 characters on GitHub and more elsewhere; what CI adds has room."""
_ROWS = (200, 100, 50, 25, 10, 5, 2, 1, 0)


def show(review: Review) -> None:
    """On a terminal: the sentence, then table after table."""
    say_paragraph(review.summary)
    say(review.compared())
    for table in review.sections(_MANY):
        say(f"\n{table.title}")
        if table.columns[-1] == "because":
            _reasons(table)
        elif table.rows:
            write_table(table)
        else:
            for line in table.notes:
                say(line)


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


def as_markdown(review: Review) -> str:
    """The same as Markdown that fits into a comment: of each table as many rows as there is room for.

    Nothing that people wrote in the programme becomes markup.
    """
    for rows in _ROWS:
        text = _markdown(review, rows)
        if len(text.encode()) <= COMMENT:
            break
    return text


def _markdown(review: Review, most: int) -> str:
    parts = [f"**{markdown(review.summary)}**", markdown(review.compared())]
    for table in review.sections(most):
        body = markdown_table(table) if table.rows else "\n\n".join(map(markdown, table.notes))
        parts += [f"### {markdown(table.title)}", body]
    return "\n\n".join(parts)
