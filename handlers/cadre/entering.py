"""What a turn knows of a cadre's lines: read, and held against the register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handlers.cadre.doors import Begin, round_of
from handlers.cadre.words import Drop, Ground, Left, Many, Mend, Wish, wish_of
from handlers.places import country
from records import rights, sweeps
from records.database import Session
from records.grounds import LONGEST
from records.rights import Right
from records.staff_accounts import Staff
from records.sweeps import Round
from records.vault import Vault
from registry import pasting, sweeping
from registry.pasting import Paste, Post
from registry.sweeping import Begun


@dataclass(frozen=True, slots=True)
class Entering:
    """Where a cadre may enter people, what would become of each message of lines, their round."""

    post: Post | None = None
    pastes: Mapping[str, Paste] = field(default_factory=dict)  # by the text as it was typed
    round: Round | None = None
    begun: Mapping[str, Begun] = field(default_factory=dict)


NONE = Entering()


def of_talk(
    session: Session, vault: Vault, staff: Staff | None, texts: Sequence[str], now: datetime
) -> Entering:
    """What these messages of one of the staff come to; for everybody else nothing is read."""
    if staff is None or not rights.may(staff, Right.SWEEP):
        return NONE
    rounds = {text: wish for text in texts if (wish := round_of(text))}
    wishes = {text: w for text in texts if text not in rounds and (w := wish_of(text))}
    if not wishes and not rounds:
        return NONE
    post = pasting.post_of(session, vault, staff, country(), now)
    begun = {
        text: sweeping.begun(session, post, wish.words)
        for text, wish in rounds.items()
        if isinstance(wish, Begin)
    }
    round = sweeps.current(session, vault, staff.name)
    return Entering(post, _pastes(session, post, wishes), round, begun)


def _pastes(session: Session, post: Post, wishes: Mapping[str, Wish]) -> dict[str, Paste]:
    pastes = {}
    for text, wish in wishes.items():
        token = post.vault.fingerprint(f"{post.staff.name}/{post.now.isoformat()}/{text}")
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
    return pastes
