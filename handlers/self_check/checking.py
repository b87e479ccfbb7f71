"""A running check as values: what is asked about, what was answered, where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Checking:
    """What the conversation keeps of a running check; of it only what was told is stored."""

    text: str = ""  # the question that began it
    area: str = ""  # the pack
    matters: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    known: tuple[str, ...] = ()  # attributes told before this check and not again in it
    asked: tuple[str, ...] = ()
    misses: int = 0

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Checking:
        """As the state holds it, where tuples have become lists."""
        kept = {name: data[name] for name in cls.__slots__ if name in data}
        lists = ("matters", "asked", "known")
        return cls(**kept | {name: tuple(kept.get(name, ())) for name in lists})

    def knowing(self, answers: Mapping[str, Any]) -> Checking:
        """With more answers."""
        known = tuple(attr for attr in self.known if attr not in answers)
        return replace(self, answers={**self.answers, **answers}, known=known)

    def unsure_of(self, attr: str) -> Checking:
        """With an attribute that the person cannot tell."""
        return self.knowing({"unsure": [*self.answers.get("unsure", ()), attr]}).on()

    def on(self) -> Checking:
        """Ready for the next question."""
        return replace(self, misses=0)

    def missed(self) -> Checking:
        """After a message that answered nothing."""
        return replace(self, misses=self.misses + 1)

    def without_last(self) -> Checking:
        """As it was before the question before the last was answered."""
        attr = self.asked[-2]
        unsure = [other for other in self.answers.get("unsure", ()) if other != attr]
        kept = {**self.answers, "unsure": unsure}
        kept.pop(attr, None)
        return replace(self, answers=kept, asked=self.asked[:-2]).on()

    def afresh(self) -> Checking:
        """The same check from its first question."""
        return replace(self, answers={}, asked=(), known=()).on()
