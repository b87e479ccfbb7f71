"""A question that sets areas side by side: the same question, asked of each of them."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from knowledge.areas import Area, Gazetteer, Mention
from knowledge.entry import Bound, Entry
from knowledge.hearing import is_asking, is_root, is_workplace
from knowledge.telling import Told
from knowledge.text import letters

PAIR, MOST = 2, 4  # areas weighed by their figures, told of in one answer
MORE = "光看数字，{}的高；两地条件不一样，只当参考。"

_OURS = re.compile(
    r"(?:我们?|本|这)(?:这|那)?个?(?:[县区市边里儿地]|家|老家|地方)+(?:的|[这那][边里儿]?)?|我们|老家|本地|当地|家里"
)
_AND = re.compile(r"和|跟|与|同|、|还是|或者?|以及|比|对|vs")
# 比 alone compares nothing: 比如, 比例, 比较
_AGAINST = re.compile(
    r"[跟和与][^,?]{1,8}1样|比(?![如例方赛重])(?!较[^?]*$)|相差|差(?:多少|别|距|几)|区别|不[1同]样|不同|对照"
)
_WHERE = re.compile(r"哪(?:边|里|儿|头|块|(?:1?个)?(?:地方|[县市区]))|谁")
_BOTH = re.compile(r"[2两俩]个?(?:地方?|边|头|家|[县市区])(?!.{0,2}跑)")
_WHICH = re.compile(
    r"(?:到底|究竟)?(?:是|在|去|说)?(?:哪[个边里儿家头块1]?(?:地方|[县市区])?|谁家?)(?:的|那[边里儿])?"
)
_END = r"(?:多少|几|很多|1?[点些])?(?:钱|了|[呢啊呀吗吧哦嘛咯])*(?=[,?。!]|$)"
_DEGREE = r"得?(?:还|要|会|最|更|比较|又)*"
_MUCH = re.compile(rf"{_DEGREE}(?:[多高大低]|(?<!多)少){_END}")
_SOON = re.compile(rf"{_DEGREE}[快慢]{_END}")
_WELL = re.compile(rf"{_DEGREE}(?:好|强|合算|划算|优惠|实惠|划得来|合适|宽松|松|严){_END}")
_EASY = re.compile(rf"{_DEGREE}(?:容易|难|好(?=[拿领办贷批]))(?:拿|领|办|贷|批|申请)?到?{_END}")
_ENDS = re.compile("|".join(each.pattern for each in (_MUCH, _SOON, _WELL, _EASY)))
_GAP = re.compile(
    r"(?:相差|差)(?:(?:了|出)?(?:多少|几|很多|多大))?(?:钱|[呢啊呀吗吧])*(?=[,?。!]|$)"
)
_UNLIKE = re.compile(
    r"(?:有没有|有什么|有哪些|有多大|有|是不是|是)?的?(?:区别|差别|差距|不[1同]样|不同|1样不1样|1样)的?"
    r"(?:地方|在哪里?|是什么|大不大|大)?[呢啊呀吗吧]*"
)
_TO_EACH = re.compile(r"(?:分别|各自?)(?:都|又)?")
_JOINT = re.compile(
    r"对比(?:1下)?|相比(?:之下)?|比起来?|比(?![如例方赛重])(?:1下|1比)?|跟|和|与|同|、|还是|或者?|以及"
)
_WHETHER = re.compile(
    r"(?:是不是|能不能|有没有)(?=[^?]*(?:多|高|大|少|低|快|慢|好)(?:[些点吗呢]|$))"
)
_WHOLE = (  # what is too short for a question, or seldom asked so
    (re.compile(r"的?([人户])多少"), r"有多少\1"),
    (re.compile(r"(?:^|(?<=户|业|司|人))(?:能|可以|给)*贷款?(?=多少)"), "贷款最高贷"),
    (re.compile(r"^(?:能|可以|给)*补(?=多少)"), "补贴"),
)
_LEFT = re.compile(r"^(?:[,的是在那这边里儿呢比]|我们?|你们?)+|(?<=,)[,的]+|[,的]+$")


def sides(
    text: str, mentions: Sequence[Mention], *, home: Area | None, areas: Gazetteer
) -> tuple[Area, ...]:
    """The areas that a question sets side by side, each with papers of its own or none."""
    home = next((m.area for m in mentions if is_root(text, m)), home)
    meant = [m for m in mentions if not is_root(text, m) and not is_workplace(text, m)]
    named = _apart([m.area for m in meant], areas)
    is_against = bool(_AGAINST.search(text) or _BOTH.search(text))
    asks_where = _WHERE.search(text) and _asks_which(text)
    if home and len(named) == 1 and (is_against or asks_where):
        named = _apart([home, *named], areas)
    elif not (is_against or _asks_which(text) or _are_listed(text, meant, areas)):
        return ()
    is_known = any(areas.pack_for(a.code) for a in named)
    return tuple(named[:MOST]) if len(named) > 1 and is_known else ()


def _asks_which(text: str) -> bool:
    """Whether one of them is asked for that gives more, is quicker or better."""
    return any(_WHICH.search(c) and _ENDS.search(c) for c in text.split(","))


def _apart(found: Sequence[Area], areas: Gazetteer) -> list[Area]:
    """One area for each set of papers; none that only frames another one."""
    first: dict[str, Area] = {}
    for area in found:
        first.setdefault(areas.pack_for(area.code) or area.code, area)
    kept = list(first.values())
    around = {code for a in kept for code in areas.lineage(a.code)[1:]}
    return [a for a in kept if a.code not in around]


def _are_listed(text: str, meant: Sequence[Mention], areas: Gazetteer) -> bool:
    """Whether two places stand side by side, with nothing asked between them."""
    for one, other in pairwise(meant):
        gap = text[one.end : other.start].replace("还是", "和")
        are_known = areas.pack_for(one.area.code) and areas.pack_for(other.area.code)
        if (_AND.search(gap) and not is_asking(gap)) or (are_known and gap in ("", ",")):
            return True
    return False


def of_each(text: str, mentions: Sequence[Mention]) -> str:
    """What is asked of each: the question without the places and what compares them."""
    for mention in sorted(mentions, key=lambda m: m.start, reverse=True):
        before = text[: mention.start].removesuffix("在")
        text = before + "、" + text[mention.end :]
    text = _OURS.sub("、", max(text.split("还是"), key=len))
    text = _WHETHER.sub("", _UNLIKE.sub("", _GAP.sub("多少", text)))
    compared = _JOINT.sub("", _WHICH.sub("", text))
    compared = _EASY.sub("条件", compared)
    compared = _WELL.sub("", _SOON.sub("多久", _MUCH.sub("多少", compared)))
    rest = _LEFT.sub("", _TO_EACH.sub("", compared))
    for pattern, whole in _WHOLE:
        rest = pattern.sub(whole, rest)
    return rest if len(letters(rest)) > 1 else ""


def more_of(told: Sequence[tuple[Area, Told]], entries: Mapping[str, Entry]) -> str:
    """Which of two areas gives more money for the same, where all their figures say so."""
    matters = {t.topic.matter if t.topic else "" for _, t in told}
    if len(told) > PAIR or len(matters) > 1:
        return ""
    (one, first), (other, second) = ((a, _sums(t, entries)) for a, t in told)
    if _exceeds(first, second):
        return MORE.format(one.short)
    return MORE.format(other.short) if _exceeds(second, first) else ""


def _sums(told: Told, entries: Mapping[str, Entry]) -> list[tuple[Decimal, Bound]]:
    figures = [f for key in told.entries for f in entries[key].figures.values()]
    return [(f.value, f.bound) for f in figures if f.value is not None and f.unit == "元"]


def _exceeds(more: list[tuple[Decimal, Bound]], less: list[tuple[Decimal, Bound]]) -> bool:
    """Whether each of the sums is above all the others, however they are bounded."""
    bounds = {bound for _, bound in (*more, *less)}
    is_settled = bool(more and less) and bounds <= {Bound.EXACT, Bound.MAX, Bound.PLANNED}
    return is_settled and min(v for v, _ in more) > max(v for v, _ in less)
