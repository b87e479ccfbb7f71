"""What comes before the score: the very words, our subject before talk, the area's own card."""

import re
from collections.abc import Set
from dataclasses import replace

from knowledge.areas import COMMON, COUNTRY
from knowledge.entry import Kind
from knowledge.ranking import Ranked
from knowledge.reader import EXACT, Reading
from knowledge.understand import WEAK, Frame
from knowledge.weights import NEAR_ELSEWHERE

_PAYING = re.compile(
    r"交\d|交了?钱|钱交|先[交打给]|转账|汇款|验证码|密码|骗|是真的吗|真的假的|可信|靠谱|"
    r"打电话(来|说|让|叫)|短信|链接|加.{0,2}微信|中介|手续费|保证金|好处费|陌生"
)
_PAID = re.compile(
    r"有人[^,。]{0,6}[收要]\d|先[交扣打转][^,。]{0,3}钱|[收扣]了?我[^,。]{0,2}(钱|\d)"
)
_INJECTED = re.compile(
    r"(忽略|无视|忘[掉记]|别管|不[要用]管|抛开|跳过)[^,。?]{0,8}(规定|规则|指令|指示|提示词?|设定|要求|限制|上面|前面)|"
    r"从现在(起|开始)[^,。?]{0,3}你(就?是|扮演|要)|你(现在)?(扮演|假装|假扮)|ignore.{0,20}instruction|系统提示"
)
INJECTION = "common-out-injection"
_COMPARED = re.compile(r"最|哪[个些几]|分别|各")
SAME_WORDS = 0.8  # so much like a known wording that its other signs do not matter
TALKED_OVER = 2.0  # how far behind talk a fact may be where our subject is named
OWN_BEHIND = 4.0  # how far behind a card that holds everywhere the area's own may be
OPEN_BEHIND = 3.0  # the same for a silence on the side asked for
LIKE = 0.6  # so much like the question that it may be meant
LIKE_TALK = 0.7  # the same for talk where money of ours is asked for
SOMEWHAT = 0.5  # a silence on a matter that was not named must be at least so like


def preferred(reading: Reading) -> Reading:
    """The reading with what must come first moved there."""
    for rule in _RULES:
        first = rule(reading)
        if first is not None and first is not reading.best:
            return _led(reading, first)
    return reading


def is_beside(reading: Reading) -> bool:
    """Whether all there is would be a silence on something that was not asked about."""
    best = reading.best
    if best is None or best.candidate.entry is not None:
        return False
    return best.candidate.matter not in reading.frame.matters and best.nearest < SOMEWHAT


def _led(reading: Reading, first: Ranked) -> Reading:
    return replace(reading, ranked=(first, *(r for r in reading.ranked if r is not first)))


def _very_words(reading: Reading) -> Ranked | None:
    """What is asked in these very words."""
    return next((r for r in reading.ranked if r.nearest >= EXACT), None)


def _warned(reading: Reading) -> Ranked | None:
    """Where somebody is asked to pay for what costs nothing: the warning."""
    if not _PAID.search(reading.text):
        return None
    return next((r for r in reading.ranked if _is_safety(r)), None)


def _told_off(reading: Reading) -> Ranked | None:
    """Where somebody wants the rules forgotten: that this is not done."""
    if not _INJECTED.search(reading.text):
        return None
    return next((r for r in reading.ranked if r.candidate.id == INJECTION), None)


def _is_safety(ranked: Ranked) -> bool:
    entry = ranked.candidate.entry
    return entry is not None and entry.kind is Kind.SAFETY


def _our_subject(reading: Reading) -> Ranked | None:
    """Talk that is only somewhat like the question yields to a fact where a matter is named."""
    best, frame = reading.best, reading.frame
    if best is None or not best.candidate.is_talk or best.nearest >= SAME_WORDS:
        return None
    fact = next((r for r in reading.ranked if not r.candidate.is_talk), None)
    if fact is None or _is_warning(reading, best):
        return None
    near = fact.score >= best.score - TALKED_OVER
    passing = best.nearest < LIKE_TALK and best.candidate.matter not in frame.matters
    if (frame.matters and near) or (_is_money(reading) and passing):
        return fact
    return None


def _is_warning(reading: Reading, best: Ranked) -> bool:
    """Whether somebody may be about to pay a swindler."""
    return _is_safety(best) and bool(_PAYING.search(reading.text))


