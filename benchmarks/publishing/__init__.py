"""The whole of `publish` beside the sum of what its stages would take."""
