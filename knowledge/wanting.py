"""Whether a fact has anything of what a question asks in words of its own."""

import re
from collections.abc import Iterable

from knowledge.areas import COMMON
from knowledge.aspects import LONGEST
from knowledge.candidates import Candidate
from knowledge.entry import Entry
from knowledge.hearing import Heard, asking, is_asking
from knowledge.text import letters, normalise
from knowledge.understand import Frame
from knowledge.wording import Wording, Words

# Said in questions of every kind; that a fact lacks them says nothing about it.
_COMMON = Words(
    (
        *("听说", "据说", "真的", "假的", "到底", "具体", "大概", "一般", "主要", "目前", "今年"),
        *("去年", "准备", "打算", "计划", "之后", "之前", "以后", "以前", "后头", "后面", "里头"),
        *("然后", "那里", "那边", "那种", "那样", "那点", "这种", "这样", "东西", "事情", "时间"),
        *("而已", "说说", "别人", "人家", "隔壁", "部门", "单位", "牵头", "负责", "支持", "帮忙"),
        *("定义", "意思", "作数", "达标", "顶格", "建立", "定下", "方面", "内容", "情况", "规定"),
        *("政府", "国家", "政策", "文件", "市里", "县里", "区里", "村里", "镇上", "乡里", "老家"),
    )
)
_WHICH = re.compile(r"哪|什么|为何|干嘛")  # asks for a side that slots know better
_COUNTED = re.compile(r"多少|几|\d")
_FIGURES = re.compile(r"[\da-z.]+")


def own_words(heard: Heard, frame: Frame, wording: Wording) -> tuple[str, ...]:
    """What the asking clauses say beyond matter, place and slot, in pieces; of stories nothing."""
    clauses = [clause for clause in asking(heard.plain) if len(clause) <= LONGEST]
    said = wording.matters.without(letters(",".join(clauses)), " ")
    for place in (*frame.places, *(m.area.short for m in heard.mentions)):
        said = said.replace(place, " ")
    if not is_asking(heard.plain) or _WHICH.search(said):
        return ()
    said = wording.without_function(_COMMON.replaced(said, lambda _: " "))
    return tuple(_FIGURES.sub(" ", said).split())


def is_strange_to(words: tuple[str, ...], frame: Frame, candidate: Candidate) -> bool:
    """Whether no two characters running of what was asked stand in a fact or in its wordings."""
    entry = candidate.entry
    pairs = {word[i : i + 2] for word in words for i in range(len(word) - 1)}
    if not pairs or entry is None or candidate.area == COMMON:
        return False
    if _COUNTED.search(frame.said) and any(f.value for f in entry.figures.values()):
        return False  # how much is asked, and it tells a figure
    held = _held(entry, candidate.texts)
    return not any(pair in held for pair in pairs) and not set("".join(words)).issubset(held)


def _held(entry: Entry, wordings: Iterable[str]) -> str:
    said = (entry.answer, entry.detail, entry.where, entry.agency)
    told = (normalise(entry.spoken(text)) for text in (*said, *entry.conditions, *entry.materials))
    return ",".join((*wordings, *map(letters, told)))
