"""What staff and people type where a form is wanted: read, or told why not; never a crash."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from handlers.cases import words as cases
from handlers.events import words as events
from handlers.helping import days as helping_days
from handlers.helping import words as helping
from handlers.month_figures.seen import month_asked
from handlers.self_check import reading as self_check
from handlers.tickets import words as tickets
from handlers.wishes import clauses
from knowledge import numerals
from knowledge.exchange.cells import cell_of
from matching.audience import saying
from matching.audience.faults import AudienceFault
from matching.audience.parsing import parse as audience
from matching.audience.words import OPPOSITES, PHRASES, VERBS
from outreach import almanac
from outreach.campaigns import schedule
from outreach.campaigns.refusing import CampaignRefused
from outreach.reports import periods
from registry import days, money
from tests.fuzz.answers import Fault, bounded
from tests.matching.audiences import places

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = NOW.date()
_WORDS = [*PHRASES, *OPPOSITES, *(f"{h}{w}" for v in VERBS for h in v.spelt for w in v.takes)]
_JOINTS = (
    *(
        " 且 ",
        " 或 ",
        "，",
        "、",
        " ",
        "（",
        "）",
        "(",
        ")",
        "不",
        "除了",
        "不是",
        "的",
        "都要",
        "没",
    ),
    *("和", "以前", "以后", "以内", "起", "到", "—", "～", "至", "大约", "半", "多", "左右"),
)
_NUMBERS = (
    *("0", "1", "3", "12", "13", "29", "30", "31", "32", "90", "2026", "1899", "9999", "0000"),
    *(
        "10000",
        "99999999",
        "9" * 30,
        "9" * 5_000,
        "一",
        "十二",
        "三十一",
        "两",
        "廿三",
        "半",
        "零",
    ),
    *("二〇二六", "千万亿", "９９９９", "²", "①", "½", "3.5", "1e9", "-1", "٣", "०"),
)
_UNITS = (
    *(
        "年",
        "月",
        "日",
        "号",
        "天",
        "天内",
        "个月",
        "个月前",
        "周",
        "岁",
        "点",
        "点半",
        ":30",
        "元",
        "万元",
    ),
    *("人", "户", "-", "/", ".", "-Q4", "-B6", "-12", "-12-31", "W", "千", "%", "季度", "上半年"),
)
_DAYS = (
    *(
        "今天",
        "明天",
        "后天",
        "昨天",
        "下周三",
        "本月",
        "去年",
        "明年",
        "除夕",
        "腊月廿三",
        "正月初八",
    ),
    *(
        "闰六月初一",
        "小年",
        "春节前三天",
        "清明",
        "国庆",
        "每人的晚上",
        "上午9点",
        "晚上7点半",
        "14:30",
    ),
    *("月底", "12月31日", "2月29日", "9999-12-31", "0001-01-01", "2100年1月1日", "3000年正月初一"),
    *(
        "9999年",
        "9999-Q4",
        "9999-B6",
        "9999-12",
        "0001",
        "1900年1月1日上午9点",
        "2099年12月31日晚上8点",
        "9999年清明",
    ),
    *("3000年除夕", "0001年清明", "99天后", "2099年12月31日后999天", "国庆前5天"),
)
_ODD = (
    "\0",
    "\u200b",
    "\u202e",
    "🐶",
    "\ud800",
    "{0}",
    "{amount}",
    "%s",
    "\n",
    "　",
    "ﷺ",
    "İ",
    "ß",
)


def typed(count: int, seed: int) -> Iterator[Fault]:
    """The faults of so many expressions, each said to one reader after the other."""
    readers = list(READERS.items())
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")
        name, (read, refusal) = readers[number % len(readers)]
        yield from fault_of(f"{name}, seed {seed}, number {number}", _said(chance), read, refusal)


Read = Callable[[str], object]
_Refusal = type[Exception] | tuple[type[Exception], ...]


def fault_of(name: str, text: str, read: Read, refusal: _Refusal) -> Iterator[Fault]:
    """What is wrong with how a text is read: another fault than the reader's own."""
    try:
        with bounded():
            read(text)
    except Exception as error:  # the fuzzer reports every crash and goes on
        is_refused = type(error) in (refusal if isinstance(refusal, tuple) else (refusal,))
        if not is_refused or not str(error).strip():
            yield Fault(f"{name}: crash: {error!r}"[:300], text)


def _read_back(text: str) -> None:
    """An audience, which must read back to itself."""
    first = audience(text, places, TODAY)
    again = audience(first.spoken, places, TODAY)
    if again.condition != first.condition:
        raise AssertionError(f"{first.spoken!r} reads back as {saying.said(again.condition)!r}")


def _period(text: str) -> None:
    """A span of a report, with all that a report asks of it."""
    found = periods.parse(text)
    assert periods.parse(str(found)) == found
    assert found.begin < found.end
    assert found.before().last == found.first - timedelta(days=1)


def _cell(text: str) -> None:
    cell = cell_of(text)
    for read in (days.day, days.exact):
        read(cell)
    for said in (days.months, money.span, money.count):
        said(cell.short)


class Never(Exception):
    """What a reader raises that never refuses."""


READERS: dict[str, tuple[Read, _Refusal]] = {
    "audience": (_read_back, AudienceFault),
    "wave": (lambda text: schedule.read([text], NOW), CampaignRefused),
    "moment": (lambda text: almanac.moment(text, NOW), almanac.AlmanacFault),
    "period": (_period, periods.PeriodFault),
    "cell": (_cell, Never),
    "numerals": (numerals.digits, Never),
    "case": (lambda text: cases.figure_of(text, TODAY), Never),
    "event": (lambda text: events.desk_wish_of(text, NOW), Never),
    "helping": (
        lambda text: (helping.wish_of(text, TODAY), helping_days.read(text, TODAY)),
        Never,
    ),
    "self check": (lambda text: self_check.read(text, TODAY), Never),
    "ticket": (lambda text: tickets.wish_of(text, TODAY), Never),
    "wish": (lambda text: (clauses.heard(text, NOW), clauses.unreal(text, NOW)), Never),
    "month": (lambda text: month_asked(text, NOW), Never),
}


def _said(chance: random.Random) -> str:
    if chance.random() < 0.25:
        return chance.choice((_number(chance), chance.choice(_DAYS)))
    return "".join(_piece(chance) for _ in range(chance.choice((1, 2, 3, 5, 9, 30))))


def _piece(chance: random.Random) -> str:
    kinds: tuple[Callable[[], str], ...] = (
        *(lambda: chance.choice(_WORDS), lambda: chance.choice(_JOINTS)),
        *(lambda: _number(chance), lambda: chance.choice(_DAYS), lambda: chance.choice(_JOINTS)),
    )
    return chance.choice(_ODD) if chance.random() < 0.03 else chance.choice(kinds)()


def _number(chance: random.Random) -> str:
    return chance.choice(_NUMBERS) + chance.choice(_UNITS)
