"""Who somebody on a list is: one of those we know, a new one, or a question for a human."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from records.imports import WHO, DifferenceState
from records.listed_people import Entry
from records.people import NICKNAME, PHONE, Source, Status
from records.prints import VILLAGE, Prints, bare_village, plain, town

# Oneself comes before whoever went from door to door, they before a list (S1-05).
RANK = {
    Source.CHAT: 4,
    Source.COUNTER: 4,
    Source.HOUSEHOLD: 3,
    Source.PROXY: 2,
    Source.BULK: 1,
}
GONE = {
    Status.WITHDRAWN: "这个人退出过登记，没有再存；本人回来登记才行",
    Status.DECEASED: "这个人已标为过世，没有存",
}
_CALLED = ("小", "老", "阿", "大")
_TITLES = (
    "哥",
    "姐",
    "叔",
    "婶",
    "师傅",
    "老板",
    "某",
    "某某",
    "先生",
    "女士",
    "总",
    "嫂",
    "伯",
    "姨",
)


class Likeness(Enum):
    """Whether two names may be one person's."""

    SAME = auto()
    MAYBE = auto()  # a nickname, a slip of the pen, or a brother
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody on a list, as far as it tells who they are."""

    name: str
    external_id: str
    town: str  # in words, "" where not said
    prints: Prints
    value_print: str  # of the whole row: what a human said of it holds for it again


@dataclass(frozen=True, slots=True)
class Match:
    """The one who is meant, if anybody; `doubt` says why a human must look."""

    entry: Entry | None = None
    doubt: str = ""


Decided = Mapping[tuple[str, str, str], DifferenceState]


def match(who: Candidate, known: Iterable[Entry], decided: Decided) -> Match:
    """Which of `known`, oldest first, is meant: by number, by phone and name, by name and home."""
    left: list[Entry] = []
    for entry in sorted(known, key=lambda one: one.status in GONE):
        state = decided.get((entry.id, WHO, who.value_print))
        if state is DifferenceState.TAKEN:
            return Match(entry)
        if state is not DifferenceState.KEPT:
            left.append(entry)
    for entry in left:
        if who.external_id and entry.external_id == who.external_id:
            return Match(entry)
    waiting = next((e for e in left if (e.id, WHO, who.value_print) in decided), None)
    left = [e for e in left if not (who.external_id and e.external_id)]
    found = _by_phone(who, left) or _by_home(who, left)
    if found is None and waiting is not None:  # whatever number they have got since
        return Match(waiting, "上次就分不清是不是同一个人")
    return found or Match()


def likeness(one: str, other: str) -> Likeness:
    """Of two names, however they are typed."""
    first, second = plain(one), plain(other)
    if first == second:
        return Likeness.SAME
    if not first or not second:
        return Likeness.MAYBE
    if _is_nickname(first) or _is_nickname(second):
        return Likeness.MAYBE
    if first in second or second in first:
        return Likeness.MAYBE
    slips = sum(a != b for a, b in zip(first, second, strict=False))
    is_slip = len(first) == len(second) and slips == 1 and len(first) > 1
    return Likeness.MAYBE if is_slip else Likeness.OTHER


def same(field: str, held: Any, new: Any) -> bool:
    """Whether two values say the same."""
    if field == NICKNAME:
        return plain(str(held)) == plain(str(new))
    if field == VILLAGE:
        return _village(str(held)) == _village(str(new))
    if isinstance(held, list) and isinstance(new, list):
        return set(new) <= set(held)  # a part of it only confirms
    return bool(held == new)


def _village(words: str) -> str:
    return bare_village(words) or plain(words)


def _by_phone(who: Candidate, known: list[Entry]) -> Match | None:
    if not who.prints.phone:
        return None
    sharing = [e for e in known if e.prints.phone == who.prints.phone]
    likely = {e.id: likeness(who.name, str(e.texts.get(NICKNAME) or "")) for e in sharing}
    for entry in sharing:
        if likely[entry.id] is Likeness.SAME or not entry.texts.get(NICKNAME):
            return Match(entry)
    maybe = next((e for e in sharing if likely[e.id] is Likeness.MAYBE), None)
    return Match(maybe, "手机号一样，名字差一点，可能是同一个人") if maybe else None


def _by_home(who: Candidate, known: list[Entry]) -> Match | None:
    if not who.prints.home:
        return None
    namesakes = [
        e
        for e in known
        if e.prints.home == who.prints.home
        and _may_be_one(who.town, town(str(e.texts.get(VILLAGE) or "")))
    ]
    if len(namesakes) > 1:
        return Match(namesakes[0], f"同村有{len(namesakes)}个同名的，分不清是哪个")
    for entry in namesakes:
        if who.prints.phone and entry.texts.get(PHONE):
            return Match(entry, "同村同名，手机号不一样，可能是换了号，也可能是两个人")
        return Match(entry)
    return None


def _may_be_one(one: str, other: str) -> bool:
    """Villages of one name are one unless their towns are named and differ."""
    return not one or not other or one == other


def _is_nickname(name: str) -> bool:
    return name.endswith(_TITLES) or (len(name) == 2 and name.startswith(_CALLED))
