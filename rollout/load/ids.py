"""Ids for the rows of a sheet, the same ones again when a newer sheet comes.

An id is the slug of the id column or of the name. A slug that several rows have goes to one of them, the others get
`-2`, `-3` in the order of the sheet; a name without Latin letters gets `site-ROW`. On a later import such rows first
take the id of the existing site with exactly their name, so that inserting or sorting rows does not shuffle ids.
Rows that share name and slug can be told apart by their order only: `--id-from` a column that is unique.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence

from rollout.load.cells import slug
from rollout.model.fields import ID_LIMIT

Wish = tuple[int, str, str]
"""Row number, the text an id is made from (blank: none), and the site's name."""


def assign(wishes: Sequence[Wish], existing: Callable[[], Mapping[str, str]]) -> list[tuple[str, bool]]:
    """The id of each row, and whether it is simply the text's slug. `existing` gives names by id.

    What only one row can have goes first, so that a suffix never takes a later row's own id.
    """
    slugs = [slug(text) for _, text, _ in wishes]
    count = Counter(slugs)
    made = [own if own and count[own] == 1 else "" for own in slugs]
    undecided = [at for at, (_, text, _) in enumerate(wishes) if text and not made[at]]
    taken = set(filter(None, made))
    names = existing() if undecided else {}
    by_name = _by_name(names)
    for at in undecided:
        pattern = rf"{re.escape(slugs[at]) or 'site-[0-9]+'}(?:-[0-9]+)?"
        found = next((i for i in by_name.get(wishes[at][2], ()) if i not in taken and re.fullmatch(pattern, i)), None)
        if found is not None:
            made[at] = found
            taken.add(found)
    numbers: dict[str, int] = {}
    # No row may overwrite another site: one whose id is its own name, or any when a name has no Latin letters.
    others = {*count, *(site for site, name in names.items() if slug(name) == site)}
    everybody = {*count, *names}
    for at in undecided:
        if not made[at]:
            own = slugs[at]
            base = own or f"site-{wishes[at][0]}"
            is_free = base not in taken and (own or base not in everybody)
            made[at] = base if is_free else _free(base, taken, others if own else everybody, numbers)
            taken.add(made[at])
    return [(site, site == own) for site, own in zip(made, slugs, strict=True)]


def _by_name(existing: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for site, name in existing.items():
        found.setdefault(name, []).append(site)
    for sites in found.values():
        sites.sort(key=lambda site: (len(site), site))
    return found


def _free(base: str, taken: set[str], reserved: Container[str], numbers: dict[str, int]) -> str:
    while True:
        numbers[base] = number = numbers.get(base, 1) + 1
        suffix = f"-{number}"
        candidate = base[: ID_LIMIT - len(suffix)].rstrip("-") + suffix
        if candidate not in taken and candidate not in reserved:
            return candidate
