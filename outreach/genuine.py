"""A code on each unasked message, by which anybody can check that it is really ours (peers 22)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from outreach.campaigns import texts
from outreach.texts import say
from records import (
    account_links,
    addressed,
    campaign_drafts,
    digests,
    feeding,
    message_codes,
    outbox,
)
from records.account_links import Patience
from records.database import Session
from records.messages import Priority
from records.outbox import Claimed
from records.vault import Vault, VaultError

# Letters and digits that nobody takes for one another: no 0O, 1IL, 2Z, 5S, 8B, UV.
SIGNS = "ACDEFGHJKMNPQRTWXY34679"
LENGTH = 7  # of 23 signs: 3·10⁹, of which a season uses some 10⁵
SIGNED = "signed"  # within a content: it bears its code
WHOLE = "whole"  # within a content: what the message said before it became a digest
GUESSING = Patience(5, timedelta(hours=1))
_RECENT, _MOST = timedelta(days=60), 40
_CODE = re.compile(rf"查\s*([{SIGNS}]{{{LENGTH}}})(?![A-Z0-9])")
_GAP = r"[\W_]*"  # between the letters of a line that was passed on
_WORDS = 30  # characters of what a message said, for whoever asks
_LOOKED_AT = 30  # messages among which the one with a code is sought


def _loose(line: str) -> str:
    return _GAP.join(re.findall(r"\w", line)) + _GAP


_CHECKED = _loose(say("genuine.foot", code="")) + f"[{SIGNS}]{{0,{LENGTH}}}"
_END = re.compile(f"{_loose(say('campaign.foot'))}|{_CHECKED}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Genuine:
    """A message that is ours, and its wordings: () where it was for one person, not who asks.

    `is_theirs`: it was sent to who asks, and the first are their own words. `varies`: not
    everybody was told the same.
    """

    sent_at: datetime
    said: tuple[str, ...] = ()
    is_theirs: bool = False
    varies: bool = False


def code_of(vault: Vault, name: str) -> str:
    """The code of what is known by this name, which only this installation can work out."""
    number = int(vault.fingerprint(f"message code {name}"), 16)
    signs = []
    for _ in range(LENGTH):
        number, sign = divmod(number, len(SIGNS))
        signs.append(SIGNS[sign])
    return "".join(signs)


def of_campaign(vault: Vault, campaign: int) -> str:
    """The code that all messages of a campaign bear."""
    return code_of(vault, f"{feeding.PREFIX}{campaign}")


def signed(text: str, code: str) -> str:
    """A text with the line by which it is checked."""
    return f"{text}\n{say('genuine.foot', code=code)}"


def code_in(text: str) -> str:
    """The code that a text asks about or bears; "" where there is none."""
    found = _CODE.search(text.upper().replace("-", ""))
    return found.group(1) if found else ""


def find(session: Session, code: str) -> Genuine | None:
    """The message of a code, told in general; None where it is none of ours."""
    known = message_codes.find(session, code)
    return _of(session, known.campaign, known.sent_at) if known else None


def find_for(session: Session, vault: Vault, account: str, code: str) -> Genuine | None:
    """The same, in the words that who asks got, if they did."""
    known = message_codes.find(session, code)
    if known is None:
        return None
    general = _of(session, known.campaign, known.sent_at)
    own = _own(session, vault, account, code, known.campaign)
    if own is None:
        return general
    at, words = own
    said = tuple(dict.fromkeys((words, *general.said)))
    return replace(general, sent_at=at, said=said, is_theirs=True)


def _of(session: Session, campaign: int, sent_at: datetime) -> Genuine:
    """A campaign with all its wordings, without anything that was filled in for one."""
    found = campaign_drafts.texts(session, campaign) if campaign else []
    said = (texts.footed(texts.fill(one.text, {}), one.link) for one in found)
    each = tuple(dict.fromkeys(said))
    varies = len(each) > 1 or any(texts.holders(one.text) for one in found)
    return Genuine(sent_at, each, varies=varies)


def _own(
    session: Session, vault: Vault, account: str, code: str, campaign: int
) -> tuple[datetime, str] | None:
    """When and in which words somebody got it themselves, also inside another message."""
    accounts = [account, *account_links.connected(session, account)]
    if campaign:
        rows = addressed.told(session, accounts, campaign)
    else:
        rows = outbox.latest(session, account, _LOOKED_AT)
    for row in reversed(rows):
        try:
            content = vault.open(row.payload)
        except VaultError:
            continue
        if campaign or content.get(SIGNED) == code:
            whole = content.get(WHOLE, content) if campaign else content
            return row.settled_at or row.due, whole["text"]
    return None


def body(said: str) -> str:
    """A message without how it is stopped and checked, which all have at their ends."""
    return _END.sub("", said)


def begins(said: str, most: int = _WORDS) -> str:
    """The first words of a message."""
    line = " ".join(body(said).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def recent(session: Session, now: datetime) -> list[Genuine]:
    """What everybody was told lately, to compare a pasted text with."""
    campaigns = message_codes.lately(session, now - _RECENT, _MOST)
    return [found for each in campaigns if (found := _of(session, each, now)).said]


def is_guessing(session: Session, account: str, now: datetime) -> bool:
    """Whether somebody asked about too many codes that are none."""
    name = _guesser(account)
    return bool(account_links.paused(session, {name: GUESSING}, now))


def note_wrong(session: Session, account: str, now: datetime) -> None:
    """Somebody asked about a code that is none."""
    account_links.fail(session, {_guesser(account): GUESSING}, now)


class Signing:
    """Puts its code on each message that leaves unasked."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def signed(self, session: Session, rows: Sequence[Claimed], now: datetime) -> list[Claimed]:
        """The same messages with their codes, which are known from now on."""
        codes: dict[str, int] = {}
        made: dict[bytes, bytes] = {}  # what is the same for many is sealed once
        done = [self._one(row, codes, made) for row in rows]
        message_codes.note(session, codes, now)
        for old, new in zip(rows, done, strict=True):
            if new is not old and feeding.whose(new.dedupe_key) is None:
                digests.merge(session, new, new.payload, {}, now)
        return done

    def _one(self, row: Claimed, codes: dict[str, int], made: dict[bytes, bytes]) -> Claimed:
        if row.priority <= Priority.NOTICE.value or not row.payload:
            return row
        if row.payload in made:
            return replace(row, payload=made[row.payload])
        content: dict[str, Any] = self._vault.open(row.payload)
        if SIGNED in content:
            return row
        whose = feeding.whose(row.dedupe_key)
        is_shared = whose is not None and WHOLE not in content
        number = whose[0] if whose and is_shared else 0
        code = of_campaign(self._vault, number) if number else code_of(self._vault, row.dedupe_key)
        codes[code] = number
        text = signed(content["text"], code)
        payload = self._vault.seal({**content, "text": text, SIGNED: code})
        if number:
            made[row.payload] = payload
        return replace(row, payload=payload)


def _guesser(account: str) -> str:
    return f"check:{account}"
