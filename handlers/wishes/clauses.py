"""Understanding how people say what they wish of our messages, clause by clause."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cache

from handlers import hearing
from handlers.texts import table
from handlers.wishes.hours import DAY, PARTS, hour, rest
from handlers.wishes.until import SPAN, until
from knowledge.numerals import digits
from outreach.wishes import LESS
from records.wishes import (
    REFUSABLE,
    Name,
    Topic,
    Wanted,
    Wish,
    meeting,
    spans,
    topic_name,
    written,
)

_LONGEST = 60
_WEEK = "12345"
_STOPS = re.compile(r"[\s,.;:!、，。；！~]+|(?:另外|还有|并且|而且|但是|不过)")
_NOT = r"(?:不要|不用|不想|不准|不许|不必|别|莫|甭|勿|少给我|不)(?:再|老|总|老是|总是)?"
_ME = r"(?:给我|跟我|向我|往我这|给俺|我)?"
_PLAINLY_NOT = _NOT.replace("|不)", ")")  # «补贴不发了» is a complaint
_SEND = r"(?:发送|发来|发给我|推送|推荐|发|推|收到|接收|收|吵我|打扰我?|烦我)"
_ENDS = (
    r"(?:了|啦|吧|啊|呀|呗|嘛|哈|哦|的|给我|过来|来|消息|短信|信息|推送|通知|"
    r"就行|就好|就可以|行吗|好吗|可以吗|行不|吗|谢谢)*"
)
_BEFORE = re.compile(
    r"^(?:请|麻烦|以后|今后|往后|能不能|可不可以|可以|能|你们|您们|你|您|我想|我要|我希望|希望|最好|那|"
    r"咱|俺|就|都|也|还是|跟你们说|嗯|哎|那些|关于)+"
)
_ONLY = r"(?:只|光|单|仅)"
_AGAIN = r"(?:接着|继续|恢复|重新|又|还是|可以|照样|也|再)+"
_WEEKEND = (
    r"(?:在)?(?:周末|双休日|周六周日|周六日|星期六星期天|星期六和星期天|礼拜六礼拜天|休息日)"
    r"(?:的时候)?"
)
_WORKDAY = r"(?:在)?(?:工作日|平时|平日|周一到周五|星期一到星期五|上班日)(?:的时候)?"
_ONE_DAY = r"(?:周|星期|礼拜)([1-6一二三四五六日天])"
_SUNDAY = {"日": 7, "天": 7, **{c: n for n, c in enumerate("一二三四五六", 1)}}
_NUM = r"(\d+)\s*(?:条|次|回|个)"
_MOST = r"(?:最多|顶多|至多|就|只|只要|给我|发|推|收|来|有)*"


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody wishes: what holds from now on, what holds no longer.

    `is_clear`: it speaks of sending, so that it cannot be the answer to a question of a form.
    `narrows`: what was said when not to send; it goes beside what was said of when to.
    """

    wanted: tuple[Wanted, ...] = ()
    dropped: tuple[str, ...] = ()
    is_clear: bool = False
    narrows: tuple[str, ...] = ()


_HINT = re.compile(r"[发推收吵扰烦班次条照限]|不[要想看需]|用不着|恢复|联系|太多")
_Reader = Callable[[str, datetime], Heard | None]


def heard(text: str, now: datetime) -> Heard | None:
    """What a message wishes of our messages; None where any part of it says something else."""
    said = hearing.core(hearing.clean(text))
    if not said or len(said) > _LONGEST or "?" in said or not _HINT.search(said):
        return None
    clauses = [one for one in _STOPS.split(digits(said)) if one]
    found = [_one(clause, now) for clause in clauses]
    known = [one for one in found if one is not None]
    if not known or len(known) < len(found):
        return None
    return _together(known)


def _one(clause: str, now: datetime) -> Heard | None:
    bare = _BEFORE.sub("", clause) or clause
    for reader in _READERS:
        read = reader(bare, now)
        if read is not None:
            return read
    return None


