"""rollout render"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rollout.cli.destination import apart
from rollout.cli.options import HERE, AsOf, Directory, DryRun, PlanId, TextOrJson, today
from rollout.model.document import Previewable
from rollout.model.few import so_many

if TYPE_CHECKING:
    from rollout.model.previewed import Previewed

_SECONDS_BETWEEN_LOOKS = 0.3


def render(
    directory: Directory = HERE,
    plan_id: PlanId = None,
    as_of: AsOf = None,
    check: Annotated[bool, typer.Option("--check", help="Name the pages that are behind; write nothing.")] = False,
    preview: Annotated[
        str | None, typer.Option("--preview", metavar="SITE", help="Print the pages of one site; write nothing.")
    ] = None,
    document: Annotated[
        Previewable | None, typer.Option("--document", help="With --preview: only this.", show_default="a site's four")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="With --preview: print them again whenever a file was saved.")
    ] = False,
    dry_run: DryRun = False,
    fmt: TextOrJson = "text",
) -> None:
    """Write playbook, checklist, training packets and go/no-go page of every site on its published dates.

    Nothing that a person wrote is lost: ticks follow their item, notes and edits stay. Where a person and rollout both
    changed a block, both texts stand there between git's conflict markers, the place is named, and the exit code is 1.

        rollout render
        rollout render --dry-run                                      # which pages would be written?
        rollout render --check                                        # in CI: exit 1 when a page is behind
        rollout render --preview lyon --document checklist --watch    # while you work on a template
    """
    if preview is None and (watch or document):
        raise typer.BadParameter("--watch and --document need --preview SITE")
    if check:
        apart("--check", {"--preview": preview is not None, "--dry-run": dry_run}, "it names what is behind and fails")
    if preview is not None:
        apart("--preview", {"--dry-run": dry_run}, "it writes nothing")
        _preview(directory, preview, plan_id, document, watch, fmt)
        return
    from rollout import pipeline
    from rollout.cli.progress import note
    from rollout.cli.report import say, write_json
    from rollout.model.markers import CHOOSE

    done = pipeline.render(pipeline.find_root(directory), today(as_of), plan_id, check=check or dry_run)
    if fmt == "json":
        write_json(done.json())
    else:
        for path in done.stale[:20]:
            say(path)
        if len(done.stale) > 20:
            say(f"and {len(done.stale) - 20} more")
        for conflict in done.conflicts:
            note(f"{conflict.path}:{conflict.line}:1: conflict: {conflict.said}", always=True)
        if done.conflicts:
            note(f"choose there: {CHOOSE}, and render again")
        _some(done.deleted, "was deleted by hand and stays so")
        _some(done.left, "is not written any more; it was kept because somebody worked in it")
        if check:
            count = len(done.stale) or done.unchanged
            pages = f"{so_many(count, 'page')} {'is' if count == 1 else 'are'}"
            say(f"{pages} behind; run `rollout render`" if done.stale else f"{pages} current")
        elif dry_run:
            say(f"{so_many(len(done.stale), 'page')} would be written, {done.unchanged} unchanged")
            note("nothing was written (--dry-run)")
        else:
            say(f"{so_many(len(done.written), 'page')} written, {done.unchanged} unchanged")
    raise typer.Exit(1 if (done.stale and check) or done.conflicts else 0)


def _preview(
    directory: Path, site: str, plan_id: str | None, document: Previewable | None, watch: bool, fmt: str
) -> None:
    from rollout import pipeline
    from rollout.cli.progress import note
    from rollout.cli.report import complain
    from rollout.problem import RolloutError

    root = pipeline.find_root(directory)
    if not watch:
        _show(pipeline.preview(root, site, plan_id, document), fmt)
        return
    last: Previewed | None = None
    for shown in pipeline.watch(root, site, plan_id, document, lambda: time.sleep(_SECONDS_BETWEEN_LOOKS)):
        if isinstance(shown, RolloutError):
            complain(shown)
        elif shown == last:
            note("saved; these pages are the same")
        else:
            _show(shown, fmt)
            last = shown
        note("waiting for a file to be saved; Ctrl-C ends")


def _show(shown: Previewed, fmt: str) -> None:
    from rollout.cli.progress import note
    from rollout.cli.report import say, write_json

    if fmt == "json":
        write_json(shown.json())
        return
    for page in shown.pages:
        note(f"==> {page.path}")
        say(page.text.removesuffix("\n"))
    sys.stdout.flush()


def _some(blocks: tuple[str, ...], said: str) -> None:
    """The first of many notes, and how many more there are."""
    from rollout.cli.progress import note

    for block in blocks[:20]:
        path, _, name = block.partition("#")
        note(f"{path}: {'the whole page' if name == 'page' else f'block {name}'} {said}")
    if len(blocks) > 20:
        note(f"and {so_many(len(blocks) - 20, 'more block')}; --format json has all")
