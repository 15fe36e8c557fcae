"""Findings as other tools read them: one writer a format, each a function from what was found to a text."""
