"""案例 for staff, each step in one line: from a lead to 典型, the text, the leave, the cards."""

from __future__ import annotations

from dataclasses import replace

from handlers import frames
from handlers.cases import pages
from handlers.cases.effects import AddCase, CaseEffect, MoveCase, ReadCase, StepCase, WriteCase
from handlers.cases.flow import place_of
from handlers.cases.seen import Sheet
from handlers.cases.words import (
    FIGURE,
    STORY,
    TITLE,
    WHY,
    Line,
    Verb,
    figure_of,
    line_of,
    months_of,
)
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.human_help import TYPED
from handlers.texts import say
from outreach.calendars import CHINA
from outreach.cases import cards, moving, serving
from outreach.cases.publishing import Story
from records import rights
from records.cases import NewCase, Text, Tier, shown_as
from records.messages import Inbound
from records.rights import Right
from records.staff_accounts import Staff

_TEXTS = frozenset({Verb.TITLE, Verb.STORY, Verb.FIGURE, Verb.YEAR})
_DECIDES = frozenset({Verb.AGREE, Verb.REVIEW})  # not for cadres
_FIRST_YEAR = 1980


class CaseDesk:
    """案例, 案例 3, 新案例 3号 …, 案例 3 典型 …, 案例 3 审好, 案例 3 卡片."""

    name = "case_desk"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        staff = scene.counter.staff
        is_ours = staff is not None and rights.may(staff, Right.CASES)
        return is_ours and not message.is_group and _line(message) is not None

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        line, staff, left = _line(message), scene.counter.staff, frames.leave(state)
        if line is None or staff is None:
            return Turn((), left)
        if line.verb is Verb.LOOK and not line.number:
            return Turn((Reply(pages.listed(scene.agenda.cases), kind="staff"),), left)
        if line.verb is Verb.NEW:
            return _begun(line, staff, left, scene)
        if line.verb is Verb.CARD and not line.number:
            return _carded(scene.agenda.cases.of_the_week, staff, left, scene)
        one = scene.agenda.cases.sheets.get(line.number)
        if one is None:
            return _noticed(say("cases.not_yours", number=line.number), (), left)
        return _about(line, one, staff, left, scene)


_Done = tuple[str, tuple[CaseEffect, ...]]


def _line(message: Inbound) -> Line | None:
    return line_of(message.extra.get(TYPED) or message.text)


def _noticed(text: str, effects: tuple[CaseEffect, ...], state: State) -> Turn:
    return Turn((Reply(text, kind="notice"),), state, effects)


def _about(line: Line, one: Sheet, staff: Staff, state: State, scene: Scene) -> Turn:
    number, by = one.case.number, staff.name
    if line.verb is Verb.LOOK:
        reply = Reply(pages.sheet(one), kind="staff", about=shown_as(number))
        return Turn((reply,), state, (ReadCase(one.case.person_id, by),))
    if line.verb is Verb.CARD:
        return _carded(one.story, staff, state, scene)
    if line.verb is Verb.MATERIAL:
        return _material(one, state, scene)
    if line.verb is Verb.MOVE:
        return _noticed(*_moved(line, one, by), state)
    if line.verb in _TEXTS:
        return _noticed(*_written(line, one, by, scene), state)
    if line.verb in _DECIDES and not rights.may(staff, Right.JUDGE_CASES):
        return _noticed(say("cases.not_you"), (), state)
    text, effect = _stepped(line, one, by)
    return _noticed(text, (effect,) if effect else (), state)


def _begun(line: Line, staff: Staff, state: State, scene: Scene) -> Turn:
    """The answer names the person, and is erased with them."""
    text, effects = _new(line, staff, scene)
    named = scene.agenda.cases.named
    about = named[0].id if len(named) == 1 else ""
    return Turn((Reply(text, kind="notice", about=about),), state, effects)


def _new(line: Line, staff: Staff, scene: Scene) -> _Done:
    cases = scene.agenda.cases
    if len(cases.named) != 1:
        return (say("cases.who") if cases.named else say("cases.nobody")), ()
    profile = cases.named[0]
    if profile.id in cases.known:
        return say("cases.known", name=profile.nickname), ()
    if len(line.text) > TITLE:
        return say("cases.long_title", most=TITLE), ()
    if line.year is not None and not _FIRST_YEAR <= line.year <= scene.now.year:
        return say("cases.bad_year"), ()
    new = NewCase(profile.id, profile.area, cases.trades.get(profile.id, ""), line.year, line.text)
    return say("cases.added", name=profile.nickname), (AddCase(new, staff.name),)


