"""What each figure of a month was counted from: the ids behind it, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from outreach.reports.month import INTENTS, Facts, Span
from outreach.reports.table import Listed, Subject

Found = Callable[[Facts, Span], Iterable[str]]


def listed(name: str, facts: Facts, span: Span) -> Listed:
    """The list behind a figure of this name."""
    subject, find = LISTS[name]
    return Listed(subject, tuple(dict.fromkeys(find(facts, span))))


def _done(facts: Facts, span: Span) -> list[str]:
    return [one.id for one in facts.requests if span.holds(one.closed)]


def _timed(facts: Facts, span: Span) -> list[str]:
    return [one.id for one in facts.requests if span.holds(one.closed) and one.took is not None]


def _late(facts: Facts, span: Span) -> list[str]:
    return [one.id for one in facts.requests if span.holds(one.closed) and one.late]


def _wanting(facts: Facts, span: Span) -> list[str]:
    new = [one for one in facts.people if span.holds(one.registered)]
    return [one.id for one in new if one.intent in INTENTS]


def _of_fate(fate: str) -> Found:
    return lambda facts, span: [id_ for id_, known in facts.fates.items() if known == fate]


LISTS: Mapping[str, tuple[Subject, Found]] = {
    "registered": (
        Subject.PEOPLE,
        lambda facts, span: (one.id for one in facts.people if span.holds(one.registered)),
    ),
    "with_intent": (Subject.PEOPLE, _wanting),
    "founded": (
        Subject.ENTITIES,
        lambda facts, span: (one.id for one in facts.businesses if span.holds(one.began)),
    ),
    "founders": (
        Subject.PEOPLE,
        lambda facts, span: (one.owner for one in facts.businesses if span.holds(one.began)),
    ),
    "closed": (
        Subject.ENTITIES,
        lambda facts, span: (one.id for one in facts.businesses if span.holds(one.closed)),
    ),
    "projects": (
        Subject.PROJECTS,
        lambda facts, span: (str(project) for _, project, at in facts.pushed if span.holds(at)),
    ),
    "told": (
        Subject.PEOPLE,
        lambda facts, span: (person for person, _, at in facts.pushed if span.holds(at)),
    ),
    "requests": (
        Subject.TICKETS,
        lambda facts, span: (one.id for one in facts.requests if span.holds(one.opened)),
    ),
    "done": (Subject.TICKETS, _done),
    "late": (Subject.TICKETS, _late),
    "took": (Subject.TICKETS, _timed),
    "courses": (
        Subject.COURSES,
        lambda facts, span: (one.id for one in facts.courses if span.holds(one.day)),
    ),
    "learnt": (
        Subject.COURSES,
        lambda facts, span: (one.id for one in facts.courses if span.holds(one.day)),
    ),
    "events": (
        Subject.EVENTS,
        lambda facts, span: (one.id for one in facts.events if span.holds(one.day)),
    ),
    "guests": (
        Subject.EVENTS,
        lambda facts, span: (one.id for one in facts.events if span.holds(one.day)),
    ),
    "year_old": (Subject.ENTITIES, lambda facts, span: facts.fates),
    "survived": (Subject.ENTITIES, _of_fate("open")),
    "failed": (Subject.ENTITIES, _of_fate("closed")),
    "unheard": (Subject.ENTITIES, _of_fate("unknown")),
}
