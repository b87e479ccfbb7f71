"""What a turn knows of the address book: the county's, or whether the writer may stand in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.identity import living
from handlers.places import country
from handlers.sages.words import Desk, answer_of, desk_of
from outreach import pairing
from records import people, standings
from records.database import Session
from records.people import Profile
from records.staff_accounts import Staff
from records.standings import Sage
from records.vault import Vault
from registry import address_book
from registry.address_book import Book

NO_BOOK = Book()


@dataclass(frozen=True, slots=True)
class Seen:
    """`book`, `askable` and `pairs` are for the county; `own` says which of one's are 乡贤."""

    wish: Desk | None = None
    book: Book = NO_BOOK
    askable: tuple[str, ...] = ()
    pairs: tuple[tuple[Sage, Profile], ...] = ()
    own: frozenset[str] = frozenset()
    is_own: bool = False


NONE = Seen()


def of_staff(
    session: Session, vault: Vault, staff: Staff, texts: Sequence[str], now: datetime
) -> Seen | None:
    """The county's book, or the pairs of one of them; None where the talk is of neither."""
    wish = next((found for text in texts if (found := desk_of(text))), None)
    if wish is None:
        return None
    if wish is Desk.PAIRS:
        mine = [one for one in standings.sages(session) if one.owner == staff.name]
        known = people.by_ids(session, vault, [one.person_id for one in mine])
        return Seen(wish, pairs=tuple((one, known[one.person_id]) for one in mine))
    book = address_book.read(session, vault, staff.area, country())
    askable = pairing.may_be_asked(session, book.others, now) if wish is Desk.INVITE else ()
    return Seen(wish, book, tuple(askable))


def of_person(session: Session, profiles: Sequence[Profile], texts: Sequence[str]) -> Seen | None:
    """Which of the people of this account may stand in the book; None where nobody asks."""
    if not any(map(answer_of, texts)):
        return None
    ids = [person.id for person in living(profiles)]
    return Seen(own=standings.among_sages(session, ids), is_own=True)
