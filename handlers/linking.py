"""绑定 and 解绑: accounts of one person on several channels, linked after proof."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace

from handlers import commands, frames, hearing, human_help, merging, taking_over
from handlers.choices import named, pick
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import Effect, OpenTicket
from handlers.identity import by, chosen, is_proved, listed, living, question
from handlers.link_effects import BelieveProof, FailProof, LinkAccount, ShowCode
from handlers.linked import channel_of
from handlers.prompts import ask
from handlers.proofs import CALLED, CODE, CODE_DIGITS, DIGITS, HOW, NAME, SAME, typed
from handlers.texts import say
from handlers.unlinking import UNLINK, begun, picked
from records.account_links import Proof
from records.messages import Inbound
from records.people import Profile, Status
from records.tickets import TicketKind

WHICH, PROOF = "link_which", "link_proof"


class Linking:
    """绑定, the proof that it needs, 解绑, and 继续 of what was begun elsewhere."""

    name = NAME

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        command = commands.of(message.text)
        if command in (Command.LINK, Command.UNLINK) or typed(message.text):
            return True
        if command is Command.RESUME:
            return taking_over.is_due(state, scene)
        return state.flow == NAME and _is_reply(message.text, state, scene)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        command, text = commands.of(message.text), message.text
        if command is Command.UNLINK:
            return begun(frames.leave(state), scene)
        if command is Command.RESUME and state.flow != NAME:
            return taking_over.taken(state, scene)
        if command is Command.LINK:
            return _begun(frames.leave(state), scene)
        if command is Command.BACK:
            return Turn((Reply(say("link.left")),), frames.leave(state))
        if typed(text) or state.step not in _STEPS:
            return _coded(state, scene)
        return _STEPS[state.step](text, state, scene)


def _begun(state: State, scene: Scene) -> Turn:
    known = living(scene.profiles)
    if not known:
        return Turn((ask(say("link.how"), named("link"), key=HOW),), _at(HOW, state))
    if len(known) == 1:
        return _shown(known[0].id, state, scene)
    return Turn((ask(say("link.which"), listed(known), key=WHICH),), _at(WHICH, state))


def _chosen(text: str, state: State, scene: Scene) -> Turn:
    """How it is to be proved; a proof itself is taken at once."""
    if scene.linking.wish.code:
        return _coded(state, scene)
    if scene.linking.wish.last:
        return _numbered(text, state, scene)
    code = pick(text, "link")
    if code == "give":
        return _shown("", frames.leave(state), scene)
    if code == "proof":
        return Turn((ask(say("link.digits"), key=DIGITS),), _at(DIGITS, state))
    return Turn((ask(say("link.code"), key=CODE),), _at(CODE, state))


def _named(text: str, state: State, scene: Scene) -> Turn:
    """For whom of several the code is to be; only they themselves get it."""
    profile = chosen(text, living(scene.profiles))
    if profile is None:
        return Turn((Reply(say("link.left")),), frames.leave(state))
    return _prove(profile, state, scene, again=False)


def _prove(profile: Profile, state: State, scene: Scene, *, again: bool) -> Turn:
    asked = question(profile)
    if not asked:
        return _by_hand(state, scene)
    text = say("mine.wrong", ask=asked) if again else say("mine.prove", ask=asked)
    after = frames.enter(state, NAME, PROOF, person=profile.id, again=again)
    return Turn((ask(text, key=PROOF),), after)


def _proved(text: str, state: State, scene: Scene) -> Turn:
    profile = by(scene.profiles, str(state.data.get("person", "")))
    if profile is not None and is_proved(profile, text):
        return _shown(profile.id, frames.leave(state), scene)
    if profile is None or state.data.get("again"):
        return _by_hand(state, scene)
    return _prove(profile, state, scene, again=True)


def _by_hand(state: State, scene: Scene) -> Turn:
    ticket = human_help.a_ticket(
        TicketKind.IDENTITY, say("mine.subject"), state, scene, working_days=3
    )
    text = say("erase.by_hand", number=ticket.number, until=human_help.promise(ticket, scene))
    return Turn((Reply(text, kind="notice"),), frames.leave(state), (OpenTicket(ticket),))


def _shown(person_id: str, state: State, scene: Scene) -> Turn:
    drawn = int.from_bytes(hashlib.sha256(f"link/{scene.token}".encode()).digest(), "big")
    code = f"{drawn % 10**CODE_DIGITS:0{CODE_DIGITS}}"
    text = say("link.shown", code=code)
    return Turn((Reply(text, kind="notice"),), state, (ShowCode(code, person_id),))


def _coded(state: State, scene: Scene) -> Turn:
    """A code was typed: where it leads to."""
    known, left = scene.linking, frames.leave(state)
    if not known.wish.code:
        return Turn((ask(say("link.code_again"), key=CODE),), _at(CODE, state))
    if known.is_paused or known.offer is None:
        return _failed(say("link.wrong_code"), CODE, left, scene)
    if known.offer.home == known.account:
        return Turn((Reply(say("link.own_code")),), left)
    if not known.offer.person_id:
        return _believed(_reversed(left, scene), scene)
    return _believed(_met(known.offer.person_id, known.offer.home, state, scene), scene)


def _reversed(state: State, scene: Scene) -> Turn:
    """Nobody is registered where the code was shown: that account joins who is known here."""
    offer, mine = scene.linking.offer, living(scene.profiles)
    assert offer is not None  # _coded has seen it
    if len(mine) > 1:
        return Turn((Reply(say("link.reverse")),), state)
    person_id = mine[0].id if mine else ""
    pairs = {(link.account, link.home) for link in scene.linking.links}
    here, there = scene.linking.account, offer.home
    if {(here, there), (there, here)} & pairs:
        return Turn((Reply(say("link.known")),), state)
    home = mine[0].account if mine else there
    effect = LinkAccount(
        there if mine else here,
        person_id,
        home,
        code=scene.linking.wish.code,
        shown_on=there,
        notice=say("link.notice", channel=channel_of(here)),
    )
    text = say("link.done", channel=channel_of(there))
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _numbered(text: str, state: State, scene: Scene) -> Turn:
    """The end of the number, and the name with it or asked for."""
    given = scene.linking.wish
    if given.is_proof:
        return _fitted(text, state, scene)
    if given.last:
        return Turn((ask(say("link.name"), key=CALLED),), _at(CALLED, state, last=given.last))
    return Turn((ask(say("link.digits"), key=DIGITS),), _at(DIGITS, state))


def _fitted(text: str, state: State, scene: Scene) -> Turn:
    """Whether number and name fit exactly one record."""
    fitting = [p for p in scene.linking.fitting if _may_be_proved(p)]
    if not scene.linking.wish.is_proof:
        return Turn((ask(say("link.name"), key=CALLED),), state)
    if scene.linking.is_paused or len(fitting) != 1:
        return _failed(say("link.wrong_proof"), DIGITS, frames.leave(state), scene)
    return _believed(_met(fitting[0].id, fitting[0].account, state, scene), scene)


def _believed(turn: Turn, scene: Scene) -> Turn:
    """The same, unless too many proofs failed since: who tries many at once learns no more."""
    return replace(turn, effects=(BelieveProof(scene.linking.wish), *turn.effects))


def _may_be_proved(profile: Profile) -> bool:
    """What others left for somebody is told in another way (domain P-29)."""
    return bool(profile.account) and profile.status is Status.CONFIRMED


def _failed(text: str, step: str, state: State, scene: Scene) -> Turn:
    """It led nowhere, which is counted; it may be tried again, unless a form goes on."""
    if scene.linking.is_paused:
        return Turn((Reply(say("link.paused"), kind="notice"),), state)
    after = state if frames.is_asking(state) else _at(step, state)
    return Turn((Reply(text, kind="notice"),), after, (FailProof(scene.linking.wish),))


def _met(person_id: str, there: str, state: State, scene: Scene) -> Turn:
    """It is proved who is meant; who is registered here too is asked whether they are one."""
    left = frames.leave(state)
    if by(scene.profiles, person_id) is not None:
        link = scene.linking.link_to(person_id)
        is_weak = link is not None and link.proof is Proof.PHONE and scene.linking.wish.code
        if not is_weak:
            return Turn((Reply(say("link.known")),), left)
    elif len(living(scene.profiles)) == 1:
        kept = asdict(scene.linking.wish)
        after = frames.enter(state, NAME, SAME, person=person_id, there=there, wish=kept)
        return Turn((ask(say("link.same"), named("same"), key=SAME),), after)
    after = left if living(scene.profiles) else frames.without_first(left)
    is_filled = frames.has_form(left) and not frames.has_form(after)
    channel = channel_of(there)
    text = (
        say("link.done_form", channel=channel) if is_filled else say("link.done", channel=channel)
    )
    return _linked(text, person_id, there, after, scene)


def _compared(text: str, state: State, scene: Scene) -> Turn:
    """Whether the record here and the one there are the same person's."""
    known, left = scene.linking, frames.leave(state)
    person_id, there = str(state.data["person"]), str(state.data["there"])
    is_shown = known.offer is not None
    if known.is_paused or by(known.fitting, person_id) is None:  # the code's time is over
        return _failed(say("link.wrong_code"), CODE, left, scene)
    own = living(scene.profiles)
    said = say("link.done", channel=channel_of(there))
    if pick(text, "same") != "yes" or len(own) != 1:
        return _linked(said, person_id, there, left, scene)
    kept = by(known.fitting, person_id)
    assert kept is not None  # the proof was tested again for this message
    merged = say("link.merged", channel=channel_of(there))
    effect = merging.of(kept, own[0], scene, is_certain=is_shown)
    after = frames.without_person(left, own[0].id)
    return _linked(merged, person_id, there, after, scene, effect)