def _together(found: Sequence[Heard]) -> Heard:
    wanted: dict[str, Wanted] = {}
    for one in found:
        for each in one.wanted:
            known = wanted.get(each.name)
            wanted[each.name] = _both(known, each) if known else each
    dropped = tuple(name for one in found for name in one.dropped if name not in wanted)
    is_clear = any(one.is_clear for one in found)
    narrows = tuple(
        name for name in wanted if all(name in f.narrows for f in found if name in _names(f))
    )
    return Heard(tuple(wanted.values()), dropped, is_clear, narrows)


def _names(found: Heard) -> set[str]:
    return {one.name for one in found.wanted}


def beside(found: Heard, wish: Wish) -> Heard:
    """What is wished with what was said before of when to send: both hold where they meet."""
    known = {one.name: one for one in wish.wanted if one.name in found.narrows}
    wanted = tuple(
        _both(known[one.name], one) if one.name in known else one for one in found.wanted
    )
    return replace(found, wanted=wanted)


def _both(one: Wanted, other: Wanted) -> Wanted:
    """Two wishes of a kind in one message: hours and days that suit both."""
    if one.name == Name.HOURS:
        met = meeting(spans(one.value), spans(other.value))
        return Wanted(other.name, written(met) or other.value, other.until)
    if one.name == Name.DAYS:
        met_days = "".join(sorted(set(one.value) & set(other.value)))
        return Wanted(other.name, met_days or other.value, other.until)
    return other


def _topics(words: str) -> tuple[Topic, ...]:
    """The topics that some words name and nothing else; () where one is unknown."""
    found = []
    for word in re.split(r"和|跟|与|及|以及|还有|、", words):
        core = _TAIL.sub("", word)
        topic = _named().get(core)
        if topic is None:
            return ()
        found.append(topic)
    return tuple(dict.fromkeys(found))


_TAIL = re.compile(
    r"(?:类|方面)?(?:的)?(?:消息|短信|信息|通知|推送|东西|内容|事|事情)?(?:的)?(?:我|就|都|你们|也)*$"
)


@cache
def _named() -> dict[str, Topic]:
    rows = table("words")["topics"].items()
    return {word: Topic(code) for code, words in rows for word in words}


_REFUSED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^{_NOT}{_ME}{_SEND}(?:了)?(?P<t>.+?){_ENDS}$",
        rf"^(?P<t>.+?){_PLAINLY_NOT}{_ME}{_SEND}{_ENDS}$",
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
_KEPT_ONLY = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^{_ONLY}(?:给我)?(?:要|想要|想看|看|{_SEND})(?P<t>.+?){_ENDS}$",
        rf"^除了(?P<t>.+?)(?:以外|之外|外)?(?:别的|其他的?|其它的?)?(?:都|全|就)*{_NOT}{_ME}{_SEND}{_ENDS}$",
    )
)
_RESUMED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^{_AGAIN}{_ME}{_SEND}(?P<t>.+?){_ENDS}$",
        rf"^(?P<t>.+?)(?:接着|继续|恢复|还是|可以|照样)+{_ME}{_SEND}{_ENDS}$",
    )
)


def _refused(clause: str, now: datetime) -> Heard | None:
    span = SPAN.match(clause)
    rest_of, ends = (clause[span.end() :], until(span.group(), now)) if span else (clause, None)
    if span and ends is None:
        return None
    for patterns, is_clear in ((_REFUSED, True), (_UNSENT, False)):
        for found in filter(None, (pattern.match(rest_of) for pattern in patterns)):
            topics = _topics(found["t"])
            if topics:
                wanted = tuple(Wanted(topic_name(topic), "", ends) for topic in topics)
                return Heard(wanted, (), is_clear)
    return None


def _only(clause: str, now: datetime) -> Heard | None:
    for found in filter(None, (pattern.match(clause) for pattern in _KEPT_ONLY)):
        kept = _topics(found["t"])
        if kept:
            wanted = tuple(Wanted(topic_name(t)) for t in REFUSABLE if t not in kept)
            return Heard(wanted, tuple(topic_name(t) for t in kept), True)
    return None


