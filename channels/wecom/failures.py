"""WeCom's error codes in a closed list of troubles, and what each means for a message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from enum import Enum

from channels.base import FailureKind, SendFailure

OK = 0
SYSTEM_BUSY = -1
TOO_OFTEN = 45009
TOKEN_PATH = "gettoken"

_BUSY_REST = timedelta(seconds=10)
_TOO_FAST_REST = timedelta(minutes=1)


class Trouble(Enum):
    """What is wrong with a call: word, what it means for a message, may pass by itself soon."""

    BUSY = ("busy", FailureKind.THROTTLED, True)
    TOKEN = ("token", FailureKind.MISCONFIGURED, False)  # refused again after it was renewed
    CREDENTIALS = ("credentials", FailureKind.MISCONFIGURED, False)
    TOO_FAST = ("too_fast", FailureKind.THROTTLED, False)
    CONFIGURATION = ("configuration", FailureKind.MISCONFIGURED, False)
    RECIPIENT = ("recipient", FailureKind.BAD_ADDRESS, False)
    CUSTOMER = ("customer", FailureKind.NOT_NOW, False)  # until this customer writes again
    CONTENT = ("content", FailureKind.REJECTED, False)
    MEDIA = ("media", FailureKind.REJECTED, False)
    SPENT = ("spent", FailureKind.REJECTED, False)  # a code that works once, a task that is over
    UNKNOWN = ("unknown", FailureKind.REJECTED, False)  # a refusal that we have no word for
    NOT_SENT = ("not_sent", FailureKind.UNREACHABLE, True)  # it certainly never left
    NO_ANSWER = ("no_answer", FailureKind.UNCERTAIN, True)
    UNREADABLE = ("unreadable", FailureKind.UNREADABLE_ANSWER, True)  # a proxy's page, a 5xx

    def __init__(self, word: str, kind: FailureKind, is_passing: bool) -> None:
        self.word = word
        self.kind = kind
        self.is_passing = is_passing


class WecomError(Exception):
    """A call that did not succeed: code, path and trouble; never a URL, a token or a text.

    `may_repeat` tells that the platform would recognise a repetition of this very call;
    `after_doubt`, that this was one, and what it repeats may have been carried out. (A refusal of
    a `msgid` used before then means: done. No public text gives its code.)
    """

    def __init__(
        self,
        code: int,
        path: str,
        *,
        trouble: Trouble | None = None,
        retry_after: timedelta | None = None,
        said: str = "",
    ) -> None:
        self.code = code
        self.path = path
        self.trouble = trouble or trouble_of(code, path)
        self.retry_after = retry_after
        address = re.search(r"from ip: ([0-9a-fA-F.:]+)", said)
        self.our_address = address[1] if address else ""  # all that is kept of its words
        self.may_repeat = False
        self.after_doubt = False
        super().__init__(f"{self.trouble.word} ({code}) at {path}")

    @property
    def is_doubtful(self) -> bool:
        """Whether the call may have been carried out all the same."""
        unsaid = {Trouble.NO_ANSWER, Trouble.UNREADABLE}
        return self.trouble in unsaid or self.code == SYSTEM_BUSY

    @property
    def stops_all(self) -> bool:
        """Whether nothing of this kind will work until a human mends it."""
        if self.trouble is Trouble.CONFIGURATION:
            return self.code not in _OF_ONE
        return self.trouble in {Trouble.CREDENTIALS, Trouble.TOKEN}

    def as_failure(self) -> SendFailure:
        """The failure that the sender acts on."""
        kind = self._kind()
        rest = self.retry_after
        if kind is FailureKind.THROTTLED and rest is None:
            rest = _TOO_FAST_REST if self.trouble is Trouble.TOO_FAST else _BUSY_REST
        return SendFailure(kind, str(self), retry_after=rest)

    def _kind(self) -> FailureKind:
        # What the last try left undone, an earlier one may have done: it counts as a try.
        is_open = self.after_doubt and self.trouble.kind in _NO_TRIES
        if self.may_repeat and (self.is_doubtful or is_open):
            return FailureKind.REPEATABLE
        if self.code == SYSTEM_BUSY:
            return FailureKind.UNCERTAIN
        return _FINER.get(self.code, self.trouble.kind)


def trouble_of(code: int, path: str) -> Trouble:
    """The trouble that a code tells of; 40001 is a wrong secret only where a token is asked for.

    A code that we do not know was a refusal: nothing was done, and repeating it helps nobody.
    """
    if code == 40001:
        return Trouble.CREDENTIALS if path == TOKEN_PATH else Trouble.TOKEN
    return _TROUBLES.get(code, Trouble.UNKNOWN)


# 40001 stands in `trouble_of`. The words behind a number say what the codes before it are about.
CODES: Mapping[Trouble, tuple[int | range, ...]] = {
    Trouble.BUSY: (SYSTEM_BUSY, 6000, 41063, 41096, 45033),
    Trouble.TOKEN: (40014, 41001, 42001),
    Trouble.CREDENTIALS: (40013, 40091, 41002, 41004, 853000),
    Trouble.TOO_FAST: (TOO_OFTEN,),
    Trouble.CONFIGURATION: (
        *(40056, 40057, 48001, 48002, 48007, 50001, 50003),  # the app and its rights
        *(60011, 60020, 60021, 60030, 60031, 301002, 301007),  # its visible range, our address
        *(60251, 60252, 60253, 95000, 95004, 95005),  # an account of 微信客服
        *(95011, 95012, 95014, 95017, 95019, 95021, 95023, 95026, 95027, 95032),
        *(84074, 84083, 40126),  # 客户联系
        *(85010, 85011),  # callback address
        *(93000, 93004, 93006, 93008, 846609),  # a robot
        range(86002, 87000),  # an app's group chat
    ),
    Trouble.RECIPIENT: (40003, 40096, 41048, 43004, 46004, 60111, 81013, 84061, 84084, 86001),
    Trouble.CUSTOMER: (95001, 95002, 95003, 95013, 95016, 95018, 95031),
    Trouble.CONTENT: (
        *(40008, 40033, 40035, 40058, 40063, 40201, 40204, 40206, 44004),
        *(45002, 45007, 45008, 82004, 95006, 95008, 95009, 95022, 95030),
        range(40016, 40028),  # a menu
        *(40031, 40032, 40054, 40055, 40066, 40068, 60123),  # lists, addresses and ids inside
        *(81012, 81017, 82001),
        range(90500, 90512),  # a customer group
    ),
    Trouble.MEDIA: (range(40004, 40008), 40009, 40011, 40123, 45001, range(830001, 830004)),
    Trouble.SPENT: (41050, 41051, 41093, 41094, 60140, 95007, 846604, 846605, 846608),
}

# Refusals of one member, servicer, account or extra: the rest goes on.
_OF_ONE = frozenset({60011, 60021, 60030, 60251, 60252, 60253, 84083, 40126}) | frozenset(
    {48007, 95000, 95004, 95005, 95014, 95019, 95021, 95026, 95027, *range(86000, 87000)}
)

_NO_TRIES = frozenset({FailureKind.THROTTLED, FailureKind.UNREACHABLE})

# Where a code says more about a message than its trouble does.
_FINER = {
    84061: FailureKind.BLOCKED_BY_PERSON,
    40206: FailureKind.TOO_LONG,
    45002: FailureKind.TOO_LONG,
}


def _numbers(codes: tuple[int | range, ...]) -> Iterator[int]:
    for code in codes:
        yield from code if isinstance(code, range) else (code,)


_TROUBLES = {code: trouble for trouble, codes in CODES.items() for code in _numbers(codes)}


def advice(error: WecomError, setting: str) -> str:
    """What is wrong and how to mend it, in a sentence for operators."""
    if error.trouble is Trouble.CREDENTIALS:
        return (
            f"WeCom refuses the corp id or the secret (code {error.code}): check "
            f"GUIYAN_WECOM_CORP_ID and {setting}, and that the app is not stopped"
        )
    where = f" ({error.our_address})" if error.our_address else ""
    known = _ADVICE.get(error.code, "")
    if known:
        return f"WeCom refuses {error.path} (code {error.code}): " + known.format(where=where)
    return (
        f"WeCom refuses {error.path} (code {error.code}): look it up at "
        f"https://open.work.weixin.qq.com/devtool/query?e={error.code}"
    )


_ADVICE = {
    40056: "the agent id is not this app's: check GUIYAN_WECOM_APP_AGENT_ID",
    301002: "the agent id is not this app's: check GUIYAN_WECOM_APP_AGENT_ID",
    45009: "calls came too often, or many wrong secrets: left alone until the block ends",
    48001: "this app may not use it: allow the app under 可调用接口的应用 of that function",
    48002: "this app may not use it: allow the app under 可调用接口的应用 of that function",
    48007: "this app has no right to the account: allow it under 微信客服, 可调用接口的应用",
    50003: "the app is disabled: enable it in the console",
    60011: "somebody is outside the app's 可见范围: widen it in the console",
    60020: "the address of this server{where} is not among the app's 企业可信IP: add it there",
    60021: "somebody is outside the app's 可见范围: widen it in the console",
    60030: "a 接待人员 is outside the app's 可见范围: widen it in the console",
    60031: "the app may not call the API: enable it in the console",
    84074: "a member may not use 客户联系: choose members under 客户联系, 权限配置",
    93000: "the robot was removed or its key was reset: copy its address anew",
    93004: "the robot is disabled: enable it in its group",
    95000: "the account is unknown: check GUIYAN_WECOM_KF_ACCOUNTS",
    95004: "the account is not of this corp: check GUIYAN_WECOM_KF_ACCOUNTS",
    95011: "the account is served by another program: let this app manage it in the console",
    95012: "the account is served by another program: let this app manage it in the console",
    95014: "somebody is no 接待人员 of the account, or has not joined WeCom: see to it there",
    95017: "the API of 微信客服 is switched off: switch it on in the console",
    95019: "somebody does not receive at the moment: they begin to in 微信客服 of WeCom",
    95021: "the upgrade service is not configured: configure it under 微信客服",
}
