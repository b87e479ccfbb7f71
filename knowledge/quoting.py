"""What somebody wrote, fit to be shown to others: on one line, nothing hidden, nobody named."""

import re
import unicodedata
from collections.abc import Container

from knowledge.text import letters

LONGEST_LINE = 60  # characters of a question in a list
MASK = "〇"  # in the place of names and numbers of people
_TERMINAL = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.?)", re.DOTALL)
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_MASK = re.compile(rf"(?<![{MASK}零一二三四五六七八九十]){MASK}+")  # in 二〇一七 it is a digit
_OWNER = r"(?:我们?|俺们?|咱们?|本人|家里?|老公|老婆|这里|这边)"
_HOLDS = (
    r"(?:手机|电话|联系方式|联系电话|身份证|银行卡|卡|微信|qq|号|名字|姓名)号?码?"
    r"|叫|就是|住在?|家?在|老家"
)
_TOLD = re.compile(  # possessive: a long text must not be tried in every way of cutting it
    rf"(?:{_OWNER}的?)?(?:(?:{_HOLDS})(?:是|为)?[:：]?\s*|是)++{_MASK.pattern}[村庄屯寨湾组]?的?[,，。;；、\s]*",
    re.IGNORECASE,
)


def one_line(text: str, longest: int = LONGEST_LINE) -> str:
    """A text that cannot spill over its line, turn it around or command a terminal."""
    bare = _TERMINAL.sub(" ", text)
    seen = (" " if c.isspace() else c for c in bare if c.isspace() or _is_seen(c))
    plain = " ".join("".join(seen).split())
    return plain if len(plain) <= longest else f"{plain[:longest].rstrip()}…"


def unmasked(text: str) -> str:
    """A masked question without what its writer told of themselves: «我手机〇», «我叫〇〇»."""
    if not is_masked(text):
        return text
    left = _TOLD.sub("", text).strip(" ,，。;；、")
    return left if letters(left) else ""


def is_masked(text: str) -> bool:
    """Whether something about a person was left out of it."""
    return bool(_MASK.search(text))


def parted(text: str, matters: Container[str]) -> tuple[str, str]:
    """(matter, question) of one kept with the matter it goes on with; ("", it) of others."""
    matter, comma, question = text.partition("，")
    return (matter, question) if comma and matter in matters and question else ("", text)


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _HIDDEN
