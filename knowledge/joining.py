"""Several answers to several questions, as one message."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from knowledge.areas import COMMON, Area
from knowledge.reply import Decision, Topic
from knowledge.telling import Told

CLEAR = 0.25  # a part less sure than this was no question of its own
SURELY = 0.9  # talk that is said beside other talk must be as sure as this
QUOTED = 14  # letters of a question that is repeated as not found
UNFOUND = "“{}”这一样我没查到，不敢乱说。"
SAID = (Decision.OTHER_AREA, Decision.ANSWER, Decision.NOT_STATED)

NOT_FOUND = "{}：这一样我没查到，不敢乱说。"
IN_FULL, ALL_LINES = 2, 9  # areas told of in full, and how many lines that may be

_PLAINLY = re.compile(r"^\D*(多少|几|谁|哪|多久|多长|多大|什么(时候|地方|企业|公司|人))\D*$")
_NOTHING = (Decision.UNKNOWN, Decision.OUT_OF_SCOPE)


def missed(questions: Sequence[str], parts: Sequence[Told]) -> tuple[str, ...]:
    """The questions beside others for which nothing was found, in the words they were asked."""
    pairs = zip(questions, parts, strict=False)
    asked = (q.rpartition(",")[2] for q, part in pairs if part.decision in _NOTHING)
    return tuple(q for q in asked if len(q) <= QUOTED and _PLAINLY.search(q))


def joined(parts: Sequence[Told], whole: Told, unfound: Sequence[str] = ()) -> Told:
    """The parts one after the other, or the answer to the whole where cutting did not help.

    `unfound`: what was asked beside and not found, which is said where something else is told.
    """
    together = _joined(parts, whole) or _chatted(parts, whole)
    if together.decision not in (Decision.ANSWER, Decision.OTHER_AREA):
        return together
    return replace(together, lines=(*together.lines, *map(UNFOUND.format, unfound)))


def _chatted(parts: Sequence[Told], whole: Told) -> Told:
    """The whole, or both halves of a talk where it has two."""
    said = [p for p in parts if p.decision is Decision.SMALLTALK and p.score >= SURELY]
    if whole.decision is not Decision.SMALLTALK or len(said) != len(parts) or not said:
        return whole
    return replace(whole, lines=_told_once(line for part in said for line in part.lines))


def _joined(parts: Sequence[Told], whole: Told) -> Told | None:
    """The parts as one answer; None where fewer than two are told."""
    told = [part for part in parts if part.decision in SAID and part.score >= CLEAR]
    local = [part for part in told if part.topic and part.topic.area != COMMON]
    told = local or told  # what a word means is no answer beside the area's own papers
    distinct = list({part.lines: part for part in told}.values())
    if len(distinct) < 2:
        nothing = whole.decision in _NOTHING or (
            whole.decision is Decision.OTHER_AREA and not whole.sources
        )
        return distinct[0] if distinct and nothing else None
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
        topic=_of_all(last, distinct, entries),
        sources=tuple(dict.fromkeys(s for p in distinct for s in p.sources)),
        score=min(p.score for p in distinct),
        is_silent=any(p.is_silent for p in distinct),
        details=_once(line for p in distinct for line in p.details),
    )


def _of_all(last: Told, parts: Sequence[Told], entries: Sequence[str]) -> Topic | None:
    """The topic of the last part, after those of the others."""
    others = (p.topic for p in parts if p is not last)
    earlier = tuple(replace(t, earlier=(), told="") for t in others if t and t.matter)
    told = " ".join(entries)
    return replace(last.topic, told=told, earlier=earlier) if last.topic else None


def beside(
    told: Sequence[tuple[Area, Told]], own: str, topic: Topic | None, verdict: str
) -> Told | None:
    """What holds in each of several areas; None where nothing is told of any of them.

    `own`: the pack of the asker's home, empty if unknown: the talk goes on there.
    """
    parts = [part if part.decision in SAID else _unfound(area, part) for area, part in told]
    if not any(part.decision in SAID for part in parts):
        return None
    room = ALL_LINES if len(parts) <= IN_FULL else 1
    lines = [line for (area, _), p in zip(told, parts, strict=True) for line in _of(area, p, room)]
    decisions = [p.decision for p in parts]
    order = SAID if own else (Decision.ANSWER, *SAID)
    at_home = next((p.topic for p in parts if own and p.topic and p.topic.area == own), None)
    return replace(
        parts[0],
        decision=next(d for d in order if d in decisions),
        lines=_told_once([verdict, *lines]),
        more=(),
        papers=tuple(paper for p in parts for paper in p.papers),
        choices=(),
        entries=_once(entry for p in parts for entry in p.entries),
        topic=at_home or _kept(topic or next((p.topic for p in parts if p.topic), None), own),
        sources=tuple(dict.fromkeys(s for p in parts for s in p.sources)),
        score=min(p.score for p in parts if p.decision in SAID),
        is_silent=any(p.is_silent or p.decision is Decision.NOT_STATED for p in parts),
        details=_once(line for p in parts for line in p.details),
    )


def _unfound(area: Area, part: Told) -> Told:
    return Told(part.decision, (NOT_FOUND.format(area.short),))


def _of(area: Area, part: Told, room: int) -> list[str]:
    """The lines of one area, with its name unless they say it; no third one's beside it."""
    is_labelled = part.decision is Decision.OTHER_AREA
    background = part.details[-1:] if part.decision is not Decision.NOT_STATED else ()
    lines = [line for line in part.lines if line and line not in background]
    first, *rest = lines[: room + (is_labelled and len(part.lines) > 1)]
    is_named = is_labelled or area.short in first
    return [first if is_named else f"{area.short}：{first}", *rest]


def _kept(topic: Topic | None, own: str) -> Topic | None:
    """What was talked of, in the asker's own area or in none."""
    return replace(topic, area=own, entry="", told="") if topic else None


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
