"""Whether a fact is of the sort that was asked for: money for 多少钱, a date for 什么时候."""

import re
from collections.abc import Set

from knowledge.candidates import Candidate
from knowledge.entry import Entry
from knowledge.understand import WEAK, Frame

# Sides of a matter that must not be answered with another side.
HARD = ("材料", "期限", "利率", "担保", "电话", "叠加")
_COUNTED = {"数量", "名额"}
_DONE = re.compile(r"了(多少|几(?![十百千]))")  # 种了几十亩 asks nothing
_OF_A_YEAR = {"数量", "名额", "时间"}  # of a later year a paper does not know
_BENEFITS = {"贷款", "补贴", "奖补"}  # of papers, terms and guarantees only these have any
_COUNTS = frozenset("个家户人名场项篇次起件门张条期班")
_ASKED_COUNT = re.compile(r"(?:多少|几)[个家户人名场项篇](?![月钱点工])")
_ASKED_MONEY = re.compile(
    r"(多少|几个?|好多)(钱|块|元|奖金|奖励|资金|现金|补贴|补助)|(奖金|租金|金额|房租)是?(多少|几)|"
    r"[给补奖贷发拿领批借贴][到得给你我]?多少(?!个|人|家|户|场|期|项|名|份|种|样|类|天|年|次)"
)
_ASKED_LENGTH = re.compile(r"(多少|几)个?(月|年|天|工作日)|工作日")
_LENGTHS = frozenset({"月", "个月", "年", "天", "日", "工作日", "个工作日"})
# 7700户是多少人: the papers' unit is never turned into another.
_CONVERTED = re.compile(
    r"\d(户|人|个|家)[^,。?]*,?[^,。?]*(多少|几)个?(户|人|家|创业主体|主体|企业)"
)
_ASKED_BIG = re.compile(r"[几多好][少多]?[百千]?[千万]")  # 几万 may be money or people
_ASKED_SHARE = re.compile(r"百分之[多几]|几成|多少个点|比例.{0,3}多[少大高]")
_ASKED_ADDRESS = re.compile(r"地址|哪1?条[街路]|什么[街路]|路名|门牌|(详细|具体)位置|几楼|几号楼")
_ASKED_HOURS = re.compile(r"几点")
_DATE = re.compile(
    r"\d年|\d月|\d[日号天]|全年|不定期|长期|月底|上半年|下半年|春节|期间|随时|工作日"
)
_OFTEN = re.compile(r"每(?![个户人家名项])|隔|次|回|定期|经常|长期")
_NUMBER = re.compile(r"\d|[一二三四五六七八九十两几]")
_FREE = re.compile(r"免费|不用交钱|不收|零成本|不花钱|免[房租费]")
_SHARE = re.compile(r"%|百分之|成以|倍")
_ADDRESS = re.compile(r"[路街]\d|\d[号楼]|大厅|大楼")
_HOURS = re.compile(r"\d[点时:：]")
_PHONE = re.compile(r"\d{5,}")
_YEAR = re.compile(r"20\d\d年?")


def missing_side(frame: Frame, candidate: Candidate) -> str:
    """The side asked for that this fact does not give; "" where it may serve."""
    entry = candidate.entry
    if entry is None or candidate.is_talk:
        return ""
    said = entry.spoken(entry.answer)
    asked = frame.slots.keys() - WEAK
    missing = _missing_figure(frame.said, entry, said) or _missing_place(frame.said, entry, said)
    if missing:
        return missing
    if asked and asked <= _COUNTED and not _NUMBER.search(said):
        return min(asked)
    if "频次" in asked and asked <= {"频次", "时限"} and not _OFTEN.search(said):
        return "频次"
    if asked == {"时间"} and not _DATE.search(said):
        return "时间"
    if asked & candidate.slots or not candidate.kinds & _BENEFITS:
        return ""
    return next((slot for slot in HARD if slot in asked), "")


def other_year(frame: Frame, candidate: Candidate, known: Set[str]) -> str:
    """The year asked about, where the fact names others, or counts and no paper names that year.

    `known`: the years that the paper and other facts on the matter speak of.
    """
    asked = {period for period in frame.periods if _YEAR.fullmatch(period)}
    written = years(candidate.entry.spoken(candidate.entry.answer)) if candidate.entry else set()
    counts = candidate.slot in _OF_A_YEAR or _DONE.search(frame.said)
    is_unknown = bool(known and counts) and not asked & known
    return "" if asked & written or not (written or is_unknown) else min(asked, default="")


def years(text: str) -> set[str]:
    """The years that a text names."""
    return {year.removesuffix("年") + "年" for year in _YEAR.findall(text)}


def _missing_figure(asked: str, entry: Entry, said: str) -> str:
    """An amount, a count or a share that was asked for and is not given."""
    units = {figure.unit for figure in entry.figures.values()}
    if _DONE.search(asked) and not re.search(r"\d", said):
        return "数量"
    if _ASKED_SHARE.search(asked) and not _SHARE.search(said):
        return "额度"
    if _ASKED_MONEY.search(asked) and not units & {"元", "%"} and not _FREE.search(said):
        return "额度"
    if _ASKED_BIG.search(asked) and not units:
        return "额度" if not _ASKED_COUNT.search(asked) else "数量"
    if _is_converted(asked, units):
        return "数量"
    if _ASKED_LENGTH.search(asked) and units & _LENGTHS:
        return ""
    if _ASKED_COUNT.search(asked) and units and not any(u[-1:] in _COUNTS for u in units):
        return "数量"
    return ""


def _is_converted(asked: str, units: set[str]) -> bool:
    """Whether a figure of the papers' is to be told in a unit that they do not use."""
    found = _CONVERTED.search(asked)
    return bool(found and found.group(1) in units and found.group(3) not in units)


def _missing_place(asked: str, entry: Entry, said: str) -> str:
    """An address, opening hours or a phone number that was asked for and is not given."""
    if _ASKED_ADDRESS.search(asked) and not (entry.where or _ADDRESS.search(said)):
        return "地点"
    if _ASKED_HOURS.search(asked) and not _HOURS.search(said):
        return "时间"
    if ("电话" in asked or "号码" in asked) and not (entry.phone or _PHONE.search(said)):
        return "电话"
    return ""
