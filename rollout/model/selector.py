"""Which sites something is about: every key must hold, any value of a key will do."""

from __future__ import annotations

from typing import Annotated, Any, Protocol

from pydantic import BeforeValidator, Field

from rollout.model.fields import Country, Id, Language, Listed, Many, Model, Name
from rollout.model.spelling import Also

Ids = Annotated[tuple[Id, ...], Many, Listed]


class _HasFields(Protocol):
    def values_of(self, field: str) -> tuple[str, ...]: ...


class Selector(Model):
    """`{region: emea, systems: [apriso, sap]}`: sites in EMEA that run Apriso or SAP (or both)."""

    id: Ids | None = None
    """Site ids."""
    country: Annotated[tuple[Country, ...], Many, Listed] | None = None
    """Countries, ISO 3166."""
    subdivision: Annotated[tuple[Name, ...], Many, Listed] | None = None
    """Country subdivisions."""
    region: Annotated[tuple[Name, ...], Many, Listed] | None = None
    """Regions as the sites name them."""
    business_unit: Annotated[tuple[Name, ...], Many, Listed] | None = None
    """Business units as the sites name them."""
    systems: Ids | None = None
    """Systems of the register; a site that runs any of them matches."""
    workflows: Ids | None = None
    """Workflows; a site that works by any of them matches."""
    languages: Annotated[tuple[Language, ...], Many, Listed] | None = None
    """Languages; a site that speaks any of them matches."""
    labels: dict[str, Annotated[tuple[str, ...], Many, Listed]] | None = Field(default=None)
    """Labels and their values."""

    def matches(self, site: _HasFields) -> bool:
        """Whether the site is one of those meant."""
        for field in self.__pydantic_fields_set__:
            wanted: Any = getattr(self, field)
            if wanted is None:
                continue
            if field == "labels":
                if any(set(values).isdisjoint(site.values_of(f"labels.{key}")) for key, values in wanted.items()):
                    return False
            elif set(wanted).isdisjoint(site.values_of(field)):
                return False
        return True

    @property
    def key(self) -> str:
        """Alike for selectors that say the same, so that thousands of lessons that do are asked once."""
        return self.model_dump_json(exclude_unset=True)


EVERY_SITE = Selector()
Sites = Annotated[
    Selector,
    BeforeValidator(lambda value: {} if value == "all" else value),
    Also(({"title": "all", "const": "all"},)),
]
"""Sites, written as a selector or as `all`."""
