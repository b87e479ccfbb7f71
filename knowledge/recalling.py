"""«回到最开始那个», «刚才说的那个贷款»: which of the matters talked of before is meant."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from knowledge.compose import ASKED_FOR, named
from knowledge.entry import Entry
from knowledge.reply import Topic
from knowledge.text import letters, normalise
from knowledge.understand import cue, read_frame
from knowledge.wording import Wording

KEPT = 6  # matters of a talk that may be gone back to
_SAID = r"(?:我|你|咱)?们?(?:最?先)?(?:问(?!题)|说|讲|聊|提|谈|答)(?:到|过|了|起)?的?"
_NUMBER = r"第?(?P<number>\d)(?!\d)(?=个|条|样|件|种)"
_ONE = rf"(?:{_NUMBER}|那|这)?(?:1?[个条样件种回])?(?:问题|事情?|话题)?"
_POINTER = re.compile(
    rf"(?:那|再|还是|咱|我们?|想|要)*(?P<back>回到?|说回到?|再说|再问|接着问?|继续问?)?(?:我|你)?(?:"
    rf"(?P<first>最?1?开[始头]|最[早先初]|起[先初]|首先)(?:{_SAID})?的?|"
    rf"(?P<before>前面|之前|先前|上面|[上前]1?个(?=问|事|话题|呢|吧|的?\W|的?$))(?:{_SAID})?的?|"
    rf"(?P<last>刚才|刚刚|方才)(?:{_SAID})?的?|"
    rf"(?P<listed>(?=[第头]\d[个条样件种]))(?:头(?=1个))?"
    rf"){_ONE}(?:的|呢|吧|啊|嘛|了)?"
)
_SURELY = re.compile(
    r"那1?[个条样件]|[问说讲聊提谈答](?:到|过|了|起)?的|问题|话题|[第头]\d[个条样件种]|[上前]1?个"
)
_AGAIN = re.compile(r"再|说|讲|问|看|给我|告诉我?|1[下遍次]|是?(?:什么|多少|怎么)?来着")
# 那个补贴要什么条件: the word only says which, it is no matter of its own
_KIND = re.compile(r"^(?:贷款|补贴|补助|奖补|奖励|奖金|培训|基金|目标)")
_PAUSE = " ,.。;:?!、"


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is gone back to, and what is asked of it; nothing where it is only named."""

    topic: Topic
    question: str


def followed(before: Topic | None, topic: Topic) -> Topic:
    """A topic with those that were talked of before it: the first of all and the last ones."""
    if before is None:
        return topic
    past = [*before.earlier, replace(before, earlier=(), told="")] if before.matter else []
    past += topic.earlier  # what was asked beside it
    distinct = list({(t.area, t.matter, t.slot, t.who): t for t in past}.values())
    kept = distinct if len(distinct) <= KEPT else [distinct[0], *distinct[1 - KEPT :]]
    return replace(topic, earlier=tuple(kept))


def recalled(
    message: str, topic: Topic, entries: Mapping[str, Entry], wording: Wording
) -> Recalled | None:
    """What a message goes back to; None where it points to nothing that was talked of."""
    said = wording.translated(normalise(message))
    found = _POINTER.match(said)
    if not found or not found.group() or not _is_pointing(found):
        return None
    rest = said[found.end() :].strip(_PAUSE)
    meant = _meant(found, rest, topic, entries, wording)
    if meant is None:
        return None
    past = tuple(t for t in (*topic.earlier, replace(topic, earlier=())) if t != meant)
    asked = _KIND.sub("", rest).strip(_PAUSE) or rest
    return Recalled(replace(meant, earlier=past), "" if _only_names(rest, wording) else asked)


def title_of(topic: Topic, entries: Mapping[str, Entry]) -> str:
    """A question for what was told on a topic, in words that stand by themselves."""
    entry = entries.get(topic.entry)
    return entry.title if entry else named(topic.matter) + ASKED_FOR.get(topic.slot, "")


def _is_pointing(found: re.Match[str]) -> bool:
    """Whether it speaks of the talk: 之前 and 开始 alone are said of time."""
    return bool(_SURELY.search(found.group()))


def _meant(
    found: re.Match[str], rest: str, topic: Topic, entries: Mapping[str, Entry], wording: Wording
) -> Topic | None:
    past = (*topic.earlier, replace(topic, earlier=()))
    if found["number"]:
        told = [entries[name] for name in topic.told.split() if name in entries]
        return _numbered(found, past, told)
    if found["first"] is not None:
        return past[0]
    frame = read_frame(wording.bare(rest), wording)
    for one in reversed(past):
        kinds = cue("kinds").meanings(letters(one.matter))
        if one.matter in frame.matters or frame.kinds & kinds.keys():
            return one
    if found["before"] is None:
        return past[-1]
    return next((one for one in reversed(past) if one.matter != topic.matter), past[-1])


def _numbered(found: re.Match[str], past: tuple[Topic, ...], told: list[Entry]) -> Topic | None:
    """The fact of that number in an answer that told several, or the matter in the talk."""
    number = int(found["number"])
    if 0 < number <= len(told) > 1 and "问" not in found.group():
        entry = told[number - 1]
        who = min(entry.who, default="")
        return replace(past[-1], matter=entry.matter, slot=entry.slot, who=who, entry=entry.id)
    is_of_talk = found["listed"] is None or found["back"] or "问" in found.group()
    firsts: dict[str, Topic] = {}
    for one in past:
        firsts.setdefault(one.matter, one)
    matters = list(firsts.values())
    return matters[number - 1] if is_of_talk and 0 < number <= len(matters) else None


def _only_names(rest: str, wording: Wording) -> bool:
    """Whether nothing is asked of what it goes back to: 刚才说的那个贷款."""
    frame = read_frame(wording.bare(rest), wording)
    if frame.slots or frame.who or frame.places or frame.levels or frame.periods:
        return False
    left = cue("kinds").without(wording.matters.without(_AGAIN.sub("", letters(rest))))
    return len(left) <= 1
