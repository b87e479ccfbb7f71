"""The words of a line that a cadre types («老屋湾 王某 138… 半年以上 农 2 8») as columns.

Words fill the column that they belong to, in any order; a number is an option of the paper sheet
and fills the next column of the sheet that is still free.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile

from registry.columns import bare
from registry.people_columns import columns, heading, words

SHEET = ("where_now", "away_half_year", "hukou", "intent", "want_kind", "lacks")
MANY = frozenset({"want_kind", "lacks", "skills"})
_COLUMNS = (*SHEET, "skills", "signed")
_MOST = 2  # options of a column that takes several
_SHORT = {
    "hukou": {"农": "农村", "城": "城镇", "非农": "城镇", "农业": "农村", "镇": "城镇"},
    "where_now": {"在外": "还在外地", "外地": "还在外地", "回了": "已回老家", "回来": "已回老家",
                  "在老家": "已回老家", "没出过门": "一直在老家", "一直在家": "一直在老家"},
    "away_half_year": {"半年": "半年以上", "半年多": "半年以上", "常年在外": "半年以上",
                       "半年不到": "不到半年", "几个月": "不到半年"},
    "intent": {"马上干": "马上想干", "想开店": "马上想干", "已在干": "已经在干",
               "想办厂": "马上想干", "正在干": "已经在干",
               "不想回": "暂时不回", "不回来": "暂时不回",
               "想上班的": "想回来上班", "没想好": "有想法没想好"},
    "lacks": {"钱": "本钱", "没本钱": "本钱", "人": "人手", "地方": "场地", "门面": "场地"},
    "signed": {"签字": "是", "签了": "是", "签了字": "是", "已签": "是", "按了手印": "是",
               "没签": "否", "没签字": "否", "不肯签": "否"},
}  # fmt: skip
# Alone they say nothing of which column is meant; and what a column of lists calls so is
# something else in a line.
_NEVER = frozenset({"有", "是", "无", "否", "没有", "y", "n", "yes", "no", "√", "×", "1同意"})
_IDLE = frozenset({"男", "女", "无", "没有", "无电话", "没电话", "没手机", "无手机", "户主", "组"})
_SAME = frozenset({"同上", "〃", "同", "同前", '"', "″"})
_SKIP = frozenset({"-", "--", "—", "——", "－", "/", "×"})
_LABELS = {
    "现在": "where_now", "人在哪": "where_now", "在外": "away_half_year", "户口": "hukou",
    "想法": "intent", "意愿": "intent", "想干": "want_kind", "行业": "want_kind", "缺": "lacks",
    "最缺": "lacks", "还缺": "lacks", "手艺": "skills", "会": "skills",
}  # fmt: skip
_EDGE = re.compile(r"^[\s,.、。;:!?()\[\]|]+|[\s,.、。;:!?()\[\]|]+$")
_BETWEEN = re.compile(r"[\s,、。;|:=!?()\[\]【】]+|/(?!$)")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)")
_CUT_PHONE = re.compile(r"(?<!\d)1[3-9]\d{1,9}(?:[*xX]|[.]{2,})[\d.*xX]*")
_DIGITS = str.maketrans("零〇一二三四五六七八九幺两", "00123456789" + "12")
_SAID_DIGITS = re.compile(r"[零〇一二三四五六七八九幺两\d]{7,}")
_COLON = "："  # after the name of a column, where everything else is of one width
_OPTIONS = re.compile(r"[1-9]{1,6}|[一二三四五六七八九两]{1,2}")
_LONG = re.compile(r"\+?\d[\d-]{5,}")
_AGE = re.compile(r"(\d{1,3})(?:周)?岁")
_AWAY_IN = re.compile(r"在([\u4e00-\u9fff]{2,8})")


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a line; `columns` are those that know it, with what it says in each."""

    text: str
    columns: tuple[tuple[str, str], ...] = ()
    options: str = ""  # digits, where it is a number of the sheet
    label: str = ""  # the column that is to come next


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong in a line, and of which column; "" where it is none of them."""

    column: str
    sentence: str


@dataclass(slots=True)
class Cells:
    """What a line says by column, and what nobody knows."""

    said: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    flaws: list[Flaw] = field(default_factory=list)

    def has(self, column: str) -> bool:
        return bool(self.said.get(column))

    def put(self, column: str, word: str) -> None:
        """Take a word; a second one of a column that takes one is a fault."""
        held = self.said.setdefault(column, [])
        if word in held:
            return
        if held and column not in MANY:
            self.flaw(column, f"“{heading(column)}”写了两样：{held[0]}、{word}")
        elif len(held) >= _MOST and column != "skills":
            self.flaw(column, f"“{heading(column)}”最多写两样")
        else:
            held.append(word)

    def flaw(self, column: str, sentence: str) -> None:
        self.flaws.append(Flaw(column, sentence))

    @property
    def coded(self) -> int:
        """How many columns of the sheet are told."""
        return sum(self.has(column) for column in SHEET)


def folded(line: str) -> str:
    """A line in one width, without what cannot be seen."""
    plain = unicodedata.normalize("NFKC", line)
    return "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Cc", "Co", "Cs"))


def pieces(line: str) -> list[str]:
    """The pieces of a folded line, a phone number as one of them."""
    whole = _PHONE.sub(lambda found: f" {re.sub('[- ]', '', found[1])} ", line)
    whole = _CUT_PHONE.sub(lambda found: f" {found[0].replace('.', '*')} ", whole)
    whole = re.sub("[:=]", f"{_COLON} ", whole)
    return [piece for part in _BETWEEN.split(whole) if (piece := _plain(part))]


def is_label(piece: str) -> bool:
    """Whether a piece names a column and says nothing itself."""
    return piece.endswith(_COLON) or piece in _LABELS or bare(piece) in _headings()


def is_heading(said: Sequence[str]) -> bool:
    """Whether a line names the name's and the phone's column, whatever other columns it has."""
    named = {_headings().get(bare(piece)) for piece in said if not piece.endswith(_COLON)}
    return {"nickname", "phone"} <= named and not any(map(str.isdecimal, "".join(said)))


def _plain(part: str) -> str:
    """A piece without marks at its ends; the colon stays where a column is named."""
    piece = _EDGE.sub("", part.removesuffix(_COLON))
    is_named = part.endswith(_COLON) and (piece in _LABELS or bare(piece) in _headings())
    return f"{piece}{_COLON}" if is_named else piece


def is_same(piece: str) -> bool:
    """Whether a piece says: as in the line above."""
    return piece in _SAME


def read(found: Sequence[str]) -> Cells:
    """The pieces of a line by column."""
    cells = Cells()
    rest = [piece for piece in found if not _taken_alone(piece, cells)]
    items = [word for piece in rest for word in _words(piece)]
    for word in items:
        if len(word.columns) == 1:
            cells.put(*word.columns[0])
    _fill(items, cells)
    if cells.said.get("where_now") == ["一直在老家"] and not cells.has("away_half_year"):
        cells.said["away_half_year"] = ["没出去"]
    return cells


def option(column: str, digit: str) -> str:
    """The word of an option of the sheet; "" where the column has none of this number."""
    known = _options()[column]
    return known[int(digit) - 1] if 0 < int(digit) <= len(known) else ""


def options(column: str) -> tuple[str, ...]:
    """The options of a column, in the order of their numbers."""
    return _options()[column]


@cache
def _options() -> dict[str, tuple[str, ...]]:
    """The first word of each option, by column, numbered as in the form."""
    found: dict[str, tuple[str, ...]] = {}
    for column in SHEET:
        first: dict[str, str] = {}
        for word, code in words()[column].items():
            first.setdefault(code, word)
        found[column] = tuple(word for code, word in first.items() if code not in ("", "other"))
    return found


def _taken_alone(piece: str, cells: Cells) -> bool:
    """Take what can be one thing only: a phone, an age, what says nothing."""
    said = piece.translate(_DIGITS) if _SAID_DIGITS.fullmatch(piece) else piece
    if _CUT_PHONE.fullmatch(said):
        cells.said.setdefault("phone", []).append(said)
        cells.flaw("phone", "手机号没写全")
    elif _LONG.fullmatch(said) and not _OPTIONS.fullmatch(said):
        if cells.has("phone"):
            cells.flaw("phone", "一行只写一个人，这行有两个号码")
        cells.said.setdefault("phone", []).append(said)
    elif age := _AGE.fullmatch(piece):
        cells.said["age"] = [age[1]]
    else:
        return piece in _IDLE
    return True


def _words(piece: str) -> Iterator[Word]:
    if piece in _SKIP:
        yield Word(piece, options="-")
    elif (known := _known(piece)) and not piece.endswith(_COLON):
        yield Word(piece, known, label=_LABELS.get(piece, ""))
    elif is_label(piece):
        name = piece.removesuffix(_COLON)
        yield Word(piece, label=_LABELS.get(name) or _headings()[bare(name)])
    elif _OPTIONS.fullmatch(piece):
        yield Word(piece, options=piece.translate(_DIGITS))
    else:
        yield from _glued(piece)


def _glued(piece: str) -> Iterator[Word]:
    """A label and its value without a blank (户口2, 缺本钱); a place where somebody works."""
    for length in range(len(piece) - 1, 0, -1):
        label = _LABELS.get(piece[:length])
        value = piece[length:]
        if label and _OPTIONS.fullmatch(value):
            yield Word(piece[:length], label=label)
            yield Word(value, options=value.translate(_DIGITS))
            return
        if label and (known := [one for one in _known(value) if one[0] == label]):
            yield Word(piece, tuple(known))
            return
    away = _AWAY_IN.fullmatch(piece)
    yield Word(piece, (("where_city", away[1]),) if away else ())


def _fill(items: Sequence[Word], cells: Cells) -> None:
    """Numbers and words of several columns, each into the next that is free."""
    at, expected, early = -1, "", []
    has_room = _has_room(items)
    for word in items:
        if word.label and not word.columns:
            expected = word.label
            continue
        if word.options:
            if at < 0 and not expected and not has_room:
                early.append(word.options)  # as if they stood at the end
            else:
                at = _number(word.options, at, expected, cells)
        elif len(word.columns) == 1:
            column = word.columns[0][0]
            at = SHEET.index(column) if column in SHEET else at
        elif word.columns:
            at = _choice(word, at, expected, cells)
        else:
            cells.unknown.append(word.text)
            continue
        expected = ""
    last = max((SHEET.index(c) for c in SHEET if cells.has(c)), default=-1)
    for digits in early:
        last = _number(digits, last, "", cells)


def _has_room(items: Sequence[Word]) -> bool:
    """Whether the numbers before all words fit into the sheet before the first word's column."""
    ahead = list(takewhile(lambda word: not word.columns and not word.label, items))
    digits = sum(len(word.options) for word in ahead)
    known = (c for word in items[len(ahead) :] for c, _ in word.columns[:1] if c in SHEET)
    first = next(known, None)
    return first is None or digits <= SHEET.index(first)


