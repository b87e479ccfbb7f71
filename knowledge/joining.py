"""Several answers to several questions, as one message."""

from collections.abc import Sequence
from dataclasses import replace

from knowledge.reply import Answer, Decision

_SAID = (Decision.ANSWER, Decision.OTHER_AREA, Decision.NOT_STATED)


def joined(parts: Sequence[Answer], whole: Answer) -> Answer:
    """The parts one after the other, or the answer to the whole where cutting did not help."""
    told = [part for part in parts if part.decision in _SAID]
    distinct = list({(p.entries, p.text): p for p in told}.values())
    if len(distinct) < 2:
        return whole
    decision = next(d for d in _SAID if any(p.decision is d for p in distinct))
    sources = tuple(dict.fromkeys(s for p in distinct for s in p.sources))
    return replace(
        distinct[-1],
        decision=decision,
        text="\n".join(p.text for p in distinct),
        entries=tuple(dict.fromkeys(e for p in distinct for e in p.entries)),
        sources=sources,
        score=min(p.score for p in distinct),
        detail="\n".join(filter(None, (p.detail for p in distinct))),
    )
