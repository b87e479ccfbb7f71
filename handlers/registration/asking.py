"""What is asked at each step of a form; the same words again whenever the form is taken up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers import consent
from handlers.choices import Choice, named
from handlers.dialogue import Reply, Scene, State
from handlers.forms import course
from handlers.forms.form import PROXY, Form, Kind, Question
from handlers.identity import by
from handlers.prompts import ask, fits, sheets
from handlers.registration.filling import (
    APART,
    CHECK,
    CONFIRM,
    CONSENT,
    MATCH,
    RESUME,
    STUCK,
    WHO,
    Here,
)
from handlers.texts import say
from records.people import Profile
from records.prints import VILLAGE
from registry.people_matching import same

_FEW = 3  # differences that are named


def prompt(state: State, scene: Scene) -> tuple[Reply, ...]:
    """The open question of a form, as one or two messages."""
    here = Here.of(state, scene)
    step = state.step
    if step == CONSENT:
        return _consent(here)
    if step == CONFIRM:
        return _summary(here)
    if step == WHO:
        return (ask(say("form.who"), named("who"), key=WHO),)
    if step == RESUME:
        return (ask(_resume(here), named("resume"), key=RESUME),)
    if step == STUCK:
        return (ask(say("form.stuck"), stuck_choices(here), key=STUCK),)
    if step == CHECK:
        text = say("form.phone_check", phone=_spaced(here.filling.phone))
        return (ask(text, named("yes_no"), key=CHECK),)
    if step == MATCH:
        return (ask(_match(here), named("match"), key=MATCH),)
    if step.startswith(APART):
        return (_apart(here),)
    question = here.form.question(step)
    return (question_reply(question, here),) if question else ()


def reminder(state: State, scene: Scene) -> tuple[Reply, ...]:
    """The open question again, after something else: one message, whole in itself."""
    if state.step == CONSENT and Here.of(state, scene).filling.form != PROXY:
        return (ask(say("notice.again"), named("consent"), key=CONSENT),)
    return prompt(state, scene)[-1:]


def question_reply(question: Question, here: Here, *, hint: str = "") -> Reply:
    """A question of the form with its progress; on a second try after a hint."""
    progress = _progress(question, here.form)
    lines = [hint, progress, question.wording(here.answers)]
    text = "\n".join(line for line in lines if line)
    if not fits(text):
        text = "\n".join(line for line in (progress, hint) if line)
    return ask(
        text,
        question.choices,
        key=question.id,
        page=here.filling.page,
        words=() if question.required or question.grants else (say("option.skip"),),
        wants_contact=question.kind in (Kind.NAME, Kind.PHONE) and here.filling.form != PROXY,
        most=question.most,
    )


def more_reply(question: Question, here: Here, hint: str) -> Reply:
    """The options again after one was tapped, and the word that it was enough."""
    return ask(
        hint,
        question.choices,
        key=question.id,
        page=here.filling.page,
        words=(say("option.enough"),),
        most=question.most,
    )


def stuck_choices(here: Here) -> tuple[Choice, ...]:
    """The ways out of a question that was not understood twice."""
    question = here.following
    may_skip = question is not None and not question.required
    return tuple(c for c in named("stuck") if c.code != "skip" or may_skip)


def _progress(question: Question, form: Form) -> str:
    """«第3题，共9题»."""
    return say("form.progress", n=question.number, total=form.total) if question.number else ""


def _match(here: Here) -> str:
    """That others entered this person already, and what they wrote otherwise."""
    found = by(here.scene.by_phone, here.filling.match)
    theirs = course.live(here.form, found.answers) if found else {}
    told = [(q, course.shown(q, theirs)) for q in here.form.questions if q.choices]
    mine = here.answers
    different = [
        f"{q.label}：{text}" for q, text in told if text not in ("", course.shown(q, mine))
    ]
    if found and here.filling.is_own_phone:  # a typed number must not tell where its owner lives
        different += _village(found, mine)
    if not different:
        return say("form.match")
    shown = "、".join(different[:_FEW])[:40]
    if len(different) > _FEW:
        shown = say("form.and_more", shown=shown, count=len(different))
    return say("form.match_different", different=shown)


def _village(found: Profile, mine: Mapping[str, Any]) -> list[str]:
    theirs, own = str(found.answers.get(VILLAGE) or ""), str(mine.get(VILLAGE) or "")
    is_same = not theirs or not own or same(VILLAGE, theirs, own)
    return [] if is_same else [theirs]


def _consent(here: Here) -> tuple[Reply, ...]:
    if here.filling.form == PROXY:
        return (ask(say("form.proxy_notice"), named("agree"), key=CONSENT),)
    what, rights = consent.notice(here.scene.office)
    return Reply(what, kind="notice"), ask(rights, named("consent"), key=CONSENT)


def _resume(here: Here) -> str:
    question = here.following
    if question is None or not question.number:
        return say("form.resume_end", title=here.form.title)
    return say("form.resume", title=here.form.title, n=question.number)


def _apart(here: Here) -> Reply:
    kind = here.state.step.removeprefix(APART)
    question = next(q for q in here.form.questions if q.consent == kind)
    return ask(say("form.apart", why=question.why), named("agree"), key=here.state.step)


def _summary(here: Here) -> tuple[Reply, ...]:
    pages = sheets(course.summary(here.form, here.filling.given), say("form.confirm"))
    first, second = pages[here.filling.page % len(pages)]
    words = (say("option.more_words"),) if len(pages) > 1 else ()
    last = ask(second, named("confirm"), key=CONFIRM, page=here.filling.page, words=words)
    return Reply(first, kind="form"), last


def _spaced(phone: str) -> str:
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
