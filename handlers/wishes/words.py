"""What holds, in words, and the words that take it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta

from handlers.texts import say, say_of
from outreach.calendars import spoken
from records.wishes import REFUSABLE, Name, Topic, Wanted, Wish, spans, topic_of

_WEEK = "一二三四五六日"
_FEW = 2  # topics that are left: then these are named


def holding(wish: Wish) -> str:
    """All that holds, in one line; "" where nothing was said."""
    topics = [one for one in wish.wanted if topic_of(one.name)]
    others = [one for one in wish.wanted if not topic_of(one.name)]
    return "，".join([*_topics(topics), *map(spoken_of, others)])


def spoken_of(wanted: Wanted) -> str:
    """One wish in words, with the day until which it holds."""
    if wanted.name == Name.PAUSE:
        return say("wish.pause", day=spoken(wanted.until) if wanted.until else "")
    text = _bare(wanted)
    if wanted.until is None:
        return text
    last = wanted.until - timedelta(minutes=1)
    return say("wish.ends", what=text, day=spoken(last))


def back(wanted: Wanted) -> str:
    """The words by which a wish is taken back."""
    topic = topic_of(wanted.name)
    if topic:
        return say("wish.back_topic", topic=say_of("topic", topic.value))
    return say_of("wish_back", wanted.name)


def _topics(wanted: list[Wanted]) -> list[str]:
    lasting = [topic for one in wanted if one.until is None and (topic := topic_of(one.name))]
    ending = [spoken_of(one) for one in wanted if one.until is not None]
    left = [topic for topic in REFUSABLE if topic not in lasting]
    if not lasting:
        return ending
    if not left:
        return [say("wish.nothing")]
    if len(left) <= _FEW:
        return [say("wish.only_topics", topics=_named(left)), *ending]
    return [say("wish.no_topics", topics=_named(lasting)), *ending]


def _named(topics: Sequence[Topic]) -> str:
    return "、".join(say_of("topic", topic.value) for topic in topics)


def _bare(wanted: Wanted) -> str:
    topic = topic_of(wanted.name)
    if topic:
        return say("wish.no_topics", topics=_named([topic]))
    if wanted.name == Name.RATE:
        return _rate(wanted.value)
    if wanted.name == Name.HOURS:
        return say("wish.hours", hours="、".join(_span(*pair) for pair in spans(wanted.value)))
    return _days(wanted.value)


def _rate(value: str) -> str:
    week, month = (int(number) for number in value.split("/"))
    if month == 1:
        return say("wish.month_one")
    if month >= min(8, 4 * week):
        return say("wish.week", week=week)
    return say("wish.week_month", week=week, month=month)


def _span(begin: time, end: time) -> str:
    return say("wish.span", begin=_clock(begin), end=_clock(end))


def _clock(at: time) -> str:
    minutes = {0: "", 30: "半"}.get(at.minute, f"{at.minute:02}分")
    return f"{at.hour}点{minutes}"


def _days(value: str) -> str:
    if value == "12345":
        return say("wish.no_weekend")
    if value == "67":
        return say("wish.weekend")
    if len(value) > len(_WEEK) // 2:
        absent = "、".join(day for n, day in enumerate(_WEEK, 1) if str(n) not in value)
        return say("wish.no_day", day=absent)
    return say("wish.days", days="、".join(_WEEK[int(n) - 1] for n in value))
