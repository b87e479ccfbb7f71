"""What must be true in the end: everything answered once, nobody written to twice."""

from __future__ import annotations

from collections import Counter, defaultdict

from sqlalchemy import func, select

from bot.benching.campaign_world import FIRST_CHAT
from records import ledger, outbox
from records.database import Database, Session
from records.inbound import InboundRow
from records.keyring import unlocked
from records.ledger import Stand
from records.vault import Vault
from tests.soak.world import SECRET
from tests.support.bot_api import BotApi
from tests.support.county import CAMPAIGN

_ALL = 10**6
_IN = InboundRow.__table__.c  # type: ignore[attr-defined]


async def faults(database: Database, api: BotApi, chats: frozenset[int]) -> dict[str, int]:
    """How many of each kind, for people who write in `chats` and everybody of the campaign."""
    heard: dict[int, list[str]] = defaultdict(list)
    for one in api.sent:
        heard[one.chat].append(one.text)
    vault = Vault(SECRET)
    await database.read(unlocked, vault)
    queued = await database.read(_queued, sorted(chats), vault)
    written = Counter({chat: len(texts) for chat, texts in heard.items() if chat >= FIRST_CHAT})
    sent = (await database.read(ledger.figures, CAMPAIGN)).whole[Stand.SENT]
    return {
        "messages not answered": await database.read(_count, _IN.done_at.is_(None)),
        "messages that failed": await database.read(_count, _IN.fault != ""),
        "chats that heard anything else than was queued": sum(
            heard[chat] != queued[chat] for chat in chats
        ),
        "people written to twice": sum(count > 1 for count in written.values()),
        "people of whom the ledger is wrong": abs(sent - len(written)),
    }


def _queued(session: Session, chats: list[int], vault: Vault) -> dict[int, list[str]]:
    return {
        chat: [
            outbox.as_outgoing(row, vault).text
            for row in outbox.latest(session, f"telegram:{chat}", _ALL)
        ]
        for chat in chats
    }


def _count(session: Session, which: object) -> int:
    found = select(func.count()).select_from(InboundRow).where(which)  # type: ignore[arg-type]
    return int(session.execute(found).scalar_one())
