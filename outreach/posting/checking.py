"""What no post to a group may hold (domain M-08, M-12, M-13), and where in the text it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from knowledge.text import simplified
from outreach.campaigns import links
from outreach.campaigns.refusing import CampaignRefused
from outreach.posting.limits import table
from records import known_names
from records.database import Session
from records.vault import Vault

_NAME = (2, 4)  # characters
_SHORT = 2
_NICK = "老小阿大"
_IDLE = re.compile(r"[\s·.\-_*​‌]")  # put between the characters of what is to be hidden
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FIGURES = str.maketrans(
    "零〇一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖弌貳參陸", "00123456789121234567891236"
)
_GAP = r"[\s.\-_*·—\ufe0f\u20e3]{0,2}"
_PHONE = re.compile(
    rf"(?<!\d)(?:\+?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)"
    rf"|(?<!\d)0\d{{2,3}}{_GAP}\d{{3,4}}{_GAP}\d{{4}}(?!\d)|(?<!\d)[48]00{_GAP}\d{{3}}{_GAP}\d{{4}}(?!\d)"
)
_LONG = re.compile(r"(?<!\d)\d{14,19}[xX]?(?!\d)|(?<!\d)\d{17}[xX]|「[^」]{1,8}已隐去」")
_CODE = re.compile(r"\d{7,}(?!\d|\.\d|[元块斤公亩只头株单件吨袋箱万])")
_ACCOUNT = re.compile(
    r"(?:微信|抖音|快手|qq|wx|vx|小红书|威信|薇信)号?(?:群号)?[:：是为]?\s*[a-z0-9_-]{5,}|@[a-z0-9_]{4,}"
    r"|加(?:我|个|他|她)?(?:的)?(?:微信|v信|vx|wx|qq|威信|薇信)",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"[a-z0-9:/@_-]*[a-z0-9-]+\.[a-z0-9][^\s，。；！？、）)]*", re.IGNORECASE | re.ASCII
)
_WEB = re.compile(r"https?://[^\s，。；！？、）)]+", re.IGNORECASE | re.ASCII)
_SENTENCE = re.compile(r"[^。！？!?\n；;]+")
_AMOUNT = re.compile(
    r"(?:\d[\d,.]*|[一二两三四五六七八九十百千]+)\s*[多余来几]?\s*(?:"
    r"[百千万亿]*(?:元|块)|[万亿](?![\d人亩头只株棵斤吨个户平里字份一二三四五六七八九名]))"
)
_ONE = re.compile(r"他(?!们)|她(?!们)|这位|那位|某某|某人|某户")
_SOMEBODY = re.compile(r"有位|有个|一位|一名|一个老乡|我(?!们|县|市|区|镇|省|国)")
_GOT = re.compile(
    r"领了|领到|拿了|拿到|贷了|贷到|欠|挣|赚|收入|到账|得了|获得|补了|批了|借了|借到|存|赔了"
)


class Why(StrEnum):
    """What is wrong with a place in a text; the value is what people read."""

    IDENTITY = "像证件号或卡号，群里不能有"
    NUMBER = "是电话或号码，群里不能有，写“给服务号发消息”就行"
    ACCOUNT = "把人引到个人账号，群里不能有"
    NAME = "是登记过的人的名字，群里不能点名"
    AMOUNT = "说的是某一个人的钱，群里不能有，只写政策的数额"
    PROMISE = "是打包票的话，不能发"
    LURE = "是拉人转发、拉人头，平台会封群"
    LINK = "不是允许的网址"
    LIKE_NAME = "可能是人名"
    LIKE_AMOUNT = "可能说的是某一个人的钱"
    LIKE_PROMISE = "可能是打包票的话"
    LIKE_LURE = "可能是拉人转发"

    @property
    def is_doubt(self) -> bool:
        """Whether a second person decides, and not the filter."""
        return self in _DOUBTS


_DOUBTS = frozenset({Why.LIKE_NAME, Why.LIKE_AMOUNT, Why.LIKE_PROMISE, Why.LIKE_LURE})


@dataclass(frozen=True, slots=True)
class Finding:
    """A place in a text, from 0, and what is wrong there; `more` says it in other words."""

    at: int
    words: str
    why: Why
    more: str = ""

    @property
    def end(self) -> int:
        return self.at + len(self.words)


@dataclass(frozen=True, slots=True)
class Named:
    """The registered names among a text's words, and whether everybody was looked at."""

    names: frozenset[str] = frozenset()
    is_whole: bool = True


