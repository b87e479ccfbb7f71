"""Consent: the notice before the first question, and how often it may be asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache

from handlers.dialogue import Office, Reply, State
from handlers.texts import say
from records.consents import Said

REST = timedelta(days=180)  # after a no (domain P-26)
YEAR, MOST_A_YEAR = timedelta(days=365), 2
_REFUSED = "refused"


def notice(office: Office) -> tuple[str, str]:
    """What is told before anything personal is asked (domain P-01), in two short messages."""
    return say("notice.what", office=office.name), say(
        "notice.rights", phone=office.contact or phone_of(office)
    )


@cache
def version() -> str:
    """Which wording of the notice this is; it changes with every word of it."""
    return hashlib.sha256(wording().encode()).hexdigest()[:12]


def wording() -> str:
    """The notice as it is hashed: without the office's own name and number."""
    return say("notice.what", office="") + say("notice.rights", phone="")


def phone_of(office: Office) -> str:
    """The number at which we can be verified, or the honest lack of one."""
    return office.phone or say("phone_missing")


def may_ask(refusals: Iterable[datetime], now: datetime) -> bool:
    """Whether we may ask again for what was refused: after 180 days, twice a year at most."""
    times = list(refusals)
    recent = [time for time in times if now - time < YEAR]
    return all(now - time >= REST for time in times) and len(recent) < MOST_A_YEAR


def refused(state: State, kind: str, now: datetime) -> State:
    """Remember a no that was said before there is a record to keep it in."""
    known: dict[str, list[str]] = state.memory.get(_REFUSED, {})
    return state.remember(**{_REFUSED: {**known, kind: [*known.get(kind, []), now.isoformat()]}})


def refusals(state: State, kind: str, said: Sequence[Said] = ()) -> list[datetime]:
    """When this was refused, in this talk and by the record."""
    spoken = [datetime.fromisoformat(at) for at in state.memory.get(_REFUSED, {}).get(kind, [])]
    return spoken + [answer.at for answer in said if answer.kind == kind and not answer.given]


def spoken_notice(office: Office) -> Reply:
    """The notice as one would say it, for pages that can read aloud."""
    return Reply(say("notice.spoken", office=office.name), kind="spoken")