def _linked(
    text: str, person_id: str, there: str, state: State, scene: Scene, *more: Effect
) -> Turn:
    effect = LinkAccount(
        scene.linking.account,
        person_id,
        there,
        code=scene.linking.wish.code,
        shown_on=there,
        notice=say("link.notice", channel=channel_of(scene.linking.account)),
    )
    return Turn((Reply(text, kind="notice"),), state, (effect, *more))


def _at(step: str, state: State, **data: object) -> State:
    return frames.enter(state, NAME, step, **data)


def _is_reply(text: str, state: State, scene: Scene) -> bool:
    """Whether a message answers what we asked; anything else is a new matter."""
    if commands.of(text) is Command.BACK:
        return True
    given = scene.linking.wish
    if state.step == HOW:
        return bool(pick(text, "link") or given.code or given.last)
    if state.step == CODE:
        return bool(hearing.digits_in(text)) and not hearing.asks(text)
    if state.step == DIGITS:
        return bool(hearing.digits_in(text)) and not hearing.asks(text)
    if state.step == CALLED:
        return bool(given.name) and commands.of(text) is None and not hearing.asks(text)
    if state.step == WHICH:
        return chosen(text, living(scene.profiles)) is not None
    if state.step == PROOF:
        return commands.of(text) is None and not hearing.asks(text)
    return state.step == UNLINK or pick(text, "same") is not None


_STEPS = {
    HOW: _chosen,
    DIGITS: _numbered,
    CALLED: _fitted,
    WHICH: _named,
    PROOF: _proved,
    SAME: _compared,
    UNLINK: picked,
}
