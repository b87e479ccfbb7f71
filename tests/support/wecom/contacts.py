"""客户联系 as it is, and what members, customers and groups do with their hands."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from tests.support.wecom.contact_tags import Tags
from tests.support.wecom.group_send import GroupSends
from tests.support.wecom.phones import By, Shown
from tests.support.wecom.tokens import App
from tests.support.wecom.wire import Body, Refused
from tests.support.wecom.world import Corp

_WELCOME_SECONDS = 20


class Kind(IntEnum):
    """Who somebody in a group is."""

    MEMBER = 1
    CUSTOMER = 2


@dataclass(slots=True)
class Contact:
    """A customer as one member has it."""

    userid: str
    customer: str
    since: float
    state: str = ""
    add_way: int = 1
    remark: str = ""
    tags: set[str] = field(default_factory=set)
    talked_at: float = 0.0
    is_dropped_by_customer: bool = False


@dataclass(slots=True)
class InGroup:
    """Somebody in a group."""

    userid: str
    kind: Kind
    joined_at: float
    scene: int = 3  # 1 invited, 2 by link, 3 by QR code
    state: str = ""


@dataclass(slots=True)
class Group:
    """A customer group; its phone is under its chat_id."""

    chat_id: str
    name: str
    owner: str
    created_at: float
    notice: str = ""
    people: dict[str, InGroup] = field(default_factory=dict)
    version: int = 1


@dataclass(slots=True)
class Welcome:
    """A welcome_code."""

    contact: Contact
    expires_at: float
    is_used: bool = False


class Contacts:
    """Members who may have customers, the customers, the groups."""

    def __init__(self, corp: Corp, app: App) -> None:
        self.corp = corp
        self.app = app
        self.names: dict[str, str] = {}  # external_userid → name
        self.stewards: dict[str, bool] = {}  # userid → the console welcomes for them
        self.contacts: dict[tuple[str, str], Contact] = {}  # userid, external_userid
        self._stewards_of: dict[str, set[str]] = {}  # by customer
        self.groups: dict[str, Group] = {}
        self.tags = Tags(corp)
        self.sends = GroupSends(self)
        self._welcomes: dict[str, Welcome] = {}

    def steward(self, userid: str, name: str = "", *, has_native_welcome: bool = False) -> str:
        """A member who may have customers."""
        self.stewards[self.corp.member(userid, name)] = has_native_welcome
        return userid

    def customer(self, name: str = "", number: str = "") -> str:
        """A person with WeChat; one of 微信客服 keeps the number."""
        number = number or self.corp.ids.external()
        self.names[number] = name or f"客户{len(self.names) + 1}"
        return number

    def befriend(
        self, steward: str, customer: str, *, state: str = "", is_half: bool = False
    ) -> str:
        """The customer adds the member; the welcome_code that we are told, if there is one.

        `is_half`: the member did not need to approve, and has not added the customer back.
        """
        now = self.corp.clock.now()
        is_new = (steward, customer) not in self.contacts
        contact = Contact(steward, customer, now, state=state, talked_at=now)
        self.contacts[steward, customer] = contact
        self._stewards_of.setdefault(customer, set()).add(steward)
        code = ""
        if is_new and not self.stewards[steward]:
            code = self.corp.ids.code()
            self._welcomes[code] = Welcome(contact, now + _WELCOME_SECONDS)
        fields = {"State": state} if state else {}
        if code:
            fields["WelcomeCode"] = code
        self._tell(f"add_{'half_' if is_half else ''}external_contact", contact, **fields)
        return code

    def talk(self, steward: str, customer: str, text: str = "你好") -> None:
        """The two talk by hand, which makes a welcome too late."""
        now = self.corp.clock.now()
        contact = self.contacts[steward, customer]
        contact.talked_at = now
        for welcome in self._welcomes.values():
            if welcome.contact is contact:
                welcome.is_used = True
        self.show(customer, steward, "text", {"content": text}, by=By.STAFF)

    def leaves(self, customer: str, steward: str) -> None:
        """The customer deletes the member."""
        contact = self.contacts[steward, customer]
        contact.is_dropped_by_customer = True
        self._tell("del_follow_user", contact)

    def drops(self, steward: str, customer: str) -> None:
        """The member deletes the customer."""
        self._stewards_of[customer].remove(steward)
        self._tell("del_external_contact", self.contacts.pop((steward, customer)))

    def edits(self, steward: str, customer: str, remark: str) -> None:
        """The member notes something about the customer."""
        self.contacts[steward, customer].remark = remark
        self._tell("edit_external_contact", self.contacts[steward, customer])

    def group(self, owner: str, name: str = "返乡创业群", *customers: str) -> str:
        """A new customer group of this owner."""
        number, now = self.corp.ids.group(), self.corp.clock.now()
        group = Group(number, name, owner, now)
        group.people[owner] = InGroup(owner, Kind.MEMBER, now)
        for customer in customers:
            group.people[customer] = InGroup(customer, Kind.CUSTOMER, now)
        self.groups[number] = group
        self._tell_group(number, "create")
        return number

    def joins(self, chat_id: str, person: str, *, scene: int = 3, state: str = "") -> None:
        """Somebody comes into the group."""
        group, now = self.groups[chat_id], self.corp.clock.now()
        kind = Kind.CUSTOMER if person in self.names else Kind.MEMBER
        group.people[person] = InGroup(person, kind, now, scene, state)
        self._tell_members(group, "add_member", person, JoinScene=scene)

    def quits(self, chat_id: str, person: str, *, is_removed: bool = False) -> None:
        """Somebody leaves the group, or is put out."""
        group = self.groups[chat_id]
        del group.people[person]
        self._tell_members(group, "del_member", person, QuitScene=int(is_removed))

    def passes_on(self, chat_id: str, owner: str) -> None:
        """The group gets another owner."""
        self.groups[chat_id].owner = owner
        self._tell_group(chat_id, "update", UpdateDetail="change_owner")

    def renames(self, chat_id: str, name: str) -> None:
        self.groups[chat_id].name = name
        self._tell_group(chat_id, "update", UpdateDetail="change_name")

    def dismisses(self, chat_id: str) -> None:
        del self.groups[chat_id]
        self._tell_group(chat_id, "dismiss")

    def makes_tag(self, group: str, name: str) -> str:
        """Somebody adds a tag in the console; its id."""
        tag = self.tags.add_by_hand(group, name)
        self._tell_tag(tag, "create")
        return tag

    def renames_tag(self, tag: str, name: str) -> None:
        """Somebody renames a tag in the console."""
        self.tags.rename_by_hand(tag, name)
        self._tell_tag(tag, "update")

    def deletes_tag(self, tag: str) -> None:
        """Somebody deletes a tag in the console; nobody has it any more."""
        self.tags.delete_by_hand(tag)
        for contact in self.contacts.values():
            contact.tags.discard(tag)
        self._tell_tag(tag, "delete")

    def confirms(self, task: str, member: str, *only: str) -> list[str]:
        """The member confirms a task in the client; who got it. `only`, if they may choose."""
        return self.sends.confirm(task, member, only)

    def shown(self, person: str) -> list[Shown]:
        """What a customer, or a group, sees."""
        return self.corp.phones.of(person)

    def welcome(self, code: str) -> Contact:
        """Spend a welcome_code."""
        found = self._welcomes.get(code)
        if found is None or self.corp.clock.now() >= found.expires_at:
            raise Refused(41050, "invalid welcome_code or expired")
        if found.is_used:
            raise Refused(41051, "already welcomed or chatting")
        found.is_used = True
        return found.contact

    def show(
        self, person: str, place: str, msgtype: str, body: Body, *, by: By = By.US, msgid: str = ""
    ) -> Shown:
        """Put a message onto a phone."""
        at = self.corp.clock.now()
        return self.corp.phones.show(Shown(at, person, place, by, msgtype, body, msgid))

    def friends(self, customer: str) -> list[Contact]:
        """The members whom the customer has not deleted, who talked last first."""
        stewards = sorted(self._stewards_of.get(customer, ()))
        found = [self.contacts[steward, customer] for steward in stewards]
        friends = [contact for contact in found if not contact.is_dropped_by_customer]
        return sorted(friends, key=lambda contact: -contact.talked_at)

    def _tell(self, kind: str, contact: Contact, **fields: object) -> None:
        ids = {"UserID": contact.userid, "ExternalUserID": contact.customer}
        event = {"Event": "change_external_contact", "ChangeType": kind, **ids, **fields}
        self.corp.event(self.app, event, sender="sys")

    def _tell_tag(self, tag: str, kind: str) -> None:
        fields = {"Event": "change_external_tag", "Id": tag, "TagType": "tag", "ChangeType": kind}
        self.corp.event(self.app, fields, sender="sys")

    def _tell_group(self, chat_id: str, kind: str, **fields: object) -> None:
        ids = {"Event": "change_external_chat", "ChatId": chat_id, "ChangeType": kind}
        self.corp.event(self.app, {**ids, **fields}, sender="sys")

    def _tell_members(self, group: Group, detail: str, person: str, **fields: object) -> None:
        group.version += 1
        changes = {
            "UpdateDetail": detail,
            "MemChangeCnt": 1,
            "MemChangeList": {"Item": [person]},
            "LastMemVer": str(group.version - 1),
            "CurMemVer": str(group.version),
        }
        self._tell_group(group.chat_id, "update", **changes, **fields)
