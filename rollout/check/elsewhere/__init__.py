"""Pages of codes that no rule of this room says: what loading finds, what commands refuse, what the place denies.

They are written as the docstring of a rule is: a summary, more where it helps, snippets headed `Bad:` and `Good:`. A
snippet's first line names its file where that is not the plan's own.
"""
