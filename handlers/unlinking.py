"""解绑: an account of several speaks for a person no more, from either side."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import frames
from handlers.choices import Choice, pick_from
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.link_effects import UnlinkAccount
from handlers.linked import channel_of
from handlers.prompts import ask
from handlers.proofs import NAME
from handlers.texts import say
from outreach.calendars import spoken
from records.account_links import Link, Proof

UNLINK = "unlink"


@dataclass(frozen=True, slots=True)
class _Cut:
    """One way to part: the account that is cut off, and where the record stays."""

    account: str
    person_id: str
    home: str
    label: str


def begun(state: State, scene: Scene) -> Turn:
    """«解绑»: at once where only one thing can be meant."""
    cuts = _cuts(scene)
    if not cuts:
        return Turn((Reply(say("link.none")),), state)
    if len(cuts) == 1:
        return _parted(cuts[0], state, scene)
    reply = ask(say("link.unlink_which"), _listed(cuts), key=UNLINK)
    return Turn((reply,), frames.enter(state, NAME, UNLINK))


def picked(text: str, state: State, scene: Scene) -> Turn:
    """Which of several."""
    code = pick_from(text, _listed(_cuts(scene)))
    if code is None:
        return Turn((Reply(say("link.left")),), frames.leave(state))
    return _parted(_cuts(scene)[int(code)], frames.leave(state), scene)


def _listed(cuts: list[_Cut]) -> tuple[Choice, ...]:
    return tuple(Choice(str(number), cut.label) for number, cut in enumerate(cuts))


def _cuts(scene: Scene) -> list[_Cut]:
    """This account itself, where it is linked to another; and the others, where it may say so."""
    here = scene.linking.account
    own = [_own(link) for link in scene.linking.mine]
    trusted = {link.person_id for link in scene.linking.mine if link.proof is Proof.CODE}
    homes = [_home(link) for link in scene.linking.mine if link.proof is Proof.CODE]
    others = [
        _other(link)
        for link in scene.linking.links
        if link.account != here and (link.home == here or link.person_id in trusted)
    ]
    return [*own, *homes, *others]


def _own(link: Link) -> _Cut:
    label = say("link.cut_own", channel=channel_of(link.home))
    return _Cut(link.account, link.person_id, link.home, label)


def _home(link: Link) -> _Cut:
    label = say("link.cut_home", channel=channel_of(link.home))
    return _Cut(link.home, link.person_id, link.account, label)


def _other(link: Link) -> _Cut:
    day = spoken(link.linked_at)
    label = say("link.cut_other", channel=channel_of(link.account), day=day)
    return _Cut(link.account, link.person_id, link.home, label)


def _parted(cut: _Cut, state: State, scene: Scene) -> Turn:
    effect = UnlinkAccount(cut.account, cut.person_id, cut.home)
    if cut.account == scene.linking.account:
        text = say("link.unlinked_here", channel=channel_of(cut.home))
        after = frames.without_person(state, cut.person_id)
        return Turn((Reply(text, kind="notice"),), after, (effect,))
    text = say("link.unlinked", channel=channel_of(cut.account))
    return Turn((Reply(text, kind="notice"),), state, (effect,))
