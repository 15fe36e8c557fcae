"""Writes templates/locales/documents.pot, and brings every catalogue in step with it.

Run by `make messages` after a change of templates or presets: new texts appear in the catalogues without translation,
texts that are no more disappear, translations of all others stay. Texts of presets and words (roles, phases,
criteria, measures) stand in the context "text" and hold no placeholders.
"""

from io import BytesIO
from pathlib import Path

import yaml
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from rollout.render.wording import TEXTS, words

TEMPLATES = Path("templates")
LOCALES = TEMPLATES / "locales"
# Said by Python instead of a template, or free words that many programmes use.
MESSAGES = (
    ", ",
    "at least %(figure)s",
    "at most %(figure)s",
    "weekend",
    "week %(week)s of %(year)s",
    "quarter %(quarter)s of %(year)s",
    ("%(num)s day", "%(num)s days"),
    ("%(num)s working day", "%(num)s working days"),
    ("%(num)s week", "%(num)s weeks"),
)
WORDS = (
    "operators",
    "supervisors",
    "engineers",
    "maintenance",
    "nurses",
    "physicians",
    "cashiers",
    "staff",
    "training",
)


def collected() -> Catalog:
    """Every text there is to translate, in the order in which pages are made."""
    catalog = Catalog(project="rollout", charset="utf-8", fuzzy=False)
    for path in sorted((TEMPLATES / "documents").glob("*.j2")):
        options = {"newstyle_gettext": "true", "trim_blocks": "true", "lstrip_blocks": "true"}
        for _, called, said, _ in babel_extract(BytesIO(path.read_bytes()), ("_", "gettext", "ngettext"), [], options):
            texts = [said] if isinstance(said, str) else said
            # What follows are the values, which are no texts.
            catalog.add(tuple(texts[:2]) if called == "ngettext" else texts[0])
    for message in MESSAGES:
        catalog.add(message)
    for word in WORDS:
        catalog.add(words(word), context=TEXTS)
    for path in sorted((TEMPLATES / "presets").glob("*.yaml")):
        for text in _of_preset(yaml.load(path.read_bytes(), Loader=yaml.BaseLoader)):  # noqa: S506 - every value as text, and our own files
            catalog.add(text, context=TEXTS)
    return catalog


def _of_preset(preset: dict) -> list[str]:
    """The texts of a preset that pages show, `source` aside: that names where a figure comes from."""
    found = []
    for activity in preset.get("activities", {}).values():
        found += [words(activity.get("phase", "prepare")), words(activity.get("owner", "site_lead"))]
        found += [activity[key] for key in ("title", "how", "evidence") if key in activity]
    for gate in preset.get("gates", {}).values():
        found += [words(role) for role in gate.get("approvals", {})]
        for name, row in gate.get("needs", {}).items():
            found += [words(name), words(row.get("owner", "site_lead"))]
            found += [words(row[key]) for key in ("measure",) if key in row]
            found += [row[key] for key in ("go", "no_go", "unit") if key in row and row[key] != "%"]
    for blackout in preset.get("blackouts", []):
        found += [words(blackout["id"]), *([blackout["because"]] if "because" in blackout else [])]
    return found


def updated(catalog: Catalog, template: Catalog) -> Catalog:
    """A catalogue with exactly the texts of the template, in its order."""
    fresh = Catalog(locale=catalog.locale, project="rollout", charset="utf-8", fuzzy=False)
    for message in template:
        if message.id:
            known = catalog.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
            kept = (
                known.string
                if known is not None and isinstance(known.id, tuple) == isinstance(message.id, tuple)
                else ""
            )
            fresh.add(
                message.id,
                kept or ("" if isinstance(message.id, str) else ("",) * fresh.num_plurals),
                context=message.context,
            )
    return fresh


def written(catalog: Catalog) -> bytes:
    """A catalogue as it stands in its file: no dates, no line numbers, one line a text, so that a change is small."""
    out = BytesIO()
    write_po(out, catalog, width=0, no_location=True, omit_header=True)
    header = ['msgid ""', 'msgstr ""', '"MIME-Version: 1.0\\n"', '"Content-Type: text/plain; charset=utf-8\\n"']
    header += ['"Content-Transfer-Encoding: 8bit\\n"']
    if catalog.locale is not None:
        header += [f'"Language: {catalog.locale_identifier}\\n"', f'"Plural-Forms: {catalog.plural_forms}\\n"']
    return ("\n".join(header) + "\n\n").encode() + out.getvalue().strip() + b"\n"


def main() -> None:
    """The template and every catalogue."""
    template = collected()
    (LOCALES / "documents.pot").write_bytes(written(template))
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/documents.po")):
        catalog = read_po(BytesIO(path.read_bytes()), locale=path.parts[-3])
        path.write_bytes(written(updated(catalog, template)))


if __name__ == "__main__":
    main()
