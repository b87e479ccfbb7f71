"""How many pages of 8 KiB PostgreSQL touches for the program's calls: alike on a busy machine."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from bot.benching import campaign_world
from handlers import advance, loading
from handlers.advance import Talk
from handlers.forms.form import shipped_forms
from handlers.places import country
from knowledge.areas import Gazetteer
from outreach.campaigns import freezing as freezes
from outreach.caps import RULES
from outreach.reach import Lines
from outreach.segments import Office
from records import caps, conversations, feeding, freezing, inbound, people, reminders, sending
from records.caps import CappedClaim, apart, as_they_are
from records.freezing import Terms
from records.inbound import NewInbound
from records.messages import Inbound, InboundKind
from records.outbox import OutboxState
from records.sending import Claim, Outcome
from tests.handlers.support.fixed_answers import FixedAnswers
from tests.handlers.support.walk import OFFICE
from tests.plans.filling import NOW
from tests.plans.growth.contacts import AREA
from tests.plans.growth.world import World, account
from tests.plans.seeing import seen

_FIRST = 990_000  # of campaigns that are thrown away again
_EVERY = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
_LARGEST = 10_000  # people of a page of a campaign


def pages(session: Session, world: World) -> dict[str, float]:
    """Pages of each call; nothing where the database counts none. All is thrown away."""
    if session.connection().dialect.name != "postgresql":
        return {}
    who = random.Random(3).randrange(world.contacts)
    whole = _terms(session, _FIRST, "")
    found = {
        "talk_pages": _touched(session, partial(conversations.load, keys=[account(who)])),
        "person_pages": _touched(
            session, partial(people.profiles_of, vault=world.vault, accounts=[account(who)])
        ),
        "turn_pages": _touched(session, partial(_turn, world=world, who=who)),
        "reminders_look_pages": _touched(session, partial(reminders.due, now=NOW, limit=100)),
        "reminders_late_pages": _touched(session, partial(reminders.drop_late, now=NOW)),
        "page_pages": _touched(session, partial(freezing.page, terms=whole, many=5_000)),
    }
    freezing.page(session, whole, 5_000)
    queue = partial(feeding.feed, campaign=_FIRST, channel="telegram", most=4_500, now=NOW)
    found["queued_pages"] = _touched(session, queue)
    queue(session)
    session.execute(text("ANALYZE outbox"))  # as the server does by itself after a while
    claim = Claim("growth", ("telegram",), 100, NOW)
    found["claim_pages"] = _touched(session, partial(sending.claim, claims=[claim]))
    return found | {"county_pages": _county(session, world.contacts)}


def _touched(session: Session, call: Callable[[Session], Any]) -> float:
    return float(sum(one.pages or 0 for one in seen(session, call, of=_EVERY)))


def _county(session: Session, contacts: int) -> float:
    """Of all pages of a campaign for one area, by one of them: they are alike."""
    terms = _terms(session, _FIRST + 1, AREA)
    many = min(_LARGEST, contacts)
    one = _touched(session, partial(freezing.page, terms=terms, many=many))
    return one * contacts / many


def _terms(session: Session, number: int, area: str) -> Terms:
    campaign_world.add(session, campaign_world.campaign(number, area))
    lines = Lines(frozenset({"telegram"}))
    terms = freezes.terms_of(session, Office(Gazetteer(), area), number, lines, NOW)
    assert terms is not None
    return terms


def _turn(session: Session, world: World, who: int) -> None:
    """A turn's work in the store, from the message to the answer's settling."""
    key = account(who)
    chat = key.partition(":")[2]
    said = Inbound("telegram", chat, f"growth {who}", InboundKind.TEXT, "首页", NOW, chat)
    payload = world.vault.seal(said.as_payload())
    inbound.store(session, [NewInbound("telegram", said.outer_id, key, 1, payload, NOW, NOW)])
    [loaded] = loading.load(session, [key], world.vault, NOW)
    talk = Talk(world.vault, FixedAnswers(), OFFICE, country(), shipped_forms(), lambda: NOW)
    advance.commit(session, [talk.turn(loaded)])
    wish = Claim("growth", ("telegram",), 50, NOW, is_quiet=True)  # what somebody waits for
    [claimed] = caps.claim(session, [CappedClaim(wish, RULES, as_they_are, apart)])
    sending.settle(session, [Outcome(row.id, OutboxState.SENT, NOW) for row in claimed])
