"""Times in an audience: 30天内联系过, 12月1号以后登记, 3月前说要回来, 执照满6个月."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from matching.audience import dates
from matching.audience.dates import Clock, N, number
from matching.audience.faults import AudienceFault
from matching.audience.values import Between, Condition, Day, Not
from matching.facts import Days, add_months

_DAYS_OF = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7}
_FAR = 9999  # days

_SPAN = re.compile(
    rf"(?P<n>{N}|半|几|好几|多少)"
    r"(?:(?P<half>个半)|个?多?)(?P<unit>天|日|周|星期|礼拜|(?<=[个多半])月|年)(?P<more>半)?多?"
)
_LATELY = re.compile(r"(?:在|就)?(?:最近|近|过去|这|前)的?这?")
_WITHIN = re.compile(r"(?:之|以)?(?:内|来|里|间)|中")
_AGO = re.compile(r"(?:之|以)?前|或更早|及更早")
_AHEAD = re.compile(r"(?:之|以)?后")
_OVER = re.compile(r"(?:已经|已|有|都|超过|超出|大于|满|够|整整|长达)+")
_BEHIND = re.compile(r"(?:以上|了|没满)?(?:都|就|也|还|一直)*")

_FROM = re.compile(r"(?:从|自从|自)")
_TO = re.compile(r"(?:到|至|~|-|—|–)")
_NOW = re.compile(r"(?:现在|今天|目前|今(?!年)|如今|眼下)(?:为止)?")
_UNTIL = re.compile(r"截至|截止到?|到")
_SINCE_END = re.compile(
    r"(?:当天)?(?:以后|之后|以来|开始|往后|过后|后|起|至今|到现在|到目前|到今天)+(?:的时候)?"
)
_BEFORE_END = re.compile(r"以前|之前|往前|前")
_THROUGH_END = re.compile(r"(?:及|或|和)(?:以前|之前|更早)|为止")
_INSIDE = re.compile(r"(?:之间|期间|这段时间|当天|那天|这天|以内|之内|内|里|间|份)?(?:的时候)?")

_BETWEEN = re.compile(r"(?:的?(?:时候)?(?:就|都|也|才|还|是|在|一直|已经|已|新|刚|被|再|有)*)")
_NEVER = re.compile(r"(?:就|都|也|还|一直|从来|再|从)*(?:没有|没|未|不曾|未曾)(?:再|有)?(?:人)?")
_MEANS = re.compile(
    r"(?:(?:说好|说|讲|答应|打算|准备|计划|预计|要|想|会|能|可以|预备)(?:了|过|的)?(?:是|在|要)?)+"
)

_TOUCH = (
    r"(?:联系|联络|来往|互动|沟通)(?:上|过|了)*(?:我们)?|(?:来|找|说|聊)过(?:我们|话)*"
    r"|回过?(?:话|消息|信)|说过?话"
)
_SILENT = r"(?:来|找)(?:我们)?|消息|动静|音信|回音"
_CALL = r"(?:走访|回访|家访|上门|敲门|入户|看望|探访|打电话|打过电话)(?:过|了)*"
_SIGNED = r"(?:登记|录入|入库|建档|新来)(?:过|进来|造册|上|入册|了)*"
_PAPER = (
    r"(?:(?:办|领|拿|取得)(?:了|好|下|到|过|理|的|下来)*)(?:营业)?执照|[办领拿]的?(?:了|过)?照"
)
_HOME = r"回来|返乡|回乡|回老家|回家|回村|到家|返家|返回|回"
_HELP = (
    r"有?人(?:管|帮)|(?:分|派|定|配|安排|指定)(?:到|好|上)?(?:了|的)?(?:专员(?:[或和]导师)?|导师)"
)
_YES = r"同意(?:推送|接收|收消息|发消息)"
_CLASS = r"(?:上|报|参加)(?:过|了|的)?(?:课|培训班?|学习班?)|(?:培训|学习)(?:过|了)"


@dataclass(frozen=True, slots=True)
class _Event:
    """What has a day: said behind its time (behind 没, too), or before it as 登记日期在."""

    day: Day
    behind: re.Pattern[str]
    never: re.Pattern[str]
    noun: re.Pattern[str]


def _event(day: Day, behind: str, noun: str, never: str = "") -> _Event:
    whole = f"(?:{behind}|{never})" if never else behind
    return _Event(day, re.compile(behind), re.compile(whole), re.compile(noun))


_DATE = r"(?:的?(?:日期|时间|日子|日))"
_EVENTS = (
    _event(Day.REGISTERED, _SIGNED, rf"登记{_DATE}?"),
    _event(
        Day.CONTACT,
        _TOUCH,
        rf"(?:最后|最近|上)一?(?:次|回)(?:的)?联系{_DATE}?|联系{_DATE}",
        _SILENT,
    ),
    _event(Day.VISITED, _CALL, rf"(?:走访|回访|上门){_DATE}"),
    _event(Day.LICENSED, _PAPER, rf"(?:办照|领照|(?:{_PAPER})|(?:有)?(?:营业)?执照){_DATE}?"),
    _event(Day.HELPED, _HELP, rf"(?:分专员|有人管){_DATE}"),
    _event(Day.AGREED, _YES, rf"{_YES}{_DATE}"),
    _event(Day.TRAINED, _CLASS, rf"(?:上课|培训|报课){_DATE}"),
    _event(Day.RETURN, _HOME, rf"(?:返乡|回来|回乡|回家){_DATE}"),
)
_IS = re.compile(r"(?P<no>不)?(?:是|在|为|于|:)*(?P<side>早于|晚于)?")
_IS_FULL = re.compile(r"(?:已经|已|也|都|办了|领了|办|开了|了)*(?:满|超过|有|够|过|了)?了?")
_IS_SHORT = re.compile(
    r"(?:还|也|都|才)*(?:不到|不满|没到|没满|未满|不足|不够|少于|没超过|不超过)"
)
_FULL_END = re.compile(r"(?:以上|之?多|了|出头|及?以上)*")
_LICENCE_END = re.compile(r"(?:办|领|拿)(?:的|下来)*|登记|之?内")
_EVER = (
    (Day.CONTACT, re.compile(r"(?:有)?(?:联系|联络|来|找|说|聊)过(?:我们|话)*")),
    (Day.VISITED, re.compile(r"(?:走访|回访|家访|上门|敲门|入户|打电话|打过电话)过?")),
    (
        Day.RETURN,
        re.compile(
            r"(?:说了|说过|说好|定了|定好|说)?(?:哪天|哪一天|什么时候|啥时候|几号|什么日子)(?:要)?(?:回来|返乡|回家|回)"
            r"|(?:说了|说过|定了|有)(?:回来|返乡|回家)的?(?:日子|日期|时间)"
        ),
    ),
)
_NEVER_AT_ALL = (
    (Day.CONTACT, re.compile(r"(?:一直|从来|还)*(?:没有|没|未)(?:联系|联络)(?:上|过)?")),
    (Day.VISITED, re.compile(r"(?:一直|从来|还)*(?:没有|没|未)(?:走访|回访|上门|入户)过?")),
)
_NO_BOUNDS = "只知道最后一次联系是哪天，可以写“…以后没联系过”或者“最后一次联系不在…”"
_CAME_BACK = "哪天回来的没有登记；已经在家的写“已回老家”，还没回、说了日子的写“打算…回来”"


def read(text: str, at: int, today: date) -> tuple[int, Condition] | None:
    """What of time stands here and where it ends; AudienceFault for what is not kept."""
    found = [*_timed(text, at, today), *_named(text, at, today), *_ever(text, at)]
    return max(found, key=lambda one: one[0], default=None)


def _ever(text: str, at: int) -> Iterator[tuple[int, Condition]]:
    for day, pattern in _NEVER_AT_ALL:
        if found := pattern.match(text, at):
            yield found.end(), Not(Between(day))
    for day, pattern in _EVER:
        if found := pattern.match(text, at):
            yield found.end(), Between(day)


@dataclass(frozen=True, slots=True)
class _Range:
    """A time as it was said: where it ends, its days, whether it was a bare 90天."""

    end: int
    since: date | None = None
    until: date | None = None
    is_bare: bool = False


def _timed(text: str, at: int, today: date) -> Iterator[tuple[int, Condition]]:
    """The time first: 12月1号以后登记的, 90天没联系."""
    for event in _EVENTS:
        is_ahead = event.day is Day.RETURN
        lead = _MEANS.match(text, at) if is_ahead else None
        begin = lead.end() if lead else at
        for when in _times(text, begin, Clock(today, is_ahead)):
            when = _open(when, event.day, today)
            if is_ahead:
                yield from _back(text, at, when, is_meant=lead is not None, today=today)
            else:
                yield from _behind(text, at, when, event)


def _open(when: _Range, day: Day, today: date) -> _Range:
    """Of contacts the last is known, and none comes after today."""
    is_over = when.until is not None and when.until < today
    return when if is_over or day is not Day.CONTACT else replace(when, until=None)


def _behind(text: str, at: int, when: _Range, event: _Event) -> Iterator[tuple[int, Condition]]:
    never = _NEVER.match(text, when.end)
    found = event.never.match(text, never.end()) if never else None
    asked = Between(event.day, when.since, when.until)
    if found:
        if event.day is Day.CONTACT and asked.until:
            raise AudienceFault(at + 1, text[at : found.end()], _NO_BOUNDS)
        yield found.end(), Not(asked)
    found = event.behind.match(text, _past(_BETWEEN, text, when.end))
    if found and not when.is_bare:
        yield found.end(), asked


def _back(
    text: str, at: int, when: _Range, *, is_meant: bool, today: date
) -> Iterator[tuple[int, Condition]]:
    """A day on which they mean to come home; on which they came is not kept."""
    event = _EVENTS[-1]
    between = _past(_BETWEEN, text, when.end)
    lead = _MEANS.match(text, between)
    found = event.behind.match(text, lead.end() if lead else between)
    if not found or when.is_bare:
        return
    is_ahead = when.since >= today if when.since else bool(when.until and when.until >= today)
    if not (is_meant or lead or is_ahead):
        raise AudienceFault(at + 1, text[at : found.end()], _CAME_BACK)
    yield found.end(), Between(Day.RETURN, when.since, when.until)


def _named(text: str, at: int, today: date) -> Iterator[tuple[int, Condition]]:
    """What it is of first: 登记日期在12月, 执照满6个月, 办照不到一年."""
    for event in _EVENTS:
        if noun := event.noun.match(text, at):
            yield from _full(text, noun.end(), event.day, today)
            yield from _noun_in(text, noun.end(), event.day, today)


def _full(text: str, at: int, day: Day, today: date) -> Iterator[tuple[int, Condition]]:
    """So long ago at least, or not as long."""
    if day not in (Day.REGISTERED, Day.LICENSED):
        return
    short = _IS_SHORT.match(text, at)
    head = short or _IS_FULL.match(text, at)
    ago = _ago(text, head.end() if head else at, today)
    if ago is None:
        return
    end, since = ago
    if short:
        yield end, Between(day, since=since + timedelta(1))
    elif tail := _FULL_END.match(text, end):
        yield tail.end(), Between(day, until=since)


def _noun_in(text: str, at: int, day: Day, today: date) -> Iterator[tuple[int, Condition]]:
    verb = _IS.match(text, at)
    begin = verb.end() if verb else at
    is_no, side = (verb["no"], verb["side"]) if verb else (None, None)
    for one in _times(text, begin, Clock(today, day is Day.RETURN)):
        when = _open(one, day, today)
        end = when.end
        if day is Day.LICENSED and (tail := _LICENCE_END.match(text, end)):
            end = tail.end()
        if not when.is_bare:
            asked = _sided(Between(day, when.since, when.until), side or "")
            yield end, Not(asked) if is_no else asked


def _sided(asked: Between, side: str) -> Between:
    if side == "早于" and asked.since:
        return replace(asked, since=None, until=asked.since - timedelta(1))
    if side == "晚于" and asked.until:
        return replace(asked, since=asked.until + timedelta(1), until=None)
    return asked


def _times(text: str, at: int, clock: Clock) -> Iterator[_Range]:
    """Every time that can stand here."""
    yield from _spans(text, at, clock)
    yield from _dated(text, at, clock)


def _spans(text: str, at: int, clock: Clock) -> Iterator[_Range]:
    """So long up to today, so long ago, or bare."""
    today, lately = clock.today, _LATELY.match(text, at)
    over = None if lately else _OVER.match(text, at)
    head = lately or over
    ago = _ago(text, head.end() if head else at, today)
    if ago is None:
        return
    end, since = ago
    within = _WITHIN.match(text, end)
    if within or lately:
        last = within.end() if within else end
        ahead = today + (today - since)
        yield _Range(last, today, ahead) if clock.is_ahead else _Range(last, since)
    elif (before := _AGO.match(text, end)) and not clock.is_ahead:
        yield _Range(before.end(), None, since)
    elif (after := _AHEAD.match(text, end)) and clock.is_ahead:
        yield _Range(after.end(), today + (today - since))
    elif behind := _BEHIND.match(text, end):
        yield _Range(behind.end(), since, is_bare=True)


def _ago(text: str, at: int, today: date) -> tuple[int, date] | None:
    """The day so long ago; None for what is no length, or too long."""
    found = _SPAN.match(text, at)
    if found is None:
        return None
    if found["n"] in ("几", "好几", "多少"):
        raise AudienceFault(at + 1, found.group(), "请写清多久，比如“3个月”")
    months, days = _length(found)
    if not (months or days) or months * 31 + days > _FAR:
        return None
    return found.end(), add_months(today, -months) - timedelta(days)


def _length(found: re.Match[str]) -> tuple[int, int]:
    """Months and days; 半年 is six months, 半个月 fifteen days, 一个半月 both kinds."""
    unit, n = found["unit"], 0 if found["n"] == "半" else number(found["n"]) or 0
    is_half = bool(found["n"] == "半" or found["half"] or found["more"])
    if unit == "年":
        return 12 * n + 6 * is_half, 0
    if unit == "月":
        return n, 15 * is_half
    one = _DAYS_OF[unit]
    return 0, one * n + (one // 2 if is_half else 0)


def _dated(text: str, at: int, clock: Clock) -> Iterator[_Range]:
    """Days of the calendar: one, from, until, between."""
    if (until := _UNTIL.match(text, at)) and (found := dates.read(text, until.end(), clock)):
        yield _Range(
            _past(_INSIDE, text, _past(_THROUGH_END, text, found[0])), None, found[1].last
        )
    head = _FROM.match(text, at)
    found = dates.read(text, head.end() if head else at, clock)
    if found is None:
        return
    end, days = found
    if to := _TO.match(text, end):
        yield from _ranged(text, to.end(), days, clock)
    elif after := _SINCE_END.match(text, end):
        yield _Range(after.end(), days.first)
    elif through := _THROUGH_END.match(text, end):
        yield _Range(through.end(), None, days.last)
    elif before := _BEFORE_END.match(text, end):
        yield _Range(before.end(), None, days.first - timedelta(1))
    elif head:
        yield _Range(end, days.first)
    else:
        yield _Range(_past(_INSIDE, text, end), days.first, days.last)


def _ranged(text: str, at: int, begin: Days, clock: Clock) -> Iterator[_Range]:
    if now := _NOW.match(text, at):
        yield _Range(now.end(), begin.first)
    elif last := dates.read_end(text, at, begin, clock):
        end, days = last
        if days.last < begin.first:
            raise AudienceFault(at + 1, text[at:end], "后一个日子比前一个早")
        yield _Range(_past(_INSIDE, text, end), begin.first, days.last)


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
