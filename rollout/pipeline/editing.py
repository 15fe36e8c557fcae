"""Files that people write, written for them: sites from a spreadsheet, and any of them put in order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.load.workspace import Workspace
from rollout.pipeline.loading import alone

if TYPE_CHECKING:
    from rollout.model.imported import Imported, ImportOptions
    from rollout.model.recorded import Formatted


def import_sites(root: Path, sheet: Path, options: ImportOptions, dry_run: bool = False) -> Imported:
    """Site files from a spreadsheet, made or brought up to date."""
    from rollout.commit.write import write
    from rollout.load.spreadsheet import import_sheet

    with alone(root, dry_run=dry_run):
        imported = import_sheet(Workspace(root), sheet, options)
        if imported.changes and not dry_run:
            write(root, imported.changes)
    return imported


def fmt(root: Path, paths: Sequence[str] = (), *, check: bool = False) -> Formatted:
    """The files that people write put in order; with `check` nothing is written."""
    from rollout.commit.write import write
    from rollout.load.formatting import format_files

    with alone(root, dry_run=check):
        formatted = format_files(Workspace(root), paths)
        if not check:
            write(root, formatted.changes)
    return formatted
