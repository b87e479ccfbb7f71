"""From one step of a form to the next."""

from __future__ import annotations

from dataclasses import replace

from handlers import consent, frames
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.forms import course
from handlers.forms.form import Question
from handlers.identity import by
from handlers.prompts import fits
from handlers.registration import asking, saving
from handlers.registration.filling import APART, CONFIRM, RESUME, STUCK, Filling
from handlers.texts import say


def onward(filling: Filling, state: State, scene: Scene, *, remark: str = "") -> Turn:
    """The next open question, or the end of the form."""
    filling = _without_unwanted(filling, scene)
    question = course.following(filling.shape(scene), filling.given)
    if question is None and filling.is_correction:
        return saving.corrected(filling, state, scene)
    step = CONFIRM if question is None else _step(question, filling, scene)
    return at(step, filling, state, scene, remark=remark)


def at(step: str, filling: Filling, state: State, scene: Scene, *, remark: str = "") -> Turn:
    """Stand at a step and ask what is asked there."""
    after = filling.state(step, state, scene.now)
    return Turn(_after(remark, asking.prompt(after, scene)), after)


def again(state: State, scene: Scene) -> Turn:
    """Ask what is open; who was away for a while is asked whether to go on."""
    filling = Filling.of(state)
    if filling.rested(scene.now) and filling.given:
        return at(RESUME, filling, state, scene)
    return at(state.step, filling, state, scene)


def failed(question: Question, filling: Filling, state: State, scene: Scene, hint: str) -> Turn:
    """The answer was not understood: help once, then offer other ways (domain rule 3.3-4)."""
    tried = replace(filling, tries=filling.tries + 1)
    if tried.tries > 1:
        return at(STUCK, tried, state, scene)
    reply = asking.question_reply(question, tried, scene, hint=hint)
    return Turn((reply,), tried.state(question.id, state, scene.now))


def parked(filling: Filling, state: State, scene: Scene) -> Turn:
    """The form waits for thirty days; everything else can be talked about."""
    if not filling.given or filling.is_correction:
        return Turn((Reply(say("form.left")),), frames.drop_form(state))
    after = replace(filling.fresh(), parked=True).state(state.step, state, scene.now)
    return Turn((Reply(say("form.parked")),), after)


def _step(question: Question, filling: Filling, scene: Scene) -> str:
    kind = question.consent
    known = by(scene.profiles, filling.person)
    if not kind or kind in filling.consents or (known and known.consents_to(kind)):
        return question.id
    return f"{APART}{kind}"


def _without_unwanted(filling: Filling, scene: Scene) -> Filling:
    """Leave out what needs a consent that was refused, now or not long ago."""
    form = filling.shape(scene)
    question = course.following(form, filling.given)
    while (
        question is not None and question.consent and _is_refused(question.consent, filling, scene)
    ):
        filling = replace(filling, given={**filling.given, question.id: None})
        question = course.following(form, filling.given)
    return filling


def _is_refused(kind: str, filling: Filling, scene: Scene) -> bool:
    if kind in filling.consents:
        return not filling.consents[kind][0]
    known = by(scene.profiles, filling.person)
    noes = (
        [said.at for said in known.said if said.kind == kind and not said.given] if known else []
    )
    return not consent.may_ask(noes, scene.now)


def _after(remark: str, replies: tuple[Reply, ...]) -> tuple[Reply, ...]:
    if not remark or not replies:
        return replies
    together = f"{remark}\n{replies[0].text}"
    if fits(together):
        return (replace(replies[0], text=together), *replies[1:])
    return (Reply(remark), *replies[-1:])
