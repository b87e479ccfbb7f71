"""What a turn about projects knows: the library of the person's county, places, what they said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.choices import by_number, named
from handlers.places import country, find
from handlers.projects.narrow_words import said_of
from handlers.projects.words import Ask, Wish, wish_of
from handlers.state import State
from matching.aspects import View
from matching.codes import Category
from matching.profiles import UNSAID, lines_not_wanted, refused_lines, seeker_of
from matching.projects import Project, Seeker
from matching.stock import Stock
from outreach.calendars import CHINA
from outreach.projects import library, reverse, stocking
from outreach.projects.reverse import Seen
from records import project_people, projects, scope, sites
from records.database import Session
from records.people import Profile
from records.project_lists import Listed
from records.projects import ProjectRow, ProjectState
from records.seen import Shown
from records.sites import SiteRow
from records.vault import Vault

FLOW = "projects"
_MENU = "welcome"
_OTHER = "other_county"


@dataclass(frozen=True, slots=True)
class Market:
    """The library as far as a talk needs it; `is_loaded` where anything was read at all."""

    is_loaded: bool = False
    counties: frozenset[str] = frozenset()  # that have something published
    stock: Stock = field(default_factory=lambda: Stock(()))
    view: View | None = None
    demo: frozenset[str] = frozenset()
    about: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[Listed, ...] = ()  # demands and searches for people
    sites: tuple[SiteRow, ...] = ()
    towns: Mapping[str, str] = field(default_factory=dict)  # by person
    refusals: Mapping[str, Sequence[tuple[str, datetime]]] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()  # projects
    own: tuple[ProjectRow, ...] = ()
    interested: tuple[Seen, ...] = ()

    def project(self, number: int | str) -> Project | None:
        """The project of this number, if it is in the library of the county."""
        place = self.stock.numbers.get(str(number))
        return None if place is None else self.stock.projects[place]

    def seeker(self, person: Profile) -> Seeker:
        """A person as a ranking sees them; their village is words, so it is not asked for."""
        assert self.view is not None
        said = self.refusals.get(person.id, ())
        lines = [(Category(line), at.date()) for line, at in said]
        answers = {**person.answers, "home_village": UNSAID}
        return seeker_of(
            answers,
            id=person.id,
            county=person.area,
            town=self.towns.get(person.id, ""),
            is_personal=person.is_personal,
            refused=refused_lines(lines, self.view.today, self.view.rules)
            | lines_not_wanted(answers, self.view.today, self.view.rules),
        )


NONE = Market()


def texts(said: Iterable[str], shown: Iterable[Shown]) -> list[str]:
    """What was written, and what a number in it may mean of what came unasked."""
    return [*said, *(option.value for one in shown for option in one.offered)]


def of_talk(
    session: Session,
    vault: Vault,
    texts: Iterable[str],
    state: State,
    *,
    profiles: Sequence[Profile],
    area: str,
    now: datetime,
) -> Market:
    """What these messages need of the library; for most nothing is read."""
    texts = list(texts)
    if not _concerns(texts, state):
        return NONE
    published = projects.counties(session)
    homes = {area, str(state.memory.get("area", ""))} | {one.area for one in profiles}
    homes |= {found.code for text in texts if (found := find(text, country()).area)}
    is_wide = any(one.answers.get(_OTHER) == "yes" for one in profiles)
    is_wide = is_wide or any(w.ask is Ask.OTHER_COUNTY for w in _wishes(texts))
    goods = library.of_counties(session, None if is_wide else homes)
    ids = [one.id for one in profiles]
    spots = scope.spots(session, ids)
    own = projects.of_person(session, ids) if ids else []
    own = [row for row in own if row.person_id]
    numbers = [row.number for row in own]
    return Market(
        is_loaded=True,
        counties=frozenset(published),
        stock=goods.stock,
        view=stocking.view(session, goods.where, now, people=ids),
        demo=goods.demo,
        about=goods.about,
        offers=tuple(row for row in goods.offers if _is_open(row, now)),
        sites=tuple(sites.within(session, homes)),
        towns={each: spot.town for each, spot in spots.items()},
        refusals=project_people.refusals(session, ids, now - timedelta(days=400)),
        refused=frozenset(project_people.refused_projects(session, ids)),
        own=tuple(own),
        interested=tuple(reverse.interested(session, vault, numbers, now)) if numbers else (),
    )


def _is_open(row: Listed, now: datetime) -> bool:
    today = now.astimezone(CHINA).date()
    is_shown = row.state == ProjectState.PUBLISHED.value
    return is_shown and (row.expires_on is None or today <= row.expires_on)


def _concerns(texts: Sequence[str], state: State) -> bool:
    if state.flow == FLOW or any(_wishes(texts)):
        return True
    if any(said.stands_alone for text in texts if (said := said_of(text))):
        return True
    menu = named("menu")
    return state.flow == _MENU and any("projects" in by_number(t, menu).codes for t in texts)


def _wishes(texts: Sequence[str]) -> list[Wish]:
    return [wish for text in texts if (wish := wish_of(text))]
