"""The end of a form: what is stored, and what the person is told."""

from __future__ import annotations

from datetime import timedelta

from handlers import consent, frames
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import (
    AdoptProfile,
    CorrectProfile,
    Effect,
    SaveProfile,
    SaveProxy,
    StopPushes,
)
from handlers.forms import course
from handlers.forms.form import PROXY
from handlers.identity import by
from handlers.registration.filling import Filling
from handlers.texts import say
from handlers.tokens import identifier
from records.consents import Said
from records.people import PHONE, Entered, Source, Status
from records.stops import StopReason

NOT_RETURNING = "not_returning"  # the answer to `intent` that ends pushes for a year (domain G-15)
RESPITE = timedelta(days=365)


def saved(filling: Filling, state: State, scene: Scene) -> Turn:
    """Everything was confirmed: store it."""
    after = frames.drop_form(state)
    if filling.form == PROXY:
        effect: Effect = SaveProxy(identifier(scene.token, "person"), _entered(filling, scene))
        return Turn((Reply(say("form.proxy_saved")),), after, (effect,))
    effects = (_storing(filling, scene), *_respite(filling, scene))
    text = say("form.saved_phone") if filling.given.get(PHONE) else say("form.saved")
    return Turn((Reply(text),), after, effects)


def corrected(filling: Filling, state: State, scene: Scene) -> Turn:
    """An answer was changed: store the difference."""
    form = filling.shape(scene)
    profile = by(scene.profiles, filling.person)
    held = profile.answers if profile else {}
    change = course.changes(form, held, filling.given, said=_all_said(filling, scene))
    after = frames.drop_form(state)
    effects = (CorrectProfile(filling.person, change), *_respite(filling, scene))
    return Turn((Reply(say("form.corrected")),), after, effects)


def _storing(filling: Filling, scene: Scene) -> Effect:
    entered = _entered(filling, scene)
    known = filling.match or _withdrawn(filling, scene)
    if known:
        return AdoptProfile(known, entered)
    return SaveProfile(identifier(scene.token, "person"), entered)


def _withdrawn(filling: Filling, scene: Scene) -> str:
    """The record of the same number that was left with 退出 and is taken up again; "" if none."""
    phone = filling.given.get(PHONE)
    left = (p for p in scene.profiles if p.status is Status.WITHDRAWN and phone == p.phone != "")
    return next((profile.id for profile in left), "")


def _entered(filling: Filling, scene: Scene) -> Entered:
    source = Source.PROXY if filling.form == PROXY else Source.CHAT
    said = _all_said(filling, scene)
    return course.entered(filling.shape(scene), filling.given, source=source, said=said)


def _all_said(filling: Filling, scene: Scene) -> tuple[Said, ...]:
    """Consents given on the way, and those that questions of the form are."""
    if filling.form == PROXY:
        return ()
    form = filling.shape(scene)
    answers = course.live(form, filling.given)
    granted = tuple(
        Said(q.grants, answers[q.id] == "yes", scene.now, consent.version())
        for q in form.questions
        if q.grants and answers.get(q.id) is not None
    )
    return (*filling.said(), *granted)


def _respite(filling: Filling, scene: Scene) -> tuple[Effect, ...]:
    if course.live(filling.shape(scene), filling.given).get("intent") != NOT_RETURNING:
        return ()
    phones = (str(filling.given.get(PHONE) or ""),)
    return (StopPushes(StopReason.NOT_RETURNING, phones, scene.now + RESPITE),)
