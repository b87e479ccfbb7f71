"""What people and staff write about events («来 活动3», «签约 3 …»), read as values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from handlers import hearing
from handlers.events.answers import answer_of
from outreach.calendars import CHINA
from outreach.campaigns.states import Act
from records.events import Answer, EventKind, Venue

TITLE, PLACE, NAME = 20, 20, 30  # characters


@dataclass(frozen=True, slots=True)
class Say:
    """Somebody comes to an event, or does not."""

    answer: Answer
    number: int


@dataclass(frozen=True, slots=True)
class Mine:
    """Somebody asks what they are invited to."""


@dataclass(frozen=True, slots=True)
class Look:
    """Staff look at their events, or at one."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """An event is to take place; `fault` names what of the line cannot be."""

    kind: EventKind
    title: str
    starts_at: datetime | None
    place: str
    city: str
    fault: str = ""
    venue: Venue = Venue.NONE


@dataclass(frozen=True, slots=True)
class Invite:
    """The invitations are to go out; without `is_sure` they are only shown."""

    number: int
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class Choose:
    """Whom of the place it is for, as `matching/audience` reads it; "" is everybody."""

    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Switch:
    """The invitations that are going out: paused, stopped for good, or going on."""

    number: int
    to: Act


@dataclass(frozen=True, slots=True)
class Off:
    """It does not take place."""

    number: int


@dataclass(frozen=True, slots=True)
class Came:
    """Who came: those at these places of the list, or all but those; and how many others."""

    number: int
    places: tuple[int, ...] = ()
    is_all_but: bool = False
    walk_ins: int = 0


@dataclass(frozen=True, slots=True)
class Minutes:
    """What was talked about."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    """Something was signed; money in yuan, None where it is not said."""

    number: int
    project: str
    firm: str
    planned: int | None = None
    landed: int | None = None


@dataclass(frozen=True, slots=True)
class Land:
    """So much of the money of a signing has come."""

    signing: int
    landed: int


@dataclass(frozen=True, slots=True)
class Follow:
    """Somebody of the staff is to do something; `due_on` None where no day is named."""

    number: int
    staff: str
    text: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A follow-up is done."""

    task: int
    note: str


Wish = Say | Mine
DeskWish = (
    Look | Plan | Choose | Invite | Switch | Off | Came | Minutes | Sign | Land | Follow | Done
)

