"""The steps before the first question: for whom, the consent, and taking up what was left."""

from __future__ import annotations

from dataclasses import replace

from handlers import consent, frames
from handlers.choices import pick
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.forms import course
from handlers.forms.form import PROXY
from handlers.identity import living
from handlers.registration.filling import CONSENT, RESUME, WHO, Filling
from handlers.registration.onward import at, onward, parked
from handlers.texts import say
from records.consents import CORE


def start(state: State, scene: Scene) -> Turn:
    """Somebody wants to register."""
    if frames.has_form(state):
        return _taken_up(frames.leave(state), scene)
    known = living(scene.profiles)
    if not known:
        return at(CONSENT, Filling(), state, scene)
    gaps = [p for p in known if not course.is_complete(scene.forms[Filling().form], p.answers)]
    if len(known) == 1 and gaps:
        rest = Filling(given=dict(gaps[0].answers), person=gaps[0].id, is_correction=True)
        return onward(rest, state, scene, remark=say("form.complete"))
    return Turn((Reply(say("form.known", count=len(known))),), frames.leave(state))


def for_another(state: State, scene: Scene) -> Turn:
    """Somebody wants to register someone else."""
    left = frames.leave(state)
    if frames.is_asking(left):
        filling = Filling.of(left)
        return at(left.step, filling, left, scene, remark=say("form.finish_first"))
    return at(WHO, Filling(), state, scene)


def who(text: str, filling: Filling, state: State, scene: Scene) -> Turn | None:
    """Whether the other person is there to answer."""
    code = pick(text, "who")
    if code is None:
        return None
    return at(CONSENT, Filling() if code == "here" else Filling(form=PROXY), state, scene)


def agreed(text: str, filling: Filling, state: State, scene: Scene) -> Turn | None:
    """The answer to whether we may keep what is said (domain P-02)."""
    code = pick(text, "agree" if filling.form == PROXY else "consent")
    if code == "yes":
        yes = filling.consenting(CORE, True, version=consent.version(), now=scene.now)
        return onward(yes, state, scene)
    if code == "listen":
        asked = at(CONSENT, filling, state, scene)
        return Turn((consent.spoken_notice(scene.office), asked.replies[-1]), asked.state)
    if code == "policy":
        return Turn((Reply(say("policy.ask")),), frames.drop_form(state))
    if code == "no" or pick(text, "agree") == "no":
        after = consent.refused(frames.drop_form(state), CORE, scene.now)
        return Turn((Reply(say("form.refused")),), after)
    return None


def apart(text: str, kind: str, filling: Filling, state: State, scene: Scene) -> Turn | None:
    """The answer to a separate consent; a no leaves out its questions, nothing else (P-05)."""
    code = pick(text, "agree")
    if code is None:
        return None
    answered = filling.consenting(kind, code == "yes", version=consent.version(), now=scene.now)
    return onward(answered, state, scene, remark="" if code == "yes" else say("form.apart_no"))


def resumed(text: str, filling: Filling, state: State, scene: Scene) -> Turn | None:
    """Whether to go on where the person left."""
    code = pick(text, "resume")
    if code == "go":
        return onward(filling.fresh(), state, scene)
    if code == "again":
        return restarted(filling, state, scene)
    return parked(filling, state, scene) if code == "later" else None


def restarted(filling: Filling, state: State, scene: Scene) -> Turn:
    """From the first question; the consent stands."""
    if filling.is_correction:
        return Turn((Reply(say("form.left")),), frames.drop_form(state))
    fresh = replace(filling.fresh(), given={}, trail=(), match="")
    if not fresh.consents:
        return at(CONSENT, fresh, state, scene)
    return onward(fresh, state, scene, remark=say("form.restarted"))


def _taken_up(state: State, scene: Scene) -> Turn:
    filling = Filling.of(state)
    if not filling.given:
        return at(CONSENT, filling.fresh(), state, scene)
    return at(RESUME, filling.fresh(), state, scene)
