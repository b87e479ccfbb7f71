"""What a turn may know of the accounts that are linked to its own, or are to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from handlers.texts import say, table
from records import account_links, conversations, people
from records.account_links import Link, Offer, Patience
from records.database import Session
from records.people import Profile
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class Wish:
    """What a message offers as proof: a code, or the end of a phone number and a name."""

    code: str = ""
    last: str = ""
    name: str = ""

    @property
    def is_proof(self) -> bool:
        """Whether number and name are both given."""
        return bool(self.last and self.name)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The talk on another account of the same people."""

    account: str
    version: int
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Linking:
    """The links of an account, where its offered proof leads to, and talks on the others."""

    account: str = ""
    links: tuple[Link, ...] = ()
    offer: Offer | None = None
    fitting: tuple[Profile, ...] = ()
    is_paused: bool = False
    elsewhere: tuple[Elsewhere, ...] = ()
    wish: Wish = field(default_factory=Wish)

    @property
    def mine(self) -> tuple[Link, ...]:
        """Those by which this account speaks for somebody."""
        return tuple(link for link in self.links if link.account == self.account)

    def link_to(self, person_id: str) -> Link | None:
        """The one by which this account speaks for a person; None where they are at home here."""
        return next((link for link in self.mine if link.person_id == person_id), None)

    def others(self, person_id: str, home: str) -> tuple[str, ...]:
        """The other accounts that speak for a person."""
        theirs = [link.account for link in self.links if link.person_id == person_id]
        return tuple(a for a in dict.fromkeys((home, *theirs)) if a and a != self.account)


def channel_of(account: str) -> str:
    """How people call the place from where somebody writes with this account."""
    return str(table("words")["channels"].get(account.split(":", 1)[0]) or say("link.elsewhere"))


def code_print(vault: Vault, code: str) -> str:
    """How a code is kept."""
    return vault.fingerprint(f"link code/{code}")


def tries(vault: Vault, account: str, wish: Wish) -> dict[str, Patience]:
    """Who is counted when this proof fails."""
    counted = {account: account_links.ACCOUNT}
    if wish.code:
        counted[account_links.ALL_CODES] = account_links.CODES
    if wish.is_proof:
        name = vault.fingerprint(f"link name/{people.plain(wish.name)}")
        counted[name] = account_links.NAME
    return counted


def load(
    session: Session, vault: Vault, wishes: Mapping[str, Wish], now: datetime
) -> dict[str, Linking]:
    """What the turns of these accounts may know, each with the proof that it offers."""
    links = account_links.of(session, list(wishes))
    around = {account: _around(links, account) for account in wishes}
    elsewhere = _elsewhere(session, vault, around)
    offering = {a: w for a, w in wishes.items() if w.code or w.is_proof}
    found = {
        account: _tested(session, vault, account, wish, now) for account, wish in offering.items()
    }
    return {
        account: replace(
            found.get(account, Linking(account, wish=wish)),
            links=around[account],
            elsewhere=elsewhere.get(account, ()),
        )
        for account, wish in wishes.items()
    }


def _tested(session: Session, vault: Vault, account: str, wish: Wish, now: datetime) -> Linking:
    """Where a proof leads to; nowhere for who has failed too often."""
    counted = tries(vault, account, wish)
    if account_links.paused(session, counted, now):
        return Linking(account, is_paused=True, wish=wish)
    if wish.code:
        key = code_print(vault, wish.code)
        offer = account_links.offers(session, [key]).get(key)
        if offer is None or offer.expires_at <= now:
            return Linking(account, wish=wish)
        there = people.profiles_of(session, vault, [offer.home]).get(offer.home, ())
        meant = tuple(p for p in there if p.id == offer.person_id)
        return Linking(account, offer=offer, fitting=meant, wish=wish)
    proof = (wish.last, wish.name)
    fitting = people.with_proof(session, vault, [proof]).get(proof, ())
    return Linking(account, fitting=fitting, wish=wish)


def _around(links: Sequence[Link], account: str) -> tuple[Link, ...]:
    """The links of an account and of those whom it speaks for."""
    here = [link for link in links if account in (link.account, link.home)]
    ids = {link.person_id for link in here if link.person_id}
    homes = {link.home for link in here if not link.person_id}
    return tuple(
        link
        for link in links
        if link.person_id in ids or (not link.person_id and link.home in homes)
    )


def _elsewhere(
    session: Session, vault: Vault, around: Mapping[str, Sequence[Link]]
) -> dict[str, tuple[Elsewhere, ...]]:
    """The talks on linked accounts whose people are all known here too (domain P-30)."""
    others = {
        account: dict.fromkeys(a for link in links for a in (link.home, link.account))
        for account, links in around.items()
        if links
    }
    if not others:
        return {}
    keys = list(dict.fromkeys(key for found in others.values() for key in found))
    ids = people.on_accounts(session, [*others, *keys])
    talks = conversations.load(session, keys)
    return {
        account: tuple(
            Elsewhere(key, talks[key].version, vault.open(talks[key].state))
            for key in found
            if key != account and key in talks and ids[key] <= ids[account]
        )
        for account, found in others.items()
    }
