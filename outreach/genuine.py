"""A code on each unasked message, by which anybody can check that it is really ours (peers 22)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from outreach.campaigns import texts
from outreach.texts import say
from records import account_links, campaign_drafts, digests, feeding, message_codes
from records.account_links import Patience
from records.database import Session
from records.messages import Priority
from records.outbox import Claimed
from records.vault import Vault

# Letters and digits that nobody takes for one another: no 0O, 1IL, 2Z, 5S, 8B, UV.
SIGNS = "ACDEFGHJKMNPQRTWXY34679"
LENGTH = 7  # of 23 signs: 3·10⁹, of which a season uses some 10⁵
SIGNED = "signed"  # within a content: it bears its code
WHOLE = "whole"  # within a content: what the message said before it became a digest
GUESSING = Patience(5, timedelta(hours=1))
_RECENT, _MOST = timedelta(days=60), 40
_CODE = re.compile(rf"查\s*([{SIGNS}]{{{LENGTH}}})(?![A-Z0-9])")
_WORDS = 30  # characters of what a message said, for whoever asks


@dataclass(frozen=True, slots=True)
class Genuine:
    """A message that is ours; `said` is what it told everybody, "" where it was for one person."""

    sent_at: datetime
    said: str = ""


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
    if known is None:
        return None
    return Genuine(known.sent_at, said_by(session, known.campaign) if known.campaign else "")


def said_by(session: Session, campaign: int) -> str:
    """What a campaign told everybody, without anything that was filled in for one."""
    found = campaign_drafts.texts(session, campaign)
    first = min(found, key=lambda one: (one.variant, one.channel), default=None)
    return texts.footed(texts.fill(first.text, {}), first.link) if first else ""


def begins(said: str) -> str:
    """The first words of a message."""
    line = " ".join(said.split())
    return line if len(line) <= _WORDS else f"{line[:_WORDS]}…"


def recent(session: Session, now: datetime) -> list[Genuine]:
    """What everybody was told lately, to compare a pasted text with."""
    campaigns = message_codes.lately(session, now - _RECENT, _MOST)
    return [Genuine(now, said) for each in campaigns if (said := said_by(session, each))]


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
