"""People, staff and senders on one store, with a clock that only the test turns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import select

from channels.base import FailureKind, Limits, SendFailure
from channels.sender import Sender
from knowledge.areas import Gazetteer
from outreach.campaigns import drafting, states
from outreach.campaigns.drafting import New, Split, Wording
from outreach.campaigns.feeding import Feeder
from outreach.campaigns.refusing import CampaignRefused
from outreach.campaigns.wording import Wording as Words
from outreach.digests import Gathering
from outreach.pushes import a_push
from outreach.reach import Lines
from records import campaign_drafts, caps, consents, outbox, people, rationing, stops, wishes
from records.account_links import AccountLink
from records.campaigns import CampaignRecipient, CampaignState, RecipientState
from records.consents import CORE, PUSH, Said
from records.conversations import Conversation
from records.database import Database, Session
from records.messages import Outgoing, Receipt
from records.people import Entered
from records.send_budgets import Allowance
from records.stops import StopReason
from records.vault import Vault
from records.wishes import Wanted
from tests.campaign_rules.oracle import CHINA, Agreed, Arrived, Human, broken
from tests.support import campaign_stage as stage
from tests.support.campaign_stage import DINGTAO, HOSTS, OFFICE, SECOND, WRITER
from tests.support.fake_channel import FakeChannel

T = TypeVar("T")

VAULT = Vault("a key for tests only")
START = datetime(2027, 1, 28, 9, 0, tzinfo=CHINA)  # eight days before 除夕
PEOPLE = 54  # more than may be written to without a second person
_FIVE = Allowance(messages=5, lasts=timedelta(hours=48), reserve=1)
_LINES = Lines(frozenset({"fake", "kf"}), {"kf": _FIVE})
_HOURS = ("", "", "day", "evening", "night_shift")
_TOPICS = {
    "own": "gap/{}",
    "policy": "remind/licence/p/{}",
    "surveys": "remind/directory/p/{}",
}
_R = CampaignRecipient.__table__.c  # type: ignore[attr-defined]


class Wire(FakeChannel):
    """Notes what arrived; now and then it refuses, or nobody hears that it took something."""

    limits = Limits(text_length=4096, per_chat=1e9, per_group=1e9, bulk=1e9, first=64)

    def __init__(self, kind: str, arrived: list[Arrived], now: Callable[[], datetime]) -> None:
        super().__init__()
        self.kind = kind
        self._arrived, self._now = arrived, now

    async def send(self, message: Outgoing) -> Receipt:
        failure = self.failures.pop() if self.failures else None
        if failure is None or failure.kind is FailureKind.UNCERTAIN:
            words = " ".join([message.text, *(option.label for option in message.options)])
            self._arrived.append(Arrived(self._now(), message.conversation, words))
        if failure is not None:
            raise failure
        return Receipt(str(len(self._arrived)))


class Counted(Wire):
    """One whose provider counts what each word of the person pays for."""

    limits = Limits(
        text_length=4096, per_chat=1e9, per_group=1e9, bulk=1e9, first=64, allowance=_FIVE
    )


@dataclass
class Draft:
    """What the test knows of a campaign: what was done with it since its last edit."""

    topic: str
    begins: datetime
    early: datetime
    ends: datetime
    version: int = 1
    is_tested: bool = False
    looked: set[str] = field(default_factory=set)  # since it was submitted
    agreed: list[Agreed] = field(default_factory=list)


class World:
    """The store with everybody in it, and the program's own sender, feeder and gate."""

    def __init__(self, runner: asyncio.Runner, url: str) -> None:
        self._runner, self.now = runner, START
        self.people = [_human(number) for number in range(PEOPLE)]
        self.arrived: list[Arrived] = []
        self.campaigns: dict[int, Draft] = {}
        self.faults: list[str] = []
        self.spoilt: tuple[str, ...] = ()  # run before each tick, to see that they are found
        self.lag = timedelta(0)  # by which the program's clock is behind, for the same
        self._skipped: list[str] = []
        self._pushes = 0
        self._database = runner.run(_opened(url))
        self._begin()
        self.run(_fill, self.people)

    def run(self, function: Callable[..., T], *args: Any) -> T:
        return self._runner.run(self._database.run(function, *args))

    def close(self) -> None:
        self._runner.run(self._database.close())

    def _begin(self) -> None:
        """The parts of the program that bring messages out."""

        def told() -> datetime:
            return self.now - self.lag

        self.wires: dict[str, Wire] = {
            "fake": Wire("fake", self.arrived, lambda: self.now),
            "kf": Counted("kf", self.arrived, lambda: self.now),
        }
        words = Words(VAULT, "").worded
        gather = Gathering(VAULT, words).leaving
        self._sender = Sender(
            self._database, VAULT, self.wires, owner="one", now=told, word=words, gather=gather
        )
        rates = dict.fromkeys(self.wires, 30.0)
        self._feeder = Feeder(
            self._database, VAULT, _LINES, rates, places=_places, now=told, wake=lambda: None
        )

    def tick(self) -> None:
        """All that is due now happens; then everything that ever arrived is looked at."""
        if self.spoilt:
            self.run(_spoil, self.spoilt)
        self._runner.run(self._feeder.round())
        self._runner.run(self._sender.settled())
        agreed = {number: draft.agreed for number, draft in self.campaigns.items()}
        self.faults = [*broken(self.people, self.arrived, agreed), *self._skipped]
        assert self.faults == [] or self.spoilt or self.lag, self.faults[:5]
        self.now += timedelta(seconds=1)  # what is said now is said after all that arrived

    # What staff do.

    def draft(self, by: str, waves: list[str], topic: str, holdout: int) -> None:
        """A campaign for everybody who works away."""
        number = self.run(drafting.new, New("赶大集", DINGTAO, topic=topic), by, self.now)
        self.run(_texts, number, 1, by, self.now)
        self.run(drafting.aim, OFFICE, number, "在外地", by, self.now)
        planned = self.run(drafting.plan, number, waves, "", by, self.now)
        self.run(drafting.split, number, Split(holdout=holdout), by, self.now)
        campaign = self.run(campaign_drafts.find, number)
        assert campaign is not None
        assert campaign.ends_at is not None
        first = min(planned, key=lambda wave: wave.at)
        early = first.at - timedelta(hours=4 if first.is_evening else 0)
        self.campaigns[number] = Draft(topic, first.at, early, campaign.ends_at)

    def edit(self, number: int, by: str) -> None:
        """Other words: what was agreed to is void."""
        draft = self.campaigns[number]
        if self._did(lambda: self.run(_texts, number, draft.version + 1, by, self.now)):
            self._halt(draft)
            draft.version += 1
            draft.is_tested = False
            draft.looked.clear()

    def submit(self, number: int, by: str) -> None:
        if self._did(lambda: self.run(states.submit, number, by, self.now)):
            self.campaigns[number].looked.clear()

    def try_out(self, number: int, by: str) -> None:
        """Somebody has it sent to themselves."""
        if self._did(lambda: self.run(states.tested, number, by, self.now)):
            self.campaigns[number].is_tested = True

    def look(self, number: int, by: str) -> None:
        is_submitted = self._state(number) == CampaignState.SUBMITTED
        if self._did(lambda: self.run(states.look, number, by, self.now)) and is_submitted:
            self.campaigns[number].looked.add(by)

    def approve(self, number: int, by: str) -> None:
        """Right only by somebody who wrote none of it, who has looked, once it was tried out."""
        draft, listed = self.campaigns[number], frozenset(self.run(_planned, number))
        if not self._did(lambda: self.run(states.approve, number, by, self.now)):
            return
        is_right = by in draft.looked and draft.is_tested and self.now < draft.begins
        if not is_right or (by == WRITER and len(listed) > 50):
            self._skipped.append(f"campaign {number} was agreed to by {by}, not rightly")
        spans: list[tuple[datetime, datetime | None]] = [(self.now, None)]
        times = (draft.begins, draft.early, draft.ends)
        draft.agreed.append(Agreed(draft.version, listed, *times, draft.topic, spans))

    def agree(self, number: int, by: str, *, tries: bool, looks: bool) -> None:
        """All that an approval takes, or not all of it."""
        if tries:
            self.try_out(number, by)
        if looks:
            self.look(number, by)
        self.approve(number, by)

    def pause(self, number: int) -> None:
        if self._did(lambda: self.run(states.pause, number, SECOND, self.now)):
            self._halt(self.campaigns[number])

    def resume(self, number: int) -> None:
        if self._did(lambda: self.run(states.resume, number, SECOND, self.now)):
            self.campaigns[number].agreed[-1].spans.append((self.now, None))

    def stop(self, number: int) -> None:
        if self._did(lambda: self.run(states.stop, number, SECOND, self.now)):
            self._halt(self.campaigns[number])

    # What people do.

    def says_stop(self, human: Human, *, is_stop: bool) -> None:
        human.stops.append((self.now, is_stop))
        account = human.accounts[-1]
        if is_stop:
            asked = StopReason.ASKED
            self.run(lambda s: stops.stop(s, [account], reason=asked, since=self.now))
        else:
            self.run(stops.allow, list(human.accounts))

    def wishes_for(self, human: Human, name: str, value: str, days: int) -> None:
        """Something, for so many days (0: for good); "-" takes the wish back."""
        until = self.now + timedelta(days=days) if days else None
        human.wishes.append((self.now, name, value, until))
        account = human.accounts[-1]
        wanted = [] if value == "-" else [Wanted(name, value if name[0] != "t" else "", until)]
        self.run(wishes.say, account, wanted, [name], self.now)
        self.run(caps.look_again, list(human.accounts), self.now)

    def writes(self, human: Human) -> None:
        """A word of theirs, on their last account."""
        account = human.accounts[-1]
        human.heard.setdefault(account, []).append(self.now)
        if account.startswith("kf:"):
            self.run(rationing.heard, {account: self.now}, self.now)

    def dies(self, human: Human) -> None:
        human.died = human.died or self.now
        self.run(lambda s: people.mark_deceased(s, human.id, at=self.now))

    # What others send, and what befalls.

    def push(self, human: Human, topic: str) -> None:
        """A message of another sender, which asks nobody."""
        self._pushes += 1
        key = _TOPICS[topic].format(self._pushes)
        text = f"〔{topic}{self._pushes}〕有消息"
        account = human.accounts[self._pushes % len(human.accounts)]
        self.run(outbox.enqueue, [a_push(VAULT, account, text, key=key, now=self.now)])

    def befalls(self, kind: str, failure: FailureKind) -> None:
        """The next message on a wire fares badly."""
        again = timedelta(hours=1) if failure is FailureKind.THROTTLED else None
        self.wires[kind].failures.append(SendFailure(failure, "so it is", retry_after=again))

    def _did(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except CampaignRefused:
            return False
        return True

    def _halt(self, draft: Draft) -> None:
        if draft.agreed and draft.agreed[-1].spans[-1][1] is None:
            draft.agreed[-1].spans[-1] = (draft.agreed[-1].spans[-1][0], self.now)

    def _state(self, number: int) -> str:
        campaign = self.run(campaign_drafts.find, number)
        return campaign.state if campaign else ""


async def _opened(url: str) -> Database:
    return Database(url)


async def _places() -> Gazetteer:
    return OFFICE.places


def _human(number: int) -> Human:
    """Some have two accounts, some are where the provider counts, some never agreed."""
    own = (f"kf:{number}",) if number % 4 == 0 else (f"fake:{number}",)
    more = (f"fake:{number}b",) if number % 5 == 0 else ()
    hours = _HOURS[number % len(_HOURS)]
    return Human(f"p{number:02}", own + more, hours, number % 9 != 0)


def _fill(session: Session, found: list[Human]) -> None:
    for human in found:
        said = (Said(CORE, True, START, "1"), Said(PUSH, human.agrees, START, "1"))
        codes = {"where_now": "away", "contact_time": human.hours}
        entered = Entered(codes=codes, texts={}, area=DINGTAO, said=said)
        people.enter(session, VAULT, human.id, entered, at=START, account=human.accounts[0])
        consents.note(session, human.id, said, channel="fake")
        for account in human.accounts:
            _talk(session, account)
        for other in human.accounts[1:]:
            names = {"account": other, "home": human.accounts[0], "person_id": human.id}
            session.add(AccountLink(**names, proof="code", linked_at=START))
    stage.staff_of(session, START)


def _talk(session: Session, account: str) -> None:
    channel, chat = account.split(":")
    common: dict[str, Any] = {"created_at": START, "updated_at": START, "state": VAULT.seal({})}
    session.add(Conversation(key=account, channel=channel, chat=chat, **common))


def _texts(session: Session, number: int, version: int, by: str, now: datetime) -> None:
    text = f"【{number}版{version}】有摊位，{{称呼|老乡}}想来就回我。"
    drafting.write(session, number, Wording(text), HOSTS, by, now)


def _planned(session: Session, number: int) -> list[str]:
    is_planned = _R.state == RecipientState.PLANNED.value
    query = select(_R.person_id).where(_R.campaign_id == number, is_planned)
    return list(session.execute(query).scalars())


def _spoil(session: Session, statements: tuple[str, ...]) -> None:
    for statement in statements:
        session.connection().exec_driver_sql(statement)
