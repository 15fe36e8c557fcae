"""`docs/reference/templates.md`: what a template author needs to know, made from the views themselves."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

from rollout.model.document import DOCUMENTS
from rollout.model.layout import TEMPLATES
from rollout.model.told import told_of, typed_dicts
from rollout.render.apart import LIMITS, LONGEST
from rollout.render.markdown import Markdown
from rollout.render.names import keys_of
from rollout.render.received import VIEWS

_BLOCK = re.compile(r"\{%-?\s*block\s+(\w+)(\s+scoped)?")

_GUIDE = """\
# Templates

<!-- Made from the code: ROLLOUT_UPDATE_GOLDEN=1 pytest tests/render/test_reference.py writes it anew. -->

Pages come from [Jinja](https://jinja.palletsprojects.com/) templates. A programme changes them by putting a file of the
same name into `{folder}`; what it does not put there comes from rollout.

## One block at a time

Every part of a shipped template is a Jinja block, so an own file need only hold what it changes:

```jinja
{{% extends "shipped/checklist.md.j2" %}}
{{% block intro %}}
{{{{ super() }}}}
Questions go to the roll-out desk, room 12.
{{% endblock %}}
```

`shipped/NAME` is the template that comes with rollout, whatever stands in its place; `{{{{ super() }}}}` is what the
block held before. A block marked `scoped` below stands in a loop: an own one says `scoped` too.

Words that several templates use are macros in `words.md.j2`. An own file of that name stands for all of it, so it hands
on what it does not change:

```jinja
{{% import "shipped/words.md.j2" as shipped %}}
{{% set call_for, missing = shipped.call_for, shipped.missing %}}
{{% set told, tongue = shipped.told, shipped.tongue %}}
{{% macro place(site) %}}{{{{ "The pilot" if site.is_lighthouse else "Batch %s" % site.wave }}}}{{% endmacro %}}
```

## See it while you write

    rollout render --preview lyon --document checklist            # one page of one site; nothing is written
    rollout render --preview lyon --document checklist --watch    # and again after each save, until Ctrl-C

`--document` is {documents},
`index`, `wave` (the site's) or `picture`; without it all documents of the site are shown.

## Rules

- **Everything stands in a rollout block**, so that it can be changed later without touching what people wrote:
  `<!-- rollout:NAME -->` … `<!-- /rollout:NAME -->` around lines, or `<!-- rollout:NAME -->` at the end of one line
  (a heading, a checklist item). A name is used once a page. It consists of small letters, digits and `: . _ -`, and
  stays: under it ticks and notes are kept. rollout adds a digest behind it.
- **Values are escaped** as Markdown, everywhere and by itself. What is Markdown already (see below) passes as it is. In
  an address write `{{{{ address | url }}}}`, for a path `{{{{ path | code }}}}`, in a Mermaid label
  `{{{{ name | mermaid }}}}`. In `plan.svg.j2` values are escaped as XML.
- **A name that is not there is an error,** with file, line, column and a guess at what was meant. So is printing a name
  that holds nothing: ask with `{{% if … %}}` first. Names are checked before anything is rendered, in every branch.
- **A template that is wrong writes nothing,** whichever site it breaks at. `rollout render` exits with 1.
- **Templates are sandboxed:** they see the names below and no files, no clock and no Python. Your own run in a process
  of their own, and a page may take {seconds} seconds of CPU, {memory} MB of memory and {longest} MB of
  text; `*` and `**` make no more than 100,000 characters. What asks for more is an error at its line.
- `{{% if … %}}` and `{{% for … %}}` on a line of their own leave no line behind.
- `plan.svg` is written whole each time: an edit in it is overwritten, other than on the pages.

## Filters

| Filter | What it makes |
| --- | --- |
| `code` | a path or an id in code type |
| `url` | an address for the round brackets of a link; `#` for anything that is no web, mail or relative address |
| `mermaid` | a label for a Mermaid diagram, where `:`, `;` and `#` would cut it off |

Jinja's own filters and tests are there too, without `random` and `lipsum`: the same input gives the same bytes.
"""


def reference(templates: Mapping[str, str]) -> str:
    """The page; `templates` are the shipped ones, by name."""
    sizes = {"seconds": f"{LIMITS.seconds:g}", "memory": LIMITS.memory >> 20, "longest": LONGEST // 1_000_000}
    documents = ", ".join(f"`{name}`" for name in DOCUMENTS)
    parts = [_GUIDE.format(folder=f"{TEMPLATES}/", documents=documents, **sizes), "## What each template receives\n"]
    for name, view in VIEWS.items():
        blocks = dict.fromkeys(match[1] + (match[2] or "") for match in _BLOCK.finditer(templates[name]))
        parts.append(f"### {name}\n\n{_once(view)}\n\nBlocks: {', '.join(f'`{block}`' for block in blocks)}\n")
        parts.append(_table(view))
    parts.append("## What stands behind them\n")
    for view in sorted(set(typed_dicts(*VIEWS.values())) - set(VIEWS.values()), key=lambda view: view.__name__):
        parts.append(f"### {_title(view)}\n\n{inspect.getdoc(view)}\n")
        parts.append(_table(view))
    return "\n".join(parts).rstrip() + "\n"


def described(view: type) -> dict[str, str]:
    """Keys of a view and what is said of them, those it takes over first."""
    found = {key: " ".join(text.split()) for key, text in told_of(view).items()}
    first = get_type_hints(view).get("from")  # no name that a class statement could give, so no text below it
    if first is None:
        return found
    return {"from": "First day." if first is Markdown else "Time into the session at which it begins.", **found}


def _once(view: type) -> str:
    return (inspect.getdoc(view) or "").partition(", ")[2].capitalize()


def _table(view: type) -> str:
    said = described(view)
    optional = {key for key, kind in get_type_hints(view).items() if kind != keys_of(view)[key]}
    rows = [
        f"| `{key}` | {_kind(kind)}{', or nothing' if key in optional else ''} | {said[key]} |"
        for key, kind in keys_of(view).items()
    ]
    return "\n".join(["| Name | What it is | |", "| --- | --- | --- |", *rows]) + "\n"


def _kind(kind: Any) -> str:
    if get_origin(kind) is list:
        entry = get_args(kind)[0]
        return f"list of {_kind(entry)}{'s' if entry in (str, int) else ''}"
    if is_typeddict(kind):
        return f"[{_title(kind)}](#{_title(kind).lower().replace(' ', '-')})"
    if kind is Markdown:
        return "Markdown"
    return {str: "text", int: "number", float: "number", bool: "yes or no"}.get(kind, "text")


def _title(view: type) -> str:
    words = re.findall(r"[A-Z][a-z]*", view.__name__.removesuffix("View"))
    return " ".join(words).capitalize()