def _resumed(clause: str, now: datetime) -> Heard | None:
    for found in filter(None, (pattern.match(clause) for pattern in _RESUMED)):
        topics = _topics(found["t"])
        if topics:
            return Heard((), tuple(topic_name(topic) for topic in topics), True)
    return None


_USUAL = re.compile(
    r"^(?:都)?(?:照常|照旧|照样|恢复平常|恢复正常|恢复原样|按原来的?|跟以前一样|和以前一样|像以前一样|正常)"
    rf"(?:给我)?{_SEND}?{_ENDS}$"
)
_BACK = (
    (re.compile(r"^(?:恢复)?(?:平常|原来的?)次数$|^次数照(?:常|旧)$|^多发(?:一)?点$"), Name.RATE),
    (
        re.compile(
            rf"^(?:不限|不管|不挑)(?:钟点|时间|几点)(?:都)?{_ENDS}$|^(?:随时|什么时候)都?(?:可以|能)?{_SEND}{_ENDS}$"
        ),
        Name.HOURS,
    ),
    (re.compile(r"^(?:我)?(?:现在|最近)?不(?:上|倒)(?:夜班|晚班)(?:了)?$"), Name.HOURS),
    (
        re.compile(
            rf"^(?:不限|不挑|不管)(?:哪天|星期几|日子){_ENDS}$|^每天都(?:可以|能){_SEND}{_ENDS}$"
        ),
        Name.DAYS,
    ),
    (re.compile(rf"^(?:现在|今天)(?:就)?(?:可以|能)?(?:接着|继续){_SEND}{_ENDS}$"), Name.PAUSE),
)


def _usual(clause: str, now: datetime) -> Heard | None:
    if _USUAL.match(clause):
        return Heard((), (*Name, *(topic_name(topic) for topic in REFUSABLE)), True)
    name = next((name for pattern, name in _BACK if pattern.match(clause)), None)
    return Heard((), (name,), True) if name else None


_FEWER = re.compile(
    rf"^(?:少{_ME}{_SEND}(?:一)?(?:点|些|几条|几次)?|{_SEND}(?:得)?少(?:一)?(?:点|些)|"
    rf"(?:消息|短信|信息|推送)?{_SEND}?(?:得)?(?:有点|也)?(?:太|这么|那么)(?:多|勤|密|频繁)|"
    rf"(?:别|不要|不用|莫)(?:老|总|一直|天天|老是|总是|整天|成天|每天|这么多|太多|太勤){_ME}{_SEND}|"
    rf"(?:别|不要|莫){_ME}{_SEND}(?:这么|那么|太)(?:多|勤|密|频繁)){_ENDS}$"
)
_A_WEEK = re.compile(
    rf"^(?:每个?|1个?)(?:星期|周|礼拜){_MOST}{_NUM}{_ENDS}$|^(?:按)?(?:每|1)周{_MOST}{_NUM}{_ENDS}$"
)
_A_MONTH = re.compile(rf"^(?:每|1)?个?月{_MOST}{_NUM}{_ENDS}$")
_TWO_WEEKS = re.compile(rf"^(?:每|隔)?(?:2个?(?:星期|周|礼拜)|半个月){_MOST}{_NUM}{_ENDS}$")


def _rated(clause: str, now: datetime) -> Heard | None:
    if _FEWER.match(clause) and re.search(r"发|推|消息|短信|信息|收|烦|吵|打扰", clause):
        return Heard((_rate(*LESS),), (), True)
    for pattern, make in ((_A_WEEK, _weekly), (_A_MONTH, _monthly), (_TWO_WEEKS, _fortnightly)):
        found = pattern.match(clause)
        number = next((int(n) for n in found.groups() if n), 0) if found else 0
        if number:
            is_clear = bool(re.search(r"发|推|条", clause))
            return Heard((make(number),), (), is_clear)
    return None