def named(session: Session, vault: Vault, text: str) -> Named:
    """Which words of a text are names in the register."""
    found, is_whole = known_names.among(session, vault, _words(text))
    return Named(frozenset(found), is_whole)


def check(
    text: str,
    known: Named,
    *,
    phones: Collection[str] = (),
    but: Collection[str] = (),
    hosts: Sequence[str] = ("gov.cn",),
) -> tuple[Finding, ...]:
    """All that is wrong, in the order of the text.

    `but` are names, `phones` numbers and `hosts` places of links that may stand.
    """
    people = [one for one in _people(text, known.names) if one.words not in but]
    linked = list(_links(text, hosts))
    bare = _blanked(text, [span.span() for span in _WEB.finditer(text)])
    found = [*_numbers(text, bare, phones), *_accounts(bare), *people, *linked]
    found += _patterns(text, "promise", Why.PROMISE, Why.LIKE_PROMISE)
    found += _patterns(text, "lure", Why.LURE, Why.LIKE_LURE)
    found += _patterns(text, "nudge", Why.LIKE_LURE, Why.LIKE_LURE)
    found += _amounts(text, people)
    return tuple(_without_overlaps(sorted(found, key=lambda one: (one.at, one.why.is_doubt))))


def place_of(text: str, at: int) -> tuple[int, int]:
    """The line and the character of a place, from 1."""
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


def _words(text: str) -> set[str]:
    return {word for word, _ in _spans(text)}


