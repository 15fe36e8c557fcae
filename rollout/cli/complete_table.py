"""Makes `complete.json`, what shells complete by, from the command line itself."""

from __future__ import annotations

import json
from typing import Any, Literal, get_args, get_origin

import typer

from rollout.cli.app import app
from rollout.load.kinds import told_fields
from rollout.load.words import is_mapping, typed_fields
from rollout.model.record import KINDS, STATES
from rollout.pipeline import rules

_TAKES = {
    "SITE": "sites",
    "SITE=3w": "sites=",
    "SITE=DATE|WAVE": "sites=",
    "A,B": "sites,",
    "GATE": "gates",
    "SYSTEM": "systems",
}
"""What a value is, by how the help calls it."""
_OPTIONS = {"--plan": "plans", "--wave": "waves"}
_ABOUT = {
    "item": "activities",
    "evidence": "activities",
    "note": "activities",
    "found": "systems",
    "approval": "gates",
}
"""What a kind of record is about."""


def table_text() -> str:
    """The table as it is kept."""
    return json.dumps(_command(typer.main.get_command(app)), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _command(command: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"says": _first(command.short_help or command.help)}
    options = {name: one for one in command.params if one.param_type_name == "option" for name in one.opts}
    found["options"] = {name: {"says": _first(one.help), "takes": _taken(one, name)} for name, one in options.items()}
    found["options"]["--help"] = {"says": "Show this message and exit.", "takes": None}
    if inner := getattr(command, "commands", None):
        found["commands"] = {name: _command(one) for name, one in inner.items() if not one.hidden}
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    if arguments:
        found["arguments"] = [{"takes": _taken(one, ""), "many": one.nargs == -1} for one in arguments]
    if command.name == "record":
        found["kinds"] = {kind: _kind(kind) for kind in KINDS}
        found["states"] = list(STATES)
    return found


def _taken(one: Any, name: str) -> Any:
    """What a value may be; None for an option without one."""
    if getattr(one, "is_flag", False):
        return None
    if words := choices(one.type_descriptor.annotation):
        return words
    if name in _OPTIONS:
        return _OPTIONS[name]
    if one.name == "site":
        return "sites"
    if one.name == "kind":
        return _schema_kinds()
    if one.name == "code":
        return [page.code for page in rules().pages]
    return _TAKES.get((one.metavar or "").strip("[]."), "text")


def _schema_kinds() -> list[str]:
    from rollout.load.kinds import KINDS as FILES

    return [kind.name for kind in FILES]


def _kind(kind: str) -> dict[str, Any]:
    """The words and options of a kind of record."""
    model = KINDS[kind]
    fields = typed_fields(model)
    words = [_ABOUT.get(name) or choices(fields[name].annotation) or "text" for name in model.WORDS]
    plain = {name: field for name, field in fields.items() if name not in (*model.WORDS, kind, "on", "by", "because")}
    options = {
        f"--{name.replace('_', '-')}": {
            "says": _first(told_fields(model).get(name)),
            "takes": None
            if field.annotation is bool
            else (not is_mapping(field) and choices(field.annotation)) or "text",
        }
        for name, field in plain.items()
    }
    return {"words": words, "options": options}


def choices(annotation: Any) -> list[str]:
    """The words of which a value has to be one; none where it may be any."""
    if get_origin(annotation) is Literal:
        return list(get_args(annotation))
    return next((found for part in get_args(annotation) if (found := choices(part))), [])


def _first(text: str | None) -> str:
    """The first sentence."""
    return " ".join((text or "").split("\n\n")[0].split())
