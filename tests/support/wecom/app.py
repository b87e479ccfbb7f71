"""The self-built app: messages to members, cards, and what members do with their hands."""

from __future__ import annotations

import hashlib

import orjson

from tests.support.wecom.app_messages import checked
from tests.support.wecom.app_state import AppRules, Card, Office, Sent, lists, update
from tests.support.wecom.callbacks import Delivery
from tests.support.wecom.cards import button, calls_back, check_card
from tests.support.wecom.clock import DAY, HOUR, MINUTE
from tests.support.wecom.limits import Window, take_all
from tests.support.wecom.menu import MenuCalls, key_of
from tests.support.wecom.phones import By, Shown
from tests.support.wecom.tokens import App
from tests.support.wecom.wire import Body, Refused, number_of, object_of, text_of
from tests.support.wecom.world import Call, Corp

_CODE_LIFE = 72 * HOUR
_RECALL_LIFE = DAY
_REPEAT_MOST = 4 * HOUR
_SPELLINGS = ("OpitonId", "OptionId")  # the official sample's, and everybody else's


class SelfBuiltApp:
    """One app and the phones of its members."""

    def __init__(self, corp: Corp, app: App) -> None:
        self._corp = corp
        self._app = app
        self.rules = AppRules()
        self.office = Office()
        self.menu = MenuCalls()
        self.dropped: list[str] = []  # whose messages were dropped in silence
        self._sent: dict[str, Sent] = {}
        self._codes: dict[str, Card] = {}
        self._tasks: set[str] = set()
        self._bodies: dict[bytes, float] = {}
        self._windows: dict[str, list[Window]] = {}
        self._taps = 0

    def calls(self) -> dict[str, Call]:
        found = {
            "message/send": self.send,
            "message/recall": self.recall,
            "message/update_template_card": self.update_card,
            "menu/create": self.menu.create,
            "menu/get": self.menu.get,
            "menu/delete": self.menu.delete,
            "agent/get": self.describe,
        }
        return {path: Call(do, "app") for path, do in found.items()}

    # What members do.

    def says(self, member: str, text: str) -> int:
        """A member writes; the MsgId."""
        return self.sends(member, "text", {"Content": text})

    def sends(self, member: str, msgtype: str, fields: Body) -> int:
        """A member sends something of any type."""
        number = self._corp.callbacks.number()
        at = int(self._corp.clock.now())
        head = {"FromUserName": member, "CreateTime": at, "MsgType": msgtype}
        agent = str(self._app.agent_id)
        whole = {**head, **fields, "MsgId": number, "AgentID": self._app.agent_id}
        self._corp.callbacks.post(self._app, whole, agent_id=agent)
        body = {"content": fields.get("Content", "")}
        self._show(member, By.PERSON, msgtype, body, str(number))
        return number

    def sends_file(self, member: str, kind: str, content: bytes) -> int:
        """A member sends an image, voice (AMR) or video."""
        media_id = self._corp.media.add(kind, kind, content)
        extra = {"voice": {"Format": "amr"}, "image": {"PicUrl": "http://p.qpic.cn/0"}}
        return self.sends(member, kind, {"MediaId": media_id, **extra.get(kind, {})})

    def enters(self, member: str) -> None:
        """A member opens the app."""
        self._event(member, {"Event": "enter_agent", "EventKey": ""})

    def subscribes(self, member: str, *, leaves: bool = False) -> None:
        """A member gains the app, or loses it."""
        self._corp.member(member)
        self._event(member, {"Event": "unsubscribe" if leaves else "subscribe"})

    def clicks(self, member: str, label: str) -> None:
        """A member taps the item of these words in the app's menu."""
        self._event(member, {"Event": "click", "EventKey": key_of(self.menu.buttons, label)})

    def taps(self, member: str, label: str, *, chosen: dict[str, list[str]] | None = None) -> str:
        """A member taps a button of the newest card that has it; the ResponseCode of the tap.

        `chosen` are the ids that were ticked, by question_key.
        """
        shown, found = self._find_button(member, label)
        code = self._new_code([shown])
        card = shown.body
        is_menu = found in ((card.get("action_menu") or {}).get("action_list") or [])
        fields = {
            "Event": "template_card_menu_event" if is_menu else "template_card_event",
            "EventKey": found["key"],
            "TaskId": card["task_id"],
            "CardType": card["card_type"],
            "ResponseCode": code,
            **({"SelectedItems": self._selected(chosen)} if chosen else {}),
        }
        self._event(member, fields)
        return code

    def shown(self, member: str) -> list[Shown]:
        """What the member sees of the app."""
        return self._corp.phones.of(self._userid(member), self._app.name)

    def replied(self, delivery: Delivery) -> None:
        """A passive reply: a message, or the tapped card's update."""
        reply, member = delivery.reply, str(delivery.fields["FromUserName"])
        if reply.get("MsgType") == "text":
            self._show(member, By.US, "text", {"content": reply["Content"]}, "")
        if reply.get("MsgType") == "update_button" and "ResponseCode" in delivery.fields:
            for shown in self._codes[str(delivery.fields["ResponseCode"])].shown:
                shown.replaced = reply["Button"]["ReplaceName"]

    # The API.

    def send(self, app: App, body: Body) -> Body:
        self._check_agent(app, body)
        invalid, members = self._receivers(body)
        msgtype, content = checked(body, self._corp.media)
        answer: Body = {"invaliduser": invalid, "msgid": self._corp.ids.word(64)}
        if self._is_repeat(body):
            return answer
        if msgtype == "template_card" and calls_back(content):
            self._check_callback(content)
        msgid = answer["msgid"]
        shown = [self._deliver(m, msgtype, content, msgid) for m in members]
        kept = [one for one in shown if one]
        self._sent[msgid] = Sent(self._corp.clock.now(), kept)
        if msgtype == "template_card" and calls_back(content):
            answer["response_code"] = self._new_code(kept)
        return answer

    def recall(self, app: App, body: Body) -> Body:
        found = self._sent.get(text_of(body, "msgid"))
        if found is None or self._corp.clock.now() >= found.at + _RECALL_LIFE:
            raise Refused(40058, "invalid msgid")
        for shown in found.shown:
            shown.recalled = True
        return {}

    def update_card(self, app: App, body: Body) -> Body:
        self._check_agent(app, body)
        replaces = object_of(body, "button") if body.get("button") else None
        card = None if replaces else object_of(body, "template_card")
        if card is not None:
            check_card(card)
        users = [str(one).lower() for one in body.get("userids") or []]
        everyone = body.get("atall") == 1
        if not users and not everyone:
            raise Refused(82001, "userids, partyids, tagids are all empty")
        known = [user for user in users if self._corp.known(user)]
        spent = self._spend(text_of(body, "response_code"))
        for shown in spent.shown:
            if everyone or shown.person.lower() in known:
                update(shown, replaces, card)
        return {"invaliduser": [user for user in users if user not in known]}

    def describe(self, app: App, body: Body) -> Body:
        if str(body.get("agentid")) != str(app.agent_id):
            raise Refused(301002, "not allow operate another agent with this accesstoken")
        visible = [{"userid": m.userid} for m in self._corp.members.values() if m.is_visible]
        return {
            "agentid": app.agent_id,
            "name": app.name,
            "close": 0,
            "allow_userinfos": {"user": visible},
        }

    # Inside.

    def _deliver(self, member: str, msgtype: str, content: Body, msgid: str) -> Shown | None:
        rules = self.rules
        if member not in self._windows:
            minute, hour = Window(rules.per_minute, MINUTE), Window(rules.per_hour, HOUR)
            self._windows[member] = [minute, hour]
        if not take_all(self._windows[member], self._corp.clock.now()):
            self.dropped.append(member)
            return None
        return self._show(member, By.US, msgtype, dict(content), msgid)

    def _show(self, member: str, by: By, msgtype: str, body: Body, msgid: str) -> Shown:
        at, person = self._corp.clock.now(), self._userid(member)
        return self._corp.phones.show(Shown(at, person, self._app.name, by, msgtype, body, msgid))

    def _receivers(self, body: Body) -> tuple[str, list[str]]:
        """The invalid userids joined in lower case, and who gets it."""
        names = {key: str(body.get(key) or "") for key in ("touser", "toparty", "totag")}
        if not any(names.values()):
            raise Refused(82001, "touser, toparty, totag are all empty")
        visible = {m.userid.lower(): m.userid for m in self._corp.members.values() if m.is_visible}
        if names["touser"] == "@all":
            return "", list(visible.values())
        asked = [one.strip().lower() for one in names["touser"].split("|") if one.strip()]
        if len(asked) > 1000:
            raise Refused(40032, "userid list size out of limit")
        groups = [*lists(names["toparty"], self.office.parties)]
        groups += lists(names["totag"], self.office.tags)
        wanted = dict.fromkeys([*asked, *(one.lower() for group in groups for one in group)])
        invalid = "|".join(one for one in asked if one not in visible)
        members = [visible[one] for one in wanted if one in visible]
        if not members:
            raise Refused(81013, "user & party & tag all invalid", invaliduser=invalid)
        return invalid, members

    def _is_repeat(self, body: Body) -> bool:
        if body.get("enable_duplicate_check") != 1:
            return False
        seconds = number_of(body, "duplicate_check_interval", 1800, most=_REPEAT_MOST)
        digest = hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).digest()
        now = self._corp.clock.now()
        before = self._bodies.get(digest)
        if before is not None and now < before + seconds:
            return True
        self._bodies[digest] = now
        return False

    def _check_agent(self, app: App, body: Body) -> None:
        if body.get("agentid") is None:
            raise Refused(40056, "invalid agentid")
        if str(body["agentid"]) != str(app.agent_id):
            raise Refused(301002, "not allow operate another agent with this accesstoken")

    def _check_callback(self, card: Body) -> None:
        if not self._app.url:
            raise Refused(40058, "callback url is not set for this agent")
        if card["task_id"] in self._tasks:
            raise Refused(40058, "task_id already exists")
        self._tasks.add(card["task_id"])

    def _new_code(self, shown: list[Shown]) -> str:
        code = self._corp.ids.code()
        self._codes[code] = Card(shown, self._corp.clock.now() + _CODE_LIFE)
        return code

    def _spend(self, code: str) -> Card:
        found = self._codes.get(code)
        if found is None or found.is_used or self._corp.clock.now() >= found.expires_at:
            raise Refused(60140, "invalid response_code")
        found.is_used = True
        return found

    def _find_button(self, member: str, label: str) -> tuple[Shown, Body]:
        for shown in reversed(self.shown(member)):
            if shown.msgtype == "template_card" and not shown.replaced:
                try:
                    return shown, button(shown.body, label)
                except LookupError:
                    continue
        raise LookupError(f"no card with a live button {label!r} on the phone")

    def _selected(self, chosen: dict[str, list[str]]) -> Body:
        self._taps += 1
        name = self.rules.spelling or _SPELLINGS[self._taps % 2]
        items = [
            {"QuestionKey": key, f"{name}s": {name: list(ids)}} for key, ids in chosen.items()
        ]
        return {"SelectedItem": items}

    def _event(self, member: str, fields: Body) -> None:
        whole = {**fields, "AgentID": self._app.agent_id}
        self._corp.event(self._app, whole, sender=member, agent_id=str(self._app.agent_id))

    def _userid(self, member: str) -> str:
        found = self._corp.known(member)
        return found.userid if found else member
