"""A question that leans on the one before it, completed from what the talk is about."""

import re

from knowledge.entry import Entry
from knowledge.reply import Topic
from knowledge.text import letters, normalise
from knowledge.understand import Frame, read_frame
from knowledge.wording import Wording

_LEANS = re.compile(r"^(那|这个?|它|还有|要是|如果|换成|改成)|(呢|的话)[?!。]*$")
_SHORT = 9


def leans(said: str) -> bool:
    """Whether the words themselves point back."""
    return bool(_LEANS.search(said)) or len(letters(said)) <= _SHORT


def completed(
    plain: str, frame: Frame, topic: Topic, entry: Entry | None, wording: Wording
) -> tuple[str, Frame]:
    """The question with whatever it leaves out taken from the topic."""
    base = wording.plain(normalise(entry.title if entry else topic.matter))
    before = read_frame(base, wording)
    slots = frame.slots or before.slots or ({topic.slot: 2} if topic.slot else {})
    if frame.slots:
        base = wording.slots.without(base)
    if frame.matters:
        base = wording.matters.without(base)
    if frame.who:
        base = wording.who.without(base)
    merged = Frame(
        matters=frame.matters or {topic.matter: 6},
        slots=slots,
        who=frame.who or frozenset(filter(None, [topic.who])),
        levels=frame.levels or before.levels,
        places=frame.places,
        implied=frame.implied,
    )
    return base + plain, merged
