"""What is said about sharing, made so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach import sharing
from records.conversations import Overtaken
from records.database import Session
from records.sharing import Sharing
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class AnswerSharing:
    """Yes or no to one question."""

    one: Sharing
    is_given: bool
    channel: str


@dataclass(frozen=True, slots=True)
class EndSharing:
    """No more, at once."""

    found: tuple[Sharing, ...]


SharingEffect = AnswerSharing | EndSharing


def apply(effect: SharingEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so, in the transaction of the turn; Overtaken where nothing is asked any more."""
    if isinstance(effect, EndSharing):
        sharing.taken_back(session, vault, effect.found, actor="person", now=now)
        return
    one, is_given = effect.one, effect.is_given
    if not sharing.answered(
        session, vault, one, is_given=is_given, channel=effect.channel, now=now
    ):
        raise Overtaken
