"""All that 附件4 is filled with, by part: what was counted, and what staff typed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from outreach.reports import annex4_counting as counting
from outreach.reports.annex4_counting import READY, RUNNING, THINKING, Group
from outreach.reports.parts import Parts
from outreach.reports.rules import Rules
from outreach.reports.table import Asked
from records import targets
from records.database import Session
from records.targets import Kind

PLANNED = "entities"  # what columns 15 and 16 are planned of
SPAN = 3  # years of 三年行动


@dataclass(frozen=True, slots=True)
class Counts:
    """All that the table is filled with, by part; "" are those of no part."""

    people: Counter[Group]
    businesses: Mapping[tuple[str, str], int]
    planned: Mapping[str, tuple[int | None, int | None]]
    rules: Rules

    def of(self, what: str, part: str, kind: str = "") -> int:
        """A figure of a part; of every kind where none is named."""
        if what == "open":
            return sum(
                n for (place, k), n in self.businesses.items() if place == part and kind in ("", k)
            )
        is_meant = _MEANT[what]
        return sum(
            n
            for group, n in self.people.items()
            if group.place == part and kind in ("", group.kind) and is_meant(group, self.rules)
        )


_STEPS = 3  # people, businesses, what is planned
_MEANT: Mapping[str, Callable[[Group, Rules], bool]] = {
    "away": lambda group, rules: group.is_away,
    "back": lambda group, rules: group.is_back,
    "intent": lambda group, rules: group.is_back and group.intent in intents(rules),
}


def intents(rules: Rules) -> frozenset[str]:
    """The answers that are 有创业意向."""
    return frozenset({RUNNING, READY, *([THINKING] if rules.thinking else [])})


def count(session: Session, asked: Asked, parts: Parts) -> Counts:
    """Count everything that the table says."""
    people = counting.people(session, asked, parts)
    asked.tell(1, _STEPS)
    businesses = counting.businesses(session, asked, parts)
    asked.tell(2, _STEPS)
    return Counts(people, businesses, _planned(session, asked, parts), asked.rules)


def _planned(
    session: Session, asked: Asked, parts: Parts
) -> dict[str, tuple[int | None, int | None]]:
    """What each part plans, as its staff typed it: for the year, and for its three years."""
    year = asked.period.first.year
    of_year: dict[str, int | None] = {}
    of_span: dict[str, int | None] = {}
    for one in targets.current(session, parts.codes):
        figure = one.figure
        if figure.kind is not Kind.PLANNED or figure.measure != PLANNED:
            continue
        if figure.first_year == figure.last_year == year:
            of_year[figure.area] = figure.value
        elif (
            figure.first_year <= year <= figure.last_year
            and figure.last_year - figure.first_year == SPAN - 1
        ):
            of_span[figure.area] = figure.value
    return {code: (of_year.get(code), of_span.get(code)) for code in parts.codes}
