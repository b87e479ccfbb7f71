"""From one step of a form to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers import consent, frames
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.forms.form import REGISTRATION, Question
from handlers.identity import by, living
from handlers.prompts import fits
from handlers.registration import asking, saving
from handlers.registration.filling import APART, CONFIRM, RESUME, STUCK, Here
from handlers.texts import say


def onward(here: Here, *, remark: str = "") -> Turn:
    """The next open question, or the end of the form."""
    here = _without_unwanted(here)
    question = here.following
    if question is None and here.filling.is_correction:
        return saving.corrected(here)
    asked = at(CONFIRM if question is None else step_of(question, here), here, remark=remark)
    return replace(asked, effects=saving.so_far(here))


def at(step: str, here: Here, *, remark: str = "") -> Turn:
    """Stand at a step and ask what is asked there."""
    after = here.stand(step)
    asked = asking.prompt(after, here.scene)
    if remark and asked:
        asked = _after(remark, asked) or (Reply(remark), *asking.reminder(after, here.scene))
    return Turn(asked, after)


def again(state: State, scene: Scene) -> Turn:
    """Ask what is open; who was away for a while is asked whether to go on."""
    here = Here.of(state, scene)
    is_back = here.filling.rested(scene.now) and here.filling.given
    return at(RESUME if is_back else state.step, here)


def once_more(state: State, scene: Scene) -> Turn:
    """The same in one message, to follow something else that was said."""
    asked = again(state, scene)
    return replace(asked, replies=asking.reminder(asked.state, scene))


def failed(question: Question, here: Here, hint: str) -> Turn:
    """The answer was not understood: help once, then offer other ways (domain rule 3.3-4)."""
    tried = here.holding(replace(here.filling, tries=here.filling.tries + 1))
    if tried.filling.tries > 1:
        return at(STUCK, tried)
    reply = asking.question_reply(question, tried, hint=hint)
    return Turn((reply,), tried.stand(question.id))


def parked(here: Here) -> Turn:
    """The form waits for thirty days; everything else can be talked about."""
    if not here.filling.given or here.filling.is_correction:
        return Turn((Reply(say("form.left")),), frames.drop_form(here.state))
    waiting = here.holding(replace(here.filling.fresh(), parked=True))
    return Turn((Reply(say("form.parked")),), waiting.stand(here.state.step))


def home_remembered(values: Mapping[str, Any], here: Here) -> State:
    """Questions are answered for this home at once; a second person's is not the account's."""
    area = values.get("home_place")
    others = [p for p in living(here.scene.profiles) if p.id != here.filling.person]
    if area and not others and here.filling.form == REGISTRATION:
        return here.state.remember(area=str(area))
    return here.state


def step_of(question: Question, here: Here) -> str:
    """Where a question is asked: behind a consent of its own, if it needs one."""
    kind = question.consent
    known = by(here.scene.profiles, here.filling.person)
    is_given = kind in here.filling.consents or (known is not None and known.consents_to(kind))
    return question.id if not kind or is_given else f"{APART}{kind}"


def _without_unwanted(here: Here) -> Here:
    """Leave out what needs a consent that was refused, now or not long ago."""
    question = here.following
    while question is not None and question.consent and _is_refused(question.consent, here):
        given = {**here.filling.given, question.id: None}
        here = here.holding(replace(here.filling, given=given))
        question = here.following
    return here


def _is_refused(kind: str, here: Here) -> bool:
    if kind in here.filling.consents:
        return not here.filling.consents[kind][0]
    known = by(here.scene.profiles, here.filling.person)
    noes = consent.refusals(here.state, kind, known.said if known else ())
    return not consent.may_ask(noes, here.scene.now)


def _after(remark: str, replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
    """The remark and the question in one message; () where that would be too long."""
    together = f"{remark}\n{replies[0].text}"
    return (replace(replies[0], text=together), *replies[1:]) if fits(together) else ()
