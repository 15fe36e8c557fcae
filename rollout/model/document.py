"""The documents of a site by name, and what else can be shown before it is written."""

from __future__ import annotations

from typing import Literal, get_args

Document = Literal["playbook", "checklist", "training", "go-no-go"]
DOCUMENTS: tuple[Document, ...] = get_args(Document)
Previewable = Literal[Document, "index", "wave", "picture"]
"""What `render --preview --document` shows: a site's documents, and the plan's own pages."""
