"""The campaign that goes out while things go wrong: nobody twice, and its ledger adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import func, select

from bot.benching.campaign_world import FIRST_CHAT
from records import ledger
from records.campaigns import CampaignRecipient
from records.database import Database, Session
from records.feeding import PREFIX
from records.ledger import Figures, Stand
from records.outbox import OutboxRow, OutboxState
from tests.support.bot_api import BotApi
from tests.support.county import CAMPAIGN

PEOPLE = 15_000  # more than leave in fifty rounds
_OUT = OutboxRow.__table__.c  # type: ignore[attr-defined]
_IN_DOUBT = (OutboxState.UNCERTAIN.value, OutboxState.FAILED.value)  # it may have arrived


async def broken(database: Database, api: BotApi) -> list[str]:
    """What of the campaign does not hold, once nothing of it is under way."""
    states = await database.read(_states)
    heard = Counter(one.chat for one in api.sent if one.chat >= FIRST_CHAT)
    figures = await database.read(ledger.figures, CAMPAIGN)
    frozen = await database.read(_frozen)
    return [*_wrongly_heard(states, heard), *_wrongly_told(states, figures, frozen)]


def _wrongly_heard(states: dict[int, str], heard: Counter[int]) -> Iterator[str]:
    for chat in states.keys() | heard.keys():
        if fault := fault_of(states.get(chat, "nothing was queued"), heard[chat]):
            yield f"campaign: {fault}"


def fault_of(state: str, times: int) -> str:
    """Why somebody may not have heard it so often, or ""; `state` is what the outbox says."""
    if times > 1:
        return f"somebody heard it {times} times"
    if state == OutboxState.SENT.value:
        return "" if times else "sent, and not heard"
    return f"heard, and {state}" if times and state not in _IN_DOUBT else ""


def _wrongly_told(states: dict[int, str], figures: Figures, frozen: int) -> Iterator[str]:
    sent = sum(state == OutboxState.SENT.value for state in states.values())
    if figures.whole[Stand.SENT] != sent:
        yield f"campaign: the ledger says {figures.whole[Stand.SENT]} sent, the outbox {sent}"
    if sum(figures.whole.values()) != frozen:
        yield f"campaign: of {frozen} people the ledger has {sum(figures.whole.values())}"


def _states(session: Session) -> dict[int, str]:
    found = select(_OUT.chat, _OUT.state).where(_OUT.dedupe_key.startswith(f"{PREFIX}{CAMPAIGN}/"))
    return {int(chat): state for chat, state in session.execute(found)}


def _frozen(session: Session) -> int:
    return int(session.execute(select(func.count()).select_from(CampaignRecipient)).scalar_one())
