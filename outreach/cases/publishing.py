"""Which cases may be told of at this moment: looked at anew each time, nothing is kept ready."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from outreach.cases import success, traces
from outreach.cases.traces import Trace
from records import cases, consents, people
from records.cases import CONSENT, NAMED, Case, Tier
from records.consents import Said
from records.database import Session
from records.people import Status
from records.scope import stem
from records.vault import Vault

_LOOKED_AT = 60  # of a place, the newest
_COUNTY, _CITY, _PROVINCE = 6, 4, 2  # characters that codes of one begin with alike


class Leave(StrEnum):
    """What the person said to D18; the value is what staff read."""

    UNASKED = "还没答应"
    NAMED = "能讲，带名字"
    NAMELESS = "能讲，不带名字"
    NO = "不让讲"


@dataclass(frozen=True, slots=True)
class Story:
    """A case that may be told of, and the name to tell it with: "" where they want none."""

    case: Case
    name: str


def leave_of(said: Iterable[Said]) -> Leave:
    """What somebody's consents say."""
    kinds = {each.kind: each.given for each in said}
    if CONSENT not in kinds:
        return Leave.UNASKED
    if not kinds[CONSENT]:
        return Leave.NO
    return Leave.NAMED if kinds.get(NAMED) else Leave.NAMELESS


_TELLABLE = (Leave.NAMED, Leave.NAMELESS)


def leave(session: Session, person_id: str) -> Leave:
    """What a person said last."""
    return leave_of(consents.in_force(session, [person_id]).get(person_id, ()))


def given_away(session: Session, vault: Vault, case: Case) -> tuple[Trace, ...]:
    """What the text tells that the person's word does not cover."""
    is_named = leave(session, case.person_id) is Leave.NAMED
    return traces.found(case.text.whole(), traces.held(session, vault, case), is_named=is_named)


def story(session: Session, vault: Vault, case: Case) -> Story | None:
    """The case as it may be told now; None where it may not."""
    if case.tier is not Tier.TYPICAL or not case.reviewed_by or not case.text.story:
        return None
    profile = people.by_ids(session, vault, [case.person_id]).get(case.person_id)
    if profile is None or profile.status is not Status.CONFIRMED:
        return None
    agreed = leave(session, case.person_id)
    if agreed not in _TELLABLE or not success.is_alive(session, case.person_id):
        return None
    if given_away(session, vault, case):
        return None
    return Story(case, profile.nickname if agreed is Leave.NAMED else "")


def numbered(session: Session, vault: Vault, number: int) -> Story | None:
    """One case by its number, if it may be told."""
    case = cases.find(session, vault, number)
    return story(session, vault, case) if case else None


def within(session: Session, vault: Vault, area: str) -> list[Story]:
    """All that may be told of an area, the newest first."""
    rows = cases.reviewed(session, vault, stem(area), _LOOKED_AT)
    said = consents.in_force(session, [row.person_id for row in rows])
    asked = [row for row in rows if leave_of(said.get(row.person_id, ())) in _TELLABLE]
    return [told for row in asked if (told := story(session, vault, row)) is not None]


def near(
    session: Session, vault: Vault, home: str, trades: frozenset[str], most: int
) -> list[Story]:
    """Some for a home: of the county, then the city, then the province; one's trade first."""
    found: dict[int, Story] = {}
    for length in (_COUNTY, _CITY, _PROVINCE) if home else (0,):
        rows = cases.reviewed(session, vault, home[:length], _LOOKED_AT)
        for row in sorted(rows, key=lambda one: one.trade not in trades):
            if len(found) < most and row.number not in found:
                told = story(session, vault, row)
                found |= {row.number: told} if told else {}
    return list(found.values())
