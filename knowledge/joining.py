"""Several answers to several questions, as one message."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from knowledge.areas import COMMON
from knowledge.reply import Decision
from knowledge.telling import Told

CLEAR = 0.25  # a part less sure than this was no question of its own
SAID = (Decision.OTHER_AREA, Decision.ANSWER, Decision.NOT_STATED)

_NOTHING = (Decision.UNKNOWN, Decision.OUT_OF_SCOPE)


def joined(parts: Sequence[Told], whole: Told) -> Told:
    """The parts one after the other, or the answer to the whole where cutting did not help."""
    told = [part for part in parts if part.decision in SAID and part.score >= CLEAR]
    local = [part for part in told if part.topic and part.topic.area != COMMON]
    told = local or told  # what a word means is no answer beside the area's own papers
    distinct = list({part.lines: part for part in told}.values())
    if len(distinct) < 2:
        nothing = whole.decision in _NOTHING or (
            whole.decision is Decision.OTHER_AREA and not whole.sources
        )
        return distinct[0] if distinct and nothing else whole
    last = distinct[-1]
    distinct.sort(key=_place)
    entries = _once(entry for p in distinct for entry in p.entries)
    return replace(
        last,
        decision=next(d for d in SAID if any(p.decision is d for p in distinct)),
        lines=_told_once(line for p in distinct for line in p.lines),
        more=(),
        papers=tuple(paper for p in distinct for paper in p.papers),
        entries=entries,
        topic=replace(last.topic, told=" ".join(entries)) if last.topic else None,
        sources=tuple(dict.fromkeys(s for p in distinct for s in p.sources)),
        score=min(p.score for p in distinct),
        details=_once(line for p in distinct for line in p.details),
    )


def _place(part: Told) -> str:
    """What holds at home first: that a rule is another area's is said above all of that area's."""
    return part.lines[0] if part.decision is Decision.OTHER_AREA else ""


def _told_once(lines: Iterable[str]) -> tuple[str, ...]:
    """The lines without what an earlier one already tells."""
    kept: list[str] = []
    for line in lines:
        rest = line
        for earlier in kept:
            rest = "" if rest in earlier else rest.replace(earlier, "")
        is_left_over = rest != line and rest.endswith("：")
        kept += [rest] if rest and not is_left_over else []
    return tuple(kept)


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, values)))
