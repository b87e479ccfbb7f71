"""The API of 微信客服."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from tests.support.wecom.kf_messages import checked
from tests.support.wecom.kf_session import BY_STATE, Session, State
from tests.support.wecom.kf_world import Account, Customer, KfWorld
from tests.support.wecom.phones import By
from tests.support.wecom.tokens import App
from tests.support.wecom.wire import Body, Refused, list_of, matched, number_of
from tests.support.wecom.world import Call

_ID = r"[0-9a-zA-Z_-]{0,32}"


class KfCalls:
    """What our side may call."""

    def __init__(self, world: KfWorld) -> None:
        self._world = world
        self._corp = world.corp

    def calls(self) -> dict[str, Call]:
        found = {
            "sync_msg": self.sync_msg,
            "send_msg": self.send_msg,
            "send_msg_on_event": self.send_msg_on_event,
            "service_state/get": self.get_state,
            "service_state/trans": self.change_state,
            "customer/batchget": self.customers,
            "customer/get_upgrade_service_config": self.no_upgrade,
            "customer/upgrade_service": self.no_upgrade,
            "customer/cancel_upgrade_service": self.no_upgrade,
            "add_contact_way": self.add_way,
            "account/list": self.accounts,
            "account/add": self.add_account,
            "account/update": self.update_account,
            "account/del": self.delete_account,
            "servicer/list": self.servicers,
            "servicer/add": self.add_servicers,
            "servicer/del": self.delete_servicers,
            "get_corp_qualification": lambda app, body: {"wechat_channels_binding": False},
        }
        return {f"kf/{name}": Call(do, "kf") for name, do in found.items()}

    def sync_msg(self, app: App, body: Body) -> Body:
        account = self._world.find_account(body)
        limit = number_of(body, "limit", 1000, most=1000) or 1000
        number_of(body, "voice_format", 0, most=1)
        now = self._corp.clock.now()
        if not body.get("token"):
            if not account.pulls.take(now):
                raise Refused(45009, "api freq out of limit")
        elif not self._world.is_fresh(body["token"], account):
            raise Refused(95007, "invalid msg token")
        page = account.log.page(body.get("cursor") or "", limit, now)
        return {
            "next_cursor": page.cursor,
            "has_more": int(page.has_more),
            "msg_list": page.items,
        }

    def send_msg(self, app: App, body: Body) -> Body:
        account = self._world.find_account(body)
        customer = self._world.find_customer(body.get("touser"))
        session = self._world.session(customer.external_userid, account.open_kfid)
        msgid = self._new_id(account, body)
        msgtype, content = checked(body, self._corp.media)
        late = self._check_budget(session)
        account.sent.add(msgid)
        fail_type = late or self._fail_type(customer)
        if not late:
            session.left -= 1
            session.state = State.ASSISTANT
        if fail_type is not None:
            fields = {"fail_msgid": msgid, "fail_type": fail_type}
            self._world.log_event(session, "msg_send_fail", **fields)
        else:
            self._world.show(session, By.US, msgtype, content, msgid=msgid)
        return {"msgid": msgid}

    def send_msg_on_event(self, app: App, body: Body) -> Body:
        msgtype, content = checked(body, self._corp.media, items=10)
        session = self._world.spend(str(body.get("code") or ""), msgtype)
        account = self._world.accounts[session.account]
        msgid = self._new_id(account, body)
        account.sent.add(msgid)
        shown = self._world.show(session, By.US, msgtype, content, msgid=msgid)
        shown.is_greeting = True
        return {"msgid": msgid}

    def get_state(self, app: App, body: Body) -> Body:
        session = self._session(body)
        servicer = {"servicer_userid": session.servicer} if session.servicer else {}
        return {"service_state": int(session.state), **servicer}

    def change_state(self, app: App, body: Body) -> Body:
        session = self._session(body)
        number = body.get("service_state")
        if number not in set(State):
            raise Refused(40058, "invalid service_state")
        to = State(number)
        servicer = self._servicer(body) if to is State.SERVICER else ""
        session.move(to, servicer, queue_may_end=self._world.rules.queue_may_end)
        if to not in BY_STATE:
            return {}
        return {"msg_code": self._world.code(BY_STATE[to], session)}

    def customers(self, app: App, body: Body) -> Body:
        asked = list_of(body, "external_userid_list", least=1, most=100)
        known = [self._world.customers[one] for one in asked if one in self._world.customers]
        wants_scene = body.get("need_enter_session_context") == 1
        return {
            "customer_list": [_told(customer, wants_scene) for customer in known],
            "invalid_external_userid": [o for o in asked if o not in self._world.customers],
        }

    def no_upgrade(self, app: App, body: Body) -> Body:
        raise Refused(95021, "upgrade service not configured")

    def add_way(self, app: App, body: Body) -> Body:
        account = self._world.find_account(body)
        scene = matched(_ID, str(body.get("scene") or ""), "scene")
        word = self._corp.ids.word(20)
        url = f"https://work.weixin.qq.com/kfid/kfc{word}"
        if scene:
            url += f"?enc_scene=ENC{self._corp.ids.word(24)}"
        self._world.ways[url] = (account.open_kfid, scene)
        return {"url": url}

    def accounts(self, app: App, body: Body) -> Body:
        offset = number_of(body, "offset", 0, most=5000)
        limit = number_of(body, "limit", 100, most=100) or 100
        page = list(self._world.accounts.values())[offset : offset + limit]
        return {
            "account_list": [
                {
                    "open_kfid": account.open_kfid,
                    "name": account.name,
                    "avatar": "https://wx.qlogo.cn/mmhead/0",
                    "manage_privilege": account.is_managed,
                }
                for account in page
            ]
        }

    def add_account(self, app: App, body: Body) -> Body:
        return {"open_kfid": self._world.account(_name(body))}

    def update_account(self, app: App, body: Body) -> Body:
        account = self._world.find_account(body)
        if body.get("name"):
            account.name = _name(body)
        return {}

    def delete_account(self, app: App, body: Body) -> Body:
        del self._world.accounts[self._world.find_account(body).open_kfid]
        return {}

    def servicers(self, app: App, body: Body) -> Body:
        account = self._world.find_account(body)
        return {
            "servicer_list": [
                {"userid": userid, "status": 0}
                if receives
                else {"userid": userid, "status": 1, "stop_type": 0}
                for userid, receives in account.servicers.items()
            ]
        }

    def add_servicers(self, app: App, body: Body) -> Body:
        account = self._world.find_account(body)
        return {"result_list": [self._add(account, u) for u in _users(body)]}

    def delete_servicers(self, app: App, body: Body) -> Body:
        account = self._world.find_account(body)
        for userid in _users(body):
            account.servicers.pop(userid, None)
        return {"result_list": [_result(userid, 0, "success") for userid in _users(body)]}

    def _add(self, account: Account, userid: str) -> Body:
        if not self._corp.known(userid):
            return _result(userid, 40003, "invalid userid")
        if userid in account.servicers:
            return _result(userid, 0, "ignored")
        account.servicers[userid] = True
        return _result(userid, 0, "success")

    def _session(self, body: Body) -> Session:
        account = self._world.find_account(body)
        customer = self._world.find_customer(body.get("external_userid"))
        return self._world.session(customer.external_userid, account.open_kfid)

    def _servicer(self, body: Body) -> str:
        receives = self._world.find_account(body).servicers
        userid = str(body.get("servicer_userid") or "")
        if not userid:
            raise Refused(40058, "servicer_userid missing")
        if userid not in receives:
            raise Refused(60253, "servicer_userid not in the list of the open_kfid")
        if not receives[userid]:
            raise Refused(95019, "servicer not receiving")
        return userid

    def _new_id(self, account: Account, body: Body) -> str:
        msgid = str(body.get("msgid") or "")
        matched(_ID, msgid, "msgid")
        if msgid in account.sent:
            raise Refused(self._world.rules.twice_code, "msgid already exists")
        return msgid or self._corp.ids.word(32)

    def _check_budget(self, session: Session) -> int | None:
        """The fail type of an event, if that is how it is refused."""
        try:
            session.check_sending(self._corp.clock.now())
        except Refused as refused:
            self._world.overdrawn += 1
            rules = self._world.rules
            with_event = {95001: 6, 95002: 4} if rules.refuses_by_event else {}
            if refused.code in with_event:
                return with_event[refused.code]
            if refused.code == 95002:
                raise Refused(rules.late_code, refused.text) from None
            raise
        return None

    def _fail_type(self, customer: Customer) -> int | None:
        with suppress(IndexError):
            return self._world.failing[customer.external_userid].pop(0)
        return 10 if customer.has_blocked else None


def _told(customer: Customer, wants_scene: bool) -> Body:
    told: dict[str, Any] = {
        "external_userid": customer.external_userid,
        "nickname": customer.nickname,
        "avatar": "http://wx.qlogo.cn/mmopen/0",
        "gender": 0,
    }
    if wants_scene:
        told["enter_session_context"] = {
            "scene": customer.scene,
            "scene_param": customer.scene_param,
        }
    return told


def _name(body: Body) -> str:
    name = body.get("name")
    if not isinstance(name, str) or not 0 < len(name) <= 16:
        raise Refused(95006, "invalid kf name")
    return name


def _users(body: Body) -> list[str]:
    return list_of(body, "userid_list", least=1, most=100)


def _result(userid: str, code: int, text: str) -> Body:
    return {"userid": userid, "errcode": code, "errmsg": text}
