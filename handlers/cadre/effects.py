"""What a cadre's messages cause: people entered, lines kept to be mended, a ground settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from records import grounds, line_drafts
from records.conversations import Overtaken
from records.database import Session
from records.vault import Vault
from registry import pasting
from registry.pasting import Changed, Paste, Post


@dataclass(frozen=True, slots=True)
class StoreLines:
    """What was tried becomes so: people are stored, the rest is kept to be mended."""

    post: Post
    paste: Paste


@dataclass(frozen=True, slots=True)
class DropLine:
    """A line that waits is not wanted any more."""

    draft: int


@dataclass(frozen=True, slots=True)
class SettleGround:
    """A document is the ground for entering people of an area."""

    area: str
    document: str
    staff: str


CadreEffect = StoreLines | DropLine | SettleGround


def apply(effect: CadreEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so, in the transaction of the turn."""
    match effect:
        case StoreLines():
            try:
                pasting.store(session, effect.post, effect.paste)
            except Changed as changed:
                raise Overtaken from changed
        case DropLine():
            line_drafts.drop(session, [effect.draft])
        case SettleGround():
            grounds.settle(session, effect.area, effect.document, staff=effect.staff, at=now)
