"""One site's pages before anything is written: the loop of somebody who works on a template."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rollout.pipeline.loading import Loaded, catalogues_of, pick, readable, site_of, with_day
from rollout.problem import RolloutError

if TYPE_CHECKING:
    from rollout.model.document import Previewable
    from rollout.model.previewed import Previewed


def preview(root: Path, site_id: str, plan_id: str | None = None, document: Previewable | None = None) -> Previewed:
    """The pages of a site as `render` would make them on a clean slate; all four documents, or the one asked for.

    Files have to be readable, but no rule and no date is checked: a template is tried out long before that. Raises
    RolloutError for a site without a day, and for a template that is wrong.
    """
    return _of_site(readable(root), site_id, plan_id, document)


def watch(
    root: Path,
    site_id: str,
    plan_id: str | None,
    document: Previewable | None,
    wait: Callable[[], None],
) -> Iterator[Previewed | RolloutError]:
    """The same pages, and again whenever a template, a content file or an input has changed.

    `wait` is called between two looks at the files; the loop ends when it raises. What is wrong is handed over and
    not raised, since the next save may mend it. Where only templates have changed nothing else is read again.
    """
    from rollout.load.stamps import OF_TEMPLATES, stamps
    from rollout.load.workspace import Workspace

    workspace = Workspace(root)
    seen = None
    loaded: Loaded | None = None
    while True:
        now = stamps(workspace)
        if seen is not None and now == seen:
            wait()
            continue
        if seen is None or any(now[name] != seen[name] for name in now if name not in OF_TEMPLATES):
            loaded = None
        seen = now
        try:
            loaded = loaded or readable(root)
            yield _of_site(loaded, site_id, plan_id, document)
        except RolloutError as error:
            yield error


def _of_site(loaded: Loaded, site_id: str, plan_id: str | None, document: Previewable | None) -> Previewed:
    from rollout.load.templates import load_templates
    from rollout.model.previewed import Previewed, PreviewedPage
    from rollout.render.render import preview as preview_pages
    from rollout.track.standing import stand

    folder = pick(loaded.programme, plan_id)
    schedule = with_day(folder, site_of(loaded, folder, site_id))
    standing = stand(loaded.programme, folder, schedule)
    catalogues = catalogues_of(loaded, folder, (site_id,))
    made = preview_pages(standing, load_templates(loaded.workspace), site_id, document, catalogues)
    return Previewed(tuple(PreviewedPage(path, text) for path, text in made))
