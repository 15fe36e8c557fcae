"""What every page of a run shares: the plan, who answers for what, the capability's own words, links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rollout.model.country import NAMES
from rollout.model.language import base, is_right_to_left
from rollout.model.owner import owner_of
from rollout.model.plan import Plan
from rollout.model.programme import Programme
from rollout.model.selector import Selector
from rollout.model.site import Person, Site
from rollout.model.standing import SiteStanding, Standing
from rollout.render.markdown import content
from rollout.render.views.shared import ContentView, NotesView, PersonView, PlanView, SiteView
from rollout.render.wording import Wording

ENGLISH_WORDING = Wording()
_FOUND_OUTSIDE_PEOPLE = ("site_lead", "sponsor", "embedded_engineer")


def chosen(where: Selector) -> list[str]:
    """What a selector asks for, in words; nothing for every site."""
    said = []
    for field in sorted(where.model_fields_set):
        value = getattr(where, field)
        if value is None:
            continue
        if field == "labels":
            said += [f"{key} {' or '.join(values)}" for key, values in sorted(value.items())]
        elif field == "country":
            said.append(" or ".join(NAMES.get(code, code) for code in value))
        else:
            said.append(f"{ENGLISH_WORDING.lower(field)} {' or '.join(value)}")
    return said


@dataclass(frozen=True)
class Setting:
    """A standing, asked the way pages ask."""

    standing: Standing
    wording: Wording = ENGLISH_WORDING
    """The language it is asked in."""

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.standing.folder.plan

    @property
    def programme(self) -> Programme:
        """The programme it belongs to."""
        return self.standing.programme

    @property
    def folder(self) -> str:
        """Where the plan's pages stand."""
        return self.standing.folder.layout.pages

    @cached_property
    def plan_view(self) -> PlanView:
        """The plan as every page names it."""
        plan = self.plan
        layout = self.standing.folder.layout
        return {
            "name": plan.name,
            "id": plan.id,
            "version": plan.version,
            "content": layout.content,
            "records": layout.records,
            "file": layout.plan,
        }

    def edit(self, path: str) -> str | None:
        """Where a page is edited in the browser; None where the plan does not say where it is shown."""
        return f"{root}/{path}" if (root := self.plan.edit_root) else None

    def site_view(self, standing: SiteStanding) -> SiteView:
        """The site as every page names it. Expects a site with a date."""
        site, placement = standing.site, standing.placement
        assert placement is not None
        return {
            "name": site.name,
            "id": site.id,
            "country": self.wording.country(site.country),
            "timezone": site.timezone,
            "business_unit": site.business_unit,
            "languages": list(site.languages),
            "people": site.people,
            "shifts": site.shifts,
            "is_lighthouse": standing.is_lighthouse,
            "wave": placement.wave,
            "period": self.wording.period(self.plan, placement.go_live, standing.period),
            "go_live": self.wording.day(placement.go_live),
            "lead": self.person(site.site_lead, "site_lead"),
            "sponsor": self.person(site.sponsor, "sponsor"),
            "file": site.paths[0] if site.paths else f"sites/{site.id}.yaml",
        }

    def owner(self, role: str, standing: SiteStanding, on: date | None = None) -> str:
        """Name of whoever answers for a role at a site; the role in words where nobody is named."""
        assert standing.placement is not None
        found = owner_of(self.plan, standing, role, on or standing.placement.go_live)
        return found.name or self.wording.lower(role)

    @cached_property
    def people(self) -> list[PersonView]:
        """Whom every site may call."""
        found = [self.person(who, role) for role, who in self.plan.people.items() if role not in _FOUND_OUTSIDE_PEOPLE]
        return [view for view in found if view is not None]

    def person(self, who: Person | None, role: str = "") -> PersonView | None:
        """Somebody to call."""
        if who is None:
            return None
        contact = ", ".join(x for x in (who.email, who.phone) if x)
        role_words = self.wording.words(role)
        return {"name": who.name, "title": who.title, "contact": contact, "role": role, "role_words": role_words}

    def languages(self, site: Site) -> tuple[str, ...]:
        """The languages in which a site reads the capability's own words, the language of the page first."""
        if self.plan.written_in:
            return (self.plan.written_in,)
        mine = self.wording.language
        return tuple(dict.fromkeys((mine, *site.languages))) if mine in site.languages else site.languages

    def content(self, name: str, languages: Iterable[str], level: int) -> ContentView:
        """A text of the capability: in the first of these languages that has it, then in English, then none."""
        languages = tuple(languages)
        found = self.standing.folder.content.find(name, languages)
        wanted = languages[0] if languages else "en"
        file = f"{self.plan_view['content']}/{wanted}/{name}.md"
        if found is None:
            return {
                "file": file,
                "wanted": wanted,
                "text": None,
                "language": None,
                "is_wanted": False,
                "direction": None,
            }
        text, language = found
        right_to_left = is_right_to_left(language)
        return {
            "file": file,
            "wanted": wanted,
            "text": content(text, level),
            "language": language,
            "is_wanted": base(language) == base(wanted),
            # Where it does not run the way of its page.
            "direction": None if right_to_left == self.wording.right_to_left else "rtl" if right_to_left else "ltr",
        }

    def notes(self, wanted: str | None) -> NotesView:
        """What a page says about its own language: `wanted` is the one it should be in."""
        return {
            "language": self.wording.language,
            "untranslated": wanted if wanted and base(wanted) != base(self.wording.language) else None,
            "partly": self.wording.is_partial,
        }
