"""The queue of gaps: questions come together by meaning, released entries close what they answer.

Both compute, so they are apart from turns and from transactions: read, think, write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from knowledge.answer import Answerer, Decision
from knowledge.grouping import COMPARED, DOUBTFUL, Meaning, nearest
from knowledge.shelf import Library
from records import gaps, policies
from records.database import Session
from records.gaps import Closing, Gap, GapState, NoSuchGap, Wording
from records.policies import Stage

BY_ITSELF = "system"  # who closes a gap that a released entry answers
GROUPED_AT_ONCE = 50  # questions a run, so that a rush is worked off over some minutes
_TRIED_AT_ONCE = 30  # gaps a run
_ASKED_AGAIN = 20  # of a gap's wordings, the newest


@dataclass(frozen=True, slots=True)
class Queue:
    """New questions, and the open gaps of their areas with some wordings of each."""

    new: tuple[Wording, ...]
    known: tuple[tuple[int, str, tuple[Wording, ...]], ...]  # number, area, wordings


@dataclass(frozen=True, slots=True)
class Group:
    """Questions of one meaning and the gap that they belong to; None for one to be opened."""

    gap: int | None
    area: str
    wordings: tuple[Wording, ...]


@dataclass(frozen=True, slots=True)
class Untried:
    """An open gap with its wordings, and the entries released since it was opened."""

    number: int
    text: str
    wordings: tuple[Wording, ...]
    released: frozenset[str]


@dataclass(frozen=True, slots=True)
class Tried:
    """The entry that answers a gap, and the wordings that it does not answer."""

    number: int
    entry: str = ""
    others: tuple[Wording, ...] = ()


def area_of(area: str, library: Library) -> str:
    """Whose papers should say it: the area that has papers, or the home where none has."""
    return library.areas.pack_for(area) or area if area else ""


def queue(session: Session, answerer: Answerer) -> Queue:
    """What is to be grouped now."""
    new = gaps.ungrouped(session, GROUPED_AT_ONCE)
    known = gaps.open_in(session, sorted({area_of(w.area, answerer.library) for w in new}))
    wordings = gaps.wordings(session, [_number(gap) for gap in known])
    return Queue(
        tuple(new),
        tuple((_number(g), g.area, tuple(wordings[_number(g)][:COMPARED])) for g in known),
    )


def grouped(queue: Queue, answerer: Answerer, now: datetime) -> list[Group]:
    """The new questions by the gap they belong to."""
    shelves: dict[str, list[_Heap]] = {}
    for number, area, wordings in queue.known:
        shelves.setdefault(area, []).append(_Heap(number, list(wordings), []))
    for wording in queue.new:
        there = shelves.setdefault(area_of(wording.area, answerer.library), [])
        meant = [[_meaning(w, answerer, now) for w in h.known + h.new] for h in there]
        found = nearest(_meaning(wording, answerer, now), meant)
        if found is None:
            there.append(_Heap(None, [], [wording]))
        else:
            there[found].new.append(wording)
    return [
        Group(heap.gap, area, tuple(heap.new))
        for area, heaps in shelves.items()
        for heap in heaps
        if heap.new
    ]


def keep(session: Session, groups: Sequence[Group]) -> dict[str, int]:
    """Store the groups; what was closed meanwhile is opened anew."""
    counts = {"joined": 0, "opened": 0}
    for group in groups:
        first, *rest = group.wordings
        try:
            number = group.gap or gaps.open_new(session, first, group.area)
            for wording in group.wordings if group.gap else rest:
                gaps.join(session, number, wording)
        except NoSuchGap:
            continue  # they are still without a gap: the next run takes them up
        counts["joined" if group.gap else "opened"] += 1
    return counts


def untried(session: Session, revision: int) -> list[Untried]:
    """Open gaps that the entries of this revision have not been tried on."""
    found = gaps.untried(session, revision, _TRIED_AT_ONCE)
    if not found:
        return []
    wordings = gaps.wordings(session, [_number(gap) for gap in found])
    released = _released(session)
    return [
        Untried(
            number=_number(gap),
            text=gap.text,
            wordings=tuple(wordings[_number(gap)][-_ASKED_AGAIN:]),
            released=frozenset(e for e, at in released.items() if at >= gap.opened_at),
        )
        for gap in found
    ]


def tried(gap: Untried, answerer: Answerer, now: datetime) -> Tried:
    """Whether a released entry now answers a gap: its text, and at least half its wordings."""
    told = {w: _answering(w, answerer, now) & gap.released for w in gap.wordings}
    spoken = [w for w in gap.wordings if w.text == gap.text] or list(gap.wordings[:1])
    for entry in sorted(told[spoken[0]]) if spoken and gap.released else ():
        others = tuple(w for w in gap.wordings if entry not in told[w])
        if 2 * len(others) <= len(gap.wordings):
            return Tried(gap.number, entry, others)
    return Tried(gap.number)


def settle(
    session: Session, found: Sequence[Tried], revision: int, now: datetime
) -> dict[str, int]:
    """Close what is answered; the questions that the entry does not answer wait once more."""
    for one in found:
        if one.entry:
            gaps.release(session, one.number, one.others)
            closing = Closing(GapState.ANSWERED, by=BY_ITSELF, at=now, entry=one.entry)
            gaps.close(session, one.number, closing)
    open_still = [one.number for one in found if not one.entry]
    gaps.mark_tried(session, open_still, revision)
    return {"closed": len(found) - len(open_still)}


@dataclass(slots=True)
class _Heap:
    gap: int | None
    known: list[Wording]
    new: list[Wording]


def _meaning(wording: Wording, answerer: Answerer, now: datetime) -> Meaning:
    return answerer.meaning(wording.text, area=wording.area or None, now=now)


def _answering(wording: Wording, answerer: Answerer, now: datetime) -> frozenset[str]:
    """The entries that answer a question for certain."""
    answer = answerer.answer(wording.text, area=wording.area or None, now=now)
    is_sure = answer.decision is Decision.ANSWER and answer.score >= DOUBTFUL
    return frozenset(answer.entries) if is_sure else frozenset()


def _released(session: Session) -> Mapping[str, datetime]:
    """When each entry that is live went live."""
    live = policies.at_stages(session, Stage.LIVE)
    return {PurePath(row.path).stem: row.live_at for row in live if row.live_at}


def _number(gap: Gap) -> int:
    assert gap.id is not None
    return gap.id
