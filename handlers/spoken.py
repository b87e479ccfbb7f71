"""What was spoken, once it is words: taken like typed text, and said back to be checked."""

from __future__ import annotations

from dataclasses import replace

from handlers import hearing
from handlers.dialogue import Reply, Turn
from handlers.listening import Unheard
from handlers.papers import without_spoken_numbers
from handlers.prompts import MOST_REPLIES, fits
from handlers.texts import say
from knowledge.alarm import alarm_of
from records.messages import Inbound, InboundKind

HEARD = "heard"  # in a message's extras: its text was spoken
UNHEARD = "unheard"  # why a voice could not be made out: a value of Unheard
FILE = "file_id"  # where the channel has the file of a message
_SHOWN = 20  # characters said back


def as_said(message: Inbound, heard: str | Unheard) -> Inbound:
    """The message as the talk shall take it: typed, or a voice that says nothing."""
    extra = {name: value for name, value in message.extra.items() if name != FILE}
    if isinstance(heard, Unheard):
        return replace(message, extra={**extra, UNHEARD: heard.value})
    text = without_spoken_numbers(f"{message.text}\n{heard}".strip())
    return replace(message, kind=InboundKind.TEXT, text=text, extra={**extra, HEARD: "1"})


def echoed(turn: Turn, message: Inbound) -> Turn:
    """The turn, begun with what we understood where it was spoken (domain rule 3.3-9)."""
    if HEARD not in message.extra or not turn.replies or alarm_of(message.text):
        return turn  # who is in danger is not told their own words
    line = say("heard.said", said=_short(message.text))
    first, *others = turn.replies
    together = f"{line}\n{first.text}"
    if fits(together) or len(turn.replies) >= MOST_REPLIES:  # a third message would be worse
        return replace(turn, replies=(replace(first, text=together), *others))
    return replace(turn, replies=(Reply(line), *turn.replies))


def marked(said: str, message: Inbound) -> str:
    """Words on their way to staff, who should know that a machine wrote them down."""
    return say("heard.for_staff", said=said) if HEARD in message.extra else said


def sentence(message: Inbound) -> str:
    """What to say of a voice that was not made out."""
    why = message.extra.get(UNHEARD)
    if why == Unheard.UNCLEAR.value:
        return say("unreadable.unclear")
    if why == Unheard.LONG.value:
        return say("unreadable.long")
    return say("unreadable.away") if why else say("unreadable.voice")


def _short(text: str) -> str:
    words = hearing.clean(text).replace(",", "，").strip("。，. ")
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
