"""The end of a form: what is stored, and what the person is told."""

from __future__ import annotations

from handlers import consent, frames
from handlers.dialogue import Reply, Turn
from handlers.effects import Effect, StopPushes
from handlers.forms import course
from handlers.forms.form import PROXY
from handlers.identity import by
from handlers.person_effects import AdoptProfile, CorrectProfile, SaveProfile, SaveProxy
from handlers.projects.needs import ways_of
from handlers.registration.filling import Here
from handlers.texts import say
from handlers.tokens import identifier
from records.consents import Said
from records.people import PHONE, Entered, Source, Status
from records.stops import RESPITE, StopReason

NOT_RETURNING = "not_returning"  # the answer to `intent` that ends pushes for a year


def saved(here: Here) -> Turn:
    """Everything was confirmed: store it."""
    after = frames.drop_form(here.state)
    if here.filling.form == PROXY:
        effect = SaveProxy(identifier(here.scene.token, "person"), _entered(here))
        return Turn((Reply(say("form.proxy_saved")),), after, (effect,))
    text = say("form.saved_phone") if here.filling.given.get(PHONE) else say("form.saved")
    reply = Reply(text, ways_of(here.answers.get("lacks") or ()))
    return Turn((reply,), after, (_storing(here), *_respite(here)))


def corrected(here: Here) -> Turn:
    """An answer was changed: store the difference."""
    person, given = here.filling.person, here.filling.given
    profile = by(here.scene.profiles, person)
    held = profile.answers if profile else {}
    change = course.changes(here.form, held, given, said=_all_said(here))
    effects = (CorrectProfile(person, change), *_respite(here))
    return Turn((Reply(say("form.corrected")),), frames.drop_form(here.state), effects)


def so_far(here: Here) -> tuple[Effect, ...]:
    """What was answered of a correction is kept at once: who stops half-way has not lost it."""
    filling = here.filling
    names = {name for names in filling.trail for name in names}
    if not filling.is_correction or not names:
        return ()
    new = course.entered(here.form, filling.given, source=Source.CHAT, said=_all_said(here))
    return (CorrectProfile(filling.person, course.only(new, names)),)


def _storing(here: Here) -> Effect:
    known = here.filling.match or _withdrawn(here)
    if known:
        return AdoptProfile(known, _entered(here))
    return SaveProfile(identifier(here.scene.token, "person"), _entered(here))


def _withdrawn(here: Here) -> str:
    """The record of the same number that was left with 退出 and is taken up again; "" if none."""
    phone = here.filling.given.get(PHONE)
    left = (p for p in here.scene.profiles if p.status is Status.WITHDRAWN and p.phone)
    return next((profile.id for profile in left if profile.phone == phone), "")


def _entered(here: Here) -> Entered:
    source = Source.PROXY if here.filling.form == PROXY else Source.CHAT
    return course.entered(here.form, here.filling.given, source=source, said=_all_said(here))


def _all_said(here: Here) -> tuple[Said, ...]:
    """Consents given on the way, and those that questions of the form are."""
    if here.filling.form == PROXY:
        return ()
    answers = here.answers
    granted = tuple(
        Said(q.grants, answers[q.id] == "yes", here.scene.now, consent.version())
        for q in here.form.questions
        if q.grants and answers.get(q.id) is not None
    )
    return (*here.filling.said(), *granted)


def _respite(here: Here) -> tuple[Effect, ...]:
    if here.answers.get("intent") != NOT_RETURNING:
        return ()
    phones = (str(here.filling.given.get(PHONE) or ""),)
    return (StopPushes(StopReason.NOT_RETURNING, phones, here.scene.now + RESPITE),)
