"""Where a conversation stands, as it is kept between two turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversation stands: JSON, so that a deploy in mid-dialogue is invisible.

    `flow` and `step` name what is being asked, `data` the answers of the running form (or of the
    form that waits beneath another talk), `memory` what is remembered between forms (home area,
    topic of the last answer, notices already given).
    """

    flow: str = ""
    step: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"flow": self.flow, "step": self.step, "data": self.data, "memory": self.memory}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> State:
        return cls(value["flow"], value["step"], dict(value["data"]), dict(value["memory"]))

    def remember(self, **facts: Any) -> State:
        """The same state with more in its memory."""
        return State(self.flow, self.step, self.data, {**self.memory, **facts})

    def idle(self) -> State:
        """No form is running; what is remembered stays."""
        return State(memory=self.memory)
