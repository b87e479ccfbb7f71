"""Cases in words for staff: the list of an area, one case with its history and what is next."""

from __future__ import annotations

from handlers.cases.seen import Cases, Sheet
from handlers.texts import say
from outreach.calendars import CHINA
from outreach.cases import cards
from outreach.cases.asking import SYSTEM
from outreach.cases.publishing import Leave
from outreach.cases.quota import A_YEAR, Count
from records.cases import Case, Step, Taken, Tier

_MOST = 12
_STEPS = 8  # of the history, the last


def listed(cases: Cases) -> str:
    """The cases of an area, and what the county still owes."""
    lines = [_line(case, leave) for case, leave in cases.listed[:_MOST]]
    if len(cases.listed) > _MOST:
        lines.append(say("cases.more_of", n=len(cases.listed) - _MOST))
    if not lines:
        lines.append(say("cases.nothing_yet"))
    if cases.count is not None:
        lines.append(counted(cases.count))
    return "\n".join((*lines, say("cases.how")))


def counted(count: Count) -> str:
    """How a county stands this year."""
    if count.missing:
        return say("cases.count", n=count.recommended, most=A_YEAR, missing=count.missing)
    return say("cases.count_full", n=count.recommended, most=A_YEAR)


def sheet(one: Sheet) -> str:
    """One case with all that its staff may know."""
    case, text = one.case, one.case.text
    lines = [
        say("cases.head", number=case.number, tier=case.tier.value, name=one.name),
        say("cases.about", year=case.year or say("cases.unknown"), trade=_trade(case)),
        say("cases.leave", leave=one.leave.value, state=_published(one)),
        text.title or say("cases.no_title"),
        text.story or say("cases.no_story"),
    ]
    lines += [say("cases.figure", text=f.text, day=f.as_of.isoformat()) for f in text.figures]
    if one.gives_away:
        lines.append(say("cases.gives_away", traces="、".join(one.gives_away)))
    if one.serves is not None:
        assert one.serves.until is not None
        lines.append(say("cases.ambassador", until=one.serves.until.isoformat()))
    lines += map(_step, one.history[-_STEPS:])
    return "\n".join((*lines, _next(one)))


def _line(case: Case, leave: Leave) -> str:
    title = case.text.title or say("cases.no_title")
    state = say("cases.passed") if case.reviewed_by else say("cases.not_passed")
    tier = say("cases.proposed") if case.proposed_by else case.tier.value
    return say(
        "cases.line",
        number=case.number,
        title=title,
        tier=tier,
        leave=leave.value,
        state=state,
    )


def _trade(case: Case) -> str:
    return cards.trade(case.trade) or say("cases.unknown")


def _published(one: Sheet) -> str:
    return say("cases.is_told") if one.story is not None else say("cases.is_not_told")


def _step(taken: Taken) -> str:
    here = taken.at.astimezone(CHINA)
    word = {
        Step.MOVED: say("cases.moved", tier=taken.tier),
        Step.PROPOSED: say("cases.step_proposed"),
        Step.WRITTEN: say("cases.step_written"),
        Step.REVIEWED: say("cases.step_reviewed"),
        Step.HELD_BACK: say("cases.step_held"),
        Step.ASKED: say("cases.step_asked"),
        Step.ANSWERED: say("cases.step_answered"),
        Step.NOMINATED: say("cases.step_nominated"),
    }[taken.step]
    return say(
        "cases.step",
        day=f"{here.month}月{here.day}日",
        who=_who(taken.staff),
        word=word,
        why=f"：{taken.why}" if taken.why else "",
    )


def _who(staff: str) -> str:
    if staff == SYSTEM:
        return say("cases.system")
    return staff or say("cases.the_person")


def _next(one: Sheet) -> str:
    """The one thing that is to be done before it can be told."""
    case, number = one.case, one.case.number
    if case.tier is Tier.LEAD:
        return say("cases.next_growing", number=number)
    if not case.text.title or not case.text.story:
        return say("cases.next_write", number=number)
    if one.leave is Leave.UNASKED:
        if one.bar_to_ask:
            return say("cases.next_wait", why=one.bar_to_ask)
        return say("cases.next_ask", number=number)
    if one.leave is Leave.NO:
        return say("cases.next_no")
    if case.tier is not Tier.TYPICAL:
        if case.proposed_by:
            return say("cases.next_agree", number=number)
        return say("cases.next_typical", number=number)
    if not case.reviewed_by:
        return say("cases.next_review", number=number)
    return say("cases.next_card", number=number)
