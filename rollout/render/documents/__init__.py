"""Documents of a site, one a file: what its template receives, and how that comes from a standing.

To add one, add a file with a `DOCUMENT`, name it here and in `model/document.py`, and write its template.
"""

from __future__ import annotations

from rollout.render.documents import checklist, go_no_go, playbook, training

SITE_DOCUMENTS = (playbook.DOCUMENT, checklist.DOCUMENT, training.DOCUMENT, go_no_go.DOCUMENT)
"""In the order in which they are written."""
