"""Whether a fact is of the sort that was asked for: money for 多少钱, a date for 什么时候."""

import re

from knowledge.candidates import Candidate
from knowledge.entry import Entry
from knowledge.understand import Frame

# Sides of a matter that must not be answered with another side.
HARD = ("材料", "期限", "利率", "担保", "电话", "叠加")
_COUNTED = ("数量", "名额")
_DATE = re.compile(
    r"\d年|\d月|\d[日号天]|全年|不定期|长期|月底|上半年|下半年|春节|期间|随时|工作日"
)
_OFTEN = re.compile(r"[每隔]|次|回|定期|经常|长期")
_NUMBER = re.compile(r"\d|[一二三四五六七八九十两几]")


def missing_side(frame: Frame, candidate: Candidate) -> str:
    """The side asked for that this fact does not give; "" where it may serve."""
    entry = candidate.entry
    if entry is None or candidate.is_talk:
        return ""
    said = entry.spoken(entry.answer)
    asked = set(frame.slots)
    if "元" in frame.about and not _has_money(entry):
        return "额度"
    if asked & set(_COUNTED) and not asked & {"额度"} and not _NUMBER.search(said):
        return next(slot for slot in _COUNTED if slot in asked)
    if "频次" in asked and not _OFTEN.search(said):
        return "频次"
    if asked == {"时间"} and not _DATE.search(said):
        return "时间"
    if asked & candidate.slots:
        return ""
    return next((slot for slot in HARD if slot in asked), "")


def _has_money(entry: Entry) -> bool:
    return any(figure.unit == "元" for figure in entry.figures.values())
