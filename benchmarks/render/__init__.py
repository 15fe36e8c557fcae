"""Rendering beside what a user would otherwise take."""
