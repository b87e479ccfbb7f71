"""What an answer is made of: the values that leave the knowledge side."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from knowledge.compose import Source


class Decision(StrEnum):
    """What kind of answer it is."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    OTHER_AREA = "other_area"
    NOT_STATED = "not_stated"
    UNKNOWN = "unknown"
    SMALLTALK = "smalltalk"
    OUT_OF_SCOPE = "out_of_scope"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Topic:
    """What the talk is about, kept in the conversation for the next question."""

    area: str = ""
    matter: str = ""
    slot: str = ""
    who: str = ""
    entry: str = ""
    told: str = ""  # the ids of all entries of the last answer, which «为什么» is about
    aside: str = ""  # not empty where only somebody else is of that area, and nobody's is known
    earlier: tuple["Topic", ...] = ()  # what was talked of before, oldest first

    def as_dict(self) -> dict[str, Any]:
        """As JSON keeps it; nothing where there is nothing."""
        earlier = [topic.as_dict() for topic in self.earlier]
        return {
            name: value for name, value in (asdict(self) | {"earlier": earlier}).items() if value
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Topic":
        """From JSON; what is missing is empty."""
        words = {name: str(data.get(name, "")) for name in cls.__slots__ if name != "earlier"}
        return cls(**words, earlier=tuple(map(cls.from_dict, data.get("earlier", ()))))


@dataclass(frozen=True, slots=True)
class Choice:
    """An option to tap: asking its value gives that answer."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, why, and how sure."""

    decision: Decision
    text: str
    choices: tuple[Choice, ...] = ()
    entries: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    score: float = 0.0
    topic: Topic | None = None
    detail: str = ""
    missing_area: bool = False
    ending: str = ""  # the last lines of the text: the paper, its age, whom to ask
    brief: str = ""  # the same in fewer words
    is_silent: bool = False  # another area's papers are asked, and leave it open
