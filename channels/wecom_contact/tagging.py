"""Puts our tags on customers, by what we know of them; other people's tags are left alone."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from channels.wecom.client import Client
from channels.wecom.failures import WecomError
from channels.wecom_contact import parse
from channels.wecom_contact.pages import is_final
from outreach import customers as rules
from outreach.customers import Places, Talks
from records import contact_changes, customer_tags, customers, people
from records.contact_changes import TAGS
from records.customers import Contact
from records.database import Database, Session
from records.vault import Vault

log = logging.getLogger("guiyan.wecom")

_MOST_TAGS = 3000
_BAD_TAG, _TOO_MANY = 40068, 40126

Named = tuple[str, str]  # group and name


@dataclass(frozen=True, slots=True)
class _Step:
    contact: Contact
    add: tuple[Named, ...]
    remove: tuple[str, ...]


class Tagger:
    """Brings the tags of ours in step with what we know."""

    def __init__(
        self, client: Client, database: Database, vault: Vault, *, places: Places, talks: Talks
    ) -> None:
        self._client = client
        self._database = database
        self._vault = vault
        self._places = places
        self._talks = talks

    async def put(self, contacts: Sequence[Contact]) -> None:
        """Tag these contacts; raises WecomError if it is to be tried again."""
        if not contacts:
            return
        steps = await self._database.read(self._steps, contacts)
        for step in steps:
            try:
                await self._mark(step)
            except WecomError as error:
                if not is_final(error):
                    raise
                log.info("a customer could not be tagged: %s", error)
                if error.code == _BAD_TAG:
                    await self._database.run(contact_changes.mark, TAGS, ["all"])

    async def _mark(self, step: _Step) -> None:
        ids = [await self._id_of(named) for named in step.add]
        add = [tag for tag in ids if tag]
        if not add and not step.remove:
            return
        contact = step.contact
        body = {
            "userid": contact.steward,
            "external_userid": contact.external_id,
            "add_tag": add,
            "remove_tag": list(step.remove),
        }
        await self._client.call("externalcontact/mark_tag", body, may_repeat=True)
        kept = [tag for tag in contact.tags if tag not in step.remove] + add
        await self._database.run(customers.keep_tags, contact.external_id, contact.steward, kept)

    async def _id_of(self, named: Named) -> str:
        """The tag's id, made if there is none; "" if there may be none."""
        known = await self._database.read(customer_tags.ours)
        if named in known:
            return known[named]
        if await self._database.read(customer_tags.count) >= _MOST_TAGS:
            log.warning("the corporation has %d tags: no more may be made", _MOST_TAGS)
            return ""
        if not await self._database.run(customer_tags.wish, *named):
            return ""
        body = {"group_name": named[0], "tag": [{"name": named[1]}]}
        try:
            answer = await self._client.call("externalcontact/add_corp_tag", body, may_repeat=True)
        except WecomError as error:
            if error.code != _TOO_MANY:
                raise
            return ""  # told in the log by the client
        await self._database.run(customer_tags.keep, parse.tags(answer) or [])
        return (await self._database.read(customer_tags.ours)).get(named, "")

    def _steps(self, session: Session, contacts: Sequence[Contact]) -> list[_Step]:
        ours = customer_tags.ours(session)
        intents = self._intents(session, contacts)
        found = [self._step(one, ours, intents.get(one.external_id, "")) for one in contacts]
        return [step for step in found if step.add or step.remove]

    def _step(self, contact: Contact, ours: dict[Named, str], intent: str) -> _Step:
        wanted = rules.tags_for(contact.state, intent, self._places)
        has = {named for named, tag in ours.items() if tag in contact.tags}
        remove = tuple(sorted(ours[named] for named in has - wanted))
        return _Step(contact, tuple(sorted(wanted - has)), remove)

    def _intents(self, session: Session, contacts: Sequence[Contact]) -> dict[str, str]:
        """What registered people said that they intend, in the registration's own words."""
        talks = {key: one.external_id for one in contacts for key in self._talks(one.external_id)}
        found = people.profiles_of(session, self._vault, list(talks)) if talks else {}
        return {
            talks[key]: rules.intent_of(profiles[-1])
            for key, profiles in found.items()
            if profiles
        }
