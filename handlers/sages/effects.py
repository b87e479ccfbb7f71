"""What the county does with the address book, made so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach import pairing
from records.database import Session
from records.vault import Vault
from registry import address_book
from registry.address_book import Book


@dataclass(frozen=True, slots=True)
class AskSages:
    """These are asked whether they want to stand in the book."""

    ids: tuple[str, ...]
    staff: str


@dataclass(frozen=True, slots=True)
class NoteExport:
    """The book was taken away with its phones: the trail says whose lines."""

    book: Book
    staff: str


SageEffect = AskSages | NoteExport


def apply(effect: SageEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so, in the transaction of the turn."""
    if isinstance(effect, AskSages):
        pairing.ask(session, vault, effect.ids, by=effect.staff, now=now)
    else:
        address_book.note_export(session, effect.book, by=effect.staff, at=now)
