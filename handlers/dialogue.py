"""What a turn of talk is: values in, values out; no input or output here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from handlers.desk import Counter
from handlers.effects import Effect
from handlers.forms.form import Forms, shipped_forms
from handlers.linked import Linking
from handlers.places import country
from handlers.rooms import Rooms
from handlers.state import State
from knowledge.answer import Answerer
from knowledge.areas import Gazetteer
from records.messages import Inbound, Option
from records.people import Profile
from records.seen import Offer

__all__ = ["Flow", "Office", "Reply", "Scene", "State", "Turn"]


@dataclass(frozen=True, slots=True)
class Office:
    """The government office in whose name we talk, shown to everyone new (domain rule 3.3-11)."""

    name: str
    phone: str  # to verify us; "" = not supplied yet
    hosts: tuple[str, ...] = ("gov.cn",)  # that what goes to many may link to
    address: str = ""  # of ourselves, as seen from outside
    contact: str = ""  # who answers for personal data, with a number (domain P-24)


@dataclass(frozen=True, slots=True)
class Scene(Rooms):
    """All that a turn may know beyond the message and the state, loaded by the door before it.

    `profiles` are the people registered under this account; `by_phone` those entered with the
    number that the message gives (see catalog.phone_to_look_up); `ticket` the number of the open
    hand-over ("" when no human is in the talk); `token` a fresh random text for receipt numbers
    and ids; `places` knows every place by name; `forms` are the forms in use;
    `counter` is the desk, for staff; `offer` what came unasked since our last answer.
    """

    now: datetime
    answerer: Answerer
    office: Office
    area: str = ""  # administrative code of the person's home, as far as known
    is_new: bool = False
    profiles: tuple[Profile, ...] = ()
    ticket: str = ""
    token: str = ""
    by_phone: tuple[Profile, ...] = ()
    places: Gazetteer = field(default_factory=country)
    forms: Forms = field(default_factory=shipped_forms)
    linking: Linking = field(default_factory=Linking)  # other accounts of the same people
    counter: Counter = field(default_factory=Counter)
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the person.

    `kind` is for pages that care: reply, answer, form, notice, record (what is held of them),
    staff, file (a copy to keep, of any length), spoken (fit to be read aloud). `most` of the
    options may be chosen together. `about`: the ticket whose talk it repeats to staff, or the
    person of whom it tells them, with which it is erased. `picture`: the id of one that goes with
    it (records/pictures.py).
    """

    text: str
    options: tuple[Option, ...] = ()
    kind: str = "reply"
    wants_contact: bool = (
        False  # offer the button that shares one's own number, where there is one
    )
    most: int = 1
    is_urgent: bool = False  # goes before answers that still wait
    about: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a message led to: what we say, where we stand now, what shall happen."""

    replies: tuple[Reply, ...]
    state: State
    effects: tuple[Effect, ...] = ()


class Flow(Protocol):
    """One conversation: a name, when it takes a message, and how it goes on."""

    name: str

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        """Whether this message belongs to this flow; asked in the catalogue's order."""
        ...

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        """The turn that the message leads to; pure."""
        ...
