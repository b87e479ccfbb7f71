"""What a cadre writes on a round through the doors («3 5 8 已谈», «还差谁»), read as values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from records.sweeps import DoorState
from registry.line_words import folded

_STATES = {
    DoorState.TALKED: ("已谈", "谈了", "谈过", "谈过了", "谈好", "谈好了", "谈完", "谈完了"),
    DoorState.NOT_HOME: ("不在家", "没在家", "没人", "没人在家", "家里没人", "锁门", "无人"),
    DoorState.REFUSED: ("不愿", "不愿意", "不愿谈", "不肯谈", "不肯", "拒绝", "不谈", "不配合"),
    DoorState.DECEASED: ("已故", "过世", "过世了", "去世", "去世了", "死亡", "已过世", "已去世"),
    DoorState.MOVED: (
        "已搬",
        "搬走",
        "搬走了",
        "搬了",
        "搬家",
        "搬家了",
        "迁走",
        "迁出",
        "已搬走",
    ),
    DoorState.OPEN: ("没去", "还没去", "没敲"),
}
_STATE_OF = {
    said: state for state, words in _STATES.items() for w in words for said in (w, f"已{w}")
}
_WORDS = "|".join(sorted(_STATE_OF, key=len, reverse=True))
_PIECE = re.compile(
    rf"(?P<state>{_WORDS})(?![\u4e00-\u9fff])|(?P<first>\d{{1,3}})\s*[-~到至]\s*(?P<last>\d{{1,3}})"
    r"|(?P<number>\d{1,3})|(?P<word>[\u4e00-\u9fff·]+)|(?P<odd>[^\s,、。;:])"
)
_GLUED = re.compile(rf"([\u4e00-\u9fff·]{{2,4}}?)({_WORDS})$")
_AFTER_NUMBER = re.compile(r"(?<=\d)\s*(?:号家|号户|号门|号|户|家)")
_IDLE = frozenset({"第", "和", "都", "那家"})
_MOST = 400  # doors of a village
_NAME = 4
_BEGIN = re.compile(r"(?:开始)?(?:摸排|敲门|敲门行动|入户摸排)\s*[:：]?\s*(\S{0,30})")
_ADD = re.compile(r"(?:加户|加门|添户|加人家)\s*[:：]?\s*(.+)", re.DOTALL)
_MISSING = re.compile(r"(?:还差谁|还差哪些|还有谁没谈|差谁|没谈的|还没谈的)\s*(\d{1,2})?")
_LIST = re.compile(r"(?:门单|户单|摸排名单|敲门名单|全部名单)\s*(\d{1,2})?")
_PROGRESS = frozenset({"进度", "摸排进度", "敲门进度", "摸排", "摸排到哪了", "谈了多少"})
_END = frozenset({"结束摸排", "摸排完了", "摸排结束", "敲门结束", "结束敲门"})


@dataclass(frozen=True, slots=True)
class Begin:
    """A round is to begin."""

    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """What came of doors: numbers and names, in the order of the message."""

    doors: tuple[tuple[int | str, DoorState], ...]


@dataclass(frozen=True, slots=True)
class Show:
    """The doors are to be listed: all, or those where somebody is still to go."""

    is_missing: bool
    page: int = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the round is."""


@dataclass(frozen=True, slots=True)
class Add:
    """Doors that are not in the register."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class End:
    """The round is over."""


Round = Begin | Told | Show | Progress | Add | End


def round_of(text: str) -> Round | None:
    """What a message says of a round; None where it says nothing of one."""
    said = folded(text).strip().strip("。.!?")
    if said in _PROGRESS:
        return Progress()
    if said in _END:
        return End()
    if found := _MISSING.fullmatch(said):
        return Show(True, int(found[1] or 1))
    if found := _LIST.fullmatch(said):
        return Show(False, int(found[1] or 1))
    if found := _ADD.fullmatch(said):
        names = [name for name in re.split(r"[\s,、;]+", found[1]) if name]
        return Add(tuple(name[:20] for name in names[:_MOST]))
    if found := _BEGIN.fullmatch(said):
        return Begin(found[1])
    return _told(said)


def _told(said: str) -> Told | None:
    """Doors before what came of them, or after it, line by line."""
    doors: list[tuple[int | str, DoorState]] = []
    for line in filter(str.strip, said.splitlines()):
        found = _line(line)
        if not found:
            return None
        doors += found
    return Told(tuple(doors)) if doors else None


def _line(line: str) -> list[tuple[int | str, DoorState]]:
    """The doors of a line; none where it holds anything else."""
    waiting: list[int | str] = []
    doors: list[tuple[int | str, DoorState]] = []
    last: DoorState | None = None
    for found in _PIECE.finditer(_AFTER_NUMBER.sub(" ", line)):
        if found["odd"]:
            return []
        if found["state"]:
            last = _STATE_OF[found["state"]]
            doors += [(door, last) for door in waiting]
            waiting = []
        elif found["word"] and (glued := _GLUED.fullmatch(found["word"])):
            last = _STATE_OF[glued[2]]
            doors += [(door, last) for door in (*waiting, glued[1])]
            waiting = []
        else:
            waiting += _refs(found)
    if waiting and last is not None and not doors:
        return [(door, last) for door in waiting]
    return [] if waiting else doors


def _refs(found: re.Match[str]) -> Iterator[int | str]:
    if found["first"]:
        first, last = int(found["first"]), int(found["last"])
        yield from range(first, min(last, first + _MOST) + 1)
    elif found["number"]:
        yield int(found["number"])
    elif found["word"] not in _IDLE:
        yield found["word"].removesuffix("家") if len(found["word"]) > _NAME else found["word"]
