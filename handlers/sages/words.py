"""What people and staff write about the address book, read as values."""

from __future__ import annotations

import re
from enum import StrEnum

from handlers import hearing


class Answer(StrEnum):
    """What one of the 乡贤 says about standing in the book."""

    ASK = "ask"
    WITH_PHONE = "with_phone"
    NAME_ONLY = "name_only"
    NO = "no"


class Desk(StrEnum):
    """What the county does with the book."""

    LOOK = "look"
    COPY = "copy"
    INVITE = "invite"
    PAIRS = "pairs"


_BOOK = r"(?:乡贤)?通讯录"
_YES = rf"(?:我)?(?:愿意|同意|要|想)?(?:上|进){_BOOK}"
_STAYS_OUT = r"(?:我)?(?:不愿意|不同意|不想|不要|不|别把我|退出|撤出|退)(?:再)?(?:放|写)?"
_ANSWERS = (
    (Answer.WITH_PHONE, rf"{_YES}[\s,，]*(?:带|写|加)(?:上)?电话"),
    (Answer.NAME_ONLY, rf"{_YES}[\s,，]*(?:不带|不写|不要|不留)电话"),
    (Answer.NO, rf"{_STAYS_OUT}(?:上|进去?)?{_BOOK}(?:了)?"),
    (Answer.NO, rf"(?:把我)?从{_BOOK}(?:里|上|中)?(?:删|去|拿|撤)(?:掉|下来|了)?"),
    (Answer.ASK, rf"(?:我)?(?:愿意|同意|要|想)?(?:上|进|改)?{_BOOK}(?:登记)?"),
)
_DESK = {
    Desk.LOOK: ("通讯录", "乡贤通讯录"),
    Desk.COPY: ("通讯录 全文", "通讯录全文", "导出通讯录", "乡贤通讯录 全文"),
    Desk.INVITE: ("通讯录 请", "请乡贤上通讯录", "问乡贤上不上通讯录", "通讯录 邀请"),
    Desk.PAIRS: ("结对", "我的结对", "结对名单", "我结对的乡贤"),
}
_DESK_OF = {word: wish for wish, words in _DESK.items() for word in words}


def answer_of(text: str) -> Answer | None:
    """What one of the 乡贤 says; None where it is about something else."""
    said = hearing.core(hearing.clean(text))
    return next((answer for answer, words in _ANSWERS if re.fullmatch(words, said)), None)


def desk_of(text: str) -> Desk | None:
    """What the county wants; None where it is about something else."""
    return _DESK_OF.get(re.sub(r"\s+", " ", hearing.clean(text).strip("。.!！ ")))
