"""What the worlds of the four modes share: clock, dice, tokens, callbacks, phones, media."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.support.wecom.callbacks import Callbacks
from tests.support.wecom.clock import Clock
from tests.support.wecom.ids import Ids
from tests.support.wecom.media import Media
from tests.support.wecom.phones import Phones
from tests.support.wecom.tokens import App, Tokens
from tests.support.wecom.wire import Body


@dataclass(frozen=True, slots=True)
class Call:
    """One API: what it does, and the right that the app must have."""

    do: Callable[[App, Body], Body]
    right: str


@dataclass(slots=True)
class Member:
    """One of the corp's own people."""

    userid: str
    name: str = ""
    is_visible: bool = True  # in the app's visible range


@dataclass(slots=True)
class Corp:
    """The corp and everything around it that is not of one mode only."""

    corp_id: str
    clock: Clock
    rng: Random
    ids: Ids
    tokens: Tokens
    callbacks: Callbacks
    phones: Phones
    media: Media
    members: dict[str, Member] = field(default_factory=dict)  # by lower-cased userid

    def member(self, userid: str, name: str = "") -> str:
        """Someone of the staff, added if there was none of that userid."""
        self.members.setdefault(userid.lower(), Member(userid, name or userid))
        return userid

    def known(self, userid: str) -> Member | None:
        """The member, whose userid is the same in capitals."""
        return self.members.get(userid.lower())

    def event(self, app: App, fields: Body, *, sender: str = "", agent_id: str = "") -> None:
        """Send an event to the address of an app."""
        who = {"FromUserName": sender} if sender else {}
        at = int(self.clock.now())
        base = {**who, "CreateTime": at, "MsgType": "event"}
        self.callbacks.post(app, {**base, **fields}, agent_id=agent_id)
