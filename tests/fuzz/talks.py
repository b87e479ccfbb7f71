"""Inputs amid forms, checks and tickets: short replies, no crash, no figure of its own."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator, Sequence
from decimal import Decimal

from channels.plain_text import plain_text
from handlers.dialogue import Reply
from handlers.texts import table
from knowledge.answer import Answerer
from records.messages import InboundKind
from tests.fuzz.answers import AREA_CODES, Clock, Fault, bounded, too_long
from tests.fuzz.figures import Figure, figures
from tests.fuzz.holdings import ASKED_YEAR, sums
from tests.fuzz.inputs import Input
from tests.handlers.support.talks import LEFT_FOR, REGISTERED, SECOND
from tests.handlers.support.walk import Walk

STEPS = 40  # messages of one person
MOST_REPLIES = 2  # of one turn (domain M-03)
_WORDS = [word for words in table("words")["commands"].values() for word in words]
_BEGINNINGS = (
    *(REGISTERED, SECOND, LEFT_FOR, ("我够不够条件", "定陶", "1"), ("人工",), ("我的信息",)),
    *(("删除",), ("登记", "同意"), ("定陶贷款最高多少", "详细"), ("为什么",), ("意见",), ("停",)),
)
_POSTS = re.compile(r"(\d+)个都够条件的话")  # what they told of themselves
_SUM = re.compile(r"(\d+)×(\d+)=(\d+)元")
_MONEY = frozenset({"元", "块", "%", "‰", "倍", "户", "名"})


def talked(
    answerer: Answerer, given: Sequence[Input], allowed: frozenset[Figure], clock: Clock, seed: int
) -> Iterator[Fault]:
    """The faults of talks in which these inputs are said, some taps and words between them."""
    for start in range(0, len(given), STEPS):
        chance = random.Random(seed + start)
        walk = Walk(answerer=answerer, chat=str(start), area=chance.choice(AREA_CODES))
        for text in chance.choice(_BEGINNINGS)[: chance.randrange(1, 20)]:
            yield from _step(walk, Input("way in", text, None, ()), allowed, clock)
        for one in given[start : start + STEPS]:
            yield from _between(walk, allowed, clock, chance)
            yield from _step(walk, one, allowed, clock)


def _between(
    walk: Walk, allowed: frozenset[Figure], clock: Clock, chance: random.Random
) -> Iterator[Fault]:
    options = [option.value for reply in walk.last.replies for option in reply.options]
    if chance.random() < 0.4:
        word = chance.choice(_WORDS if chance.random() < 0.7 else "0123456789")
        yield from _step(walk, Input("word", word, None, ()), allowed, clock)
    elif options and chance.random() < 0.6:
        tapped = Input(InboundKind.OPTION, chance.choice(options), None, ())
        yield from _step(walk, tapped, allowed, clock)
    elif chance.random() < 0.1:
        walk.wait(hours=chance.choice((3, 30, 800)))


def _step(walk: Walk, one: Input, allowed: frozenset[Figure], clock: Clock) -> Iterator[Fault]:
    kind = InboundKind.OPTION if one.kind == InboundKind.OPTION else InboundKind.TEXT
    begun, state = time.process_time(), walk.state
    try:
        with bounded():
            replies = walk.say(plain_text(one.text), kind)
    except Exception as error:  # the fuzzer reports every crash and goes on
        yield Fault(f"crash in {state.flow}/{state.step}: {error!r}", one.text)
        walk.state = state.idle()
        return
    clock.note(time.process_time() - begun, f"talk, {one.kind}", one.text)
    where = f"{state.flow}/{state.step}"
    for what in faults_of(replies, allowed):
        yield Fault(f"{what} in {where}", one.text, " | ".join(r.text for r in replies))


def faults_of(replies: Sequence[Reply], allowed: frozenset[Figure]) -> Iterator[str]:
    """What is wrong with the replies of a turn."""
    if len(replies) > MOST_REPLIES:
        yield f"{len(replies)} messages"
    for reply in replies:
        if not reply.text.strip():
            yield "an empty message"
        yield from too_long([reply.text]) if reply.kind != "file" else ()
        # Forms show people what they said of themselves; other figures come from us.
        told = figures(_without_sums(reply.text, allowed)) - allowed - sums(reply.text, allowed)
        held = told if reply.kind == "answer" else {f for f in told if f[1] in _MONEY}
        if held and reply.kind not in ("form", "file"):
            yield f"figures of no entry: {sorted(f'{n}{u}' for n, u in held)}"


def _without_sums(text: str, allowed: frozenset[Figure]) -> str:
    """The text less sums rightly done with a figure of ours, and less a year not written."""
    for rate, posts, total in _SUM.findall(text):
        if int(rate) * int(posts) == int(total) and (Decimal(rate), "元") in allowed:
            text = text.replace(f"{rate}×{posts}={total}元", "")
    return ASKED_YEAR.sub("", _POSTS.sub("", text))
