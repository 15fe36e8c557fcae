"""People and money: `capacity`, `people`, `budget`, `portfolio`."""

from __future__ import annotations

from typing import Literal, TypedDict


class TeamLoadsJson(TypedDict):
    """The load of a plan's teams on its published dates."""

    version: int
    plan: str
    by: Literal["week", "month"]
    over: bool
    teams: list[TeamWeeksJson | TeamMonthsJson]
    idle: list[str]
    """Teams of which nothing is asked."""


class StaffedHubJson(TypedDict):
    """Entry of `hub`."""

    team: str
    unit: str
    capacity: int
    peak: int
    mean_percent: int


class StaffedJson(TypedDict):
    """The people of a plan on its published dates."""

    version: int
    plan: str
    as_of: str
    spoke_days_before: int
    alone: list[str]
    """Sites at which nobody is there 60 days before go-live."""
    sites: list[StaffedSiteJson]
    hub: list[StaffedHubJson]


class BudgetedJson(TypedDict):
    """A plan's money by line, or what of it is of one site."""

    version: int
    plan: str
    currency: str | None
    site: str | None
    """The site that was asked for: then `total` and the amounts of lines are its own."""
    limit_percent: int
    over: bool
    """Whether a line of the budget, or the site that was asked for, needs a re-forecast."""
    missing: list[str]
    """Hidden costs that no line of the budget is for."""
    total: AmountsJson
    lines: list[BudgetLineJson]


class ReuseJson(TypedDict):
    """Entry of `reuse`."""

    opportunity: str
    percent: int


class OpportunityJson(TypedDict):
    """Entry of `opportunities`."""

    rank: int
    opportunity: str
    title: str
    value: float
    effort: float
    reuse: list[ReuseJson]
    effort_left: float
    ratio: float
    sites: list[str]
    live: int
    owner: str | None
    plans: list[str]


class OpportunitiesJson(TypedDict):
    """The portfolio, best first."""

    version: int
    value_in: str
    effort_in: str
    opportunities: list[OpportunityJson]
    plans_without: list[str]


class UserJson(TypedDict):
    """Who uses a team in a week, and how much of it."""

    id: str
    amount: int


class WeekJson(TypedDict):
    """A week of a team."""

    week: str
    """Its Monday."""
    load: int
    users: list[UserJson]


class MonthJson(TypedDict):
    """A month of a team."""

    month: str
    peak: int
    mean_percent: int


class TeamJson(TypedDict):
    """A team's load."""

    team: str
    unit: str
    capacity: int
    mean_percent: int
    over: list[WeekJson]
    """Weeks that ask for more than there is."""


class TeamWeeksJson(TeamJson):
    """Week by week."""

    weeks: list[WeekJson]


class TeamMonthsJson(TeamJson):
    """Month by month."""

    months: list[MonthJson]


_From = TypedDict("_From", {"from": str | None})


class EngineerJson(_From):
    """Whom a spoke sends, and from when to when there is one."""

    name: str
    to: str | None
    languages: list[str]
    skills: list[str]


class ChampionJson(TypedDict):
    """A champion of a site."""

    name: str
    shift: int | None
    role: str | None


class ShareJson(TypedDict):
    """Work with people, beside all work."""

    activities: int
    of: int
    percent: int


class ShareDaysJson(TypedDict):
    """The same in days."""

    days: int
    of: int


class StaffedSiteJson(TypedDict):
    """The people of a site."""

    site: str
    go_live: str | None
    spoke: str | None
    by: str | None
    """By when the spoke has to be there."""
    engineer: EngineerJson | None
    speaks: list[str]
    """Languages of the site that the engineer speaks."""
    covered: bool
    sponsor: str | None
    confirmed: str | None
    """When the sponsor last confirmed, as far as records say."""
    champions: list[ChampionJson]
    champions_needed: int
    shifts_without_champion: list[int]
    change: ShareJson
    change_days: ShareDaysJson


class ReforecastJson(TypedDict):
    """Who expects another amount, and why."""

    on: str
    by: str
    because: str | None


class AmountsJson(TypedDict):
    """Amounts in whole units of the currency."""

    budget: int
    committed: int
    actual: int
    forecast: int
    """At completion."""
    expected: int
    """What variance is measured against: the budget, or the re-forecast that took its place."""
    variance_percent: float | None
    """Forecast above what is expected; null where nothing was."""
    over: bool
    reforecast: ReforecastJson | None


class SiteAmountsJson(AmountsJson):
    """Those of a site."""

    site: str


class BudgetLineJson(AmountsJson):
    """Those of a line of the budget."""

    line: str
    budgeted: bool
    rate: float
    """What a share of the budget costs in the end, learned; 1 until there is anything to learn from."""
    learned_from: list[str]
    whole_plan: AmountsJson
    """What is of no site."""
    sites: list[SiteAmountsJson]
