"""What each phone shows: of everything that went through, once, with who wrote it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class By(Enum):
    """Who wrote what a phone shows."""

    US = "us"  # our service, over the API
    PERSON = "person"  # whose phone it is
    STAFF = "staff"  # a servicer or member, by hand or by confirming a task
    SYSTEM = "system"


@dataclass(slots=True)
class Shown:
    """One message on one phone. `place` is the account, app, group or robot it stands in."""

    at: float
    person: str
    place: str
    by: By
    msgtype: str
    body: dict[str, Any]  # the object named like the msgtype
    msgid: str = ""
    recalled: bool = False
    is_greeting: bool = False  # sent on an event's code, outside the budget
    replaced: str = ""  # the word on a card's button after the tap

    @property
    def text(self) -> str:
        """The words in it, as far as there are any."""
        if self.msgtype == "msgmenu":
            parts = [self.body.get("head_content", ""), *self.choices]
            return "\n".join(part for part in [*parts, self.body.get("tail_content", "")] if part)
        if self.msgtype == "template_card":
            title = self.body.get("main_title") or {}
            parts = [title.get("title"), title.get("desc"), self.body.get("sub_title_text")]
            return "\n".join(part for part in parts if part)
        found = self.body.get("content", "") or self.body.get("description", "")
        return str(found)

    @property
    def choices(self) -> list[str]:
        """What can be tapped: menu items, or a card's buttons."""
        if self.msgtype == "template_card":
            return [button["text"] for button in self.body.get("button_list") or []]
        items = self.body.get("list") or [] if self.msgtype == "msgmenu" else []
        return [item[item["type"]].get("content", "") for item in items]


@dataclass(slots=True)
class Phones:
    """All phones; a place that many see, as a group, is one phone."""

    _shown: dict[str, list[Shown]] = field(default_factory=lambda: defaultdict(list))

    def show(self, shown: Shown) -> Shown:
        self._shown[shown.person].append(shown)
        return shown

    def of(self, person: str, place: str = "") -> list[Shown]:
        """All that this phone shows, or in one place on it."""
        return [s for s in self._shown.get(person, ()) if not place or s.place == place]

    def from_us(self, person: str, place: str = "") -> list[Shown]:
        """What our service wrote to it."""
        return [s for s in self.of(person, place) if s.by is By.US]

    def texts(self, person: str, place: str = "") -> list[str]:
        """The words of what our service wrote to it."""
        return [s.text for s in self.from_us(person, place)]

    def everything(self) -> Iterator[Shown]:
        for shown in self._shown.values():
            yield from shown
