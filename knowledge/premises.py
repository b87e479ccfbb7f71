"""What a question takes for granted, and whether the area's papers hold it."""

import re
from collections.abc import Iterable

from knowledge.candidates import Candidate
from knowledge.text import letters, normalise
from knowledge.understand import Frame

_INJECTED = re.compile(
    r"(忽略|无视|忘[掉记]|别管|不[要用]管|抛开|跳过)[^,。?]{0,8}(规定|规则|指令|指示|提示词?|设定|要求|限制|上面|前面)|"
    r"从现在(起|开始)[^,。?]{0,3}你(就?是|扮演|要)|你(现在)?(扮演|假装|假扮)|ignore.{0,20}instruction|系统提示|"
    r"管理员(命令|权限|指令|模式)|(所有|全部|登记过?)[^,。?]{0,6}的?(姓名|名字|电话|名单)[^,。?]{0,8}(列|发|导|给我)"
)
_GIVEN = re.compile(
    r"(?:给|奖励?|补[贴助]?|发|领|扶持)[^,。?\d]{0,3}(?<!\d)(\d{4,})(?![\d年月号人家户个])"
)


def is_injected(said: str) -> bool:
    """Whether somebody wants the rules forgotten."""
    return bool(_INJECTED.search(said))


LONG = 5  # a word of so many characters names one thing only


class Premises:
    """The matters and the figures that each area's papers speak of."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._matters: dict[str, set[str]] = {}
        self._figures: dict[str, set[str]] = {}
        for c in candidates:
            self._matters.setdefault(c.area, set()).update((c.matter, *c.named))
            self._figures.setdefault(c.area, set()).update(c.numbers)

    def unheld(self, frame: Frame, areas: Iterable[str]) -> str:
        """The matter named in so many words, where these areas' papers speak of none named."""
        held = set[str]().union(*(self._matters.get(area, ()) for area in areas))
        if held & frame.matters.keys():
            return ""
        money = "额度" in frame.slots  # what is not held must not get another matter's sum
        called = (
            m for m, n in frame.matters.items() if money or n >= LONG or _name(m) in frame.said
        )
        return max(called, key=len, default="")

    def is_unfounded(self, said: str, area: str) -> bool:
        """Whether a sum is spoken of as given that this area's papers do not hold."""
        found = _GIVEN.search(said)
        return found is not None and found.group(1) not in self._figures.get(area, ())


def _name(matter: str) -> str:
    return letters(normalise(matter.removesuffix("项目")))
