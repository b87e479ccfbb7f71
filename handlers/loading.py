"""What a turn needs of the store: the open messages and what is known of who wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from handlers import desk, linked, offers, proofs, rooms
from handlers.catalog import phone_to_look_up
from handlers.desk import Counter
from handlers.dialogue import State
from handlers.linked import Linking
from handlers.rooms import Heard, Rooms
from handlers.spoken import FILE
from outreach.reach import ALL, Lines
from records import conversations, inbound, people, seen, tickets
from records.conversations import Standing
from records.database import Session
from records.inbound import OpenMessage
from records.messages import Inbound, InboundKind
from records.people import Profile
from records.seen import Shown
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class Message:
    """A stored message, opened."""

    id: int
    attempts: int
    said: Inbound


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the store knows of one conversation with open messages.

    One message is answered at a time: what a turn knows is looked up for what it says.
    """

    key: str
    conversation: Standing | None
    state: State
    messages: tuple[Message, ...]
    profiles: tuple[Profile, ...]
    ticket: str
    phone: str  # the number that `by_phone` was looked up for
    by_phone: tuple[Profile, ...]
    linking: Linking
    has_more: bool
    counter: Counter = field(default_factory=Counter)
    rooms: Rooms = field(default_factory=Rooms)
    shown: tuple[Shown, ...] = ()  # what reached them, the last first; () where it does not matter


def load(
    session: Session, keys: Sequence[str], vault: Vault, now: datetime, lines: Lines = ALL
) -> list[Loaded]:
    """Everything that turns of these conversations need, in a handful of statements."""
    known = conversations.load(session, keys)
    rows: dict[str, list[OpenMessage]] = {}
    for row in inbound.open_messages(session, keys):
        rows.setdefault(row.conversation, []).append(row)
    talks = {key: _opened(vault, known.get(key), found) for key, found in rows.items()}
    phones = {key: phone_to_look_up(told[0].said, state) for key, (state, told) in talks.items()}
    by_phone = people.with_phone(session, vault, [phone for phone in phones.values() if phone])
    profiles = people.profiles_of(session, vault, list(rows))
    numbers = tickets.open_for(session, list(rows))
    wishes = {key: proofs.wish(told[0].said, state) for key, (state, told) in talks.items()}
    links = linked.load(session, vault, wishes, now)
    naming = {key: _naming(*talk) for key, talk in talks.items()}
    desks = desk.counters(session, vault, naming, now=now, lines=lines)
    picking = {key: told[0].said.sent_at for key, (_, told) in talks.items() if _picks(told)}
    shown = seen.lately(session, vault, picking)
    found = [
        Loaded(
            key=key,
            conversation=known.get(key),
            state=state,
            messages=told,
            profiles=profiles.get(key, ()),
            ticket=numbers.get(key, ""),
            phone=phones[key],
            by_phone=by_phone.get(phones[key], ()),
            linking=links[key],
            has_more=len(rows[key]) > 1,
            counter=desks.get(key, Counter()),
            shown=shown.get(key, ()),
        )
        for key, (state, told) in talks.items()
    ]
    return [_with_rooms(session, vault, loaded, now, lines) for loaded in found]


def _with_rooms(
    session: Session, vault: Vault, loaded: Loaded, now: datetime, lines: Lines
) -> Loaded:
    """The same with what each room of the house knows of this talk; for most nothing is read."""
    heard = Heard(
        session=session,
        vault=vault,
        account=loaded.key,
        texts=[message.said.text for message in loaded.messages],
        state=loaded.state,
        now=now,
        staff=loaded.counter.staff,
        profiles=loaded.profiles,
        area=loaded.conversation.area if loaded.conversation else "",
        shown=loaded.shown,
        lines=lines,
    )
    return replace(loaded, rooms=rooms.read(heard))


def _picks(messages: Sequence[Message]) -> bool:
    return any(offers.may_answer(message.said) for message in messages)


def _naming(state: State, messages: Sequence[Message]) -> list[str]:
    """The texts that may name a ticket: what was written, and what an answer was begun to."""
    return [str(state.data.get("number", "")), *(message.said.text for message in messages)]


def _opened(
    vault: Vault, conversation: Standing | None, rows: Sequence[OpenMessage]
) -> tuple[State, tuple[Message, ...]]:
    state = State.from_dict(vault.open(conversation.state)) if conversation else State()
    told = [Message(row.id, row.attempts, _message(vault, row)) for row in rows]
    # Taken back before we came to it: nobody answers it, and the notice puts it away.
    gone = {m.said.text for m in told if m.said.kind is InboundKind.RECALLED}
    return state, tuple(message for message in told if message.said.outer_id not in gone)[:1]


def _message(vault: Vault, row: OpenMessage) -> Inbound:
    content = vault.open(row.payload)
    channel, chat = row.conversation.split(":", 1)
    file = {FILE: vault.open(row.file)} if row.file else {}
    return Inbound(
        channel=channel,
        chat=chat,
        outer_id=row.outer_id,
        kind=InboundKind(content["kind"]),
        text=content["text"],
        sent_at=row.sent_at,
        sender=content["sender"],
        sequence=row.sequence,
        is_group=content["is_group"],
        extra={**content["extra"], **file},
    )