_EVENT = r"(?:活动\s*)?(\d{1,6})"
_SAY = re.compile(r"(来不了|不来|不去|来|去)\s*活动\s*(\d{1,6})")
_AFTER = re.compile(r"活动\s*(\d{1,6})[\s,，]*(?:我|俺)?(来不了|去不了|不来|不去|会?来|会?去)了?")
_MINE = frozenset({"我的活动", "我的邀请", "有什么活动", "有啥活动", "活动"})
_LOOK = re.compile(r"(?:看)?活动\s*(\d{1,6})?")
_KIND_WORDS = {kind.value: kind for kind in EventKind} | {
    "推介": EventKind.PROMOTION,
    "对接会": EventKind.MATCHING,
    "创业大会": EventKind.CONGRESS,
    "家乡行": EventKind.TOUR,
    "考察": EventKind.TOUR,
    "宣讲四进": EventKind.LECTURE,
    "宣讲会": EventKind.LECTURE,
    "签约": EventKind.SIGNING,
    "签约会": EventKind.SIGNING,
    "发放": EventKind.PAYOUT,
    "表彰大会": EventKind.COMMENDATION,
}
_KIND = "|".join(sorted(_KIND_WORDS, key=len, reverse=True))
_PLAN = re.compile(rf"办活动\s+(\S{{0,14}}?(?:{_KIND}))\s+(.+)", re.DOTALL)
_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]?")
_HOUR = re.compile(r"(上午|下午|晚上)?\s*(\d{1,2})(?:点|[:：])(?:(\d{1,2})分?|(半))?")
_CITY = re.compile(r"请在(\S{2,8}?)的(?:人|老乡)?(?=\s|$)")
_VENUES = {one.value: one for one in Venue if one} | {
    "村": Venue.VILLAGE,
    "集聚地": Venue.WORKERS,
    "务工人员集聚地": Venue.WORKERS,
}
_INTO = re.compile(rf"(?:^|(?<=\s))进({'|'.join(sorted(_VENUES, key=len, reverse=True))})(?=\s|$)")
_INVITE = re.compile(rf"请人\s*{_EVENT}(?:\s*(发|发出|确定))?")
_CHOOSE = re.compile(rf"请谁\s*{_EVENT}(?:[\s:：,，]+(.+))?", re.DOTALL)
_EVERYONE = frozenset({"所有人", "全部", "都请", "大家", "不限"})
_SWITCH = re.compile(rf"(暂停|停止|叫停|继续|接着)(?:请人|发请柬|请柬|邀请)\s*{_EVENT}")
_SWITCHES = {"暂停": Act.PAUSE, "继续": Act.RESUME, "接着": Act.RESUME}
_OFF = re.compile(rf"(?:取消活动|不办活动)\s*{_EVENT}")
_CAME = re.compile(rf"到会\s*{_EVENT}(?:[\s:：,，]+(.+))?")
_OTHERS = re.compile(r"[\s,，]*(?:另外?|还有|散客)(?:来了?)?\s*(\d{1,5})\s*(?:人|位)?")
_EVERYBODY = frozenset({"全到", "都到", "都到了", "全到了", "都来了", "全来了"})
_ALL_BUT = re.compile(r"(?:缺|没来|没到|除了|少)\s*([\d\s,，、号]+)")
_THOSE = re.compile(r"([\d\s,，、号]+)")
_MINUTES = re.compile(rf"纪要\s*{_EVENT}[\s:：]+(.+)", re.DOTALL)
_SIGN = re.compile(rf"签约\s*{_EVENT}\s+(\S{{1,{NAME}}})\s+(\S{{1,{NAME}}})(?:\s+(.+))?")
_MONEY = re.compile(r"(到位|落地)?\s*(\d{1,10}(?:\.\d{1,4})?)\s*(亿|万)?元?")
_LAND = re.compile(r"到位\s*签\s*(\d{1,6})\s+(\d{1,10}(?:\.\d{1,4})?)\s*(亿|万)?元?")
_FOLLOW = re.compile(rf"跟进\s*{_EVENT}\s+(\S{{1,20}})\s+(.+)", re.DOTALL)
_DONE = re.compile(r"做完\s*跟\s*(\d{1,6})(?:[\s:：,，]+(.+))?", re.DOTALL)
_UNITS = {"亿": 100_000_000, "万": 10_000}
_AHEAD = timedelta(days=800)  # nothing is planned later
_NOON, _LAST_HOUR, _LAST_MINUTE = 12, 23, 59


def wish_of(text: str) -> Wish | None:
    """What somebody says of an event; None where it is about something else."""
    said = hearing.core(text)
    if said in _MINE:
        return Mine()
    if found := _SAY.fullmatch(said):
        return Say(_answer(found[1]), int(found[2]))
    found = _AFTER.fullmatch(said)
    return Say(_answer(found[2]), int(found[1])) if found else None


def is_about(text: str) -> bool:
    """Whether a message may be about an invitation, where somebody has one."""
    return wish_of(text) is not None or answer_of(text) is not None


def _answer(word: str) -> Answer:
    return Answer.NO if "不" in word else Answer.YES


def desk_wish_of(text: str, now: datetime) -> DeskWish | None:
    """What staff want of the events; None where it is no line of theirs."""
    said = text.strip().strip("。.!！")
    for pattern, made in _LINES:
        if found := pattern.fullmatch(said):
            wish: DeskWish | None = made(found)
            return wish
    if found := _PLAN.fullmatch(said):
        return _planned(found[1], found[2], now)
    if found := _FOLLOW.fullmatch(said):
        return _followed(int(found[1]), found[2], found[3], now)
    return None


def _came(found: re.Match[str]) -> Came | None:
    rest, walk_ins = found[2] or "", 0
    if others := _OTHERS.search(rest):
        walk_ins = int(others[1])
        rest = rest[: others.start()] + rest[others.end() :]
    rest, number = rest.strip(" ,，"), int(found[1])
    if rest in _EVERYBODY:
        return Came(number, (), is_all_but=True, walk_ins=walk_ins)
    if but := _ALL_BUT.fullmatch(rest):
        return Came(number, _numbers(but[1]), is_all_but=True, walk_ins=walk_ins)
    those = _THOSE.fullmatch(rest)
    if those is None and not (walk_ins and not rest):
        return None
    return Came(number, _numbers(those[1]) if those else (), walk_ins=walk_ins)