def _is_money(reading: Reading) -> bool:
    """Whether help of ours is asked for in so many words."""
    return bool(reading.frame.kinds & {"贷款", "补贴", "奖补"})


def _own_card(reading: Reading) -> Ranked | None:
    """What the area's own papers say of a word comes before what it means in general."""
    best = reading.best
    if best is None or best.candidate.is_talk or best.candidate.area != COMMON:
        return None
    own = [r for r in reading.ranked if r.candidate.area not in (COMMON, COUNTRY)]
    if len({r.candidate.area for r in own}) != 1 or own[0].score < best.score - OWN_BEHIND:
        return None  # nothing near, or no area known
    first, asked = own[0], reading.frame.slots.keys() - WEAK
    serves = asked & first.candidate.slots and not asked & best.candidate.slots
    return first if serves or first.nearest >= max(LIKE, best.nearest) else None


def _left_open(reading: Reading) -> Ranked | None:
    """The silence on the very side asked for comes before another side of the same matter."""
    best, asked = reading.best, reading.frame.slots.keys() - WEAK
    if best is None or best.candidate.is_silent or best.candidate.is_talk:
        return None
    if not asked or asked & best.candidate.slots or best.nearest >= SAME_WORDS:
        return None
    return next((r for r in reading.ranked if _is_open(r, best, asked)), None)


def _known_silence(reading: Reading) -> Ranked | None:
    """A silence that is asked for in nearly these words comes before what fits hardly better."""
    best = reading.best
    if best is None or best.candidate.is_silent or best.nearest >= SAME_WORDS:
        return None
    near = (r for r in reading.ranked if r.score > best.score - NEAR_ELSEWHERE)
    return next((r for r in near if r.candidate.entry is None and r.nearest >= SAME_WORDS), None)


def _whole(reading: Reading) -> Ranked | None:
    """Where the best tells one side of a pair that was not asked apart: what tells both."""
    best = reading.best
    if best is None or best.candidate.is_silent or best.nearest >= SAME_WORDS:
        return None
    unasked = _one_sided(best.candidate.terms) - _groups(reading.frame.terms)
    return next((r for r in reading.ranked if unasked and _tells_all(r, best, unasked)), None)


def _tells_all(other: Ranked, best: Ranked, unasked: Set[str]) -> bool:
    a, b = other.candidate, best.candidate
    same = not a.is_silent and (a.matter, a.slot, a.who) == (b.matter, b.slot, b.who)
    return same and not _one_sided(a.terms) & unasked and other.score > best.score - TALKED_OVER


def _own_row(reading: Reading) -> Ranked | None:
    """The row of the asker's county, or of the one named, before the total of a table."""
    best, here = reading.best, reading.frame.places | reading.frame.implied
    if best is None or best.candidate.places or not here or _COMPARED.search(reading.text):
        return None
    return next((r for r in reading.ranked if _is_row(r, best, reading.frame)), None)


def _is_row(other: Ranked, best: Ranked, frame: Frame) -> bool:
    a, b = other.candidate, best.candidate
    side = a.slot == b.slot or bool(frame.places and a.slots & frame.slots.keys())
    same = not a.is_silent and a.matter == b.matter and side
    of_year = not (frame.periods and a.periods) or bool(frame.periods & a.periods)
    return same and of_year and bool(a.places & (frame.places | frame.implied))


def _groups(terms: Set[str]) -> set[str]:
    return {term.partition(":")[0] for term in terms}


def _one_sided(terms: Set[str]) -> set[str]:
    """The groups of opposites of which one value alone is said."""
    groups = [term.partition(":")[0] for term in terms]
    return {group for group in groups if group == "interest" and groups.count(group) == 1}


def _is_open(other: Ranked, best: Ranked, asked: Set[str]) -> bool:
    a, b = other.candidate, best.candidate
    same = a.entry is None and a.matter == b.matter and a.slot in asked
    return same and other.nearest >= LIKE and other.score > best.score - OPEN_BEHIND


# In this order: what is asked in known words, what warns, then what is ours and fits better.
_RULES = (
    _very_words,
    _told_off,
    _warned,
    _our_subject,
    _own_card,
    _left_open,
    _known_silence,
    _whole,
    _own_row,
)
