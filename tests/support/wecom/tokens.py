"""Apps and their secrets; access tokens that expire, are revoked, and belong to one app."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.wecom.clock import HOUR, Clock
from tests.support.wecom.ids import Ids
from tests.support.wecom.limits import Window
from tests.support.wecom.wire import Body, Refused


@dataclass(slots=True)
class App:
    """A self-built app: whose callbacks go to `url` once one is set."""

    name: str
    agent_id: int
    secret: str
    token: str  # of its callbacks
    aes_key: str
    rights: frozenset[str]  # app, kf, contact
    url: str = ""
    is_trusted: bool = True  # else our IP is not on its list: 60020


@dataclass(slots=True)
class Issued:
    """One access token."""

    value: str
    app: App
    expires_at: float
    is_revoked: bool = False


@dataclass(slots=True)
class Tokens:
    """Gives tokens for secrets and says whose a token is."""

    corp_id: str
    clock: Clock
    ids: Ids
    lifetime: int = 7200
    repeats: bool = True  # the same token as long as it lives
    wrong_most: int = 2000  # wrong secrets in an hour, then this address is shut out for one
    apps: dict[str, App] = field(default_factory=dict)
    asked: int = 0
    _issued: dict[str, Issued] = field(default_factory=dict)
    _wrong: Window | None = None
    _shut_until: float = 0.0

    def add(self, name: str, agent_id: int, *rights: str) -> App:
        """A new app, with everything secret made up."""
        word = self.ids.word
        app = App(
            name, agent_id, word(43), word(20), self.ids.aes_key(), frozenset(rights or {name})
        )
        self.apps[name] = app
        return app

    def issue(self, query: Mapping[str, str]) -> Body:
        """`gettoken`."""
        self.asked += 1
        now = self.clock.now()
        if now < self._shut_until:
            raise Refused(45009, "api freq out of limit")
        app = self._app(query, now)
        found = self._living(app, now) if self.repeats else None
        if found is None:
            if not self.repeats:
                self.invalidate(app.name)
            found = Issued(self.ids.word(214), app, now + self.lifetime)
            self._issued[found.value] = found
        return {"access_token": found.value, "expires_in": int(found.expires_at - now)}

    def owner(self, query: Mapping[str, str]) -> App:
        """Whose token the query has; refuses as the platform does."""
        value = query.get("access_token", "")
        if not value:
            raise Refused(41001, "access_token missing")
        found = self._issued.get(value)
        if found is None or found.is_revoked:
            raise Refused(40014, "invalid access_token")
        if self.clock.now() >= found.expires_at:
            raise Refused(42001, "access_token expired")
        if not found.app.is_trusted:
            raise Refused(60020, "not allow to access from your ip")
        return found.app

    def invalidate(self, name: str = "") -> None:
        """Revoke the tokens of one app, or of all, before their time."""
        for issued in self._issued.values():
            if not name or issued.app.name == name:
                issued.is_revoked = True

    def _living(self, app: App, now: float) -> Issued | None:
        for issued in self._issued.values():
            if issued.app is app and not issued.is_revoked and now < issued.expires_at:
                return issued
        return None

    def _app(self, query: Mapping[str, str], now: float) -> App:
        if not query.get("corpid"):
            raise Refused(41002, "corpid missing")
        if not query.get("corpsecret"):
            raise Refused(41004, "corpsecret missing")
        if query["corpid"] != self.corp_id:
            raise Refused(40013, "invalid corpid")
        for app in self.apps.values():
            if app.secret == query["corpsecret"]:
                return app
        self._count_wrong(now)
        raise Refused(40001, "invalid credential")

    def _count_wrong(self, now: float) -> None:
        if self._wrong is None:
            self._wrong = Window(self.wrong_most, HOUR)
        self._wrong.take(now)
        if self._wrong.is_full(now):
            self._shut_until = now + HOUR
