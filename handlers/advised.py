"""The adviser's help with one question; whatever is personal is left out before it is asked."""

from __future__ import annotations

from datetime import datetime

from handlers import hearing
from knowledge.advising import Adviser, Asking, Doubt, better, is_doubtful, query_of
from knowledge.answer import Answer, Answerer


async def answered(
    answerer: Answerer, asking: Asking, adviser: Adviser, *, now: datetime
) -> Answer:
    """The answer to one question, with advice where we are in doubt."""
    question, area, topic = asking.question, asking.area, asking.topic
    own = answerer.answer(question, area=area, prev=asking.prev, topic=topic, now=now)
    if not is_doubtful(own):
        return own
    return await better_of(answerer, Doubt(asking, own), adviser, now=now)


async def better_of(
    answerer: Answerer, doubt: Doubt, adviser: Adviser, *, now: datetime
) -> Answer:
    """The answer with the adviser's help; our own, the very same, without any in time."""
    masked = hearing.masked(doubt.asking.question)
    query = query_of(answerer, doubt.asking, masked, now=now)
    advice = await adviser.advise(query)
    return better(answerer, doubt, query, advice, now=now) if advice else doubt.own
