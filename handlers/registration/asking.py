"""What is asked at each step of a form; the same words again whenever the form is taken up."""

from __future__ import annotations

from handlers import consent
from handlers.choices import Choice, named
from handlers.dialogue import Reply, Scene, State
from handlers.forms import course
from handlers.forms.form import PROXY, Form, Question
from handlers.prompts import LONGEST, MOST_LINES, ask, sheets
from handlers.registration.filling import (
    APART,
    CHECK,
    CONFIRM,
    CONSENT,
    MATCH,
    RESUME,
    STUCK,
    WHO,
    Filling,
)
from handlers.texts import say


def prompt(state: State, scene: Scene) -> tuple[Reply, ...]:
    """The open question of a form, as one or two messages."""
    filling = Filling.of(state)
    step = state.step
    if step == CONSENT:
        return _consent(filling, scene)
    if step == CONFIRM:
        return _summary(filling, scene)
    if step == WHO:
        return (ask(say("form.who"), named("who"), key=WHO),)
    if step == RESUME:
        return (ask(_resume(filling, scene), named("resume"), key=RESUME),)
    if step == STUCK:
        return (ask(say("form.stuck"), stuck_choices(filling, scene), key=STUCK),)
    if step == CHECK:
        return (
            ask(say("form.phone_check", phone=_spaced(filling.phone)), named("yes_no"), key=CHECK),
        )
    if step == MATCH:
        return (ask(match_text(filling, scene), named("match"), key=MATCH),)
    if step.startswith(APART):
        return (_apart(filling, step, scene),)
    question = filling.shape(scene).question(step)
    return (question_reply(question, filling, scene),) if question else ()


def question_reply(question: Question, filling: Filling, scene: Scene, *, hint: str = "") -> Reply:
    """A question of the form with its progress; on a second try after a hint."""
    form = filling.shape(scene)
    lines = [hint, progress(question, form), question.wording(course.live(form, filling.given))]
    text = "\n".join(line for line in lines if line)
    if len(text) > LONGEST or text.count("\n") >= MOST_LINES:
        text = "\n".join(line for line in (progress(question, form), hint) if line)
    return ask(
        text,
        question.choices,
        key=question.id,
        page=filling.page,
        words=() if question.required or question.grants else (say("option.skip"),),
        wants_contact=question.kind in ("name", "phone") and filling.form != PROXY,
    )


def progress(question: Question, form: Form) -> str:
    """«第3题,共9题»."""
    return say("form.progress", n=question.number, total=form.total) if question.number else ""


def stuck_choices(filling: Filling, scene: Scene) -> tuple[Choice, ...]:
    """The ways out of a question that was not understood twice."""
    question = course.following(filling.shape(scene), filling.given)
    may_skip = question is not None and not question.required
    return tuple(c for c in named("stuck") if c.code != "skip" or may_skip)


def match_text(filling: Filling, scene: Scene) -> str:
    """That others entered this person already, and what they wrote otherwise."""
    found = next((p for p in scene.by_phone if p.id == filling.match), None)
    form = filling.shape(scene)
    if found is None:
        return say("form.match")
    mine = course.live(form, filling.given)
    theirs = course.live(form, found.answers)
    different = [
        f"{q.label}:{course.shown(q, theirs)}"
        for q in form.questions
        if q.choices
        and course.shown(q, theirs)
        and course.shown(q, theirs) != course.shown(q, mine)
    ]
    if not different:
        return say("form.match")
    return say("form.match_different", different="、".join(different[:2])[:40])


def _consent(filling: Filling, scene: Scene) -> tuple[Reply, ...]:
    if filling.form == PROXY:
        return (ask(say("form.proxy_notice"), named("agree"), key=CONSENT),)
    what, rights = consent.notice(scene.office)
    return Reply(what, kind="notice"), ask(rights, named("consent"), key=CONSENT)


def _resume(filling: Filling, scene: Scene) -> str:
    form = filling.shape(scene)
    question = course.following(form, filling.given)
    if question is None or not question.number:
        return say("form.resume_end", title=form.title)
    return say("form.resume", title=form.title, n=question.number)


def _apart(filling: Filling, step: str, scene: Scene) -> Reply:
    kind = step.removeprefix(APART)
    question = next(q for q in filling.shape(scene).questions if q.consent == kind)
    return ask(say("form.apart", why=question.why), named("agree"), key=step)


def _summary(filling: Filling, scene: Scene) -> tuple[Reply, ...]:
    pages = sheets(course.summary(filling.shape(scene), filling.given), say("form.confirm"))
    first, second = pages[filling.page % len(pages)]
    words = (say("option.more_words"),) if len(pages) > 1 else ()
    last = ask(second, named("confirm"), key=CONFIRM, page=filling.page, words=words)
    return Reply(first, kind="form"), last


def _spaced(phone: str) -> str:
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
