"""Which template receives which view."""

from __future__ import annotations

from rollout.render.documents import SITE_DOCUMENTS
from rollout.render.views.picture import PictureView
from rollout.render.views.plan import IndexPage, WavePage

VIEWS: dict[str, type] = {
    **{document.template: document.page for document in SITE_DOCUMENTS},
    "index.md.j2": IndexPage,
    "wave.md.j2": WavePage,
    "plan.svg.j2": PictureView,
}
"""What each template receives."""
