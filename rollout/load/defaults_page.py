"""`docs/explanation/defaults.md`: every default of every preset with where it comes from, made from the presets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rollout.load.workspace import shipped
from rollout.load.yaml import Value, parse

_BASE = "standard@1"
_HEAD = """\
# Where the defaults come from

<!-- Made from the presets: ROLLOUT_UPDATE_GOLDEN=1 pytest tests/load/test_reference.py writes it anew. -->

A preset lies under every `plan.yaml`: activities with their lead times, gates with their criteria. Each row names
where its figure comes from, so that you can tell a law from a habit: *working default* means from nobody but us, and
is the first to be replaced by what you know. A preset never changes: what we learn becomes `standard@2`, and no plan
moves by an upgrade.

How to read a row: it **starts** so long before go-live as a norm (going under it is reported and allowed), and
**takes** at least so long (no site goes live before its longest chain fits). **Good for** is how long the work stays
good when go-live slips. Your own plan overrides any of it by id:

```yaml
activities:
  security-review: {takes: 25wd, source: "our security office, 12 reviews in 2026"}
  works-council: ~              # removed
```

`standard@1` is told whole; of the others only what they add or say otherwise.
"""


def defaults_page() -> str:
    """The page."""
    folder = shipped("templates") / "presets"
    presets = {
        file.stem: parse(file.read_text(encoding="utf-8"), file.name)[0] for file in sorted(folder.glob("*.yaml"))
    }
    base = presets.pop(_BASE)
    parts = [_HEAD, *_preset(_BASE, base, {})]
    for name, preset in presets.items():
        parts += _preset(name, preset, base)
    return "\n".join(parts).rstrip() + "\n"


def _preset(name: str, preset: Mapping[str, Value], base: Mapping[str, Value]) -> Iterator[str]:
    yield f"## {name}\n"
    before = base.get("activities", {})
    rows = [
        f"| `{key}` | {_cell(row.get('title'))} | {row.get('starts', '')} | {row.get('takes', '')} "
        f"| {row.get('valid_for', '')} | {_cell(row.get('source'))} |"
        for key, row in preset["activities"].items()
        if _said(row) != _said(before.get(key, {}))
    ]
    if rows:
        yield "| activity | | starts | takes | good for | source |\n| --- | --- | --- | --- | --- | --- |"
        yield "\n".join(rows) + "\n"
    gone = [f"`{key}`" for key in before if key not in preset["activities"]]
    if gone:
        yield f"Not in it: {', '.join(gone)}.\n"
    rows = list(_criteria(preset.get("gates", {}), base.get("gates", {})))
    if rows:
        yield "| gate | criterion | goes when | source |\n| --- | --- | --- | --- |"
        yield "\n".join(rows) + "\n"


def _said(row: Mapping[str, Value]) -> tuple[Value, ...]:
    return tuple(row.get(key) for key in ("starts", "takes", "valid_for", "source"))


def _criteria(gates: Mapping[str, Value], base: Mapping[str, Value]) -> Iterator[str]:
    for gate, row in gates.items():
        known = base.get(gate, {}).get("needs", {})
        for key, need in row.get("needs", {}).items():
            if need.get("source") != known.get(key, {}).get("source") or _bound(need) != _bound(known.get(key, {})):
                yield f"| `{gate}` | `{key}` | {_bound(need)} | {_cell(need.get('source'))} |"


def _bound(need: Mapping[str, Value]) -> str:
    unit = f" {need['unit']}" if "unit" in need else ""
    bounds = [f"{word.replace('_', ' ')} {need[word]}{unit}" for word in ("at_least", "at_most") if word in need]
    if bounds:
        return f"{need.get('measure', '')} {' and '.join(bounds)}".strip()
    return _cell(need.get("go") or (f"{need['evidence']} is done" if "evidence" in need else ""))


def _cell(text: Value) -> str:
    return " ".join(str(text or "").split()).replace("|", "\\|")