def _spans(text: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Every run of two to four characters, with where it stands; blanks between do not count."""
    kept = [(n, c) for n, c in enumerate(simplified(text)) if not _IDLE.match(c)]
    squeezed = "".join(c for _, c in kept)
    for run in _HAN.finditer(squeezed):
        for start in range(run.start(), run.end()):
            for length in range(_NAME[0], _NAME[1] + 1):
                if start + length <= run.end():
                    end = kept[start + length - 1][0] + 1
                    yield squeezed[start : start + length], (kept[start][0], end)


def _people(text: str, names: frozenset[str]) -> Iterator[Finding]:
    for word, (start, end) in _spans(text):
        if word in names:
            is_sure = _is_sure(word, text[:start], text[end:])
            yield Finding(start, text[start:end], Why.NAME if is_sure else Why.LIKE_NAME)
    for found in _titled().finditer(text):
        yield Finding(found.start(), found[0], Why.LIKE_NAME)
    for found in _referred().finditer(text):
        if found[0] not in table()["words"]["common"]:
            yield Finding(found.start(), found[0], Why.LIKE_NAME)


def _is_sure(word: str, before: str, after: str) -> bool:
    """Whether a registered name is plainly meant as one: many of two characters are also words."""
    words = table()["words"]
    if word in words["common"]:
        return False
    if len(word) > _SHORT:
        return True
    if word[0] in _NICK:
        return word[1] in words["surnames"]
    begins = not _HAN.match(before[-1:]) or before[-1:] in words["before"]
    ends = not _HAN.match(after[:1]) or after[:1] in words["after"]
    return (begins or ends) and word[0] in words["surnames"]


def _numbers(text: str, bare: str, phones: Collection[str]) -> Iterator[Finding]:
    """Numbers typed or spelled; in links, which `bare` is without, only phones."""
    allowed = {_digits(phone) for phone in phones} - {""}
    ours = [one.span() for one in _PHONE.finditer(text) if _digits(one[0]) in allowed]
    kinds = ((_PHONE, text, Why.NUMBER), (_LONG, bare, Why.IDENTITY), (_CODE, bare, Why.NUMBER))
    for pattern, where, why in kinds:
        narrow = _blanked(_figured(where.translate(_WIDE)), ours)
        for read in dict.fromkeys((narrow, narrow.translate(_FIGURES))):
            for found in pattern.finditer(read):
                yield Finding(found.start(), text[found.start() : found.end()], why)


def _figured(text: str) -> str:
    """The same with every sign that stands for a figure (①, ❸, 𝟖) as that figure."""
    return "".join(_figure(c) for c in text)


def _figure(sign: str) -> str:
    value = unicodedata.digit(sign, None)
    return sign if value is None else str(value)


def _accounts(text: str) -> Iterator[Finding]:
    for found in _ACCOUNT.finditer(text):
        yield Finding(found.start(), found[0], Why.ACCOUNT)


def _links(text: str, hosts: Sequence[str]) -> Iterator[Finding]:
    for found in _LINK.finditer(text.translate(_WIDE)):
        try:
            links.check(found[0], hosts)
        except CampaignRefused as refused:
            words = text[found.start() : found.end()]
            yield Finding(found.start(), words, Why.LINK, str(refused))


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text of the same length with nothing at these places."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _patterns(text: str, name: str, sure: Why, unsure: Why) -> Iterator[Finding]:
    for pattern in _compiled(name):
        for found in pattern.finditer(text):
            is_spoken_of = _is_warned(text, found.start(), found.end())
            yield Finding(found.start(), found[0], unsure if is_spoken_of else sure)


def _is_warned(text: str, start: int, end: int) -> bool:
    """Whether the sentence around a place warns of it."""
    sentences = (s for s in _SENTENCE.finditer(text) if s.start() <= start < s.end())
    around = next((s[0][: start - s.start()] + text[end : s.end()] for s in sentences), "")
    return any(pattern.search(around) for pattern in _compiled("warning"))


def _amounts(text: str, people: Sequence[Finding]) -> Iterator[Finding]:
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        money = _AMOUNT.search(sentence[0])
        if money is None:
            continue
        is_named = any(start <= one.at < end for one in people)
        got = bool(_GOT.search(sentence[0]))
        if is_named or (got and _ONE.search(sentence[0])):
            yield Finding(start + money.start(), money[0], Why.AMOUNT)
        elif got and _SOMEBODY.search(sentence[0]):
            yield Finding(start + money.start(), money[0], Why.LIKE_AMOUNT)


def _without_overlaps(found: Sequence[Finding]) -> Iterator[Finding]:
    """Of findings in one place the first; what is sure before what is doubted."""
    sure = [one for one in found if not one.why.is_doubt]
    end = -1
    for one in found:
        is_hidden = one.why.is_doubt and any(s.at < one.end and one.at < s.end for s in sure)
        if one.at >= end and not is_hidden:
            yield one
            end = one.end


@cache
def _compiled(name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(row["pattern"]) for row in table()[name])


@cache
def _titled() -> re.Pattern[str]:
    words = table()["words"]
    surnames, titles = words["surnames"], words["titles"]
    return re.compile(
        rf"(?<![\u4e00-\u9fff])[{surnames}](?:[\u4e00-\u9fff]{{0,2}}?)(?:{titles})"
        rf"|(?<=[{words['before']}])[{surnames}](?:[\u4e00-\u9fff]{{0,1}}?)(?:{titles})"
        rf"|(?<=[{words['units']}])[{surnames}][\u4e00-\u9fff]?(?:{words['posts']})"
        rf"|[{surnames}][\u4e00-\u9fff]{{1,2}}?(?:同志|先生|女士)"
        rf"|[{_NICK}][{surnames}](?![\u4e00-\u9fff]{{0,1}}(?:学|家|大))"
    )


@cache
def _referred() -> re.Pattern[str]:
    """A name without a title to whom people are sent: 联系人：李大明, 找李大明问."""
    words = table()["words"]
    refers = "|".join(rf"(?<={one})" for one in words["refers"].split("|"))
    return re.compile(
        rf"(?:{refers})[{words['surnames']}][\u4e00-\u9fff]{{1,2}}?(?=[^\u4e00-\u9fff]|$|{words['then']})"
    )


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
