"""What the templates of the report receive."""

from __future__ import annotations

from typing import Any

View = dict[str, Any]
"""Names and what they hold; `page.html.j2` says which, and fails on one that is missing."""
