"""What people know of policies: two questions once a year, of who agreed to it (S4-09)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.choices import Choice
from handlers.texts import say
from knowledge.entry import Entry
from outreach.calendars import CHINA
from records import people, pushes, reminders, surveys
from records.database import Session
from records.messages import Option
from records.reminders import Kind, Reminder
from records.scope import stem
from records.surveys import Awareness
from records.vault import Vault

RIGHT = {1: 1, 2: 2}  # of each item the option that is right
_MATTER = "担保贷款"
_PAGE = 500
_GOOD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NoteKnown:
    """Somebody answered an item of a year."""

    year: int
    item: int
    is_right: bool


def subjects(entries: Iterable[Entry], now: datetime) -> dict[str, str]:
    """For each area whose papers have such a loan the id of an entry that says so."""
    today = now.astimezone(CHINA).date()
    able = (one for one in entries if _MATTER in one.matter and one.is_served(today))
    return {one.area: one.id for one in able}


def ask_some(
    session: Session, vault: Vault, known: dict[str, str], now: datetime, limit: int
) -> int:
    """Ask so many of those who were not asked this year; how many were."""
    year, after = now.astimezone(CHINA).year, ""
    asked: list[Awareness] = []
    while len(asked) < limit:
        page = surveys.unasked(session, year, after=after, limit=_PAGE)
        if not page:
            break
        after = page[-1][0]
        wanting = pushes.wanting(session, [person for person, _ in page], now)
        for person, area in page:
            entry = _entry_for(area, known)
            if person in wanting and entry and len(asked) < limit:
                asked.append(
                    Awareness(person_id=person, year=year, area=area, entry=entry, asked_at=now)
                )
    surveys.put(session, asked)
    for row in asked:
        whom = reminders.to_person(row.person_id)
        key, text, options = f"know/{row.person_id}/{year}", say("knowing.first"), first(year)
        due = Reminder(key, whom, Kind.SURVEY, now, now + _GOOD_FOR, text, options)
        reminders.plan(session, vault, due, now)
    return len(asked)


def note(session: Session, wish: NoteKnown, account: str) -> None:
    """The answer of the one person who speaks on this account."""
    who = people.on_accounts(session, [account])[account]
    if len(who) == 1:
        (person,) = who
        surveys.answer(session, person, wish.year, wish.item, is_right=wish.is_right)


def first(year: int) -> tuple[Option, ...]:
    """The options of the first item."""
    labels = enumerate(say("knowing.first_scale").split("、"), 1)
    return tuple(Option(f"{n} {word}", f"知晓 {year} {n}") for n, word in labels)


def second() -> tuple[Choice, ...]:
    """What the second item offers; it is asked at once when the first is answered."""
    labels = say("knowing.second_scale").split("、")
    return tuple(Choice(str(n), label) for n, label in enumerate(labels, 1))


def _entry_for(area: str, known: dict[str, str]) -> str:
    """The entry of the nearest area that the home lies in; "" where no paper has such a loan."""
    able = [code for code in known if code and area.startswith(stem(code))]
    return known[max(able, key=lambda code: len(stem(code)))] if able else ""
