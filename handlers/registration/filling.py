"""How far a form is filled in: the typed face of the state's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from handlers.dialogue import Scene, State
from handlers.forms import course
from handlers.forms.form import REGISTRATION, Form, Question
from handlers.frames import FORM
from records.consents import Said

PAUSE = timedelta(hours=1)  # after which we ask whether to go on

# Steps that are no question of the form's file.
WHO, CONSENT, RESUME, CHECK, MATCH, CONFIRM, STUCK = (
    "who",
    "consent",
    "resume",
    "phone_check",
    "match",
    "confirm",
    "stuck",
)
APART = "apart/"  # before the kind of a separate consent


@dataclass(frozen=True, slots=True)
class Filling:
    """A form in the making.

    `given` are the answers so far, `trail` the fields that each turn filled (for going back),
    `consents` the answers to questions of consent as [yes, moment, version]; `person` is set when
    someone registered is corrected or completed; `phone` waits to be confirmed; `match` is a
    record that others entered.
    """

    form: str = REGISTRATION
    given: Mapping[str, Any] = field(default_factory=dict)
    trail: tuple[tuple[str, ...], ...] = ()
    consents: Mapping[str, tuple[bool, str, str]] = field(default_factory=dict)
    person: str = ""
    is_correction: bool = False
    phone: str = ""
    is_own_phone: bool = False  # shared by its owner's device, not typed
    match: str = ""
    picked: tuple[str, ...] = ()
    page: int = 0
    tries: int = 0
    parked: bool = False
    at: str = ""
    doubt: str = ""  # a village's name that several have, while it is asked which

    @classmethod
    def of(cls, state: State) -> Filling:
        """What the state holds."""
        data = {name: state.data[name] for name in cls.__slots__ if name in state.data}
        data["trail"] = tuple(tuple(names) for names in data.get("trail", ()))
        data["picked"] = tuple(data.get("picked", ()))
        return cls(**data)

    def state(self, step: str, before: State, now: datetime) -> State:
        """The state that holds this, standing at `step`."""
        stamped = replace(self, at=now.isoformat())
        return State(FORM, step, asdict(stamped), before.memory)

    def filled(self, values: Mapping[str, Any]) -> Filling:
        """With more answers; the next question starts fresh."""
        return replace(
            self.fresh(),
            given={**self.given, **values},
            trail=(*self.trail, tuple(values)),
        )

    def fresh(self) -> Filling:
        """At the beginning of a question."""
        return replace(self, picked=(), page=0, tries=0, phone="", parked=False)

    def undone(self) -> Filling:
        """Without the last answer."""
        last = self.trail[-1]
        given = {name: value for name, value in self.given.items() if name not in last}
        return replace(self.fresh(), given=given, trail=self.trail[:-1])

    def consenting(self, kind: str, given: bool, *, version: str, now: datetime) -> Filling:
        """With an answer to a question of consent."""
        answer = (given, now.isoformat(), version)
        return replace(self.fresh(), consents={**self.consents, kind: answer})

    def said(self) -> tuple[Said, ...]:
        """The answers to questions of consent, as they are stored."""
        return tuple(
            Said(kind, bool(given), datetime.fromisoformat(at), version)
            for kind, (given, at, version) in self.consents.items()
        )

    def rested(self, now: datetime) -> bool:
        """Whether the person was away for a while."""
        return bool(self.at) and now - datetime.fromisoformat(self.at) >= PAUSE


@dataclass(frozen=True, slots=True)
class Here:
    """Where a form stands in a turn: how far it is filled in, in which state and scene."""

    filling: Filling
    state: State
    scene: Scene

    @classmethod
    def of(cls, state: State, scene: Scene) -> Here:
        """Where the state says that its form stands."""
        return cls(Filling.of(state), state, scene)

    @property
    def form(self) -> Form:
        """The form itself."""
        return self.scene.forms[self.filling.form]

    @property
    def following(self) -> Question | None:
        """The next open question."""
        return course.following(self.form, self.filling.given)

    @property
    def answers(self) -> dict[str, Any]:
        """The answers that count."""
        return course.live(self.form, self.filling.given)

    def holding(self, filling: Filling) -> Here:
        """The same place with another filling."""
        return replace(self, filling=filling)

    def fresh(self) -> Here:
        """The same place at the beginning of a question."""
        return self.holding(self.filling.fresh())

    def filled(self, values: Mapping[str, Any]) -> Here:
        """The same place with more answers."""
        return self.holding(self.filling.filled(values))

    def stand(self, step: str) -> State:
        """The state that waits for an answer at this step."""
        return self.filling.state(step, self.state, self.scene.now)