def _choice(word: Word, at: int, expected: str, cells: Cells) -> int:
    """A word of several columns: the next free one of them, else the first free one."""
    open_ = [(c, said) for c, said in word.columns if not cells.has(c)] or list(word.columns)
    after = [one for one in open_ if one[0] in SHEET and SHEET.index(one[0]) > at]
    meant = [one for one in open_ if one[0] == expected]
    column, said = (meant or after or open_)[0]
    cells.put(column, said)
    return SHEET.index(column) if column in SHEET else at


def _number(digits: str, at: int, expected: str, cells: Cells) -> int:
    """Options of the sheet, one after another; where the sheet stands then."""
    if digits == "-":
        return at if at < 0 else _next(at, cells)
    begun = at
    for place, digit in enumerate(digits):
        is_more = place > 0 and begun < len(SHEET) and SHEET[begun] in MANY
        if expected:
            at, expected = _index(expected, at), ""
        elif not is_more:
            at = _next_for(digit, at, cells)
        begun = begun if place else at
        if at >= len(SHEET):
            at = _only_free(digit, cells)
        if at >= len(SHEET):
            cells.flaw("", f"数字“{digit}”多出来了，不知道是哪一题")
            return at
        said = option(SHEET[at], digit)
        if said:
            cells.put(SHEET[at], said)
        else:
            most = len(_options()[SHEET[at]])
            cells.flaw(SHEET[at], f"“{heading(SHEET[at])}”没有{digit}这一项，写1到{most}")
            cells.said.setdefault(SHEET[at], [])
    return at


