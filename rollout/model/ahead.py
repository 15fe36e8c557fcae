"""How many days ahead what is due is looked for, where nobody says how many."""

from __future__ import annotations

DUE = 14
"""When it is asked for by itself."""
ALONG = 84
"""When it goes along with a plan."""
