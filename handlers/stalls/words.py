"""What who stands at a stall writes («来问 火车站 8人 贷款3 登记2»), read as values."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from records.stalls import LONGEST_PLACE, Counted

_MOST = 5_000  # in one line: more is a slip of the finger
_TOPIC = 8  # characters
_COUNT = re.compile(
    r"(?:来问|摊位)(?:[\s:：,，]+|(?=\d))(?:推送\s*(?P<campaign>\d{1,6})(?=[\s:：,，]))?(?P<rest>.+)",
    re.DOTALL,
)
_LOOK = re.compile(r"(?:看看?)?(?:摊位|来问)(?:的)?情况\s*(?P<campaign>\d{1,6})?")
_BACK = re.compile(r"(?:撤回|取消)(?:来问|摊位)|(?:来问|摊位)(?:撤回|记错了?)")
_QUESTION = re.compile(
    r"[\s,，;；、。]*(?:没答上来?|答不上来?|没答出来?)(?:的)?[\s:：]*(?P<text>.+)$", re.DOTALL
)
_BETWEEN = re.compile(r"[\s,，、;；。]+")
_NUMBER = r"(?P<n>\d{1,5})\s*(?:个|位|人|次|人次)?(?:人)?"
_ALL = re.compile(rf"(?:一共|共|来了|有)?{_NUMBER}(?:来问|问)?")
_OF = re.compile(rf"(?P<word>[\u4e00-\u9fff]{{1,{_TOPIC}}}?)(?:的|了|有)?{_NUMBER}")
_ASKS = re.compile(r"^(?:问|打听|想问|说)")
_LONGEST_QUESTION = 200
_REGISTERED, _SCANNED = "登记", "扫码"
_DONE_THERE = frozenset({_REGISTERED, _SCANNED})


@dataclass(frozen=True, slots=True)
class Count:
    """So many talked at a stall; `fault` names what of the line cannot be; campaign 0: the one."""

    counted: Counted
    campaign: int = 0
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What was counted so far, of the one campaign or of a number."""

    campaign: int = 0


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The last line of their own today was wrong."""


Wish = Count | Standing | TakeBack


def wish_of(text: str) -> Wish | None:
    """What a line counts or asks; None where it is about something else."""
    said = text.strip().strip("。.!！").strip()
    if _BACK.fullmatch(said):
        return TakeBack()
    if found := _LOOK.fullmatch(said):
        return Standing(int(found["campaign"] or 0))
    if found := _COUNT.fullmatch(said):
        return _counted(found["rest"], int(found["campaign"] or 0))
    return None


@dataclass(slots=True)
class _Line:
    """A line while it is read: numbers by matter, matters without a number."""

    whole: int = 0
    numbers: Counter[str] = field(default_factory=Counter)
    bare: list[str] = field(default_factory=list)
    place: str = ""
    unclear: str = ""

    def take(self, part: str) -> None:
        """One more word of it."""
        word = _ASKS.sub("", part)
        if whole := _ALL.fullmatch(part):
            self.whole += int(whole["n"])
        elif of := _OF.fullmatch(word):
            self._number(of["word"], int(of["n"]), has_people=part.endswith("人"))
        elif word in _topics():
            self.bare.append(_topic(word))
        elif not self.place and len(part) <= LONGEST_PLACE and not re.search(r"\d", part):
            self.place = part
        else:
            self.unclear = self.unclear or part[:LONGEST_PLACE]

    def _number(self, word: str, n: int, *, has_people: bool) -> None:
        if has_people and word not in _topics() and not self.place:  # 火车站8人
            self.place, self.whole = word, self.whole + n
        else:
            self.numbers[_topic(word)] += n


def _counted(rest: str, campaign: int) -> Count:
    line, question = _Line(), ""
    if found := _QUESTION.search(rest):
        question, rest = found["text"].strip()[:_LONGEST_QUESTION], rest[: found.start()]
    for part in filter(None, _BETWEEN.split(rest)):
        line.take(part)
    counted = _made(line, question)
    return Count(counted, campaign, line.unclear or _fault(counted))


def _made(line: _Line, question: str) -> Counted:
    """Each number is of people of its own, unless all are said; bare matters are of one talk."""
    topics = {word: n for word, n in line.numbers.items() if word not in _DONE_THERE}
    talks = line.whole or max(sum(topics.values()), line.numbers[_REGISTERED])
    if not line.whole and (line.bare or (question and not talks)):
        talks += 1
    for word in dict.fromkeys(line.bare):
        if word not in _DONE_THERE:
            topics[word] = topics.get(word, 0) + 1
    return Counted(
        talks=talks,
        registered=line.numbers[_REGISTERED] + (_REGISTERED in line.bare),
        scanned=line.numbers[_SCANNED] + (_SCANNED in line.bare),
        topics=topics,
        place=line.place,
        open_question=question,
    )


def _fault(counted: Counted) -> str:
    """What cannot be: more of one matter than people; "" where all can. Who scans need not ask."""
    found = {**counted.topics, _REGISTERED: counted.registered}
    over = next((word for word, n in found.items() if n > counted.talks), "")
    if over:
        return f"{over}{found[over]}，比来的{counted.talks}人还多"
    if max(counted.talks, counted.scanned) > _MOST:
        return f"{max(counted.talks, counted.scanned)}人"
    return "" if counted.talks or counted.scanned else "没写几个人"


def _topic(word: str) -> str:
    return _topics().get(word, word)


@cache
def _topics() -> Mapping[str, str]:
    """Every word for a matter, and the matter that it is counted as."""
    rows = tomllib.loads(files(__package__).joinpath("topics.toml").read_text("utf-8"))
    return {word: topic for topic, words in rows["topic"].items() for word in (topic, *words)}
