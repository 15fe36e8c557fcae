"""What templates receive, name by name, where it does not stand beside its document in `documents/`:
`docs/reference/templates.md` is made from both.

Views are plain dicts, so that sandboxed templates meet data and nothing else. A text is a `str` (escaped where it
lands) or `Markdown` (it is that already, and passes as it is). Days are spelled out; a template does no arithmetic.
Names that may be empty are `None`: ask with `{% if … %}` before printing one.
"""
