"""What a clause wishes of a topic: «别发培训», «只发政策», «接着发项目»."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache

from handlers.texts import table
from handlers.wishes.phrases import AGAIN, ENDS, ME, NOT, ONLY, OTHERS, PLAINLY_NOT, SEND, Heard
from handlers.wishes.until import SPAN, until
from records.wishes import REFUSABLE, Topic, Wanted, topic_name


def _topics(words: str) -> tuple[Topic, ...]:
    """The topics that some words name and nothing else; () where one is unknown."""
    found = []
    for word in re.split(r"和|跟|与|及|以及|还有|、", words):
        core = _HEAD.sub("", word)
        topic = _named().get(core) or _named().get(_TAIL.sub("", core))
        if topic is None:
            return ()
        found.append(topic)
    return tuple(dict.fromkeys(found))


_HEAD = re.compile(r"^(?:那个|那些|那种|这个|这些|这种|什么|啥|有关|关于)+")
_TAIL = re.compile(
    r"(?:类|方面)?(?:的)?(?:消息|信儿|信|短信|信息|通知|推送|东西|内容|事|事情)?(?:的)?(?:我|就|都|你们|也)*$"
)


@cache
def _named() -> dict[str, Topic]:
    rows = table("words")["topics"].items()
    return {word: Topic(code) for code, words in rows for word in words}


_REFUSED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^{NOT}{ME}{SEND}(?:了)?(?P<t>.+?){ENDS}$",
        rf"^(?P<t>.+?){PLAINLY_NOT}{ME}{SEND}{ENDS}$",
        r"^(?P<t>.+?)(?:停发|停推)(?:了|吧)*$",
    )
)
_UNSENT = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?:不要|不想要|不想看|不看|不需要|用不着|不想知道)(?P<t>.+?)(?:的|了|吧)*$",
        r"^(?P<t>.+?)(?:不要|不想要|不想看|不看|不需要|用不着|不想知道)(?:的|了|吧|看)*$",
    )
)
_ALL_NOT = (
    rf"(?:消息|短信|信息|通知)?(?:我|都|全|就|一概|统统|通通)*"
    rf"(?:{NOT}{ME}{SEND}|不要|不想要|不想看|不看|不用|不需要|用不着|免了|算了){ENDS}"
)
_KEPT = rf"(?:还是|还|就|照样|照|接着|可以|都|给我|给俺|我|要|想看|有用|{SEND}|留着|留|行|的|了)"
LEFT_OUT = re.compile(rf"^{OTHERS}{_ALL_NOT}$")  # «其他都不要»: says what is kept beside it
EXCEPT = re.compile(rf"^除了(?!.*{OTHERS}).{{1,12}}$")
_KEPT_ONLY = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^{ONLY}(?:给我)?(?:要|想要|想看|看|{SEND})(?P<t>.+?){ENDS}$",
        rf"^除了(?P<t>.+?)(?:以外|之外|外)?{OTHERS}?(?:都|全|就|一概)*{NOT}{ME}{SEND}{ENDS}$",
        rf"^除了(?P<t>.+?)(?:以外|之外|外)?{OTHERS}{_ALL_NOT}$",
        rf"^(?:{ONLY}|就)?(?:给我)?(?:要|想要|想看|看|留着?|{SEND})?(?P<t>.+?){_KEPT}*{OTHERS}{_ALL_NOT}$",
    )
)
_RESUMED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^{AGAIN}{ME}{SEND}(?P<t>.+?){ENDS}$",
        rf"^(?P<t>.+?)(?:接着|继续|恢复|还是|可以|照样)+{ME}{SEND}{ENDS}$",
        rf"^(?P<t>.+?)(?:可以|要|能)?多{ME}{SEND}(?:1?点|些|几条)?{ENDS}$",
    )
)
_KEPT_TOO = re.compile(
    r"^(?:要是|如果)?(?:有|有了)?(?P<t>.+?)(?:的话)?(?:还是|还|就|再|照样|可以|要|也)*"
    rf"(?:告诉|通知|说|跟我说|给我说|可以|行|要|{SEND})(?:我|俺|1声)*{ENDS}$"
)


def refused(clause: str, now: datetime) -> Heard | None:
    span = SPAN.match(clause)
    rest_of, ends = (clause[span.end() :], until(span.group(), now)) if span else (clause, None)
    if span and ends is None:
        return None
    for patterns, is_clear in ((_REFUSED, True), (_UNSENT, False)):
        for found in filter(None, (pattern.match(rest_of) for pattern in patterns)):
            topics = _topics(found["t"])
            if topics:
                wanted = tuple(Wanted(topic_name(topic), "", ends) for topic in topics)
                return Heard(wanted, (), is_clear, tuple(one.name for one in wanted))
    return None


def only(clause: str, now: datetime) -> Heard | None:
    for found in filter(None, (pattern.match(clause) for pattern in _KEPT_ONLY)):
        kept = _topics(found["t"])
        if kept:
            wanted = tuple(Wanted(topic_name(t)) for t in REFUSABLE if t not in kept)
            is_clear = bool(re.search(rf"{SEND}|消息|通知|短信", clause))
            return Heard(wanted, tuple(topic_name(t) for t in kept), is_clear)
    return None


def resumed(clause: str, now: datetime) -> Heard | None:
    for found in filter(None, (pattern.match(clause) for pattern in _RESUMED)):
        topics = _topics(found["t"])
        if topics:
            return Heard((), tuple(topic_name(topic) for topic in topics), True)
    return None


def kept_too(clause: str) -> Heard | None:
    """«项目的可以», which is a wish only beside another: alone it asks for projects."""
    found = _KEPT_TOO.match(clause)
    topics = _topics(found["t"]) if found else ()
    return Heard((), tuple(topic_name(topic) for topic in topics)) if topics else None
