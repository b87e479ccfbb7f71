"""What a cadre's messages cause: people entered, lines kept to be mended, a ground settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach import pairing
from records import audit, grounds, line_drafts, standings, sweeps
from records.conversations import Overtaken
from records.database import Session
from records.standings import Tier, Word
from records.sweeps import AtDoor, DoorState, Round
from records.vault import Vault
from registry import pasting, sweeping
from registry.pasting import Changed, Paste, Post
from registry.sweeping import Begun


@dataclass(frozen=True, slots=True)
class StoreLines:
    """What was tried becomes so: people are stored, the rest is kept to be mended."""

    post: Post
    paste: Paste
    round: Round | None = None  # whoever is entered on it has been talked to


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


@dataclass(frozen=True, slots=True)
class BeginRound:
    """A cadre goes through the doors of a place from now on."""

    begun: Begun
    staff: str


@dataclass(frozen=True, slots=True)
class NoteDoors:
    """What came of some doors."""

    doors: tuple[AtDoor, ...]
    state: DoorState
    staff: str


@dataclass(frozen=True, slots=True)
class AddDoors:
    """Doors that the register does not know."""

    sweep: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndRound:
    """The round is over."""

    staff: str


@dataclass(frozen=True, slots=True)
class Vouch:
    """A named human says what they know of somebody."""

    person_id: str
    word: Word
    staff: str


@dataclass(frozen=True, slots=True)
class PlaceSage:
    """A person is of a tier among 乡贤."""

    person_id: str
    tier: Tier
    owner: str
    staff: str


@dataclass(frozen=True, slots=True)
class MeetSage:
    """Somebody was in touch with one of the 乡贤."""

    person_id: str
    staff: str


@dataclass(frozen=True, slots=True)
class PairSage:
    """A leader keeps in touch with one of the 乡贤 from now on."""

    person_id: str
    owner: str
    staff: str


@dataclass(frozen=True, slots=True)
class ReadMarks:
    """The county looked at somebody's marks: the trail says so."""

    person_id: str
    staff: str


@dataclass(frozen=True, slots=True)
class ObjectToWord:
    """Somebody does not agree with what was said of them."""

    person_id: str


CadreEffect = StoreLines | DropLine | SettleGround | BeginRound | NoteDoors | AddDoors | EndRound
StandingEffect = Vouch | PlaceSage | MeetSage | PairSage | ReadMarks | ObjectToWord


def apply(effect: CadreEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so, in the transaction of the turn."""
    match effect:
        case StoreLines():
            _store(effect, session, vault)
        case DropLine():
            line_drafts.drop(session, [effect.draft])
        case SettleGround():
            grounds.settle(session, effect.area, effect.document, staff=effect.staff, at=now)
        case BeginRound():
            begun, staff = effect.begun, effect.staff
            sweep = sweeps.begin(session, begun.place, begun.words, staff=staff, at=now)
            sweeps.add(session, vault, sweep, begun.doors)
        case NoteDoors():
            sweeping.note(session, vault, effect.doors, effect.state, staff=effect.staff, at=now)
        case AddDoors():
            doors = [AtDoor(0, 0, name, DoorState.OPEN) for name in effect.names]
            sweeps.add(session, vault, effect.sweep, doors)
        case EndRound():
            sweeps.end(session, effect.staff, at=now)


def note(effect: StandingEffect, session: Session, vault: Vault, now: datetime) -> None:
    """What is said of somebody's standing, in the transaction of the turn."""
    match effect:
        case Vouch():
            standings.vouch(session, effect.person_id, effect.word, by=effect.staff, at=now)
        case PlaceSage(person_id, tier, owner, staff):
            standings.place(session, person_id, tier, owner=owner, by=staff, at=now)
            pairing.keep(session, vault, person_id, now)
        case MeetSage():
            standings.contacted(session, effect.person_id, by=effect.staff, at=now)
            pairing.keep(session, vault, effect.person_id, now)
        case PairSage(person_id, owner, staff):
            standings.pair(session, person_id, owner, by=staff, at=now)
            pairing.keep(session, vault, person_id, now)
        case ReadMarks():
            actor = f"staff:{effect.staff}"[:60]
            audit.write(session, "marks.read", at=now, actor=actor, subject=effect.person_id)
        case ObjectToWord():
            standings.objects(session, effect.person_id, at=now)


def _store(effect: StoreLines, session: Session, vault: Vault) -> None:
    post = effect.post
    try:
        entered = pasting.store(session, post, effect.paste)
    except Changed as changed:
        raise Overtaken from changed
    if effect.round is not None:
        name = post.staff.name
        sweeping.met(session, vault, effect.round, entered, staff=name, at=post.now)
