"""What commands answer with `--format json`, name by name.

mypy holds every `json()` to it, and JSON Schemas and their reference page are made from it.
"""
