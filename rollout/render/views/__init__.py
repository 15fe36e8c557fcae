"""What each template receives, name by name: `docs/reference/templates.md` is made from this page.

Views are plain dicts, so that sandboxed templates meet data and nothing else. A text is a `str` (escaped where it
lands) or `Markdown` (it is that already, and passes as it is). Days are spelled out; a template does no arithmetic.
Names that may be empty are `None`: ask with `{% if … %}` before printing one.
"""

from __future__ import annotations

from rollout.render.views.papers import ChecklistView, GoNoGoView, TrainingView
from rollout.render.views.picture import PictureView
from rollout.render.views.plan import IndexView, OwnPage, WavePageView
from rollout.render.views.playbook import PlaybookView
from rollout.render.views.shared import SitePage


class ChecklistPage(SitePage, ChecklistView):
    """`checklist.md.j2`, once a site."""


class PlaybookPage(SitePage, PlaybookView):
    """`playbook.md.j2`, once a site."""


class TrainingPage(SitePage, TrainingView):
    """`training.md.j2`, once a role and language of a site."""


class GoNoGoPage(SitePage, GoNoGoView):
    """`go-no-go.md.j2`, once a site."""


class IndexPage(OwnPage, IndexView):
    """`index.md.j2`, once a plan."""


class WavePage(OwnPage, WavePageView):
    """`wave.md.j2`, once a wave."""


VIEWS: dict[str, type] = {
    "playbook.md.j2": PlaybookPage,
    "checklist.md.j2": ChecklistPage,
    "training.md.j2": TrainingPage,
    "go-no-go.md.j2": GoNoGoPage,
    "index.md.j2": IndexPage,
    "wave.md.j2": WavePage,
    "plan.svg.j2": PictureView,
}
"""What each template receives."""
