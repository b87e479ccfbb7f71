"""The words of campaigns, made when a message leaves: for all that are claimed at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from knowledge.areas import Gazetteer
from outreach.campaigns import addressing, texts
from outreach.events import telling
from records import addressed, campaign_drafts, feeding, outbox
from records.campaigns import CampaignText
from records.database import Session
from records.messages import Option
from records.outbox import Claimed
from records.vault import Vault, VaultError

_MANY = 200  # campaigns whose texts are kept


@dataclass(frozen=True, slots=True)
class _Said:
    """One wording; `sealed` where it has no place-holder and is the same for everybody."""

    text: str
    link: str
    ways: tuple[Option, ...] = ()
    sealed: bytes = b""


class Wording:
    """Gives messages of campaigns, which wait without words, their words."""

    def __init__(self, vault: Vault, office: str = "") -> None:
        self._vault, self._office = vault, office
        self._texts: dict[tuple[int, str], dict[tuple[str, str], _Said]] = {}

    def worded(self, session: Session, rows: Sequence[Claimed]) -> list[Claimed]:
        """The rows, those of campaigns with their words; without the rows of nobody any more."""
        found = {row.id: own for row in rows if not row.payload and (own := whose(row))}
        if not found:
            return list(rows)
        payloads: dict[int, bytes] = {}
        for campaign in {campaign for campaign, _ in found.values()}:
            mine = {i: person for i, (number, person) in found.items() if number == campaign}
            payloads |= self._payloads(session, campaign, mine, rows)
        return [
            replace(row, payload=payloads.get(row.id, b"")) if row.id in found else row
            for row in rows
        ]

    def _payloads(
        self, session: Session, campaign: int, mine: Mapping[int, str], rows: Sequence[Claimed]
    ) -> dict[int, bytes]:
        said = self._of(session, campaign)
        variants = addressed.variants(session, campaign, list(mine.values()))
        channels = {row.id: row.channel for row in rows if row.id in mine}
        chosen = {
            i: _choose(said, variants[person], channels[i])
            for i, person in mine.items()
            if person in variants
        }
        open_ones = [mine[i] for i, one in chosen.items() if not one.sealed]
        known = self._values(session, campaign, open_ones) if open_ones else {}
        return {
            i: one.sealed or self._seal(one, known.get(mine[i], {})) for i, one in chosen.items()
        }

    def _of(self, session: Session, campaign: int) -> dict[tuple[str, str], _Said]:
        """The texts of a campaign as they were agreed to."""
        key = (campaign, addressed.digest(session, campaign))
        if key not in self._texts:
            if len(self._texts) >= _MANY:
                self._texts.clear()
            found = campaign_drafts.texts(session, campaign)
            ways = _ways(session, campaign)
            said = {(one.variant, one.channel): self._said(one, ways) for one in found}
            self._texts[key] = said
        return self._texts[key]

    def _said(self, one: CampaignText, ways: tuple[Option, ...]) -> _Said:
        said = _Said(one.text, one.link, ways)
        return said if texts.holders(one.text) else replace(said, sealed=self._seal(said, {}))

    def _seal(self, said: _Said, values: Mapping[str, str]) -> bytes:
        text = texts.footed(texts.fill(said.text, values), said.link)
        return outbox.sealed_content(self._vault, text, options=said.ways, kind="notice")

    def _values(
        self, session: Session, campaign: int, ids: Sequence[str]
    ) -> dict[str, Mapping[str, str]]:
        """What is known of these people, by place-holder."""
        whole = campaign_drafts.find(session, campaign)
        if whole is None:
            return {}
        areas = _gazetteer()
        try:
            return addressing.of_people(session, self._vault, areas, whole, ids, self._office)
        except VaultError:  # somebody is sealed with a lost key
            nobody = addressing.of_nobody(areas, whole, self._office)
            return dict.fromkeys(ids, nobody)


def whose(row: Claimed) -> tuple[int, str] | None:
    """The campaign and the person of a message, None where it is no campaign's."""
    return feeding.whose(row.dedupe_key)


def _ways(session: Session, number: int) -> tuple[Option, ...]:
    """How a campaign is answered by a digit, where it invites."""
    campaign = campaign_drafts.find(session, number)
    return telling.ways(campaign.event_id) if campaign and campaign.event_id else ()


def _choose(said: Mapping[tuple[str, str], _Said], variant: str, channel: str) -> _Said:
    """The wording for a channel; else the one for all, else A's."""
    for key in ((variant, channel), (variant, ""), ("A", channel), ("A", "")):
        if key in said:
            return said[key]
    raise LookupError("a campaign without words was approved")


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer()
