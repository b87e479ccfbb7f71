"""What a turn knows of a cadre's lines: read, and held against the register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handlers.cadre.words import Drop, Ground, Left, Many, Mend, wish_of
from handlers.places import country
from records.database import Session
from records.grounds import LONGEST
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault
from registry import pasting
from registry.pasting import Paste, Post

ROLES = frozenset({StaffRole.CADRE, StaffRole.STAFF})


@dataclass(frozen=True, slots=True)
class Entering:
    """Where a cadre may enter people, and what would become of each message of lines."""

    post: Post | None = None
    pastes: Mapping[str, Paste] = field(default_factory=dict)  # by the text as it was typed


NONE = Entering()


def of_talk(
    session: Session, vault: Vault, staff: Staff | None, texts: Sequence[str], now: datetime
) -> Entering:
    """What these messages of one of the staff come to; for everybody else nothing is read."""
    if staff is None or staff.role not in ROLES:
        return NONE
    wishes = {text: wish for text in texts if (wish := wish_of(text))}
    if not wishes:
        return NONE
    post = pasting.post_of(session, vault, staff, country(), now)
    pastes = {}
    for text, wish in wishes.items():
        token = vault.fingerprint(f"{staff.name}/{now.isoformat()}/{text}")
        match wish:
            case Many():
                pastes[text] = pasting.paste(session, post, text, token)
            case Mend(number, words):
                pastes[text] = pasting.mend(session, post, number, words, token)
            case Ground(document, is_signed) if not document or len(document) <= LONGEST:
                pastes[text] = pasting.ground(
                    session, post, token, document=document, is_signed=is_signed
                )
            case Left() | Drop():
                pastes[text] = pasting.left(session, post, token)
    return Entering(post, pastes)
