"""微信客服 as it is: accounts, customers, talks, and what their phones and the log are given."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from tests.support.wecom.clock import MINUTE
from tests.support.wecom.kf_log import Log, Paging
from tests.support.wecom.kf_session import Code, Occasion, Session
from tests.support.wecom.limits import Window
from tests.support.wecom.phones import By, Shown
from tests.support.wecom.tokens import App
from tests.support.wecom.wire import Body, Refused
from tests.support.wecom.world import Corp

_TOKEN_LIFE = 10 * MINUTE


@dataclass(slots=True)
class Rules:
    """What the platform leaves open or may change; may be changed at any time."""

    # Over the budget: refused, or taken with errcode 0 and failed by an event (6, 4).
    refuses_by_event: bool = False
    late_code: int = 95002  # 48 h after their message: this, or 95018
    twice_code: int = 40058  # a msgid used before; no public text gives the number
    queue_may_end: bool = False  # out of the queue by API to 4; the official text names 3 only
    tokenless: tuple[int, float] = (20, MINUTE)  # pulls without a token, an account


@dataclass(slots=True)
class Account:
    """One 客服账号."""

    open_kfid: str
    name: str
    log: Log
    pulls: Window
    is_managed: bool = True  # put under 通过API管理, else 48007
    has_native_welcome: bool = False
    servicers: dict[str, bool] = field(default_factory=dict)  # userid → receives
    sent: set[str] = field(default_factory=set)  # msgids


@dataclass(slots=True)
class Customer:
    """One person with WeChat."""

    external_userid: str
    nickname: str
    has_blocked: bool = False
    scene: str = ""
    scene_param: str = ""


class KfWorld:
    """Everything that is true of it, and the few ways to change it."""

    def __init__(self, corp: Corp, app: App) -> None:
        self.corp = corp
        self.app = app
        self.rules = Rules()
        self.paging = Paging()
        self.accounts: dict[str, Account] = {}
        self.customers: dict[str, Customer] = {}
        self.ways: dict[str, tuple[str, str]] = {}  # address → account, scene
        self.failing: dict[str, list[int]] = defaultdict(list)  # customer → fail types to come
        self.overdrawn = 0  # sends that the budget or the session's state did not allow
        self._sessions: dict[tuple[str, str], Session] = {}
        self._codes: dict[str, Code] = {}
        self._event_tokens: dict[str, tuple[str, float]] = {}

    def account(self, name: str = "返乡创业") -> str:
        """A new account."""
        number = self.corp.ids.account()
        log = Log(number, self.corp.rng, self.paging)
        self.accounts[number] = Account(number, name, log, Window(*self.rules.tokenless))
        return number

    def customer(self, nickname: str = "") -> str:
        """A new person with WeChat."""
        number = self.corp.ids.external()
        self.customers[number] = Customer(number, nickname or f"客户{len(self.customers) + 1}")
        return number

    def session(self, customer: str, account: str = "") -> Session:
        """Their talk with the account, the first one if none is named."""
        account = account or next(iter(self.accounts))
        key = (customer, account)
        if key not in self._sessions:
            self._sessions[key] = Session(customer, account)
        session = self._sessions[key]
        session.lapse(self.corp.clock.now())
        return session

    def code(self, occasion: Occasion, session: Session) -> str:
        """A one-shot code that begins to run out now."""
        word = self.corp.ids.code()
        expires = self.corp.clock.now() + occasion.seconds
        self._codes[word] = Code(occasion, session, expires)
        return word

    def spend(self, word: str, msgtype: str) -> Session:
        """Whose talk the code is of; it is used up now."""
        if word not in self._codes:
            raise Refused(41050, "invalid code")
        found = self._codes[word]
        found.session.lapse(self.corp.clock.now())
        found.use(msgtype, self.corp.clock.now())
        return found.session

    def log(self, session: Session, item: Body, *, origin: int, msgid: str = "") -> str:
        """Put a message into the log and tell us that there is something to pull."""
        msgid = msgid or self.corp.ids.word(32)
        head = {"msgid": msgid, "send_time": int(self.corp.clock.now()), "origin": origin}
        ids = {"open_kfid": session.account, "external_userid": session.customer}
        full = {**head, **item} if item["msgtype"] == "event" else {**head, **ids, **item}
        account = self.accounts[session.account]
        account.log.add(full, self.corp.clock.now())
        self.notify(account)
        return msgid

    def log_event(self, session: Session, event_type: str, **fields: object) -> str:
        """The same for an event about this talk."""
        ids = {"open_kfid": session.account, "external_userid": session.customer}
        event = {"event_type": event_type, **ids, **fields}
        return self.log(session, {"msgtype": "event", "event": event}, origin=4)

    def notify(self, account: Account) -> None:
        """The callback: a fresh token and nothing else."""
        token = "ENC" + self.corp.ids.word(60)
        self._event_tokens[token] = (account.open_kfid, self.corp.clock.now() + _TOKEN_LIFE)
        fields = {"Event": "kf_msg_or_event", "Token": token, "OpenKfId": account.open_kfid}
        self.corp.event(self.app, fields)

    def is_fresh(self, token: str, account: Account) -> bool:
        """Whether the token of a callback still opens the log."""
        open_kfid, until = self._event_tokens.get(token, ("", 0.0))
        return open_kfid == account.open_kfid and self.corp.clock.now() < until

    def show(self, session: Session, by: By, msgtype: str, body: Body, *, msgid: str) -> Shown:
        """Put a message onto the customer's phone."""
        at = self.corp.clock.now()
        shown = Shown(at, session.customer, session.account, by, msgtype, body, msgid)
        return self.corp.phones.show(shown)

    def find_account(self, body: Body) -> Account:
        """The account that a call names."""
        number = body.get("open_kfid")
        if not number:
            raise Refused(60251, "open_kfid missing")
        if number not in self.accounts:
            raise Refused(95004, "open_kfid not exist")
        if not self.accounts[number].is_managed:
            raise Refused(48007, "no permission for this open_kfid")
        return self.accounts[number]

    def find_customer(self, number: object) -> Customer:
        """The customer that a call names."""
        if not isinstance(number, str) or number not in self.customers:
            raise Refused(40096, "invalid external userid")
        return self.customers[number]
