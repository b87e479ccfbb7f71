"""The people of the year: alone, in pairs on one phone, or with two accounts each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from handlers.dialogue import State
from records import consents, people, staff_accounts
from records.account_links import AccountLink
from records.consents import CORE, PUSH, Said
from records.conversations import Conversation
from records.database import Session
from records.people import Entered
from records.staff_accounts import StaffRole
from records.vault import Vault

HOURS = ("day", "evening", "messages", "night_shift", "")
_SHARED, _TWO_ACCOUNTS, _AGREES = 0.1, 0.15, 0.8
_TALKS = (1, 1, 1, 1, 1, 1, 3, 3, 3, 20)  # most write a few times a year, some often


@dataclass
class Human:
    """Somebody, and what is true of them whatever the store says."""

    id: str
    accounts: tuple[str, ...]
    hours: str
    agrees: bool
    talks: int = 1  # how often, beside the others
    heard: list[datetime] = field(default_factory=list)
    stops: list[tuple[datetime, datetime | None]] = field(default_factory=list)  # from, to
    allowed: datetime | None = None  # when 恢复推送 was said first, which agrees anew

    def says(self, text: str, at: datetime) -> None:
        """They, or whoever they share the account with, wrote this."""
        self.heard.append(at)
        is_stopped = bool(self.stops) and self.stops[-1][1] is None
        if text == "停" and not is_stopped:
            self.stops.append((at, None))
        if text == "恢复推送":
            self.allowed = self.allowed or at
        if text == "恢复推送" and is_stopped:
            self.stops[-1] = (self.stops[-1][0], at)

    def has_agreed(self, at: datetime) -> bool:
        """Whether they may be sent what fits them: as registered, or since they asked for it."""
        return self.agrees or (self.allowed is not None and self.allowed <= at)


def population(count: int, dice: Random) -> list[Human]:
    """So many people."""
    found: list[Human] = []
    for number in range(count):
        accounts: tuple[str, ...] = (f"fake:{number}",)
        if found and dice.random() < _SHARED and len(found[-1].accounts) == 1:
            accounts = found[-1].accounts
        elif dice.random() < _TWO_ACCOUNTS:
            accounts = (f"fake:{number}", f"fake:{number}b")
        hours, agrees = dice.choice(HOURS), dice.random() < _AGREES
        found.append(Human(f"p{number}", accounts, hours, agrees, dice.choice(_TALKS)))
    return found


def register(session: Session, vault: Vault, found: list[Human], at: datetime) -> None:
    """They are registered, each on the first of their accounts; the second is linked."""
    for human in found:
        said = (Said(CORE, True, at, "1"), Said(PUSH, human.agrees, at, "1"))
        codes = {"contact_time": human.hours, "intent": "thinking"}
        texts = {"phone": f"139{int(human.id[1:]):08}", "nickname": human.id}
        entered = Entered(codes=codes, texts=texts, said=said, area="371703")
        people.enter(session, vault, human.id, entered, at=at, account=human.accounts[0])
        consents.note(session, human.id, said, channel="fake")
        for account in human.accounts:
            _talk(session, vault, account, at)
        for other in human.accounts[1:]:
            link = AccountLink(
                account=other,
                home=human.accounts[0],
                person_id=human.id,
                proof="code",
                linked_at=at,
            )
            session.add(link)
    session.flush()


def hire(session: Session, count: int, at: datetime) -> None:
    """So many commissioners, who are written to like anybody else of the staff."""
    for number in range(count):
        name = f"专员{number}"
        role = StaffRole.COMMISSIONER
        staff_accounts.add(session, name, role=role, area="371703", at=at, actor="test")
        staff_accounts.bind(session, name, f"fake:staff{number}", at=at, actor="test")


def _talk(session: Session, vault: Vault, account: str, at: datetime) -> None:
    channel, chat = account.split(":", 1)
    state = vault.seal(State(memory={"area": "371703", "at": at.isoformat()}).as_dict())
    session.merge(
        Conversation(
            key=account,
            channel=channel,
            chat=chat,
            state=state,
            area="371703",
            created_at=at,
            updated_at=at,
        )
    )
