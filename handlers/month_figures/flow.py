"""月报: the figures of a month in words; 报表: the papers that are owed."""

from __future__ import annotations

from handlers import frames
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.month_figures.seen import (
    MonthFigures,
    PaperSeen,
    may_ask,
    month_asked,
    paper_asked,
)
from handlers.texts import say
from knowledge.divisions import divisions
from outreach.calendars import CHINA
from outreach.reports.month import FIGURES
from records.messages import Inbound
from records.month_drafts import Draft
from records.report_versions import State as Step

_MOST = 20  # areas at once
_SHORT = ("registered", "with_intent", "founded", "requests", "done")  # where there are several


class MonthReport:
    """月报, 月报 10月, 报表, 报表 12, of staff."""

    name = "month_report"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        said = message.extra.get(TYPED) or message.text
        is_wish = month_asked(said, scene.now) is not None or paper_asked(said) is not None
        return may_ask(scene.counter.staff) and is_wish and not message.is_group

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        found = scene.agenda.figures
        text = _page(found) if found.papers is None else _papers(found)
        return Turn((Reply(text, kind="staff"),), frames.leave(state))


def _page(found: MonthFigures) -> str:
    if found.month is None or not found.drafts:
        return say("month.none", month=found.month or "")
    if len(found.drafts) == 1:
        return _whole(found.drafts[0])
    lines = [_line(one) for one in found.drafts[:_MOST]]
    if len(found.drafts) > _MOST:
        lines.append(say("month.more", n=len(found.drafts) - _MOST))
    return "\n".join((say("month.several", month=found.month), *lines))


def _papers(found: MonthFigures) -> str:
    """What they owe, or the one that they asked for."""
    if not found.papers:
        return say("month.no_paper", number=found.asked) if found.asked else say("month.all_done")
    if found.asked:
        [one] = found.papers
        lines = "\n".join(one.lines) or say("month.paper_elsewhere")
        return say("month.paper", what=one.what, state=_stands(one), lines=lines)
    lines = "\n".join(
        say("month.paper_line", number=one.number, what=one.what, state=_stands(one))
        for one in found.papers
    )
    return say("month.papers", lines=lines)


def _stands(one: PaperSeen) -> str:
    """Where it stands, and by when it is owed while it is."""
    if one.due is None or one.state in (Step.FROZEN, Step.REPLACED):
        return _state(one.state)
    day = f"{one.due.month}月{one.due.day}日"
    due = say("month.was_due", day=day) if one.is_late else say("month.due", day=day)
    return _state(one.state) + due


def _state(state: Step) -> str:
    match state:
        case Step.DRAFTED:
            return say("month.drafted")
        case Step.CHECKED:
            return say("month.checked")
        case Step.SIGNED:
            return say("month.signed")
        case Step.FROZEN:
            return say("month.frozen")
        case Step.REPLACED:
            return say("month.replaced")


def _whole(one: Draft) -> str:
    here = one.at.astimezone(CHINA)
    day = f"{here.month}月{here.day}日"
    lines = [
        say("month.figure", title=figure.title, n=_said(one, figure.name), unit=figure.unit.value)
        for figure in FIGURES
    ]
    head = say("month.head", area=_name(one.area), month=one.month, day=day)
    return "\n".join((head, *lines))


def _line(one: Draft) -> str:
    """The first figures of an area, in one line."""
    known = {figure.name: figure for figure in FIGURES}
    figures = "，".join(
        f"{known[name].title}{_said(one, name)}{known[name].unit.value}" for name in _SHORT
    )
    return say("month.line", area=_name(one.area), figures=figures)


def _said(one: Draft, name: str) -> str:
    value = one.figures.get(name)
    return say("month.unknown") if value is None else str(value)


def _name(code: str) -> str:
    area = divisions().areas.get(code)
    return area.name if area else code
