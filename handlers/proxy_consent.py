"""What others entered for this number: told to its owner, theirs once they agree (P-29, G-02)."""

from __future__ import annotations

from handlers import commands, consent, frames, hearing, human_help, places
from handlers.choices import named, pick
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import EraseProfile, OpenTicket
from handlers.identity import by
from handlers.person_effects import AdoptProfile
from handlers.prompts import ask
from handlers.texts import say
from handlers.tokens import receipt
from records.consents import CORE, Said
from records.messages import Inbound, InboundKind
from records.people import Entered, Profile, Source
from records.tickets import TicketKind

AGREE, HOME = "left_agree", "left_home"


class ProxyConsent:
    """The first contact with a number for which something was left, or noted in the village."""

    name = "proxy_consent"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if state.flow == self.name:
            return not hearing.asks(message.text)
        return not frames.is_asking(state) and _entered(scene) is not None

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        if state.flow != self.name:
            return _told(message, state, scene)
        profile = by(scene.by_phone, str(state.data.get("person", "")))
        if profile is None or commands.of(message.text) is Command.BACK:
            return Turn((Reply(say("left.later")),), frames.leave(state))
        if state.step == HOME:
            return _placed(message.text, profile, state, scene)
        return _agreed(message.text, profile, state, scene)


def _told(message: Inbound, state: State, scene: Scene) -> Turn:
    found = _entered(scene)
    assert found is not None  # takes() has seen it
    is_own = message.kind is InboundKind.CONTACT
    after = frames.enter(
        state, ProxyConsent.name, AGREE, person=found.id, phone=found.phone, is_own=is_own
    )
    what, _ = consent.notice(scene.office)
    is_left = found.source is Source.PROXY
    question = say("left.ask") if is_left else say("left.ask_village")
    asked = ask(question, named("left"), key=AGREE)
    return Turn((Reply(what, kind="notice"), asked), after)


def _agreed(text: str, profile: Profile, state: State, scene: Scene) -> Turn:
    code = pick(text, "left")
    if code == "no":
        return _placed_or(profile, state, scene, wants=False)
    if code == "yes":
        return _placed_or(profile, state, scene, wants=True)
    if state.data.get("again"):
        return Turn((Reply(say("left.later")),), frames.leave(state))
    after = frames.enter(state, ProxyConsent.name, AGREE, **{**_kept(state), "again": True})
    return Turn((ask(say("left.ask_again"), named("left"), key=AGREE),), after)


def _placed_or(profile: Profile, state: State, scene: Scene, *, wants: bool) -> Turn:
    """A shared contact proves the number; a typed one needs the home county too."""
    if state.data.get("is_own"):
        return _done(profile, wants, state, scene)
    after = frames.enter(state, ProxyConsent.name, HOME, **{**_kept(state), "wants": wants})
    return Turn((ask(say("left.home"), key=HOME),), after)


def _placed(text: str, profile: Profile, state: State, scene: Scene) -> Turn:
    found = places.find(text, scene.places)
    if found.area is not None and found.area.code == profile.area:
        return _done(profile, bool(state.data.get("wants")), state, scene)
    ticket = human_help.a_ticket(
        TicketKind.IDENTITY, say("left.subject"), state, scene, working_days=3
    )
    text = say("erase.by_hand", number=ticket.number, until=human_help.promise(ticket, scene))
    return Turn((Reply(text, kind="notice"),), frames.leave(state), (OpenTicket(ticket),))


def _done(profile: Profile, wants: bool, state: State, scene: Scene) -> Turn:
    left = frames.leave(state)
    if not wants and profile.source is not Source.PROXY:
        return Turn((Reply(say("left.stays_with_office")),), left)
    if not wants:
        number = receipt(scene.token, "refuse")
        text = say("left.removed", number=number)
        return Turn((Reply(text, kind="notice"),), left, (EraseProfile(profile.id, number),))
    said = (Said(CORE, True, scene.now, consent.version()),)
    effect = AdoptProfile(profile.id, Entered(codes={}, texts={}, said=said))
    return Turn((Reply(say("left.adopted")),), left.remember(area=profile.area), (effect,))


def _entered(scene: Scene) -> Profile | None:
    """A record of this number that nobody has called their own."""
    return next((p for p in scene.by_phone if not p.account), None)


def _kept(state: State) -> dict[str, object]:
    return {name: state.data[name] for name in ("person", "phone", "is_own") if name in state.data}
