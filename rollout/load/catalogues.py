"""Translations: the gettext catalogues that come with rollout, and a programme's own over them, text by text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from rollout.load.workspace import Workspace, shipped
from rollout.model.language import ENGLISH, Catalogue, catalogue_for
from rollout.problem import Problem, RolloutError, environment

if TYPE_CHECKING:
    from babel.messages import Catalog, Message

FOLDER = "templates/locales"
FILE = "LC_MESSAGES/documents.po"
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def available(workspace: Workspace, problems: list[Problem]) -> Mapping[str, tuple[str, ...]]:
    """Language tags with their catalogues: the shipped one as an empty text, the programme's own as its path."""
    found: dict[str, tuple[str, ...]] = {}
    for ours in sorted((shipped("templates") / "locales").glob(f"*/{FILE}")):
        found[_tag(ours.parts[-3])] = ("",)
    folder, _, file = FILE.partition("/")
    for name, is_folder in workspace.names(FOLDER, problems):
        path = f"{FOLDER}/{name}/{FILE}"
        if is_folder and (file, False) in workspace.names(f"{FOLDER}/{name}/{folder}", problems):
            tag = _tag(name)
            # In rollout's own repository the shipped catalogues are the programme's, too.
            if (workspace.root / path).resolve() != shipped("templates") / "locales" / name / FILE:
                found[tag] = (*found.get(tag, ()), path)
    return dict(sorted(found.items()))


def load_catalogues(
    workspace: Workspace, there: Mapping[str, tuple[str, ...]], wanted: Iterable[str]
) -> dict[str, Catalogue]:
    """The catalogues that serve the wanted languages.

    Raises RolloutError: exit code 3 where Babel is not installed, 1 for a file that cannot be read.
    """
    names = sorted({name for tag in wanted if (name := catalogue_for(tag, there)) and name != ENGLISH})
    return {name: _load(workspace, name, there[name]) for name in names if name in there}


def missing_texts(workspace: Workspace, there: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """What a programme's own catalogues leave in English, by path; nothing where Babel is not installed."""
    found: dict[str, tuple[str, ...]] = {}
    for paths in there.values():
        if "" in paths:
            continue
        try:
            catalog = _merged(workspace, paths)
        except RolloutError as error:
            if error.exit_code == 1:
                raise
            return {}
        if missing := _missing(catalog):
            found[paths[-1]] = missing
    return found


def _tag(folder: str) -> str:
    return folder.replace("_", "-")


def _load(workspace: Workspace, name: str, paths: tuple[str, ...]) -> Catalogue:
    if paths == ("",):
        return _shipped(name, _shipped_bytes(name))
    catalog = _merged(workspace, paths, name)
    return Catalogue(name, _compiled(catalog), is_partial="" not in paths and bool(_missing(catalog)))


@lru_cache(maxsize=16)
def _shipped(name: str, data: bytes) -> Catalogue:
    """One that comes with rollout, read once in a process."""
    return Catalogue(name, _compiled(_read(data, f"{FOLDER}/{name}/{FILE}")), is_partial=False)


def _compiled(catalog: Catalog) -> bytes:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - an extra

    compiled = BytesIO()
    write_mo(compiled, catalog)
    return compiled.getvalue()


def _merged(workspace: Workspace, paths: tuple[str, ...], name: str = "") -> Catalog:
    """The catalogues of a language, the programme's own over the shipped one."""
    merged: Catalog | None = None
    for path in paths:
        if path:
            data, shown = workspace.read(path) or b"", path
        else:
            data, shown = _shipped_bytes(name), f"{FOLDER}/{name}/{FILE}"
        catalog = _read(data, shown)
        if merged is None:
            merged = catalog
        else:
            if catalog.num_plurals != merged.num_plurals:
                said = f"Plural-Forms has {catalog.num_plurals} forms, and what comes with rollout {merged.num_plurals}"
                raise RolloutError(Problem(path=path, line=1, column=1, code="catalogue", message=said))
            for message in _translated(catalog):
                known = merged.get(_forms(message.id)[0], message.context)
                if known is None:
                    merged[message.id] = message
                else:
                    known.string = message.string
    assert merged is not None
    return merged


def _shipped_bytes(name: str) -> bytes:
    return (shipped("templates") / "locales" / name.replace("-", "_") / FILE).read_bytes()


def _read(data: bytes, path: str) -> Catalog:
    try:
        from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - an extra
    except ImportError:
        raise no_babel(path) from None
    try:
        catalog = read_po(BytesIO(data), abort_invalid=True)
    except PoFileError as error:
        problem = Problem(path=path, line=(error.lineno or 0) + 1, column=1, code="catalogue", message=str(error))
        raise RolloutError(problem) from None
    except (ValueError, LookupError) as error:
        said = f"this is no gettext catalogue: {error}"
        raise RolloutError(Problem(path=path, line=1, column=1, code="catalogue", message=said)) from None
    wrong = [_wrong(message, path) for message in _translated(catalog)]
    if any(wrong):
        raise RolloutError(*(problem for problem in wrong if problem))
    return catalog


def no_babel(path: str) -> RolloutError:
    """What to say where the extra is not installed (exit code 3)."""
    said = "pages in another language than English need an extra"
    return environment("missing-extra", said, "pip install 'rollout[languages]'", path)


def _translated(catalog: Catalog) -> list[Message]:
    return [m for m in catalog if m.id and not m.fuzzy and all(_forms(m.string))]


def _forms(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _missing(catalog: Catalog) -> tuple[str, ...]:
    """English texts of rollout that a catalogue does not translate."""
    template = _read((shipped("templates") / "locales" / "documents.pot").read_bytes(), f"{FOLDER}/documents.pot")
    there = {(m.context, _forms(m.id)[0]) for m in _translated(catalog)}
    return tuple(_forms(m.id)[0] for m in template if m.id and (m.context, _forms(m.id)[0]) not in there)


def _wrong(message: Message, path: str) -> Problem | None:
    """A translation with other placeholders than the English would end in the middle of a page."""
    if message.context is not None:
        return None
    ids, forms = _forms(message.id), _forms(message.string)
    known = {name for text in ids for name in _PLACEHOLDER.findall(text)}
    for form in forms:
        names = set(_PLACEHOLDER.findall(form))
        lacking = known - names
        if len(ids) > 1 and len(lacking) == 1:
            lacking = set()  # a plural form may say its number in a word: one day, two days
        hint = "use exactly the English placeholders, and write a per cent sign twice"
        try:
            form % dict.fromkeys(names, "")
            said = f"%({sorted(lacking)[0]})s is missing" if lacking else ""
            said = f"%({sorted(names - known)[0]})s is not in the English" if names - known else said
        except (ValueError, TypeError, KeyError):
            said = "a per cent sign stands alone"
        if said:
            return Problem(path=path, line=message.lineno or 1, column=1, code="catalogue", message=said, hint=hint)
    return None
