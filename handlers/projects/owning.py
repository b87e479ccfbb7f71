"""我有个项目: five questions, a draft for review; and who is interested in one's own project."""

from __future__ import annotations

from typing import Any

from handlers import commands, frames, hearing
from handlers.choices import Choice, by_number, by_word, within
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.identity import living
from handlers.policy_answer import home_of
from handlers.projects.effects import MeetInterested, SubmitProject
from handlers.projects.market import FLOW
from handlers.projects.words import Ask
from handlers.prompts import ask
from handlers.texts import say, say_of
from matching.codes import Category
from matching.words import words
from outreach.projects.reverse import Seen
from records.projects import ProjectKind, ProjectRow, ProjectState, Provenance
from registry import money
from registry.identity import holds_secret
from registry.offers import RISK, TITLE, WORDS, Offer, Owned

NAME, LINE, ABOUT, MONEY, RISKS, PICK = "name", "line", "about", "money", "risk", "pick"
ASKED = (NAME, LINE, ABOUT, MONEY, RISKS)
STEPS = frozenset({*ASKED, PICK})
_LIMITS = {NAME: TITLE, ABOUT: WORDS, RISKS: RISK}
_LEAVES = frozenset({Command.BACK, Command.QUIT, Command.LATER, Command.HOME, Command.RESTART})
_DEPT = "本人提供"
_MOST_SHOWN = 5


def begun(asked: Ask, state: State, scene: Scene) -> Turn:
    """The first question, or what became of what was offered before."""
    if len(living(scene.profiles)) != 1:
        return Turn((Reply(say("projects.not_registered")),), state)
    if asked is Ask.OFFER:
        return _asked(NAME, {}, state)
    return _own(state, scene)


def is_left(text: str, state: State) -> bool:
    """Whether somebody turns to something else."""
    if commands.of(text) in _LEAVES or (state.step == PICK and not _picked(text, state)):
        return True
    return state.step != ABOUT and hearing.asks(text)


def answered(text: str, state: State, scene: Scene) -> Turn:
    """One answer, and the next question; after the last the draft is kept."""
    if state.step == PICK:
        return _met(text, state, scene)
    given = dict(state.data.get("given") or {})
    left = frames.leave(state)
    value, wrong = _read(state.step, text)
    if wrong:
        return _asked(state.step, given, left, hint=wrong)
    given[state.step] = value
    number = ASKED.index(state.step) + 1
    if number < len(ASKED):
        return _asked(ASKED[number], given, left)
    return _kept(given, left, scene)


def _asked(step: str, given: dict[str, Any], state: State, *, hint: str = "") -> Turn:
    choices = _lines() if step == LINE else ()
    lead = f"{hint}\n" if hint else ""
    reply = ask(f"{lead}{say_of('own_project_asked', step)}", choices, key=step, kind="reply")
    return Turn((reply,), frames.enter(state, FLOW, step, given=given))


def _read(step: str, text: str) -> tuple[Any, str]:
    """The answer as it is kept, and what is wrong with it."""
    said = " ".join(text.split())
    if hearing.phone(said) or holds_secret(said):
        return None, say("own_project.secret")
    if step == LINE:
        lines = _lines()
        codes = by_number(text, lines).codes or by_word(text, lines) or within(text, lines)
        return (codes[0], "") if codes else (None, say("projects.not_understood"))
    if step == MONEY:
        span = money.span(said)
        return (list(span), "") if span else (None, say("own_project.no_money"))
    most = _LIMITS[step]
    return (said, "") if len(said) <= most else (None, say("own_project.too_long", most=most))


def _lines() -> tuple[Choice, ...]:
    return tuple(Choice(code, label) for code, label in words("lines").items())


def _kept(given: dict[str, Any], state: State, scene: Scene) -> Turn:
    person = living(scene.profiles)[0]
    least, most = given[MONEY]
    offer = Offer(
        kind=ProjectKind.PROJECT,
        title=given[NAME],
        category=Category(given[LINE]),
        county=person.area or home_of(state, scene),
        source_dept=_DEPT,
        about=given[ABOUT],
        min_capital_yuan=least,
        max_capital_yuan=most,
        risk_line=given[RISKS],
    )
    owner = {"name": person.nickname, "phone": person.phone}
    owned = Owned(offer, Provenance.PERSON, person.id, owner)
    reply = Reply(say("own_project.saved", title=offer.title))
    return Turn((reply,), state, (SubmitProject(owned),))


def _own(state: State, scene: Scene) -> Turn:
    """Each project of theirs, and for the published one who is interested."""
    own = [row for row in scene.market.own if row.state != ProjectState.CLOSED.value]
    if not own:
        return Turn((Reply(say("own_project.nobody")),), state)
    lines = [_standing(row, scene) for row in own[-2:]]
    first = Reply("\n".join(lines))
    numbers = {row.number for row in own}
    found = [one for one in scene.market.interested if one.project in numbers]
    if not found:
        return Turn((first,), state)
    choices = _people(found[:_MOST_SHOWN])
    reply = ask(say("own_project.agree"), choices, key=PICK, kind="reply")
    pairs = [[choice.code, choice.label] for choice in choices]
    return Turn((first, reply), frames.enter(state, FLOW, PICK, people=pairs))


def _standing(row: ProjectRow, scene: Scene) -> str:
    count = sum(one.project == row.number for one in scene.market.interested)
    told = say("own_project.interested", count=count) if count else ""
    state = say_of("own_project_state", row.state)
    return say("own_project.state", title=row.title, state=state, count=told)


def _people(found: list[Seen]) -> tuple[Choice, ...]:
    return tuple(
        Choice(str(one.answer), say("own_project.list_line", name=one.name, standing=one.standing))
        for one in found
    )


def _picked(text: str, state: State) -> str:
    choices = tuple(Choice(code, label) for code, label in state.data.get("people", ()))
    return next(iter(by_number(text, choices).codes or by_word(text, choices)), "")


def _met(text: str, state: State, scene: Scene) -> Turn:
    """The owner says yes to one; the phone only where that one said yes before."""
    code, left = _picked(text, state), frames.leave(state)
    found = next((one for one in scene.market.interested if str(one.answer) == code), None)
    if found is None or not found.is_willing:
        return Turn((Reply(say("own_project.none_left")),), left)
    effect = MeetInterested(found.answer, found.project)
    if not found.phone:
        return Turn((Reply(say("own_project.met")),), left, (effect,))
    reply = Reply(say("own_project.open", name=found.name, phone=found.phone), kind="staff")
    return Turn((reply,), left, (effect,))
