"""A county with people to write to and staff who do it, for campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from handlers.places import country
from handlers.state import State
from outreach.campaigns import drafting, freezing, states
from outreach.campaigns.drafting import Against, New, Wording
from outreach.posting.checking import Named
from outreach.reach import Lines
from outreach.segments import Office
from records import consents, people, staff_accounts
from records.consents import CORE, PUSH, Said
from records.database import Database, Session
from records.people import Entered
from records.staff_accounts import StaffRole
from records.vault import Vault
from tests.support.builders import a_conversation

NOW = datetime(2027, 1, 10, 1, 0, tzinfo=UTC)  # nine in the morning in China, 腊月初三
DINGTAO = "371703"
FAKE = Lines(frozenset({"fake"}))
OFFICE = Office(country(), "")
TEXT = "{称呼|老乡}，{县|县里}有返乡创业服务台，想问什么直接回我。"
WRITER, SECOND, STRANGER, CLERK = "小王", "老李", "外县小赵", "镇上小孙"
HOSTS = Against(("gov.cn",), Named())


def people_of(
    session: Session,
    vault: Vault,
    count: int,
    at: datetime = NOW,
    *,
    name: str = "p{:03}",
    channel: str = "fake",
) -> None:
    """So many who work away and agreed to be written to; the first has no name that we know."""
    said = (Said(CORE, True, at, "1"), Said(PUSH, True, at, "1"))
    for n in range(count):
        id_ = name.format(n)
        talk = a_conversation(at, channel=channel, chat=id_)
        talk.state = vault.seal(State().as_dict())
        session.add(talk)
        texts = {"nickname": f"老乡{n}"} if n else {}
        entered = Entered(codes={"where_now": "away"}, texts=texts, area=DINGTAO, said=said)
        people.enter(session, vault, id_, entered, at=at, account=f"{channel}:{id_}")
        consents.note(session, id_, said, channel=channel)


def staff_of(session: Session, at: datetime = NOW) -> None:
    """Two of the county, one of another, one of a town."""
    for name, area in (
        (WRITER, DINGTAO),
        (SECOND, DINGTAO),
        (STRANGER, "420500"),
        (CLERK, "371703101"),
    ):
        staff_accounts.add(session, name, role=StaffRole.STAFF, area=area, at=at, actor="system")
        staff_accounts.bind(session, name, f"fake:{name}", at=at, actor="system")


def draft(session: Session, at: datetime = NOW, waves: Sequence[str] = ("腊月廿三 9:30",)) -> int:
    """A whole campaign that nobody has submitted."""
    number = drafting.new(session, New("温暖回家路", DINGTAO), WRITER, at)
    drafting.write(session, number, Wording(TEXT), HOSTS, WRITER, at)
    drafting.aim(session, OFFICE, number, "在外地", WRITER, at)
    drafting.plan(session, number, waves, "", WRITER, at)
    return number


async def frozen(database: Database, number: int, at: datetime = NOW) -> None:
    """Submitted and frozen."""
    await database.run(states.submit, number, WRITER, at)
    await freezing.freeze(database, OFFICE, number, FAKE, at)


async def approved(database: Database, vault: Vault, count: int = 60, at: datetime = NOW) -> int:
    """One that may go out, to so many."""
    await database.run(people_of, vault, count, at)
    await database.run(staff_of, at)
    number: int = await database.run(draft, at)
    await frozen(database, number, at)
    await database.run(states.tested, number, WRITER, at)
    await database.run(states.look, number, SECOND, at)
    await database.run(states.approve, number, SECOND, at)
    return number
