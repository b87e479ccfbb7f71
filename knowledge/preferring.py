"""What comes before the score: the very words, our subject before talk, the area's own card."""

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import replace

from knowledge.areas import COMMON, COUNTRY
from knowledge.entry import Kind
from knowledge.ranking import Ranked
from knowledge.reader import EXACT, Reading
from knowledge.understand import FORMS, WEAK, Frame, is_for
from knowledge.weights import NEAR_ELSEWHERE

_PAYING = re.compile(
    r"交\d|交了?钱|钱交|先[交打给]|转账|汇款|验证码|密码|骗|是真的吗|真的假的|可信|靠谱|"
    r"打电话(来|说|让|叫)|短信|链接|加.{0,2}微信|中介|手续费|保证金|好处费|陌生"
)
_PAID = re.compile(
    r"有人[^,。]{0,6}[收要]\d|先[交扣打转][^,。]{0,3}钱|[收扣]了?我[^,。]{0,2}(钱|\d)"
)
_COMPARED = re.compile(r"最|哪[个些几]|分别|各")
SAME_WORDS = 0.8  # so much like a known wording that its other signs do not matter
TALKED_OVER = 2.0  # how far behind talk a fact may be where our subject is named
OWN_BEHIND = 4.0  # how far behind a card that holds everywhere the area's own may be
OPEN_BEHIND = 3.0  # the same for a silence on the side asked for
_OF_PLACE = re.compile(r"^那?.{2,3}的")
BARELY = 2  # letters beside the name of a matter that say nothing
AGREEING = 4.0  # the same for another year's, place's or grade's fact
LIKE = 0.6  # so much like the question that it may be meant
LIKE_TALK = 0.7  # the same for talk where money of ours is asked for
SOMEWHAT = 0.5  # a silence on a matter that was not named must be at least so like


Rule = Callable[[Reading], Ranked | None]


def preferred(reading: Reading, rules: Sequence[Rule] | None = None) -> Reading:
    """The reading with what must come first moved there."""
    for rule in rules or _RULES:
        first = rule(reading)
        if first is not None:
            return reading if first is reading.best else _led(reading, first)
    return reading


def is_beside(reading: Reading) -> bool:
    """Whether all there is would be a silence on something that was not asked about."""
    best = reading.best
    if best is None or best.candidate.entry is not None:
        return False
    return best.candidate.matter not in reading.frame.matters and best.nearest < SOMEWHAT


def _led(reading: Reading, first: Ranked) -> Reading:
    top = reading.ranked[0].score
    others = (r for r in reading.ranked if r is not first)
    return replace(reading, ranked=(replace(first, score=max(top, first.score)), *others))


def _very_words(reading: Reading) -> Ranked | None:
    """What is asked in these very words."""
    exact = [r for r in reading.ranked if r.nearest >= EXACT]
    own = (r for r in exact if r.candidate.area not in (COMMON, COUNTRY))
    return next(own, exact[0] if exact else None)


def _warned(reading: Reading) -> Ranked | None:
    """Where somebody is asked to pay for what costs nothing: the warning."""
    if not _PAID.search(reading.text):
        return None
    return next((r for r in reading.ranked if _is_safety(r)), None)


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
    if reading.frame.numbers & best.candidate.numbers:
        return None  # the total itself was said
    return next((r for r in reading.ranked if _is_row(r, best, reading.frame)), None)


def _is_row(other: Ranked, best: Ranked, frame: Frame) -> bool:
    a, b = other.candidate, best.candidate
    side = a.slot == b.slot or bool(frame.places and a.slots & frame.slots.keys())
    same = not a.is_silent and a.matter == b.matter and side
    of_year = not (frame.periods and a.periods) or bool(frame.periods & a.periods)
    return same and of_year and bool(a.places & (frame.places | frame.implied))


def _own_form(reading: Reading) -> Ranked | None:
    """What holds for the form asked about, be it a silence, before what is said of others."""
    best, who = reading.best, reading.frame.who
    if best is None or best.candidate.is_silent or len(who) != 1:
        return None
    if is_for(who, best.candidate.who):
        return None
    side = (best.candidate.matter, best.candidate.slot)
    own = (r for r in reading.ranked if is_for(who, r.candidate.who))
    return next((r for r in own if (r.candidate.matter, r.candidate.slot) == side), None)


def _first_side(reading: Reading) -> Ranked | None:
    """Where no side was asked for: something stated of the matter, before what is left open."""
    best, frame = reading.best, reading.frame
    if best is None or best.candidate.is_talk or frame.slots or best.nearest >= SAME_WORDS:
        return None
    is_main = best.candidate.entry and best.candidate.slot in _MAIN
    if is_main or not _names_only(frame, best.candidate.matter):
        return None
    same = [r for r in reading.ranked if r.candidate.matter == best.candidate.matter]
    serving = [r for r in same if r.candidate.entry and is_for_all(frame.who, r.candidate.who)]
    return min(serving, key=lambda r: _MAIN.get(r.candidate.slot, len(_MAIN)), default=None)


def _names_only(frame: Frame, matter: str) -> bool:
    """Whether hardly anything is said but a matter."""
    said = _OF_PLACE.sub("", frame.said)
    return len(said) - frame.matters.get(matter, 0) <= BARELY and matter in frame.matters


def is_for_all(asked: Set[str], given: Set[str]) -> bool:
    """Whether it may be told to those who asked: to all, or to them."""
    return not given & FORMS or is_for(frozenset(asked), frozenset(given)) or not asked


_MAIN = {"额度": 0, "内容": 1, "数量": 2, "条件": 3}  # the sides that people want first


def _right_side(reading: Reading) -> Ranked | None:
    """The side asked for, stated or left open, before a silence on another side."""
    best, asked = reading.best, reading.frame.slots.keys() - WEAK
    if best is None or best.candidate.entry or not asked or best.candidate.slot in asked:
        return None
    same = (r for r in reading.ranked if r.candidate.matter == best.candidate.matter)
    return next((r for r in same if r.candidate.slot in asked), None)


def _agreeing(reading: Reading) -> Ranked | None:
    """The fact of the very year, place and grade asked about, before one of another."""
    best = reading.best
    if best is None or best.candidate.is_talk or best.nearest >= EXACT:
        return None
    if best.candidate.entry is None:
        return None  # what is left open
    side = (best.candidate.matter, best.candidate.slot)
    same = [
        r
        for r in reading.ranked
        if (r.candidate.matter, r.candidate.slot) == side and r.score > best.score - AGREEING
    ]
    return max(same, key=lambda r: _agreement(r, reading.frame))


def _agreement(ranked: Ranked, frame: Frame) -> int:
    c = ranked.candidate
    grades = {term for term in frame.terms if term.startswith("grade:")}
    return sum(
        len(asked) == 1 and bool(asked & given)
        for asked, given in (
            (frame.periods, c.periods),
            (frame.places, c.places),
            (grades, c.terms),
        )
    )


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


# In this order: what warns, what is asked in known words, then what is ours and fits better.
_RULES = (
    *(_warned, _own_form, _very_words, _our_subject, _own_card, _left_open, _known_silence),
    *(_right_side, _first_side, _whole, _own_row, _agreeing),
)
ELSEWHERE = (_own_form, _whole)  # where the same was asked of another place
