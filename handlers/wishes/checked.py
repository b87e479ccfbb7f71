"""What is read for somebody who wants to know whether a message is really ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import hearing
from handlers.texts import table
from knowledge.look_alikes import Likeness, holds_facts, likeness
from outreach import genuine
from outreach.genuine import Genuine
from records import outbox, tickets
from records.database import Session
from records.messages import Priority
from records.vault import Vault, VaultError

_LONG = 24  # characters of a text that may be a message, passed on
_ASKED = re.compile(
    r"(?:帮我|请)?(?:查|核实|核对|验证|验)(?:一下|下)?(?:真假)?[\s:]*([A-Z0-9][A-Z0-9 -]{3,9})"
)


@dataclass(frozen=True, slots=True)
class Checking:
    """`code` was asked about or stood in a text; `found` is ours, and what it said.

    `like`: the text is like one of ours, which is `found`. `is_guessing`: too many were wrong.
    """

    code: str = ""
    found: Genuine | None = None
    like: Likeness | None = None
    is_asked: bool = False
    is_guessing: bool = False


NONE = Checking()


def of_talk(
    session: Session, vault: Vault, account: str, texts: Sequence[str], now: datetime
) -> Checking:
    """What the last of some texts asks about; for most nothing is read."""
    text = texts[-1] if texts else ""
    said = hearing.clean(text)
    code = asked(said)
    if code and tickets.find(session, code) is None:
        return _by_code(session, account, code, now)
    if hearing.core(said) in table("words")["wishes"]["really"]:
        return _last(session, vault, account)
    if len(said) >= _LONG and (genuine.code_in(said) or holds_facts(said)):
        return _pasted(session, said, now)
    return NONE


def asked(said: str) -> str:
    """The code that a message asks about and nothing else; "" where it asks about none."""
    found = _ASKED.fullmatch(said.upper().rstrip("?吗。 "))
    return re.sub(r"[\s-]", "", found.group(1)) if found else ""


def _by_code(session: Session, account: str, code: str, now: datetime) -> Checking:
    if genuine.is_guessing(session, account, now):
        return Checking(code, is_asked=True, is_guessing=True)
    return Checking(code, genuine.find(session, code), is_asked=True)


def _last(session: Session, vault: Vault, account: str) -> Checking:
    """«真的吗» after a message that came unasked: that one is meant."""
    row = next(iter(outbox.latest(session, account, 1)), None)
    if row is None or row.priority <= Priority.NOTICE.value:
        return NONE
    try:
        code = str(vault.open(row.payload).get(genuine.SIGNED, ""))
    except VaultError:
        return NONE
    return Checking(code, genuine.find(session, code), is_asked=True) if code else NONE


def _pasted(session: Session, said: str, now: datetime) -> Checking:
    """A whole text: what it is like, and whether what it bears is ours."""
    code = genuine.code_in(said)
    own = genuine.find(session, code) if code else None
    recent = [own] if own and own.said else genuine.recent(session, now)
    like = likeness(said, [one.said for one in recent])
    if like is not None:
        return Checking(code, recent[like.number], like)
    return Checking(code, own, is_asked=True) if code and not (own and own.said) else NONE
