"""A talk as the door leads it: turns over a real database, at times that the test chooses."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, select
from sqlalchemy.pool import StaticPool

from handlers import desk, linked, proofs, rooms
from handlers.carrying_out import EffectContext, apply
from handlers.catalog import phone_to_look_up, respond
from handlers.desk import Counter
from handlers.dialogue import Office, Reply, Scene, State, Turn
from handlers.forms.form import Forms, shipped_forms
from handlers.places import country
from handlers.rooms import Heard, by_name
from knowledge.answer import Answerer
from outreach.reach import ALL, Lines
from records import inbound, outbox, people, schema, staff_accounts, tickets
from records.database import Session
from records.drawing import draw
from records.inbound import NewInbound
from records.messages import Inbound, InboundKind
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault
from registry import demo
from tests.handlers.support.fixed_answers import FixedAnswers
from tests.support.library import stock

T = TypeVar("T")
OFFICE = Office("菏泽市定陶区人力资源和社会保障局", "0530-0000000")
START = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)  # nine in the morning in China


@dataclass
class Store:
    """One database for a test, shared by all accounts that talk in it."""

    engine: Engine = field(default_factory=lambda: fresh_engine())
    vault: Vault = field(default_factory=lambda: Vault("for tests"))

    def run(self, work: Callable[[Session], T]) -> T:
        with Session(self.engine, expire_on_commit=False) as session:
            result = work(session)
            session.commit()
            return result


def _demo(session: Session, vault: Vault, now: datetime) -> None:
    demo.load(session, vault, country(), now)


def fresh_engine() -> Engine:
    """An empty SQLite database with every table."""
    engine = create_engine(
        "sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool
    )
    event.listen(engine, "connect", _may_draw)
    schema.METADATA.create_all(engine)
    return engine


def _may_draw(connection: Any, _: object) -> None:
    connection.create_function("drawn", 1, draw, deterministic=True)


@dataclass
class Walk:
    """One account in conversation."""

    store: Store = field(default_factory=Store)
    chat: str = "42"
    channel: str = "telegram"
    is_group: bool = False
    now: datetime = START
    state: State = field(default_factory=State)
    is_new: bool = True
    area: str = ""
    phone: str = OFFICE.phone
    address: str = ""  # of ourselves, as seen from outside
    answerer: Answerer = field(default_factory=FixedAnswers)
    lines: Lines = ALL
    forms: Forms = field(default_factory=shipped_forms)
    last: Turn = field(default_factory=lambda: Turn((), State()))
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def account(self) -> str:
        return f"{self.channel}:{self.chat}"

    def say(
        self, text: str, kind: InboundKind = InboundKind.TEXT, **extra: str
    ) -> tuple[Reply, ...]:
        """One message, answered and stored; what was replied."""
        self.now += timedelta(seconds=20)
        number = next(self._numbers)
        message = Inbound(
            channel=self.channel,
            chat=self.chat,
            outer_id=f"{self.chat}-{number}",
            kind=kind,
            text=text,
            sent_at=self.now,
            is_group=self.is_group,
            extra=extra,
        )
        self.last = respond(message, self.state, self._scene(message, number))
        self._store(message)
        self.state = State.from_dict(self.last.state.as_dict())
        self.is_new = False
        return self.last.replies

    def tap(self, label: str) -> tuple[Reply, ...]:
        """Tap an option of the last messages."""
        options = [o for reply in self.last.replies for o in reply.options]
        value = next(option.value for option in options if label in option.label)
        return self.say(value, InboundKind.OPTION)

    def all(self, *texts: str) -> tuple[Reply, ...]:
        """Several messages; the replies to the last."""
        for text in texts:
            self.say(text)
        return self.last.replies

    def wait(self, **length: float) -> None:
        self.now += timedelta(**length)

    def said(self) -> str:
        """The last replies as one text."""
        return "\n".join(reply.text for reply in self.last.replies)

    def profiles(self) -> tuple[people.Profile, ...]:
        vault = self.store.vault
        found = self.store.run(lambda s: people.profiles_of(s, vault, [self.account]))
        return found.get(self.account, ())

    def correct(self, person_id: str, entered: people.Entered) -> None:
        """Change a record as an effect would."""
        vault = self.store.vault
        self.store.run(lambda s: people.correct(s, vault, person_id, entered, at=self.now))

    def serve(self, name: str, area: str = "", role: StaffRole = StaffRole.STAFF) -> None:
        """From now on this account speaks for one of the staff."""

        def work(session: Session) -> None:
            staff_accounts.add(session, name, role=role, area=area, at=self.now, actor="system")
            staff_accounts.bind(session, name, self.account, at=self.now, actor="system")

        self.store.run(work)

    def stock(self, *, is_real: bool = False) -> None:
        """The demonstration projects and places, from now on; or the same as a department's."""
        vault, now = self.store.vault, self.now
        load = stock if is_real else _demo
        self.store.run(lambda s: load(s, vault, now))

    def ticket(self) -> str:
        found = self.store.run(lambda s: tickets.open_for(s, [self.account]))
        return found.get(self.account, "")

    def _scene(self, message: Inbound, number: int) -> Scene:
        phone, vault = phone_to_look_up(message, self.state), self.store.vault
        phones = [phone] if phone else []
        wishes = {self.account: proofs.wish(message, self.state)}
        links = self.store.run(lambda s: linked.load(s, vault, wishes, self.now))
        with_phone = self.store.run(lambda s: people.with_phone(s, vault, phones))
        counter = self._counter(message)
        return Scene(
            now=self.now,
            answerer=self.answerer,
            office=Office(OFFICE.name, self.phone, address=self.address),
            area=self.state.memory.get("area", "") or self.area,
            is_new=self.is_new,
            profiles=self.profiles(),
            ticket=self.ticket(),
            token=f"{self.chat}/{number}",
            by_phone=with_phone.get(phone, ()),
            forms=self.forms,
            counter=counter,
            linking=links[self.account],
            **by_name(
                self.store.run(lambda s: rooms.read(self._heard(s, message, counter.staff)))
            ),
        )

    def _heard(self, session: Session, message: Inbound, staff: Staff | None) -> Heard:
        return Heard(
            session=session,
            vault=self.store.vault,
            account=self.account,
            texts=[message.text],
            state=self.state,
            now=self.now,
            staff=staff,
            profiles=self.profiles(),
            area=self.area,
            lines=self.lines,
        )

    def _counter(self, message: Inbound) -> Counter:
        texts = [str(self.state.data.get("number", "")), message.text]
        vault = self.store.vault
        said = {self.account: texts}
        found = self.store.run(
            lambda s: desk.counters(s, vault, said, now=self.now, lines=self.lines)
        )
        return found.get(self.account, Counter())

    def _store(self, message: Inbound) -> None:
        vault = self.store.vault
        row = NewInbound(
            channel=message.channel,
            outer_id=message.outer_id,
            conversation=message.conversation,
            sequence=0,
            payload=vault.seal(message.as_payload()),
            sent_at=self.now,
            received_at=self.now,
        )

        def work(session: Session) -> None:
            inbound.store(session, [row])
            stored = inbound.find(session, self.channel, self.account, message.outer_id)
            context = EffectContext(
                self.account,
                self.channel,
                self.chat,
                self.now,
                vault,
                message_id=stored.id if stored else None,
            )
            apply(session, [(self.last.effects, context)])

        self.store.run(work)


def sent_to(store: Store, chat: str) -> list[str]:
    """What waits to be sent to a chat by staff and jobs."""

    def work(session: Session) -> list[str]:
        rows = session.execute(select(outbox.OutboxRow)).scalars()
        return [outbox.as_outgoing(row, store.vault).text for row in rows if row.chat == chat]

    return store.run(work)


def shown(reply: Reply) -> str:
    """A reply as transcripts write it."""
    options = " | ".join(option.label for option in reply.options)
    return f"{reply.text} [{options}]" if options else reply.text
