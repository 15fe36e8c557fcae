"""The markers that git, and `render`, put round two texts of which one is to be chosen."""

from __future__ import annotations

import re

MARKER = re.compile(r"^(?:<{7}|>{7})(?= |\r?$)", re.MULTILINE)
"""The line above or below both texts; `=======` alone may be a heading's line."""
CHOOSE = "keep what is right, delete the lines with <<<<<<<, ======= and >>>>>>>"
"""What a person has to do."""


def has_markers(text: str) -> bool:
    """Whether a line of the text is such a marker."""
    return ("<<<<<<<" in text or ">>>>>>>" in text) and MARKER.search(text) is not None
