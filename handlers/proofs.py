"""The proof that a message offers: a code, or the end of a phone number and a name."""

from __future__ import annotations

import re

from handlers import hearing
from handlers.linked import Wish
from handlers.state import State
from records.messages import Inbound
from records.people import LAST

# The flow that asks for it, and its steps.
NAME = "linking"
HOW, CODE, DIGITS, CALLED, SAME = "link", "link_code", "link_digits", "link_name", "same"
CODE_DIGITS = 6
_DIGIT = "0-9零〇一二三四五六七八九幺"
_TYPED = re.compile(
    rf"(?:我|请|要|帮我)*绑定(?:码|账号)?(?:是|为|[::,，。])*(?P<code>[{_DIGIT}]{{1,20}})"
)
_LONE = re.compile(rf"(?:码|是|[::])*(?P<code>[{_DIGIT}]{{{CODE_DIGITS}}})")
_END = re.compile(rf"[{_DIGIT}][{_DIGIT}\s-]{{2,14}}[{_DIGIT}]")
_AROUND = re.compile(
    r"(?:我的)?(?:手机号码?|电话号?码?|手机|号码)|(?:尾号|[后末][4四]位)(?:数字|数)?|"
    r"登记的?(?:称呼|名字|姓名)?|称呼|名字|姓名|[\s,，。.、:;；“”\"]"
)
_BEFORE = re.compile(r"^(?:我叫|我是|叫|是)+")


def wish(message: Inbound, state: State) -> Wish:
    """The proof that a message offers, or goes on with."""
    if message.is_group:
        return Wish()
    text = hearing.clean(message.text)
    is_here = state.flow == NAME
    code = typed(text) or (_lone(text) if is_here and state.step in (HOW, CODE) else "")
    if code:
        return Wish(code=code if len(code) == CODE_DIGITS else "")
    if is_here and state.step in (HOW, DIGITS):
        return _proof(text)
    if is_here and state.step == CALLED:
        return Wish(last=str(state.data.get("last", "")), name=_called(text))
    return Wish(**state.data["wish"]) if is_here and state.step == SAME else Wish()


def typed(text: str) -> str:
    """The digits of «绑定 483920»; "" where it is none."""
    found = _TYPED.fullmatch(re.sub(r"[\s-]", "", hearing.core(text)))
    return hearing.digits_in(found["code"]) if found else ""


def _lone(text: str) -> str:
    found = _LONE.fullmatch(re.sub(r"[\s-]", "", hearing.core(text)))
    return hearing.digits_in(found["code"]) if found else ""


def _proof(text: str) -> Wish:
    """«尾号1234 老王»: of a whole number the end counts."""
    found = _END.search(text)
    digits = hearing.digits_in(found.group()) if found else ""
    if not found or len(digits) not in (LAST, 11):
        return Wish()
    return Wish(last=digits[-LAST:], name=_called(text[: found.start()] + text[found.end() :]))


def _called(text: str) -> str:
    return _BEFORE.sub("", _AROUND.sub("", text))[:40]
