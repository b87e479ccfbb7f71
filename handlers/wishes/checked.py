"""What is read for somebody who wants to know whether a message is really ours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from handlers import hearing
from handlers.texts import table
from handlers.wishes import doubts
from knowledge.look_alikes import Likeness, holds_facts, likeness
from outreach import genuine
from outreach.genuine import Genuine
from records import outbox, tickets
from records.database import Session
from records.messages import Priority
from records.outbox import OutboxRow
from records.vault import Vault, VaultError

_LONG = 24  # characters of a text that may be a message, passed on
_LEAST, _SHORT = 15, 4  # letters by which a text is known, and where its code says what it is
_LOOKED_AT = 30  # messages among which the last that came unasked is sought
_ASKED = re.compile(
    r"(?:核对这条|帮我|请|麻烦)?[\s:：]*(?:查|核实|核对|验证|验)(?:一下|下)?(?:这个|这条|真假|码)*[\s:：]*"
    r"([A-Z0-9][A-Z0-9 -]{3,9})(?:是|对|真|假|的|你们|发|不是|吗|不|吧)*"
)
_BARE = re.compile(
    r"(?:这个|那个|核对)?码?是?[\s:：]*((?=\d*[A-Z])(?=[A-Z]*\d)[A-Z0-9]{7})"
    r"(?:是|对|真|假|的|你们|发|不是|吗|不|吧)*"
)


@dataclass(frozen=True, slots=True)
class Checking:
    """`code` was asked about or stood in a text; `found` is ours, and what it said.

    `like`: the text is like one of ours, which said `words`; `is_other`: it bears the code of
    one, and is like none of its wordings. `is_guessing`: too many were wrong.
    `asks_whose`: it is asked whether something is ours; `found` is then what came unasked last.
    """

    code: str = ""
    found: Genuine | None = None
    like: Likeness | None = None
    words: str = ""
    is_other: bool = False
    is_asked: bool = False
    is_guessing: bool = False
    asks_whose: bool = False


NONE = Checking()


def of_talk(
    session: Session, vault: Vault, account: str, texts: Sequence[str], now: datetime
) -> Checking:
    """What the last of some texts asks about; for most nothing is read."""
    text = texts[-1] if texts else ""
    said = hearing.clean(text)
    code = asked(said)
    if code and tickets.find(session, code) is None:
        return _by_code(session, vault, account, code, now=now)
    if hearing.core(said) in table("words")["wishes"]["really"]:
        return _last(session, vault, account)
    if len(said) >= _LONG and (genuine.code_in(said) or holds_facts(said)):
        return _pasted(session, vault, account, said, now=now)
    if doubts.asks_whose(said):
        return replace(_newest(session, vault, account), asks_whose=True)
    return NONE


def asked(said: str) -> str:
    """The code that a message asks about and nothing else; "" where it asks about none."""
    bare = said.upper().rstrip("?。 ")
    found = _ASKED.fullmatch(bare) or _BARE.fullmatch(bare)
    return re.sub(r"[\s-]", "", found.group(1)) if found else ""


def _by_code(
    session: Session, vault: Vault, account: str, code: str, *, now: datetime
) -> Checking:
    if len(code) != genuine.LENGTH:
        return Checking(code, is_asked=True)
    if genuine.is_guessing(session, account, now):
        return Checking(code, is_asked=True, is_guessing=True)
    return Checking(code, genuine.find_for(session, vault, account, code), is_asked=True)


def _last(session: Session, vault: Vault, account: str) -> Checking:
    """«真的吗» after a message that came unasked: that one is meant."""
    row = next(iter(outbox.latest(session, account, 1)), None)
    if row is None or row.priority <= Priority.NOTICE.value:
        return NONE
    try:
        content = vault.open(row.payload)
    except VaultError:
        return NONE
    code = str(content.get(genuine.SIGNED, ""))
    if not code or genuine.find(session, code) is None:
        return NONE
    return Checking(code, _theirs(row, content), is_asked=True)


def _newest(session: Session, vault: Vault, account: str) -> Checking:
    """The last message that came unasked, in its own words: here they were read already."""
    for row in reversed(outbox.latest(session, account, _LOOKED_AT)):
        if row.priority <= Priority.NOTICE.value:
            continue
        try:
            content = vault.open(row.payload)
        except VaultError:
            continue
        return Checking(str(content.get(genuine.SIGNED, "")), _theirs(row, content))
    return NONE


def _theirs(row: OutboxRow, content: Mapping[str, Any]) -> Genuine:
    return Genuine(row.settled_at or row.due, (content["text"],), is_theirs=True)


def _pasted(session: Session, vault: Vault, account: str, said: str, *, now: datetime) -> Checking:
    """A whole text: what it is like, and whether what it bears is ours."""
    code = genuine.code_in(said)
    own = genuine.find_for(session, vault, account, code) if code else None
    some = [own] if own and own.said else genuine.recent(session, now)
    each = [(one, words) for one in some for words in one.said]
    least = _SHORT if own and own.said else _LEAST
    like = _like(genuine.body(said), [genuine.body(words) for _, words in each], least)
    if like is not None:
        found, words = each[like.number]
        return Checking(code, found, like, words)
    if not code:
        return NONE
    return Checking(code, own, is_other=bool(own and own.said), is_asked=True)


def _like(said: str, wordings: Sequence[str], least: int) -> Likeness | None:
    """The wording that a text is like: one that holds all its facts before one that does not."""
    best = likeness(said, wordings, least)
    if best is None or not best.foreign:
        return best
    each = ((number, likeness(said, [words], least)) for number, words in enumerate(wordings))
    same = next((number for number, one in each if one and not one.foreign), None)
    return best if same is None else Likeness(same, ())
