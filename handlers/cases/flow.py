"""身边的例子 for everybody, and the word of those whose story it is."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import commands, frames
from handlers.cases.effects import CaseEffect, SayLeave, SayServe
from handlers.cases.seen import FLOW
from handlers.cases.words import Examples, May, Serve, wish_of
from handlers.choices import Choice, by_number, by_word
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.identity import living
from handlers.policy_answer import home_of
from handlers.prompts import ask
from handlers.texts import say
from outreach.calendars import CHINA
from outreach.cases import cards
from outreach.cases.publishing import Leave, Story
from outreach.pieces import parts
from records.cases import Case, shown_as
from records.messages import Inbound, Option
from records.people import Profile
from records.scope import is_within

LIST, ONE = "case_list", "case"
_PAGE = 2  # messages of one turn (domain M-03)
_MORE, _OTHERS = "more", "others"


class Storytellers:
    """别讲我的故事, at any time and in one word; the answers to D18; 当大使 and 不当大使."""

    name = "storytellers"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        wish = wish_of(message.text)
        if message.is_group or not isinstance(wish, May | Serve):
            return False
        if isinstance(wish, May) and wish.leave is Leave.NO:
            return True
        if isinstance(wish, May) and wish.leave is Leave.NAMELESS:
            return bool(scene.agenda.cases.own)  # of the name alone other talks ask, too
        return bool(living(scene.profiles))

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish, left = wish_of(message.text), frames.leave(state)
        tellers = living(scene.profiles)
        if isinstance(wish, Serve):
            return _serves(wish, tellers, message.channel, left, scene)
        assert isinstance(wish, May)
        if wish.leave is Leave.NO:
            return _silenced(tellers, message.channel, left, scene)
        return _allowed(wish, tellers, message.channel, left, scene)


def _silenced(tellers: Sequence[Profile], channel: str, state: State, scene: Scene) -> Turn:
    effects = tuple(SayLeave(one.id, Leave.NO, channel) for one in tellers)
    if not scene.agenda.cases.own:
        return _noticed(say("cases.nothing_told"), state, effects)
    text = say("cases.silenced")
    if any(one.serves(scene.now.astimezone(CHINA).date()) for one in scene.agenda.cases.serving):
        text += say("cases.still_serves")
    return _noticed(text, state, effects)


def _allowed(
    wish: May, tellers: Sequence[Profile], channel: str, state: State, scene: Scene
) -> Turn:
    """A yes counts only where we asked; it is the word of whose case it is."""
    ids = {one.id for one in tellers}
    mine = [c for c in scene.agenda.cases.own if c.person_id in ids and _is_meant(c, wish)]
    people = {case.person_id for case in mine}
    if len(people) != 1 or not scene.agenda.cases.is_asked:
        return _noticed(say("cases.not_asked"), state)
    text = say("cases.told_named") if wish.leave is Leave.NAMED else say("cases.told_nameless")
    return _noticed(text, state, (SayLeave(people.pop(), wish.leave, channel),))


def _is_meant(case: Case, wish: May) -> bool:
    return wish.number in (0, case.number)


def _serves(
    wish: Serve, tellers: Sequence[Profile], channel: str, state: State, scene: Scene
) -> Turn:
    ids = {one.id for one in tellers}
    found = [one for one in scene.agenda.cases.serving if one.person_id in ids]
    if not found:
        return _noticed(say("cases.no_ambassador"), state)
    asked = next((one for one in found if one.since is None), None)
    if wish.says_yes and asked is None:
        return _noticed(say("cases.serves_already"), state)
    one = asked if wish.says_yes and asked else found[-1]
    text = say("cases.serves", n=one.months) if wish.says_yes else say("cases.serves_not")
    return _noticed(text, state, (SayServe(one.person_id, wish.says_yes, channel),))


class CaseList:
    """典型, 身边的例子, 有没有人干成: three at most, near one's home and of one's trade."""

    name = FLOW

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.is_group or frames.is_asking(state):
            return False
        if isinstance(wish_of(message.text), Examples):
            return True
        return state.flow == FLOW and _is_reply(message.text, state, scene)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish, left = wish_of(message.text), frames.leave(state)
        if isinstance(wish, Examples):
            return _card(wish.number, 0, left, scene) if wish.number else _listed(left, scene)
        choices = _choices(state, scene)
        codes = by_number(message.text, choices).codes or by_word(message.text, choices)
        if not codes:
            return Turn((Reply(say("cases.closed")),), left)
        if codes[0] == _OTHERS:
            return _listed(left, scene)
        if codes[0] == _MORE:
            number, page = int(state.data["case"]), int(state.data.get("sheet", 0))
            return _card(number, page + 1, left, scene)
        return _card(int(codes[0]), 0, left, scene)


def _is_reply(text: str, state: State, scene: Scene) -> bool:
    if commands.of(text) is Command.BACK:
        return True
    choices = _choices(state, scene)
    return bool(by_number(text, choices).codes or by_word(text, choices))


def _choices(state: State, scene: Scene) -> tuple[Choice, ...]:
    if state.step == LIST:
        numbers = map(int, state.data.get("numbers", ()))
        return tuple(_choice(number, scene) for number in numbers)
    return _ways(has_more=bool(state.data.get("has_more")))


def _ways(*, has_more: bool) -> tuple[Choice, ...]:
    more = (Choice(_MORE, say("cases.more")),) if has_more else ()
    return (*more, Choice(_OTHERS, say("cases.others")))


def _choice(number: int, scene: Scene) -> Choice:
    story = scene.agenda.cases.stories.get(number)
    return Choice(str(number), _label(story, scene) if story else say("cases.taken_down"))


def _label(story: Story, scene: Scene) -> str:
    line = cards.trade(story.case.trade)
    return say(
        "cases.label",
        title=story.case.text.title,
        place=place_of(story, scene),
        trade=f"·{line}" if line else "",
    )


def place_of(story: Story, scene: Scene) -> str:
    """The county of a story as people call it."""
    area = scene.places.area(story.case.area)
    return area.short if area else ""


def _listed(state: State, scene: Scene) -> Turn:
    near, home = scene.agenda.cases.near, home_of(state, scene)
    if not near:
        ways = (Option(say("cases.projects"), say("cases.projects")),)
        text = say("cases.none") if home else say("cases.none_anywhere")
        return Turn((Reply(text, ways, kind="answer"),), state)
    is_here = any(is_within(story.case.area, home) for story in near)
    lead = say("cases.list") if is_here else say("cases.list_around")
    numbers = [story.case.number for story in near]
    choices = tuple(_choice(number, scene) for number in numbers)
    reply = ask(lead, choices, key=LIST, kind="answer")
    return Turn((reply,), frames.enter(state, FLOW, LIST, numbers=numbers))


def _card(number: int, page: int, state: State, scene: Scene) -> Turn:
    story = scene.agenda.cases.stories.get(number)
    if story is None:
        return Turn((Reply(say("cases.gone", number=number)),), state)
    texts = parts(cards.told(story, place_of(story, scene)))
    shown = texts[page * _PAGE : (page + 1) * _PAGE]
    has_more = len(texts) > (page + 1) * _PAGE
    about = shown_as(number)
    last = ask(shown[-1], _ways(has_more=has_more), key=ONE, kind="answer")
    replies = [Reply(text, kind="answer", about=about) for text in shown[:-1]]
    last = Reply(last.text, last.options, last.kind, about=about)
    data = {"case": number, "sheet": page, "has_more": has_more, "numbers": [number]}
    return Turn((*replies, last), frames.enter(state, FLOW, ONE, **data))


def _noticed(text: str, state: State, effects: Sequence[CaseEffect] = ()) -> Turn:
    return Turn((Reply(text, kind="notice"),), state, tuple(effects))
