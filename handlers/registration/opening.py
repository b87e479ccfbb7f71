"""The steps before the first question: for whom, the consent, and taking up what was left."""

from __future__ import annotations

from dataclasses import replace

from handlers import consent, frames, places
from handlers.choices import pick
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.forms import course
from handlers.forms.course import WORDS
from handlers.forms.form import PROXY, REGISTRATION
from handlers.identity import living
from handlers.registration.filling import APART, CONSENT, RESUME, WHO, Filling, Here
from handlers.registration.onward import at, onward, parked
from handlers.texts import say
from records.consents import CORE


def start(state: State, scene: Scene) -> Turn:
    """Somebody wants to register."""
    if frames.has_form(state):
        return _taken_up(Here.of(frames.leave(state), scene))
    known = living(scene.profiles)
    if not known:
        return at(CONSENT, Here(Filling(), state, scene))
    gaps = [p for p in known if not course.is_complete(scene.forms[REGISTRATION], p.answers)]
    if len(known) == 1 and gaps:
        rest = Filling(given=dict(gaps[0].answers), person=gaps[0].id, is_correction=True)
        return onward(Here(rest, state, scene), remark=say("form.complete"))
    return Turn((Reply(say("form.known", count=len(known))),), frames.leave(state))


def for_another(state: State, scene: Scene) -> Turn:
    """Somebody wants to register someone else."""
    left = frames.leave(state)
    if frames.is_asking(left):
        return at(left.step, Here.of(left, scene), remark=say("form.finish_first"))
    return at(WHO, Here(Filling(), state, scene))


def who(text: str, here: Here) -> Turn | None:
    """Whether the other person is there to answer."""
    code = pick(text, "who")
    if code is None:
        return None
    return at(CONSENT, here.holding(Filling() if code == "here" else Filling(form=PROXY)))


def agreed(text: str, here: Here) -> Turn | None:
    """The answer to whether we may keep what is said (domain P-02)."""
    code = pick(text, "agree" if here.filling.form == PROXY else "consent")
    if code == "yes":
        return _begun(_consenting(CORE, here, given=True))
    if code == "listen":
        asked = at(CONSENT, here)
        return Turn((consent.spoken_notice(here.scene.office), asked.replies[-1]), asked.state)
    if code == "policy":
        return Turn((Reply(say("policy.ask")),), frames.drop_form(here.state))
    if code == "no" or pick(text, "agree") == "no":
        after = consent.refused(frames.drop_form(here.state), CORE, here.scene.now)
        return Turn((Reply(say("form.refused")),), after)
    return None


def _begun(here: Here) -> Turn:
    """The first question; a home that the person told already is not asked for again."""
    told = str(here.state.memory.get("area", ""))
    home = here.scene.places.area(told or here.scene.area)
    is_own = here.filling.form == REGISTRATION and not living(here.scene.profiles)
    if home is None or not is_own or not places.is_exact(home):
        return onward(here)
    words = places.spoken(home, here.scene.places)
    known = {"home_place": home.code, "home_place" + WORDS: words}
    code, village = here.state.memory.get(places.SCANNED) or ("", "")
    if code != home.code:  # they said since that they are from elsewhere
        return onward(here.filled(known), remark=say("form.home_known", place=words))
    filled = here.filled({**known, "home_village": village})
    return onward(filled, remark=say("form.home_known", place=f"{words}{village}"))


def apart(text: str, here: Here) -> Turn | None:
    """The answer to a separate consent; a no leaves out its questions, nothing else (P-05)."""
    code = pick(text, "agree")
    if code is None:
        return None
    kind = here.state.step.removeprefix(APART)
    remark = "" if code == "yes" else say("form.apart_no")
    return onward(_consenting(kind, here, given=code == "yes"), remark=remark)


def resumed(text: str, here: Here) -> Turn | None:
    """Whether to go on where the person left."""
    code = pick(text, "resume")
    if code == "go":
        return onward(here.fresh())
    if code == "again":
        return restarted(here)
    return parked(here) if code == "later" else None


def restarted(here: Here) -> Turn:
    """From the first question; the consent stands."""
    if here.filling.is_correction:
        return Turn((Reply(say("form.left")),), frames.drop_form(here.state))
    fresh = here.holding(replace(here.filling.fresh(), given={}, trail=(), match=""))
    if not fresh.filling.consents:
        return at(CONSENT, fresh)
    return onward(fresh, remark=say("form.restarted"))


def _consenting(kind: str, here: Here, *, given: bool) -> Here:
    now, version = here.scene.now, consent.version()
    return here.holding(here.filling.consenting(kind, given, version=version, now=now))


def _taken_up(here: Here) -> Turn:
    return at(RESUME if here.filling.given else CONSENT, here.fresh())
