"""Several questions in one message, each asked with what the ones before it were about."""

from collections.abc import Callable, Sequence

from knowledge.areas import COMMON
from knowledge.joining import SAID
from knowledge.reply import Decision, Topic
from knowledge.telling import Told
from knowledge.text import letters
from knowledge.wording import Wording

Ask = Callable[[str, Topic | None], Told]

_ANEW = "又"  # 人员库又是谁牵头 does not go on with what came before
# how sure the answer with the subject put in front must be: where nothing was found without, else
FOUND, SURE = 0.8, 0.9
CLEARLY = 0.6  # an answer so sure needs no second try


def each_told(parts: Sequence[str], ask: Ask, topic: Topic | None, wording: Wording) -> list[Told]:
    """The answer to each question; 几天批 after 创业补贴多少钱 is asked of the subsidy."""
    told: list[Told] = []
    subject = ""
    for part in parts:
        before = Topic(area=topic.area) if topic and _ANEW in part else topic
        found = ask(part, before)
        named = wording.matters.found(letters(part))
        if subject and not _is_settled(found) and not (named and found.sources):
            again = ask(f"{subject}{part}", before)
            found = again if _is_better(again, found) else found
        told.append(found)
        topic = found.topic or topic
        subject = _subject(found, named) or subject
    return told


def _subject(found: Told, named: Sequence[tuple[str, str]]) -> str:
    """What an answer is about, in the asker's word where there is one."""
    matter = found.topic.matter if found.topic else ""
    return max((word for meaning, word in named if meaning == matter), key=len, default=matter)


def _is_settled(found: Told) -> bool:
    is_local = found.topic is not None and found.topic.area != COMMON
    return found.decision is Decision.ANSWER and is_local and found.score >= CLEARLY


def _is_better(again: Told, found: Told) -> bool:
    """Whether the question is understood only with its subject."""
    if again.decision is Decision.ANSWER and again.score >= SURE:
        return True
    is_found = found.decision in SAID and bool(found.sources)
    return not is_found and bool(again.sources) and again.score >= FOUND
