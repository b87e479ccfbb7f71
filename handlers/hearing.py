"""Understanding what was typed or spoken: spelling, numbers, phones, whether it is a question."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from handlers.texts import table
from knowledge.numerals import digits
from knowledge.text import readings, simplified

IDENTITY_MASK = "「身份证号已隐去」"  # what the door leaves of an identity number
CARD_MASK = "「卡号已隐去」"  # and of a number as long as a bank card's
LONGEST = 500  # characters that a flow looks at

_INVISIBLE = re.compile(
    r"[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_BLANKS = re.compile(r"\s+")
_EDGES = " ,.;:!?、。·~…—-\"'“”‘’()[]《》「」<>*#。"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}
_DIGITS |= {
    "〇": 0,
    "壹": 1,
    "贰": 2,
    "两": 2,
    "俩": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
}
_DIGITS |= {"捌": 8, "玖": 9, "幺": 1, "洞": 0, "拐": 7, "勾": 9}
_SPOKEN = "".join(_DIGITS)
# Possessive: a long number must not be tried in every way of cutting it.
_NUMBER = rf"(?:\d++|[{_SPOKEN}十]++)"
_UNIT = r"(?:个|项|条|件|种|样|号|题)?+"
_TOKEN = re.compile(rf"第?({_NUMBER}){_UNIT}")
_NUMBERS = re.compile(
    rf"(?:我?(?:就|要|想)?(?:选|选择|挑|回|按|填|要)?的?(?:是)?)"
    rf"(第?{_NUMBER}{_UNIT}(?:[\s,.、/+&;和跟与加还有以及]*第?{_NUMBER}{_UNIT})*)"
    r"(?:吧|啊|了|呀|嘛|的|哦|呢|都选|都要|都有)?"
)
_WORD = re.compile(r"[^\W\d_]")
_WIDE_DIGITS = re.compile(rf"[{_SPOKEN}十]")
_SUM = re.compile(r"\d[\d.,\s]*[千百万亿]*多?(?:元|块钱?)?")
_LABELLED = re.compile(r"(\d) [^\d ]{1,14}")  # an option as it is printed, sent back as text
_TYPED_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9](?:[- ]?\d){9})(?!\d)")
_SPOKEN_RUN = re.compile(rf"[\d{_SPOKEN}][\d{_SPOKEN}\s-]{{9,}}")
_PHONE = re.compile(r"1[3-9]\d{9}")
_LONG_NUMBER = re.compile(r"\d(?:[- ]?\d){6,}")
_INTRODUCES = re.compile(r"(我(?:叫|名字是|姓名是)|姓名[:是]?)\s*[\u4e00-\u9fff·]{1,4}")
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_NAMED = re.compile(
    rf"((?:我|俺|本人|这里|这边)就?是|叫)(?:[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?<![区县市镇乡村州省]))(?=[,，。.;；!！?？、\s]|$)"
)
_VILLAGE = re.compile(r"((?:住在?|家在|老家是?))[\u4e00-\u9fff]{1,6}(?=[村庄屯寨湾组])")
_AGE = re.compile(
    rf"(?:我|本人|孩子|他|她)[^,.;。]{{0,6}}?({_NUMBER})周?岁|我(?:今年)?(?:才|刚)?({_NUMBER})了|我今年({_NUMBER})$|"
    rf"^(?:今年|才|刚|刚满)?({_NUMBER})周?岁(?:了)?$"
)
_OF_KIN = re.compile(r"我(?:家|的)?.{0,2}(?:孩子|儿子|女儿|闺女|丫头|娃|弟弟?|妹妹?|孙子|孙女|侄)")
_PUPIL = re.compile(r"(?:我|^)(?:还|现在|正)*(?:在|上|读|念)+(?:小学|初中|初一|初二|初三)(?!毕业)")


def clean(text: str) -> str:
    """What was typed without width forms, control characters, pictures and idle blanks."""
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text[: LONGEST * 2]))
    kept = "".join(
        c
        for c in folded
        if c.isspace() or unicodedata.category(c)[0] not in "CS" or c in "+<>=~$|"
    )
    return _BLANKS.sub(" ", kept).strip()[:LONGEST]


def core(text: str) -> str:
    """A cleaned text as it is compared: simplified, lower case, no punctuation at its ends."""
    return simplified(text).lower().strip(_EDGES)


def numbers(text: str) -> tuple[int, ...]:
    """The numbers that a message consists of; () when it is more than numbers."""
    said = core(text)
    if len(said) == 1 and said in _misheard():
        return (_misheard()[said],)
    found = _LABELLED.fullmatch(said) or _NUMBERS.fullmatch(said)
    if not found:
        return ()
    return tuple(_value(token) for token in _TOKEN.findall(found.group(1)))


def is_bare_number(text: str) -> bool:
    """Whether a message is a number or a sum and nothing else (35, 十五万, 3000块)."""
    return bool(numbers(text) or _SUM.fullmatch(digits(core(text))))


def is_figures(text: str) -> bool:
    """Whether a message holds digits and no word at all."""
    return is_bare_number(text) or not _WORD.search(_WIDE_DIGITS.sub("", core(text)))


def value_of(word: str) -> int:
    """The number that digits or number words stand for."""
    return _value(word)


def phone(text: str) -> str:
    """The mobile number in a message, typed or spoken digit by digit; "" if there is none."""
    typed = _TYPED_PHONE.search(text)
    if typed:
        return re.sub(r"\D", "", typed.group(1))
    for run in _SPOKEN_RUN.findall(text):
        spoken = "".join(str(_DIGITS.get(c, c)) for c in run if c in _DIGITS or c.isdigit())
        if _PHONE.fullmatch(spoken[-11:]):
            return spoken[-11:]
    return ""


def digits_in(text: str) -> str:
    """All digits of a message, spoken ones too."""
    return "".join(str(_DIGITS.get(c, c)) for c in core(text) if c in _DIGITS or c.isdigit())


def without_phone(text: str) -> str:
    """A message without its phone number."""
    rest = _TYPED_PHONE.sub(" ", text)
    return _SPOKEN_RUN.sub(" ", rest).strip(_EDGES) if rest == text else rest.strip(_EDGES)


def is_hotline(number: str) -> bool:
    """Whether a number belongs to an operator and to no person."""
    return number in table("words")["phones"]["hotlines"]


def sound(text: str) -> tuple[str, ...]:
    """How a text sounds, syllable by syllable, tones aside."""
    known = readings()
    return tuple(known.get(c, c) for c in text)


# Said of what goes on, not asked: 在昆山打工呢, 还没回去呢.
_GOING_ON = re.compile(r"(?:我|俺|人)?(?:(?:还|正)?在|还没)[^哪几多谁啥什吗]*呢$")


def asks(text: str) -> bool:
    """Whether a message is plainly a question."""
    said = simplified(text).lower()
    is_either = (len(said) > 3 and said.endswith("没")) or (len(said) > 2 and said.endswith("不"))
    is_left_open = (said.endswith("呢") and not _GOING_ON.match(said)) or is_either
    return "?" in said or is_left_open or any(sign in said for sign in _signs())


def concerns(text: str) -> bool:
    """Whether a message is about what we know: loans, subsidies and the like."""
    return any(matter in text for matter in table("words")["asking"]["matters"])


def is_enough(text: str) -> bool:
    """Whether a message says that nothing more is to be chosen."""
    return core(text) in table("words")["asking"]["enough"]


def is_chatter(text: str) -> bool:
    """Whether a message is only a greeting or a courtesy."""
    return core(text) in table("words")["asking"]["chatter"]


def is_unsure(text: str) -> bool:
    """Whether someone cannot or does not care to say."""
    return core(text) in table("words")["answers"]["unsure"]


def is_child(text: str) -> bool:
    """Whether someone says they are under sixteen (domain P-07)."""
    if _OF_KIN.search(text):
        return False
    age = _AGE.search(text)
    years = _value(next(filter(None, age.groups()))) if age else 0
    return bool(_PUPIL.search(text)) or 0 < years < 16


def masked(text: str) -> str:
    """A question without numbers and names of people, fit to be kept."""
    numberless = text.replace(IDENTITY_MASK, "〇").replace(CARD_MASK, "〇")
    numberless = _NAMED.sub(r"\1〇〇", numberless)
    nameless = _INTRODUCES.sub(r"\1〇〇", _VILLAGE.sub(r"\1〇〇", numberless))
    if phone(nameless):
        nameless = _SPOKEN_RUN.sub("〇", nameless)
    return _LONG_NUMBER.sub("〇", nameless)


def _value(word: str) -> int:
    if word.isdigit():
        return int(word[:6])
    tens, ten, ones = word.rpartition("十")
    if ten:
        return 10 * (_DIGITS.get(tens[-1:], 1) if tens else 1) + _DIGITS.get(ones[:1], 0)
    return int("".join(str(_DIGITS[c]) for c in word)[:6])


@cache
def _misheard() -> dict[str, int]:
    rows = table("words")["misheard"].items()
    return {character: int(number) for number, characters in rows for character in characters}


@cache
def _signs() -> tuple[str, ...]:
    return tuple(table("words")["asking"]["signs"])
