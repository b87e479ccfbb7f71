"""我缺…: for each lack what there is, in one message with the words that lead on (S4-20, 6.7)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from handlers import frames, hearing
from handlers.choices import Choice, by_word, within
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.forms.form import REGISTRATION
from handlers.texts import say_of, table
from matching.codes import Lack
from records.messages import Inbound, Option

_LACKS = re.compile(
    r"我?(?:们)?(?:现在|眼下|目前|就|最|还|主要|啥都|也)*(?:是)?(?:缺|差|缺少)(?:一?点|些|个)?"
    r"(.{1,8}?)(?:了|的|啊|呀|呢|怎么办|咋办|咋整|怎么弄)*"
)
_MOST = 2


class Needs:
    """我缺本钱, 缺场地咋办."""

    name = "needs"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.is_group or frames.is_asking(state) or scene.counter.staff is not None:
            return False
        return bool(lacks_of(message.text, scene))

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        found = lacks_of(message.text, scene)
        return Turn(bundles(found), frames.leave(state))


def lacks_of(text: str, scene: Scene) -> tuple[Lack, ...]:
    """What somebody says that they lack, in the words of question 8."""
    found = _LACKS.fullmatch(hearing.core(text))
    question = scene.forms[REGISTRATION].question("lacks")
    if found is None or question is None:
        return ()
    named = (*question.choices, *_more())
    codes = by_word(found[1], named) or within(found[1], named)
    return tuple(Lack(code) for code in codes if code in set(Lack))[:_MOST]


def bundles(lacks: tuple[Lack, ...]) -> tuple[Reply, ...]:
    """A message for each of them, with where to go on."""
    return tuple(Reply(say_of("needs", lack.value), _ways(lack), kind="answer") for lack in lacks)


def ways_of(lacks: Iterable[str]) -> tuple[Option, ...]:
    """Where to go on after a registration: what leads on for the first lack that was named."""
    first = next((code for code in lacks if code in set(Lack)), None)
    return _ways(Lack(first)) if first else ()


def _more() -> tuple[Choice, ...]:
    rows = table("needs")["words"].items()
    return tuple(Choice(code, said[0], tuple(said)) for code, said in rows)


def _ways(lack: Lack) -> tuple[Option, ...]:
    ways = table("needs")["ways"][lack.value]
    return tuple(Option(label, value) for label, value in ways)
