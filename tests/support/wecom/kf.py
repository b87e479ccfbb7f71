"""微信客服 from the outside: what customers and servicers do with their hands."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from tests.support.wecom.kf_session import Occasion, Session, State
from tests.support.wecom.kf_world import KfWorld
from tests.support.wecom.phones import By, Shown
from tests.support.wecom.wire import Body


class Kf(KfWorld):
    """The customers and servicers. Every account named "" is the first one."""

    def says(self, customer: str, text: str, account: str = "", *, menu_id: str = "") -> str:
        """The customer writes; the msgid under which we can pull it."""
        content = {"content": text, **({"menu_id": menu_id} if menu_id else {})}
        return self.sends(customer, "text", content, account)

    def sends(self, customer: str, msgtype: str, content: Body, account: str = "") -> str:
        """The customer sends something of any type; it re-opens the budget."""
        session = self.session(customer, account)
        session.said(self.corp.clock.now())
        msgid = self.log(session, {"msgtype": msgtype, msgtype: content}, origin=3)
        self.show(session, By.PERSON, msgtype, content, msgid=msgid)
        return msgid

    def sends_file(
        self, customer: str, kind: str, content: bytes, account: str = "", *, name: str = ""
    ) -> str:
        """The customer sends an image, voice (AMR), video or file."""
        media_id = self.corp.media.add(kind, name or kind, content)
        return self.sends(customer, kind, {"media_id": media_id}, account)

    def taps(self, customer: str, label: str, account: str = "") -> str:
        """The customer taps the menu item of these words, in the newest menu that has it."""
        place = self.session(customer, account).account
        for shown in reversed(self.corp.phones.of(customer, place)):
            for item in (shown.body.get("list") or []) if shown.msgtype == "msgmenu" else []:
                inner = item[item["type"]]
                if item["type"] == "click" and inner["content"] == label:
                    return self.says(customer, label, account, menu_id=inner.get("id", ""))
        raise LookupError(f"no menu item {label!r} on the phone")

    def enters(
        self, customer: str, account: str = "", *, scene: str = "", scene_param: str = ""
    ) -> str:
        """The customer opens the talk; the welcome_code that we are told, if there is one."""
        session = self.session(customer, account)
        if scene or scene_param:
            known = self.customers[customer]
            known.scene, known.scene_param = scene, scene_param
        is_native = self.accounts[session.account].has_native_welcome
        is_due = not is_native and session.may_be_welcomed(self.corp.clock.now())
        code = self.code(Occasion.WELCOME, session) if is_due else ""
        fields = {"scene": scene, "scene_param": scene_param}
        self.log_event(
            session, "enter_session", **fields, **({"welcome_code": code} if code else {})
        )
        return code

    def scans(self, customer: str, url: str) -> bool:
        """The customer scans a code with this address; an altered one brings no event."""
        address, _, added = url.partition("&scene_param=")
        if address not in self.ways:
            return False
        account, scene = self.ways[address]
        param = parse_qs(f"scene_param={added}").get("scene_param", [""])[0]
        if urlsplit(url).fragment or len(param.encode()) > 128 or (param and not scene):
            return False
        self.enters(customer, account, scene=scene, scene_param=param)
        return True

    def recalls(self, customer: str, msgid: str, account: str = "") -> None:
        """The customer takes a message back."""
        session = self.session(customer, account)
        self._mark_recalled(customer, msgid)
        self.log_event(session, "user_recall_msg", recall_msgid=msgid)

    def blocks(self, customer: str, is_blocked: bool = True) -> None:
        """The customer refuses our messages: they fail after an errcode 0."""
        self.customers[customer].has_blocked = is_blocked

    def fails_next(self, customer: str, fail_type: int) -> None:
        """The next message to the customer is accepted, and then fails."""
        self.failing[customer].append(fail_type)

    def servicer(self, userid: str, account: str = "", *, receives: bool = True) -> str:
        """A member of staff who receives at the account."""
        self.corp.member(userid)
        place = account or next(iter(self.accounts))
        self.accounts[place].servicers[userid] = receives
        return userid

    def stops(self, userid: str, account: str = "", *, receives: bool = False) -> None:
        """A servicer stops receiving, or starts again."""
        place = account or next(iter(self.accounts))
        self.accounts[place].servicers[userid] = receives
        event = {
            "event_type": "servicer_status_change",
            "servicer_userid": userid,
            "open_kfid": place,
            "status": 1 if receives else 2,
            **({} if receives else {"stop_type": 0}),
        }
        self.log(Session("", place), {"msgtype": "event", "event": event}, origin=4)

    def takes(self, userid: str, customer: str, account: str = "") -> str:
        """A servicer takes the talk out of the queue; the event's msg_code."""
        session = self.session(customer, account)
        if session.state is not State.QUEUED:
            raise LookupError("nobody waits there")
        session.state, session.servicer = State.SERVICER, userid
        code = self.code(Occasion.TAKEN, session)
        self._changed(session, 1, new=userid, code=code)
        return code

    def hands_on(self, customer: str, userid: str, account: str = "") -> None:
        """The servicer gives the talk to another."""
        session = self.session(customer, account)
        old, session.servicer = session.servicer, userid
        self._changed(session, 2, old=old, new=userid)

    def ends(self, customer: str, account: str = "") -> str:
        """The servicer ends the talk; the event's msg_code."""
        session = self.session(customer, account)
        old, session.servicer, session.state = session.servicer, "", State.OVER
        code = self.code(Occasion.ENDED, session)
        self._changed(session, 3, old=old, code=code)
        return code

    def servicer_says(self, userid: str, customer: str, text: str, account: str = "") -> str:
        """The servicer of the talk writes by hand, which re-opens one that was over."""
        session = self.session(customer, account)
        if session.state not in {State.OVER, State.SERVICER}:
            raise LookupError("the talk is not with a servicer")
        if session.state is State.OVER:
            session.state, session.servicer = State.SERVICER, userid
            self._changed(session, 4, new=userid)
        item = {"msgtype": "text", "text": {"content": text}, "servicer_userid": userid}
        msgid = self.log(session, item, origin=5)
        self.show(session, By.STAFF, "text", {"content": text}, msgid=msgid)
        return msgid

    def servicer_recalls(self, userid: str, customer: str, msgid: str, account: str = "") -> None:
        """A servicer takes a message back."""
        session = self.session(customer, account)
        self._mark_recalled(customer, msgid)
        fields = {"recall_msgid": msgid, "servicer_userid": userid}
        self.log_event(session, "servicer_recall_msg", **fields)

    def left(self, customer: str, account: str = "") -> int:
        """How many messages we may still send them now."""
        session = self.session(customer, account)
        return session.left if session.state in {State.NEW, State.ASSISTANT} else 0

    def shown(self, customer: str, account: str = "") -> list[Shown]:
        """What the customer sees of the talk."""
        return self.corp.phones.of(customer, self.session(customer, account).account)

    def _mark_recalled(self, customer: str, msgid: str) -> None:
        for shown in self.corp.phones.of(customer):
            shown.recalled = shown.recalled or shown.msgid == msgid

    def _changed(
        self, session: Session, kind: int, *, old: str = "", new: str = "", code: str = ""
    ) -> None:
        fields = {
            "change_type": kind,
            "old_servicer_userid": old,
            "new_servicer_userid": new,
            "msg_code": code,
        }
        kept = {name: value for name, value in fields.items() if value}
        self.log_event(session, "session_status_change", **kept)
