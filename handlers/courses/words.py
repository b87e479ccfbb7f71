"""What people and staff write about courses («报名 课3», «到课 3 缺2、5»), read as values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from handlers import commands, hearing
from handlers.commands import Command
from outreach.courses.attending import Phase
from records.courses import Outcome, Topic
from registry.courses_kind import topic_words


class Listing(StrEnum):
    """A list that somebody asks for."""

    OPEN = "open"
    MINE = "mine"


class Step(StrEnum):
    """What somebody does about one course."""

    JOIN = "join"
    TAKE = "take"  # the seat that came free
    REFUSE = "refuse"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Move:
    """A step; number 0 where they do not say which course."""

    step: Step
    number: int = 0


@dataclass(frozen=True, slots=True)
class Learn:
    """Somebody would like to learn something."""

    topic: Topic


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a course."""

    number: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Roster:
    """Staff look at their courses, or at one of them."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who came: those at these places of the list, or all but those."""

    number: int
    places: tuple[int, ...] = ()
    is_all_but: bool = False


@dataclass(frozen=True, slots=True)
class Finish:
    """A phase of a programme is done."""

    number: int
    phase: Phase


Wish = Listing | Move | Learn | Came
DeskWish = Roster | Attendance | Finish

_COURSE = r"课\s*(\d{1,6})"
_STEPS = {
    Step.JOIN: ("报名", "我要报名", "报"),
    Step.TAKE: ("要",),
    Step.REFUSE: ("不要",),
    Step.LEAVE: (
        "不去了",
        "取消报名",
        "退课",
        "去不了了",
        "来不了了",
        "不报了",
        "去不成了",
        "不去上课了",
        "不上课了",
        "上不了课了",
    ),
}
_STEP_OF = {word: step for step, words in _STEPS.items() for word in words}
_MOVE = re.compile(rf"({'|'.join(sorted(_STEP_OF, key=len, reverse=True))})\s*{_COURSE}")
_MOVE_AFTER = re.compile(
    rf"{_COURSE}[\s,，]*(?:我|俺)?({'|'.join(sorted(_STEPS[Step.LEAVE], key=len, reverse=True))})"
)
_MINE = frozenset({"我的报名", "我的培训", "我报了什么", "我报了啥", "我的课程", "我的课"})
_OUTCOMES = {
    "自己干了": Outcome.FOUNDED,
    "上班了": Outcome.EMPLOYED,
    "还没有": Outcome.NEITHER,
}
_CAME = re.compile(rf"培训后\s*{_COURSE}\s*({'|'.join(_OUTCOMES)})")
_LEARN = re.compile(
    r"(?:我|俺)?(?:也)?想学(?:习|点|一点|一下)*(.{1,8}?)(?:的?(?:技术|手艺|培训|课))?"
)
_ROSTER = re.compile(r"(?:看)?课程\s*(\d{1,6})?|看课\s*(\d{1,6})")
_ATTENDANCE = re.compile(r"(?:到课|签到课)\s*(?:课\s*)?(\d{1,6})[\s:：,，]+(.+)")
_FINISH = re.compile(rf"做完\s*{_COURSE}\s*(培训|孵化|跟踪)")
_PHASES = {"培训": Phase.TRAINING, "孵化": Phase.INCUBATION, "跟踪": Phase.FOLLOWING}
_EVERYBODY = frozenset({"全到", "都到", "都到了", "全到了", "全部到", "全勤"})
_ALL_BUT = re.compile(r"(?:缺|没来|没到|除了|少)\s*[:：]?\s*([\d\s,，、号]+)(?:没来|没到)?")
_THOSE = re.compile(r"(?:到|来了?|到了)?\s*([\d\s,，、号]+)")


def wish_of(text: str) -> Wish | None:
    """What somebody wants of the courses; None where it is about something else."""
    said = hearing.core(text)
    if commands.of(text) is Command.TRAINING:
        return Listing.OPEN
    if said in _MINE:
        return Listing.MINE
    if said.lstrip("我俺") in _STEPS[Step.LEAVE]:
        return Move(Step.LEAVE)
    if found := _MOVE_AFTER.fullmatch(said):
        return Move(Step.LEAVE, int(found[1]))
    if found := _MOVE.fullmatch(said):
        return Move(_STEP_OF[found[1]], int(found[2]))
    if found := _CAME.fullmatch(said):
        return Came(int(found[1]), _OUTCOMES[found[2]])
    if found := _LEARN.fullmatch(said):
        topic = topic_words().get(found[1].strip())
        return Learn(topic) if topic else None
    return None


def desk_wish_of(text: str) -> DeskWish | None:
    """What staff want of the courses; None where it is no line of theirs."""
    said = text.strip().strip("。.!！")
    if found := _ROSTER.fullmatch(said):
        return Roster(int(found[1] or found[2] or 0))
    if found := _FINISH.fullmatch(said):
        return Finish(int(found[1]), _PHASES[found[2]])
    found = _ATTENDANCE.fullmatch(said)
    return _attendance(int(found[1]), found[2].strip()) if found else None


def _attendance(number: int, rest: str) -> Attendance | None:
    if rest in _EVERYBODY:
        return Attendance(number, (), is_all_but=True)
    if found := _ALL_BUT.fullmatch(rest):
        return Attendance(number, _numbers(found[1]), is_all_but=True)
    found = _THOSE.fullmatch(rest)
    return Attendance(number, _numbers(found[1])) if found else None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(each) for each in re.findall(r"\d{1,4}", text)))
