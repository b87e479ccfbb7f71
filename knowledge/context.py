"""A question that leans on the one before it, completed from what the talk is about."""

import re
from collections.abc import Iterable, Mapping

from knowledge.entry import Entry
from knowledge.opposites import completed_by
from knowledge.reply import Topic
from knowledge.text import letters, normalise
from knowledge.understand import FORMS, KINDS_OF_WHO, PERIODS, WEAK, Frame, cue, read_frame
from knowledge.wording import Wording

_LEANS = re.compile(r"^(那|这个?|它|还有|要是|如果|换成|改成|我?(说|问)的?是)|(呢|的话)[?!。]*$")
_PARTICLES = re.compile(r"现在|如今|目前|以前|原来|今年|往年|[那呢的是啊吧嘛么了1共总]|多少|\W")
_FIGURE = re.compile(r"\d+(\.\d+)?[万亿元块]?钱?")
# Sides that whatever was talked of may have: 要什么材料, 有电话没 ask for nothing else.
OF_ANY = frozenset(
    {"材料", "电话", "部门", "责任", "地点", "时限", "期限", "利率", "担保"}
    | {"对象", "名额", "叠加"}
)
_ANY_NAME = re.compile(
    r"单位|部门|地方|[局科]室?|办?理|[归设管办领交报申弄搞拿取到去上]|准备|需要|大概|1般|具体|联系|人家?"
)
_US = re.compile(r"[你您]")  # who is asked about is not what was talked of
_OF_WHOM = ("条件", "对象")
_EXCHANGE = re.compile(r"(那|要是|换成|如果)(?!.*(\d|[几两]个))[^,]{2,7}$")
WHOLE = re.compile(r"[全整][个]?[市区县](?!域)|市里(?!面)")  # no place inside it alone
_SHORT = 9
_WHETHER = re.compile(r"有没有|有不|能不能|行不行|可不可以|有吗|给不给|补不补")


def leans(said: str) -> bool:
    """Whether the words themselves point back, or are so few that they may."""
    return points_back(said) or len(letters(said)) <= _SHORT


def points_back(said: str) -> bool:
    """Whether a word of it goes on with what was said before."""
    return bool(_LEANS.search(said))


def says_something(said: str, frame: Frame) -> bool:
    """Whether it can go on with a topic: a name or a number alone does not."""
    sides = (frame.slots, frame.who, frame.levels, frame.periods, frame.places)
    return (
        any(sides)
        or "多少" in said
        or bool(frame.matters or frame.kinds or frame.terms or _LEANS.search(said))
    )


def completed(
    plain: str, frame: Frame, topic: Topic, entry: Entry | None, wording: Wording
) -> tuple[str, Frame]:
    """The question with whatever it leaves out taken from the topic."""
    title = wording.plain(normalise(entry.title if entry else topic.matter))
    before = read_frame(title, wording)
    bare = _is_bare(plain, frame, wording) or (topic.slot in _OF_WHOM and _is_exchange(frame))
    named = frame.matters.keys() - KINDS_OF_WHO or frame.levels  # each level has its own ways
    base = title if bare else "" if named else wording.plain(normalise(topic.matter))
    matters = {} if frame.levels else {topic.matter: 6}
    whole = WHOLE.search(plain)
    merged = Frame(
        said=frame.said,
        matters=_about(frame, matters),
        slots=_asked(plain, frame) or before.slots or ({topic.slot: 2} if topic.slot else {}),
        who=frame.who or frozenset(filter(None, [topic.who])) & FORMS,
        levels=frame.levels or before.levels,
        kinds=frame.kinds or before.kinds,
        about=frame.about,
        terms=completed_by(frame.terms, before.terms),
        numbers=frame.numbers,
        periods=frame.periods or before.periods,
        places=frame.places if whole else frame.places or _place(topic),
        implied=frame.implied,
    )
    held = entry.who if entry and (frame.places or whole) else ()
    return _without(base, frame, wording, set(held) - FORMS) + plain, merged


def _is_exchange(frame: Frame) -> bool:
    """Whether but another thing is named of which the same is asked: 那水果摊子呢."""
    sides = (frame.slots, frame.matters, frame.kinds, frame.levels, frame.periods, frame.places)
    return _EXCHANGE.match(frame.said) is not None and not any(sides)


def _place(topic: Topic) -> frozenset[str]:
    """The place inside the area that was talked of."""
    return frozenset(filter(None, [topic.who])) - FORMS


def _about(frame: Frame, before: Mapping[str, int]) -> Mapping[str, int]:
    """The matters asked about; 要是合作社 still asks of the matter before."""
    if frame.matters.keys() <= KINDS_OF_WHO:
        return {**before, **frame.matters}
    return frame.matters


def _asked(plain: str, frame: Frame) -> Mapping[str, int]:
    """The sides asked for; 那招人有没有呢 asks for the same side as before."""
    only_whether = frame.matters and frame.slots.keys() <= WEAK and _WHETHER.search(plain)
    return {} if only_whether else frame.slots


def _is_bare(plain: str, frame: Frame, wording: Wording) -> bool:
    """Whether the question only exchanges who, where, when or which level."""
    if frame.slots or frame.matters:
        return False
    rest = wording.who.without(cue("levels").without(PERIODS.sub("", plain)))
    rest = WHOLE.sub("", rest)
    for place in frame.places:
        rest = rest.replace(place, "").replace(place[:2], "")
    return len(letters(_PARTICLES.sub("", rest))) <= 1


def is_only_side(plain: str, frame: Frame, wording: Wording) -> bool:
    """Whether nothing is said but which side is asked for: 多少, 利息呢, 要什么材料."""
    if not frame.slots or frame.matters or frame.places or frame.who or _US.search(plain):
        return False
    if frame.slots.keys() & OF_ANY:
        return not left_over(plain, wording)
    return len(letters(_PARTICLES.sub("", wording.slots.without(plain)))) <= 1


def left_over(plain: str, wording: Wording) -> str:
    """What is said beside the sides asked for and the words that any question is made of."""
    rest = "".join(wording.content(_ANY_NAME.sub("", wording.slots.without(plain))))
    return letters(_PARTICLES.sub("", rest))


def goes_on(said: str, plain: str, frame: Frame, wording: Wording) -> bool:
    """Whether it makes no question by itself: 找谁办, 那签约呢, 合伙的呢."""
    if is_only_side(plain, frame, wording) or _is_bare(plain, frame, wording):
        return True
    if not _LEANS.search(said) or frame.slots:
        return False
    rest = wording.matters.without(wording.who.without(cue("levels").without(plain)))
    return len(letters(_PARTICLES.sub("", rest))) <= 1


def is_only_figure(plain: str, frame: Frame) -> bool:
    """Whether nothing is said but an amount: 五百万, 300W?"""
    return bool(frame.numbers) and len(letters(_PARTICLES.sub("", _FIGURE.sub("", plain)))) <= 2


def _without(base: str, frame: Frame, wording: Wording, places: Iterable[str]) -> str:
    """The earlier words less those that the question says anew."""
    for place in places:
        base = base.replace(place, "").replace(place[:-1] if len(place) > 2 else place, "")
    base = wording.who.without(base) if frame.who else base
    base = cue("levels").without(base) if frame.levels else base
    return PERIODS.sub("", base) if frame.periods else base
