"""Words that mean the same at every step: back, again, a human, stop, delete and the like."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache

from handlers import hearing
from handlers.texts import table


class Command(StrEnum):
    """What a word asks for; the names are those of words.toml."""

    BACK = "back"
    RESTART = "restart"
    HUMAN = "human"
    QUIT = "quit"
    DELETE = "delete"
    UNCLEAR = "unclear"
    STOP = "stop"
    ALLOW = "allow"
    HOME = "home"
    HELP = "help"
    WHO = "who"
    MINE = "mine"
    EXPORT = "export"
    REGISTER = "register"
    ANOTHER = "another"
    RESUME = "resume"
    LATER = "later"
    SKIP = "skip"
    COMPLAIN = "complain"
    ALIKE = "alike"
    PERSONAL = "personal"
    DETAIL = "detail"
    USEFUL = "useful"
    USELESS = "useless"
    END = "end"
    NEWS = "news"
    MORE = "more"
    PROJECTS = "projects"
    TRAINING = "training"
    POLICY = "policy"
    LINK = "link"
    UNLINK = "unlink"


# Domain rule 3.3-3: these win over the answers of any form.
ALWAYS_ON = frozenset(
    {
        Command.BACK,
        Command.RESTART,
        Command.HUMAN,
        Command.QUIT,
        Command.DELETE,
        Command.UNCLEAR,
        Command.STOP,
    }
)

# Somebody wants to register, in their own words: 我想在咱这登个记, 录入一下我的信息.
_SELF = (
    r"(?:我|俺|咱|给我|给俺|帮我|帮俺|替我)?(?:也|就|现在|今天)*(?:想|要|来|得)*"
    r"(?:在|到)?(?:你|您|咱|咱们|你们)?(?:这|这里|这儿)?(?:给我|帮我)?"
)
_WHAT = r"(?:个|一?下|一?哈|我的|自己的|返乡|创业|回乡|意愿|想法|信息|资料|名|上)*"
_HELD = "信息|资料|登记|记录|数据|账号|档案|电话|号码|手机号"
# What it is about is said at once.
_COMPLAINT = (
    r"^(?:我|俺)?(?:想|要|得)*(?:投诉|提个?意见)(?:一下|下)?(?:[\s,，:：]|你们|窗口|工作人员)"
    r"(?!.*(?:吗|哪|多少|怎么|咋)).{2,}$"
)
_OTHER = "|".join(
    (
        "微信|网页|网上|网站|企业微信|电报|telegram|小程序|公众号",
        "(?:别的|别|其他|其它|另外的?|另一?个|那一?个)(?:地方|处|号|账号|手机|微信)?",
        "(?:旧|老|原来的|以前的|之前的)(?:手机|号|账号|微信)",
    )
)
_PATTERNS = (
    (
        Command.LINK,
        rf"^(?:我)?(?:以前|之前|原来|早就|上次)?(?:已经)?在?(?:{_OTHER})(?:里|上|那边|那里|那儿)*"
        r"(?:也|都)?(?:已经)?(?:登记|登|填)(?:过|了)(?:表|资料|信息)?(?:了|的|啦)?$",
    ),
    (Command.LINK, r"^(?:我)?(?:刚)?换(?:了)?(?:个|新|一个)*(?:手机|微信|微信号|账号)(?:了|啦)$"),
    (Command.LINK, r"^(?:我)?(?:刚)?换了(?:个|新|一个)*(?:手机|微信|微信号|账号)$"),
    (
        Command.DELETE,
        rf"(?:删|注销|清除|抹掉|清空|销毁).{{0,4}}(?:{_HELD})|(?:{_HELD}).{{0,6}}(?:删|注销|清除|抹掉|清空|销毁)",
    ),
    (Command.REGISTER, rf"^{_SELF}(?:登记|录入|登个记|报个名|建个档|登上){_WHAT}$"),
    (
        Command.STOP,
        r"^(?:(?:真|太|好|快)*(?:烦|吵)(?:死|人)*(?:我|俺)?了?[\s,，!！]*)?"
        r"(?:别|不要|不用|莫|甭)再?(?:给我|给俺|跟我|向我)?(?:发|推)\S{0,6}$",
    ),
    # As the last line of each push says it: «不想收了回“停”».
    (
        Command.STOP,
        r"^(?:我|俺|以后)*不(?:(?:想|愿意?|要)再?(?:接?收|收到)(?:你们|您|的|这些|这种)*(?:消息|信息|短信|推送|通知)?"
        r"|再?收(?:你们|您|的|这些|这种)*(?:消息|信息|短信|推送|通知))(?:了|啦)?$",
    ),
    (
        Command.HUMAN,
        r"^.{0,4}(?:转|找|要|叫|接|换)(?:一个|个|到)?(?:人工|真人|客服|工作人员)\S{0,3}$",
    ),
    (
        Command.HUMAN,
        r"^\S{0,3}(?:跟|和|找|同)(?:个)?(?:人|真人|工作人员|专员|干部)(?:说|聊|问|讲|谈)\S{0,3}$",
    ),
)
_CALL = (
    r"(?:我|俺)?(?:就|只|还是)?(?:想|要|请|麻烦|帮我|给我|快)*(?:转|找|叫|接|换)(?:一下|一个|个|到|下)?"
    r"(?:人工客服|人工|真人|客服|工作人员)(?:服务)?"
)
# A human is wanted, and it is said at once what for: 我要找人工，贷款被拒了.
_PAUSE = r"[\s,.!;:、，。！；：]"
_CALLED = re.compile(rf"^{_CALL}{_PAUSE}+\S|^人工(?!\s){_PAUSE}+\S|{_PAUSE}{_CALL}$")
_CHANGE = re.compile(
    r"^(?:我要|我想|要|想)?(?:修?改|更正|换)(?:一下|下)?\s*第?([\d零一二三四五六七八九十两]+)(?:题|条|个|项|号)?(?:吧)?$"
)


@lru_cache(256)  # every flow asks it of the same message
def of(text: str) -> Command | None:
    """The command that a message is, as a whole."""
    said = hearing.core(text) or text.strip()
    known = _words().get(_bare(said))
    if known is None and is_whole_complaint(said):
        return Command.COMPLAIN
    if known is None and _CALLED.search(said):
        return Command.HUMAN
    if known is not None or len(said) > 24:
        return known
    return next((command for command, pattern in _patterns() if pattern.search(said)), None)


def changes(text: str) -> int:
    """The n of «改n»; 0 when the message is something else."""
    found = _CHANGE.match(hearing.core(text))
    return hearing.value_of(found.group(1)) if found else 0


def for_another(text: str) -> bool:
    """Whether someone wants to register another person."""
    return of(text) is Command.ANOTHER or bool(_others().search(hearing.core(text)))


def is_whole_complaint(text: str) -> bool:
    """Whether a complaint says at once what it is about."""
    return bool(re.search(_COMPLAINT, hearing.core(text)))


@cache
def _words() -> dict[str, Command]:
    rows = table("words")["commands"].items()
    return {_bare(hearing.core(w) or w): Command(name) for name, words in rows for w in words}


@cache
def _patterns() -> tuple[tuple[Command, re.Pattern[str]], ...]:
    return tuple((command, re.compile(pattern)) for command, pattern in _PATTERNS)


@cache
def _others() -> re.Pattern[str]:
    who = "|".join(sorted(table("words")["others"]["who"], key=len, reverse=True))
    return re.compile(
        rf"(?:给|帮|替)(?:我|俺)?(?:的)?(?:{who})\S{{0,3}}(?:登记|登个记|报名|报个名|填|留个|建档)"
    )


def _bare(said: str) -> str:
    """Without politeness around it, but never empty."""
    frame = table("words")
    while True:
        shorter = _cut(said, frame["before"], frame["after"])
        if shorter == said:
            return said
        said = shorter


def _cut(said: str, before: list[str], after: list[str]) -> str:
    for word in before:
        if said.startswith(word) and len(said) > len(word):
            return said[len(word) :]
    for word in after:
        if said.endswith(word) and len(said) > len(word):
            return said[: -len(word)]
    return said
