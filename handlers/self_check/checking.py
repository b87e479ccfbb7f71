"""A running check as values: what is asked about, what was answered, where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Checking:
    """What the conversation keeps of a running check; nothing of it is stored elsewhere."""

    text: str = ""  # the question that began it
    area: str = ""  # the pack
    matters: tuple[str, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    misses: int = 0

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Checking:
        """As the state holds it, where tuples have become lists."""
        kept = {name: data[name] for name in cls.__slots__ if name in data}
        return cls(**kept | {name: tuple(kept.get(name, ())) for name in ("matters", "asked")})

    def knowing(self, answers: Mapping[str, Any]) -> Checking:
        """With more answers."""
        return replace(self, answers={**self.answers, **answers})

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
        return replace(self, answers={}, asked=()).on()