def _index(column: str, at: int) -> int:
    return SHEET.index(column) if column in SHEET else at


def _next(at: int, cells: Cells) -> int:
    after = range(at + 1, len(SHEET))
    return next((i for i in after if SHEET[i] not in cells.said), len(SHEET))


def _only_free(digit: str, cells: Cells) -> int:
    """The one column that nothing has been said of, if this number is one of its options."""
    free = [i for i, column in enumerate(SHEET) if not cells.has(column)]
    return free[0] if len(free) == 1 and option(SHEET[free[0]], digit) else len(SHEET)


def _next_for(digit: str, at: int, cells: Cells) -> int:
    """The next free column; who never left is not asked how long they were away."""
    found = _next(at, cells)
    is_at_home = cells.said.get("where_now") == ["一直在老家"]
    if found < len(SHEET) and SHEET[found] == "away_half_year" and is_at_home and digit != "3":
        return _next(found, cells)
    return found


@cache
def _headings() -> dict[str, str]:
    """The headings of the sheet's columns, which say nothing by themselves."""
    return {
        bare(label): column.key
        for column in columns()
        if column.key in (*_COLUMNS, "nickname", "phone", "village", "county", "town")
        for label in (column.heading, *column.called)
    }


def _known(piece: str) -> tuple[tuple[str, str], ...]:
    return _vocabulary().get(bare(piece), ())


@cache
def _vocabulary() -> dict[str, tuple[tuple[str, str], ...]]:
    """Each word with the columns that know it, and what it is called there."""
    found: dict[str, dict[str, str]] = {}
    for column in _COLUMNS:
        first: dict[str, str] = {}
        for word, code in words()[column].items():
            first.setdefault(code, word)
            if code and word not in _NEVER:
                found.setdefault(bare(word), {}).setdefault(column, first[code])
        for word, said in _SHORT.get(column, {}).items():
            found.setdefault(bare(word), {}).setdefault(column, said)
    return {word: tuple(columns_.items()) for word, columns_ in found.items()}