def _signed(found: re.Match[str]) -> Sign | None:
    planned = landed = None
    for part in (found[4] or "").split():
        money = _MONEY.fullmatch(part)
        if money is None:
            return None
        if money[1]:
            landed = _yuan(money[2], money[3])
        else:
            planned = _yuan(money[2], money[3])
    return Sign(int(found[1]), found[2], found[3], planned, landed)


_LINES = (
    (_LOOK, lambda f: Look(int(f[1] or 0))),
    (_INVITE, lambda f: Invite(int(f[1]), bool(f[2]))),
    (_CHOOSE, lambda f: Choose(int(f[1]), _audience(f[2] or ""))),
    (_SWITCH, lambda f: Switch(int(f[2]), _SWITCHES.get(f[1], Act.STOP))),
    (_OFF, lambda f: Off(int(f[1]))),
    (_CAME, _came),
    (_MINUTES, lambda f: Minutes(int(f[1]), f[2].strip())),
    (_LAND, lambda f: Land(int(f[1]), _yuan(f[2], f[3]))),
    (_SIGN, _signed),
    (_DONE, lambda f: Done(int(f[1]), (f[2] or "").strip())),
)


def _audience(text: str) -> str:
    words = " ".join(text.split())
    return "" if words in _EVERYONE else words


def _venue(text: str) -> tuple[Venue, str]:
    """The kind of place that «进乡村» names, and the rest."""
    found = _INTO.search(text)
    if found is None:
        return Venue.NONE, text
    return _VENUES[found[1]], _without(text, found)


def _planned(title: str, rest: str, now: datetime) -> Plan:
    kind = next(_KIND_WORDS[w] for w in sorted(_KIND_WORDS, key=len)[::-1] if title.endswith(w))
    venue, rest = _venue(rest)
    city = _CITY.search(rest)
    rest = _without(rest, city)
    day, hour = _DAY.search(rest), None
    if day is None:
        return Plan(kind, title, None, "", "", fault="day")
    rest = _without(rest, day)
    hour = _HOUR.search(rest)
    rest = _without(rest, hour)
    place = " ".join(rest.split())
    named = _named(day, now.astimezone(CHINA).date())
    at = _hour(hour) if hour else time()
    fault = "day" if named is None or at is None else ""
    fault = fault or ("long" if len(title) > TITLE or len(place) > PLACE else "")
    begin = datetime.combine(named, at, CHINA) if named and at is not None else None
    fault = fault or ("past" if begin is not None and begin <= now else "")
    fault = fault or ("day" if begin is not None and begin - now > _AHEAD else "")
    return Plan(kind, title, begin, place, city[1] if city else "", fault, venue)


def _followed(number: int, staff: str, rest: str, now: datetime) -> Follow:
    day = _DAY.match(rest)
    named = _named(day, now.astimezone(CHINA).date()) if day else None
    text = rest[day.end() :].strip(" 前,，") if day and named else rest
    return Follow(number, staff, text.strip(), named)


def _named(found: re.Match[str], today: date) -> date | None:
    """The day that is named; of the next year where none is said and it is over this year."""
    try:
        day = date(int(found[1] or today.year), int(found[2]), int(found[3]))
        return day.replace(year=today.year + 1) if day < today and not found[1] else day
    except ValueError:
        return None


def _hour(found: re.Match[str]) -> time | None:
    hour = int(found[2])
    if found[1] in ("下午", "晚上") and hour < _NOON:
        hour += _NOON
    minute = 30 if found[4] else int(found[3] or 0)
    return time(hour, minute) if hour <= _LAST_HOUR and minute <= _LAST_MINUTE else None


def _yuan(amount: str, unit: str | None) -> int:
    return int(Decimal(amount) * _UNITS.get(unit or "", 1))


def _without(text: str, found: re.Match[str] | None) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}" if found else text


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(each) for each in re.findall(r"\d{1,4}", text)))