def _moved(line: Line, one: Sheet, by: str) -> _Done:
    assert line.tier is not None
    number, tier = one.case.number, line.tier.value
    if bar := moving.bar_to_move(one.case, line.tier):
        return say("cases.barred", number=number, why=bar.value), ()
    if not line.text:
        return say("cases.no_reason", number=number, tier=tier), ()
    effect = MoveCase(number, line.tier, line.text[:WHY], by)
    if line.tier is Tier.TYPICAL:
        return say("cases.waits", number=number), (effect,)
    return say("cases.is_moved", number=number, tier=tier), (effect,)


def _written(line: Line, one: Sheet, by: str, scene: Scene) -> _Done:
    number, text = one.case.number, one.case.text
    new, year, fault = _edited(line, text, scene)
    if fault:
        return fault, ()
    kept = say("cases.kept", number=number)
    return kept, (WriteCase(number, new, by, year),)


def _edited(line: Line, text: Text, scene: Scene) -> tuple[Text, int | None, str]:
    """The new text, the year of the return where it is told, and what is wrong with the line."""
    said = line.text
    if not said:
        return text, None, say("cases.empty", number=line.number)
    if line.verb is Verb.TITLE:
        fault = say("cases.long_title", most=TITLE) if len(said) > TITLE else ""
        return replace(text, title=said), None, fault
    if line.verb is Verb.STORY:
        fault = say("cases.long_story", most=STORY, n=len(said)) if len(said) > STORY else ""
        return replace(text, story=said), None, fault
    if line.verb is Verb.YEAR:
        digits = said.removesuffix("年")
        is_year = digits.isdigit() and _FIRST_YEAR <= int(digits) <= scene.now.year
        return text, int(digits) if is_year else None, "" if is_year else say("cases.bad_year")
    if said == say("cases.clear"):
        return replace(text, figures=()), None, ""
    figure = figure_of(said, scene.now.astimezone(CHINA).date())
    if figure is None or len(figure.text) > FIGURE:
        return text, None, say("cases.bad_figure", number=line.number)
    return replace(text, figures=(*text.figures, figure)), None, ""


def _stepped(line: Line, one: Sheet, by: str) -> tuple[str, CaseEffect | None]:
    number, why = one.case.number, line.text[:WHY]
    months = months_of(line.text) if line.verb is Verb.SERVE else 0
    bar = _bar(line, one, by, months)
    if bar:
        return say("cases.barred", number=number, why=bar), None
    text = {
        Verb.AGREE: say("cases.agreed", number=number),
        Verb.REVIEW: say("cases.reviewed", number=number, state=_when_told(one)),
        Verb.HOLD: say("cases.held", number=number),
        Verb.NOMINATE: say("cases.nominated", number=number),
        Verb.ASK: say("cases.asked", number=number),
        Verb.SERVE: say("cases.asked_serve", number=number, months=months),
        Verb.DISMISS: say("cases.dismissed", number=number),
    }[line.verb]
    return text, StepCase(line.verb, number, by, why, months)


def _bar(line: Line, one: Sheet, by: str, months: int) -> str:
    """Why the step cannot be taken; "" where nothing is in the way."""
    case = one.case
    match line.verb:
        case Verb.AGREE:
            bar = moving.bar_to_agree(case, by)
            return bar.value if bar else ""
        case Verb.REVIEW:
            bar = moving.bar_to_review(case, by)
            if bar is None and one.gives_away:
                return say("cases.gives_away", traces="、".join(one.gives_away))
            return bar.value if bar else ""
        case Verb.HOLD:
            return "" if case.reviewed_by else say("cases.is_held")
        case Verb.NOMINATE:
            return "" if case.tier is Tier.TYPICAL else moving.Bar.NOT_TYPICAL.value
        case Verb.ASK:
            return one.bar_to_ask
        case Verb.SERVE:
            least, most = serving.MONTHS
            is_term = least <= months <= most
            return one.bar_to_serve if is_term else say("cases.bad_term", least=least, most=most)
        case _:
            return "" if one.serves else say("cases.no_term")


def _when_told(one: Sheet) -> str:
    is_typical = one.case.tier is Tier.TYPICAL
    return say("cases.then_told") if is_typical else say("cases.then_typical")


def _carded(story: Story | None, staff: Staff, state: State, scene: Scene) -> Turn:
    """The text to copy; who copies it is told when it must come down again."""
    if story is None:
        return _noticed(say("cases.no_card"), (), state)
    number = story.case.number
    text = cards.for_groups(story, place_of(story, scene))
    replies = (
        Reply(text, kind="staff", about=shown_as(number)),
        Reply(say("cases.card_kept", number=number), kind="notice"),
    )
    return Turn(replies, state, (StepCase(Verb.CARD, number, staff.name),))


def _material(one: Sheet, state: State, scene: Scene) -> Turn:
    if one.serves is None or one.story is None:
        return _noticed(say("cases.no_material"), (), state)
    text = cards.for_ambassador(one.story, one.serves, place_of(one.story, scene))
    return Turn((Reply(text, kind="staff", about=shown_as(one.case.number)),), state)
