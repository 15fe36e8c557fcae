"""What commands answer with `--format json`, name by name.

mypy holds every `json()` to it, and JSON Schemas and their reference page are made from it.
"""

VERSION = 1
"""Of every answer: it rises when a name comes to mean something else or goes."""
