"""Two states of a plan → what an edit does to it."""
