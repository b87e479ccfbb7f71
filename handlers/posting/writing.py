"""The text of a post: written, or ready from the library; what speaks against it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.dialogue import Scene
from handlers.posting import pages
from handlers.texts import say
from knowledge.answer import Decision
from outreach.groups.registry import Group
from outreach.posting import checking
from outreach.posting.checking import Finding
from outreach.posting.library import QUESTIONS, Ready
from outreach.posting.limits import limits
from outreach.posting.sending import Draft, doubts_of
from records.messages import Inbound

MOST = limits().text
_ENTRIES = "entries"
_LEAST = 4  # characters
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Written:
    """A text; `source` is "" where the words are the writer's own."""

    text: str
    source: str = ""


def offered(scene: Scene, groups: Mapping[int, Group]) -> tuple[Ready, ...]:
    """What is ready for these groups, in the order of its numbers."""
    question = _question(groups)
    label = say("posting.of_entries", question=question)
    return (*scene.posting.ready, Ready(_ENTRIES, label, ""))


def picked(message: Inbound, scene: Scene, groups: Mapping[int, Group]) -> Written | None:
    """The ready text that a number picks, with "" where there is none; None for own words."""
    if not (len(message.text) == 1 and _DIGIT.match(message.text)):
        return None
    found = offered(scene, groups)
    place = int(message.text) - 1
    if not 0 <= place < len(found):
        return None
    one = found[place]
    if one.source != _ENTRIES:
        return Written(one.text, one.source)
    return Written(_of_entries(scene, groups), _ENTRIES)


def refusal(written: Written, scene: Scene) -> str:
    """Why a text cannot be posted; "" where it can."""
    return refused(written, () if written.source else findings(written.text, scene))


def refused(written: Written, found: Sequence[Finding]) -> str:
    """The same, from what the filter found."""
    if len(written.text) < _LEAST or not _WORD.search(written.text):
        return say("posting.empty")
    if len(written.text) > MOST:
        over = len(written.text) - MOST
        return say("posting.too_long", count=len(written.text), most=MOST, over=over)
    wrong = [] if written.source else [one for one in found if not one.why.is_doubt]
    return pages.faults(written.text, wrong) if wrong else ""


def doubts(draft: Draft, scene: Scene) -> tuple[str, ...]:
    """Why a second person reads it first."""
    known = scene.posting.named.get(draft.text)
    found = () if draft.source else findings(draft.text, scene)
    return doubted(
        draft,
        found,
        is_first=scene.posting.is_first,
        is_whole=known is not None and known.is_whole,
    )


def doubted(
    draft: Draft, found: Sequence[Finding], *, is_first: bool, is_whole: bool
) -> tuple[str, ...]:
    """The same, from what the filter found; `is_whole`: every name was looked up."""
    why = list(doubts_of(draft, is_first=is_first))
    if not draft.source:
        why += [pages.doubt(one) for one in found if one.why.is_doubt]
        why += [] if is_whole else [say("posting.unsure_names")]
    return tuple(dict.fromkeys(why))


def findings(text: str, scene: Scene) -> tuple[Finding, ...]:
    """What the filter finds; the office's own number and the writer's own name may stand."""
    known = scene.posting.named.get(text, checking.Named(is_whole=False))
    staff = scene.counter.staff
    own = (staff.name,) if staff else ()
    office = scene.office
    return checking.check(text, known, phones=(office.phone,), but=own, hosts=office.hosts)


def _question(groups: Mapping[int, Group]) -> str:
    """What is asked of the entries for the kind that most of these groups are of."""
    kinds = [one.kind for one in groups.values()]
    return QUESTIONS[max(kinds, key=kinds.count)]


def _of_entries(scene: Scene, groups: Mapping[int, Group]) -> str:
    staff = scene.counter.staff
    area = (staff.area if staff else "") or next((g.area for g in groups.values()), "")
    answer = scene.answerer.answer(_question(groups), area=area or None, now=scene.now)
    if answer.decision is not Decision.ANSWER:
        return ""
    return answer.text if len(answer.text) <= MOST else ""
