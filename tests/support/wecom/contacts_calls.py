"""The API of 客户联系."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from tests.support.wecom.contacts import Contact, Contacts, Group
from tests.support.wecom.group_send_calls import GroupSendCalls
from tests.support.wecom.phones import By
from tests.support.wecom.tokens import App
from tests.support.wecom.wire import Body, Refused, list_of, number_of
from tests.support.wecom.world import Call

T = TypeVar("T")

_FOLLOWERS_A_PAGE = 500


class ContactCalls:
    """What our side may call."""

    def __init__(self, world: Contacts) -> None:
        self._world = world
        self._sends = GroupSendCalls(world)

    def calls(self) -> dict[str, Call]:
        tags = self._world.tags
        found = {
            "get_follow_user_list": self.stewards,
            "list": self.customers,
            "get": self.customer,
            "batch/get_by_user": self.by_steward,
            "remark": self.remark,
            "groupchat/list": self.groups,
            "groupchat/get": self.group,
            "get_corp_tag_list": tags.read,
            "add_corp_tag": tags.add,
            "edit_corp_tag": tags.edit,
            "del_corp_tag": tags.delete,
            "mark_tag": self.mark,
            "send_welcome_msg": self.welcome,
            **self._sends.calls(),
        }
        return {f"externalcontact/{name}": Call(do, "contact") for name, do in found.items()}

    def stewards(self, app: App, body: Body) -> Body:
        return {"follow_user": list(self._world.stewards)}

    def customers(self, app: App, body: Body) -> Body:
        userid = self._steward(body.get("userid"))
        found = [customer for owner, customer in self._world.contacts if owner == userid]
        if not found:
            raise Refused(84061, "not external contact")
        return {"external_userid": found}

    def customer(self, app: App, body: Body) -> Body:
        number = body.get("external_userid")
        contacts = [c for c in self._world.contacts.values() if c.customer == number]
        if not contacts:
            raise Refused(84061 if number in self._world.names else 40096, "invalid contact")
        page, cursor = _page(contacts, body.get("cursor"), _FOLLOWERS_A_PAGE)
        return {
            "external_contact": self._told(str(number)),
            "follow_user": [self._follow(contact) for contact in page],
            **({"next_cursor": cursor} if cursor else {}),
        }

    def by_steward(self, app: App, body: Body) -> Body:
        users = [self._steward(u) for u in list_of(body, "userid_list", least=1, most=100)]
        limit = number_of(body, "limit", 50, most=100) or 50
        contacts = [c for c in self._world.contacts.values() if c.userid in users]
        page, cursor = _page(contacts, body.get("cursor"), limit)
        return {
            "external_contact_list": [
                {"external_contact": self._told(c.customer), "follow_info": self._follow(c)}
                for c in page
            ],
            "next_cursor": cursor,
        }

    def remark(self, app: App, body: Body) -> Body:
        contact = self._contact(body)
        contact.remark = str(body.get("remark", contact.remark))
        return {}

    def groups(self, app: App, body: Body) -> Body:
        limit = number_of(body, "limit", 0, most=1000)
        if not limit:
            raise Refused(40058, "limit is required: 1 to 1000")
        owners = list_of(body.get("owner_filter") or {}, "userid_list", most=100)
        if not owners and len(self._world.corp.members) > 1000:
            raise Refused(81017, "more than 1000 users in scope")
        found = [g for g in self._world.groups.values() if not owners or g.owner in owners]
        page, cursor = _page(found, body.get("cursor"), limit)
        told = [{"chat_id": group.chat_id, "status": 0} for group in page]
        return {"group_chat_list": told, **({"next_cursor": cursor} if cursor else {})}

    def group(self, app: App, body: Body) -> Body:
        found = self._world.groups.get(str(body.get("chat_id")))
        if found is None:
            raise Refused(90500, "invalid chat_id")
        people = [self._in_group(found, one, body.get("need_name") == 1) for one in found.people]
        return {
            "group_chat": {
                "chat_id": found.chat_id,
                "name": found.name,
                "owner": found.owner,
                "create_time": int(found.created_at),
                "notice": found.notice,
                "member_list": people,
                "admin_list": [],
                "member_version": str(found.version),
            }
        }

    def mark(self, app: App, body: Body) -> Body:
        add, remove = list_of(body, "add_tag"), list_of(body, "remove_tag")
        if not add and not remove:
            raise Refused(40063, "add_tag and remove_tag are both empty")
        contact = self._contact(body)
        if any(self._world.tags.find(tag) is None for tag in [*add, *remove]):
            raise Refused(40068, "invalid tagid")
        contact.tags = (contact.tags | set(add)) - set(remove)
        return {}

    def welcome(self, app: App, body: Body) -> Body:
        messages = self._sends.messages(body)
        contact = self._world.welcome(str(body.get("welcome_code") or ""))
        for msgtype, content in messages:
            shown = self._world.show(contact.customer, contact.userid, msgtype, content, by=By.US)
            shown.is_greeting = True
        return {}

    def _steward(self, userid: Any) -> str:
        if self._world.corp.known(str(userid)) is None:
            raise Refused(60111, "userid not found")
        if userid not in self._world.stewards:
            raise Refused(84074, "no external contact permission")
        return str(userid)

    def _contact(self, body: Body) -> Contact:
        userid = self._steward(body.get("userid"))
        found = self._world.contacts.get((userid, str(body.get("external_userid"))))
        if found is None:
            raise Refused(84061, "not external contact")
        return found

    def _told(self, number: str) -> Body:
        name = self._world.names.get(number, "")
        return {"external_userid": number, "name": name, "type": 1, "gender": 0, "avatar": ""}

    def _follow(self, contact: Contact) -> Body:
        found = [self._world.tags.find(tag) for tag in sorted(contact.tags)]
        return {
            "userid": contact.userid,
            "remark": contact.remark or self._world.names.get(contact.customer, ""),
            "description": "",
            "createtime": int(contact.since),
            "tags": [
                {"group_name": g.name, "tag_name": t.name, "tag_id": t.id, "type": 1}
                for g, t in filter(None, found)
            ],
            "remark_mobiles": [],
            "add_way": contact.add_way,
            "state": contact.state,
        }

    def _in_group(self, group: Group, userid: str, with_name: bool) -> Body:
        person = group.people[userid]
        member = self._world.corp.known(userid)
        name = member.name if member else self._world.names.get(userid, "")
        return {
            "userid": userid,
            "type": int(person.kind),
            "join_time": int(person.joined_at),
            "join_scene": person.scene,
            "group_nickname": "",
            **({"name": name} if with_name else {}),
            **({"state": person.state} if person.state else {}),
        }


def _page(found: Sequence[T], cursor: object, limit: int) -> tuple[Sequence[T], str]:
    start = int(str(cursor)) if cursor else 0
    end = start + limit
    return found[start:end], str(end) if end < len(found) else ""
