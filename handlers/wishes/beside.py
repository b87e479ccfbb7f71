"""What people say beside a wish: why they wish it, whom they greet, what they want to keep."""

from __future__ import annotations

import re

_GREETS = (
    r"(?:你好|您好|老乡|同志|领导|老师|大哥|大姐|兄弟|妹子|乡亲|谢谢|多谢|麻烦|辛苦)"
    r"(?:们|您|你)?(?:了|啊|呀)?"
)
_ANNOYED = (
    r"(?:真|太|好|老|快|都|吵|闹|弄|搞)*(?:烦|吵|闹|早|晚|困|累|忙|乱)"
    r"(?:得|死|坏|人|的)*(?:我|人|俺|慌|很|不行)?(?:了|啊|呀)?"
)
_PART = (
    r"(?:早上|早晨|上午|中午|晌午|下午|后晌|晚上|夜里|夜间|"
    r"白天|黑夜|黑天|半夜|平时|天天|整天|每天|经常|周末)"
)
_DOES = (
    r"(?:睡午觉|午睡|睡觉|睡|休息|补觉|干活|上班|下班|上工|收工|开车|出车|开会|值班|加班|带孩子|看孩子|"
    r"送孩子|做饭|忙|没空|没时间|有空|有时间)"
)
_CLOCK = r"(?:\d{1,2}(?:点半|点钟|点\d{0,2}))"
_AT_WORK = (
    r"(?:上班|干活|(?:在|上)?(?:厂|车间|工地|单位|公司|店|岗)"
    r"(?:里|上|子里)?(?:的时候|干活|上班)?)?"
)
_PHONE = (
    r"(?:不能|不让|不许|不准|没法|没空|没时间|没工夫|顾不上|不方便)(?:看|带|玩|用|碰|拿|瞅)?(?:手机|消息|短信)?|"
    r"(?:手机)?(?:看不了|看不过来|看不到|带不进去)(?:手机|消息)?|(?:影响|耽误|打扰|耽搁)(?:我|俺)?(?:睡觉|休息|干活|上班)|睡不着|睡不好"
)
_WHO = r"(?:我|俺|咱|人|家里|孩子|老人|还|都|也|在|正|得|要|是|就|老|总)*"
_REASON = re.compile(
    rf"^(?:{_GREETS}|{_ANNOYED}|{_WHO}(?:(?:{_PART}|{_CLOCK}|才|要|得|在|都|还|就)*{_DOES}(?:的|了|呢)?)+|"
    rf"{_WHO}{_AT_WORK}(?:{_PHONE})(?:的|了)?|{_WHO}(?:倒班|三班倒|两班倒|轮班)(?:的|工)?)$"
)
_OFF = re.compile(
    r"(?<!早上)(?<!早晨)(?<!凌晨)(?<!夜里)(?<!\d)((?:[4-9]|1[0-2]|1[6-9]|2[0-3])点半?)(?:才|就)?(?:下班|收工|下工)"
)
_TILL_OFF = re.compile(r"(?:下班|收工|下工)(以?[前后]|之[前后])")


def is_reason(clause: str) -> bool:
    """Whether a clause says why, or greets: nothing to be kept, and no other matter either."""
    return bool(_REASON.match(clause))


def by_own_clock(said: str) -> str:
    """«下班前别发，我8点下班»: before eight in the evening, which is when they are off."""
    off = _OFF.search(said)
    return _TILL_OFF.sub(rf"晚上{off.group(1)}\1", said) if off else said