def _weekly(number: int) -> Wanted:
    return _rate(min(number, 3), min(number * LESS[1] if number == 1 else 8, 8))


def _monthly(number: int) -> Wanted:
    return _rate(min(-(-number // 3), 3), min(number, 8))


def _fortnightly(number: int) -> Wanted:
    return _rate(min(number, 3), min(number * 2, 8))


def _rate(week: int, month: int) -> Wanted:
    return Wanted(Name.RATE, f"{week}/{month}")


_SHIFT = re.compile(
    r"^(?:我|俺)?(?:们)?(?:是|现在|最近|一直|都|这阵子|天天|长期)*(?:上|倒|值|干)(?:的)?"
    r"(?P<s>夜班|晚班|大夜|小夜|白班|长白班)(?:的)?$"
)
_ASLEEP = r"(?:在)?(?:要)?(?:睡觉|休息|上班|干活|上工|开车|忙)?(?:的时候|时)?"
_CLOCK = (
    r"(?P<{0}>(?:早上|早晨|上午|中午|下午|晚上|夜里|傍晚|晚)?"
    r"\d{{1,2}}(?:点半|点钟|点\d{{2}}分?|点|:\d{{2}}|时))"
)
_A, _B = _CLOCK.format("a"), _CLOCK.format("b")
_AFTER, _UNTIL = r"(?:以后|之后|过后|往后|后)", r"(?:以前|之前|前)"
_PART = "|".join(sorted(PARTS, key=len, reverse=True))
_P = rf"(?:在)?(?P<p>{_PART})(?:的时候|时间|那会儿?|里)?"
_HOURS = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (rf"^{_A}{_AFTER}?(?:就|都)?{_NOT}{_ME}{_SEND}{_ENDS}$", "not_after"),
        (rf"^{_NOT}{_ME}(?:在)?{_A}{_AFTER}{_SEND}{_ENDS}$", "not_after"),
        (rf"^{_NOT}{_ME}(?:在)?{_A}{_UNTIL}{_SEND}{_ENDS}$", "not_before"),
        (rf"^{_A}{_UNTIL}(?:就|都)?{_NOT}{_ME}{_SEND}{_ENDS}$", "not_before"),
        (rf"^(?:等)?{_A}{_AFTER}(?:再|才)?{_ME}{_SEND}{_ENDS}$", "not_before"),
        (rf"^{_A}{_UNTIL}(?:再|才)?{_ME}{_SEND}(?:完)?{_ENDS}$", "not_after"),
        (rf"^{_A}(?:到|至|-|~){_B}(?:之间)?{_ASLEEP}{_NOT}{_ME}{_SEND}{_ENDS}$", "not_between"),
        (
            rf"^(?:在)?{_A}(?:到|至|-|~){_B}(?:之间|的时候)?(?:再|才)?{_ME}{_SEND}{_ENDS}$",
            "between",
        ),
        (rf"^{_P}{_ASLEEP}(?:就|都)?{_NOT}{_ME}{_SEND}{_ENDS}$", "not_part"),
        (rf"^{_NOT}{_ME}{_P}{_SEND}{_ENDS}$", "not_part"),
        (rf"^{_ONLY}?(?:等)?{_P}(?:再|才)?{_ME}{_SEND}{_ENDS}$", "part"),
    )
)


_PLAIN = re.compile(r"再|才|只|光|别")  # «晚上发» may answer when somebody has time


def _timed(clause: str, now: datetime) -> Heard | None:
    shift = _SHIFT.match(clause)
    if shift:
        night = not shift["s"].endswith("白班")
        return _hours(PARTS["夜班空"] if night else PARTS["白班空"], is_clear=False)
    for pattern, kind in _HOURS:
        found = pattern.match(clause)
        spans = _spans(kind, found) if found else None
        if spans:
            is_not = kind.startswith("not")
            return _hours(spans, is_clear=is_not or bool(_PLAIN.search(clause)), is_not=is_not)
    return None


def _spans(kind: str, found: re.Match[str]) -> tuple[tuple[time, time], ...] | None:
    """The hours that suit; None where a time is no time."""
    if kind.endswith("part"):
        part = PARTS[found["p"]]
        return part if kind == "part" else rest(part)
    is_end = kind == "not_after"
    first = hour(found["a"], is_evening=is_end)
    if first is None:
        return None
    if kind == "not_after":
        return ((DAY[0], first),) if first > DAY[0] else None
    if kind == "not_before":
        return ((first, DAY[1]),) if first < DAY[1] else None
    last = hour(found["b"], is_evening=False, after=first)
    if last is None or last <= first:
        return None
    return ((first, last),) if kind == "between" else rest(((first, last),))


def _hours(spans: tuple[tuple[time, time], ...], *, is_clear: bool, is_not: bool = False) -> Heard:
    narrows = (Name.HOURS,) if is_not else ()
    return Heard((Wanted(Name.HOURS, written(spans)),), (), is_clear, narrows)


_DAYS = tuple(
    (re.compile(pattern), days)
    for pattern, days in (
        (rf"^{_WEEKEND}(?:在家|休息)?(?:就|都)?{_NOT}{_ME}{_SEND}{_ENDS}$", _WEEK),
        (rf"^{_NOT}{_ME}{_WEEKEND}{_SEND}{_ENDS}$", _WEEK),
        (rf"^{_ONLY}?(?:等)?{_WORKDAY}(?:再|才)?{_ME}{_SEND}{_ENDS}$", _WEEK),
        (rf"^{_WORKDAY}(?:上班|忙)?(?:就|都)?{_NOT}{_ME}{_SEND}{_ENDS}$", "67"),
        (rf"^{_ONLY}?(?:等)?{_WEEKEND}(?:再|才)?{_ME}{_SEND}{_ENDS}$", "67"),
    )
)
_NOT_THAT_DAY = re.compile(rf"^(?:每)?{_ONE_DAY}(?:的时候)?(?:就|都)?{_NOT}{_ME}{_SEND}{_ENDS}$")
_THAT_DAY = re.compile(rf"^{_ONLY}?(?:等)?(?:每)?{_ONE_DAY}(?:再|才){_ME}{_SEND}{_ENDS}$")


def _dayed(clause: str, now: datetime) -> Heard | None:
    days = next((days for pattern, days in _DAYS if pattern.match(clause)), "")
    if found := _NOT_THAT_DAY.match(clause):
        days = "".join(d for d in "1234567" if d != str(_day(found[1])))
    elif found := _THAT_DAY.match(clause):
        days = str(_day(found[1]))
    narrows = (Name.DAYS,) if re.search(_PLAINLY_NOT, clause) else ()
    return Heard((Wanted(Name.DAYS, days),), (), True, narrows) if days else None


def _day(word: str) -> int:
    return int(word) if word.isdigit() else _SUNDAY[word]


_PAUSED = re.compile(rf"^(?P<s>.+?)(?:先|都|就|内|里)*{_NOT}{_ME}{_SEND}{_ENDS}$")
_LATER = re.compile(
    rf"^(?:等)?(?P<s>.+?)(?:以后|之后|过后|后|了)?(?:再|才)(?:联系我?|{_ME}{_SEND}){_ENDS}$"
)


def _paused(clause: str, now: datetime) -> Heard | None:
    """Nothing for a while: «这个月别发», «过完年再发»."""
    for pattern, is_span in ((_PAUSED, True), (_LATER, False)):
        found = pattern.match(clause)
        ends = until(found["s"], now, is_span=is_span) if found else None
        if ends is not None and ends > now:
            is_clear = bool(re.search(_SEND, clause))
            return Heard((Wanted(Name.PAUSE, "", ends),), (), is_clear)
    return None


_READERS: tuple[_Reader, ...] = (
    _usual,
    _rated,
    _only,
    _timed,
    _dayed,
    _refused,
    _resumed,
    _paused,
)
