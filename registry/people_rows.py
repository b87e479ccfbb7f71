"""A row of a list of people as a value to store, or every reason why it is not taken."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from knowledge.exchange.cells import Made
from records.prints import bare_village
from registry import days, identity, phones, returning
from registry.homes import Home, Homes, NoHome, Written
from registry.lists import Fault, Refused, Terms
from registry.people_columns import examples, heading, words
from registry.tables import Line
from registry.tag_rules import TagRefused, checked
from registry.words import Words

_NAME = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ffffA-Za-z·.•･‧ 　]{1,30}")
_NO_NAME = re.compile(r"(?:无|空|不详|未知|同上|姓名|户主)$")
_MASKED = re.compile(r"1\d{2}[*＊xX]{3,5}\d{3,4}")  # as our own lists print it
_BETWEEN_TAGS = re.compile(r"[、，,;；\n]+")
_MINUS = re.compile(r"\s*(?:[-－—–]|去掉|取消)")
_HALF_YEAR = 6  # months
_LONGEST = 60
_ID, _TOKEN = 24, 17  # characters of an id, and of what an import draws for all of its own
_ONE = ("hukou", "intent", "biz_licence", "contact_time")  # a word that must be known
_AGED = {"age", "born", "identity"}
_MANY = ("want_kind", "lacks")
_SIGNED_NO = "no"
_UNWORKED = "这一格是公式，还没有算出来；请用表格软件打开存一次，或者直接填上内容"
_FORMULA, _ERROR = Made.FORMULA, Made.ERROR  # looked at for every cell
_BLANK_WORDS = frozenset({"/", "-", "—", "——", "无", "空", "#N/A"})


class Listed(NamedTuple):
    """One person as a list names them: codes by option, words apart, where they are from.

    `id` is theirs if they are new, `line` where the list names them. `is_signed`: they agreed on
    paper themselves. `tags` are to be theirs, `untags` no longer. `remarks` are said of the row,
    whatever becomes of it.
    """

    id: str
    line: int
    codes: dict[str, Any]
    texts: dict[str, Any]
    area: str
    town: str = ""
    village: str = ""
    external_id: str = ""
    is_signed: bool = False
    tags: tuple[str, ...] = ()
    untags: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class _Row:
    """A row while it is read."""

    line: Line
    said: dict[str, str] = field(default_factory=dict)
    codes: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def refuse(self, key: str, sentence: str, example: str = "") -> None:
        self.faults.append(Fault(heading(key) if key else "", sentence, example))

    def text(self, key: str) -> str:
        """The text of a cell; "" where nothing usable is in it."""
        return self.said.get(key, "")


def _said(row: _Row) -> dict[str, str]:
    """The texts of a row's cells; a cell that holds no text is refused."""
    said = {}
    for key, cell in row.line.cells.items():
        made, text = cell.made, cell.text
        if made is _FORMULA:
            row.refuse(key, _UNWORKED)
        elif made is _ERROR:
            row.refuse(key, f"这一格是算错的公式（{text}），请直接填上内容")
        elif text not in _BLANK_WORDS:
            said[key] = text.strip()
    return said


class PeopleReader:
    """Reads rows; what words and places mean is remembered from row to row."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._count = 0
        self._today = terms.origin.at.date()
        self._homes = Homes(terms.places, terms.area, terms.villages)
        self._words = {
            key: Words(known, terms.wording.values.get(key, {})) for key, known in words().items()
        }

    def __call__(self, line: Line) -> Listed | Refused:
        if line.fault:
            return Refused((Fault("", line.fault),))
        row = _Row(line)
        row.said = _said(row)
        is_signed = self._agreement(row)
        self._name(row)
        self._phone(row)
        home = self._home(row)
        self._tellable(row, home)
        self._age(row)
        self._single(row)
        self._several(row)
        self._whereabouts(row)
        tags, untags = self._tags(row)
        if row.faults or home is None:
            return Refused(tuple(row.faults))
        row.codes["home_place"], row.texts["home_place_text"] = home.area, home.spoken
        if home.words:
            row.texts["home_village"] = home.words
        self._count += 1
        return Listed(
            id=f"{self._terms.token[:_TOKEN]}{self._count:0{_ID - _TOKEN}x}",
            line=line.number,
            codes=row.codes,
            texts=row.texts,
            area=home.area,
            town=home.town,
            village=home.village,
            external_id=row.text("external_id")[:64],
            is_signed=is_signed,
            tags=tags,
            untags=untags,
            remarks=tuple(row.remarks),
        )

    def _agreement(self, row: _Row) -> bool:
        said = row.text("signed")
        code = self._words["signed"].code(said) if said else ""
        if code == _SIGNED_NO:
            row.refuse("signed", "本人不同意登记，没有存")
        elif said and code is None and "nickname" in row.line.cells:
            # A name written where one signs is a signature.
            code = "yes" if said == row.text("nickname") else code
        if code != "yes" and code != _SIGNED_NO and not self._terms.origin.basis:
            row.refuse("signed", "没写本人同意，也没有文件作依据；本人签了字就写", "是")
        return code == "yes"

    def _name(self, row: _Row) -> None:
        name = row.text("nickname")
        plain = name if name.isalnum() else _spaced(name)
        if not plain or _NO_NAME.match(plain):
            if not any(f.heading == heading("nickname") for f in row.faults):
                row.refuse("nickname", "没写姓名或者称呼", "王某")
        elif not _NAME.fullmatch(plain):
            row.refuse("nickname", "这里只写姓名或者称呼，不写数字和别的符号", "王某")
        else:
            row.texts["nickname"] = plain

    def _phone(self, row: _Row) -> None:
        said = row.text("phone")
        if not said:
            return
        phone, wrong = phones.read(said)
        if _MASKED.fullmatch(said):
            row.remarks.append("手机号打了码，没有收")
        elif wrong:
            row.refuse("phone", wrong, phones.EXAMPLE)
        elif phone:
            row.texts["phone"] = phone
            if phones.has_more(said):
                row.remarks.append("一格里有几个号码，只收了第一个")

    def _home(self, row: _Row) -> Home | None:
        said = row.said.get
        written = Written(
            said("county", ""),
            said("town", ""),
            said("village", ""),
            said("group", ""),
            said("address", ""),
        )
        found = self._homes.read(written)
        if isinstance(found, NoHome):
            row.refuse(found.key, found.sentence, found.example)
            return None
        return found

    def _tellable(self, row: _Row, home: Home | None) -> None:
        """Whoever cannot be told from others would be stored anew each time."""
        is_placed = home is None or home.village or bare_village(home.words)
        if not (is_placed or row.text("phone") or row.text("external_id")):
            row.refuse("phone", "手机号和村都没写，分不清是谁", phones.EXAMPLE)

    def _age(self, row: _Row) -> None:
        """Nobody under 16; what told the age is not kept."""
        if _AGED.isdisjoint(row.said):
            return
        birth = identity.born(row.text("identity")) or days.day(row.line.cell("born"))
        years = identity.age(birth, self._today) if birth else _number(row.text("age"))
        if years is not None and years < identity.YOUNGEST:
            row.refuse("", f"没满{identity.YOUNGEST}岁，不登记")

    def _single(self, row: _Row) -> None:
        for key in _ONE:
            if key in row.said:
                self._choose(row, key, row.said[key])
        if "intent" not in row.codes and (said := row.text("job_wish")):
            code = self._words["job_wish"].code(said)
            if code:
                row.codes["intent"] = code
        if said := row.text("biz_kind"):
            self._trade(row, said)

    def _choose(self, row: _Row, key: str, said: str) -> None:
        code = self._words[key].code(said)
        if code is None:
            row.refuse(key, f"“{said[:20]}”不认识，可以写：{examples()[key]}")
        elif code:
            row.codes[key] = code

    def _trade(self, row: _Row, said: str) -> None:
        codes, unknown = self._words["biz_kind"].codes(said)
        codes = tuple(code for code in codes if code != "undecided")
        if codes:
            row.codes["biz_kind"] = codes[0]
        elif unknown and not identity.holds_secret(said):
            row.codes["biz_kind"] = "other"
            row.texts["biz_kind_text"] = said[:_LONGEST]

    def _several(self, row: _Row) -> None:
        for key in _MANY:
            if key in row.said:
                codes, unknown = self._words[key].codes(row.said[key])
                if codes:
                    row.codes[key] = list(codes)
                if unknown:
                    self._leave(row, key, "、".join(unknown))
        if said := row.text("skills"):
            codes, unknown = self._words["skills"].codes(said)
            if unknown and identity.holds_secret(said):
                self._leave(row, "skills", "一个长号码")
                unknown = ()
            if unknown:
                row.texts["skills_text"] = "、".join(unknown)[:_LONGEST]
                codes = (*(code for code in codes if code != "other"), "other")
            if codes:
                row.codes["skills"] = list(codes)

    def _tags(self, row: _Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The tags to put and those to take away, which have a minus before them."""
        put: list[str] = []
        taken: list[str] = []
        for said in filter(None, _BETWEEN_TAGS.split(row.text("tags"))):
            minus = _MINUS.match(said)
            if minus:
                taken.append(re.sub(r"\s+", "", said[minus.end() :]))
                continue
            try:
                put.append(checked(said))
            except TagRefused as refusal:
                row.remarks.append(f"“{heading('tags')}”列的“{said[:20]}”没有收：{refusal}")
        return tuple(dict.fromkeys(put)), tuple(dict.fromkeys(filter(None, taken)))

    def _leave(self, row: _Row, key: str, said: str) -> None:
        row.remarks.append(f"“{heading(key)}”列的“{said[:20]}”没有对应的选项，没有收")

    def _whereabouts(self, row: _Row) -> None:
        self._state(row)
        if said := row.text("where_now"):
            self._choose(row, "where_now", said)
        if said := row.text("where_city"):
            if identity.holds_secret(said):
                self._leave(row, "where_city", "一个长号码")
            else:
                row.texts["where_city"] = said[:_LONGEST]
        returned = self._return(row)
        if said := row.text("away_half_year"):
            self._away(row, "away_half_year", said)
        elif said := row.text("left_at"):
            self._left(row, said, returned)

    def _state(self, row: _Row) -> None:
        """What the state of employment says of other fields, where no column of theirs does."""
        if "state" not in row.said:
            return
        code = self._words["state"].code(row.text("state"))
        if code == "running":
            row.codes.setdefault("intent", code)
        elif code:
            row.codes.setdefault("where_now", code)

    def _return(self, row: _Row) -> date | None:
        """The day of the return, where one has come."""
        said = row.text("returned_at")
        if not said:
            return None
        code = self._words["returned_at"].code(said)
        day = days.day(row.line.cell("returned_at")) if code is None else None
        if code:
            row.codes["return_period"] = code
        elif day is None:
            row.refuse("returned_at", f"“{said[:20]}”看不出是哪天", "2026年1月")
        else:
            is_exact = days.exact(row.line.cell("returned_at")) is not None
            words = returning.written(day, is_exact=is_exact)
            if day > self._today:
                row.codes["return_period"] = "said"
                row.texts[returning.WORDS] = words
                return None
            if row.codes.setdefault("where_now", "returned") == "returned":
                row.texts[returning.WORDS] = words  # since when they count as at home
            return day
        return None

    def _left(self, row: _Row, said: str, returned: date | None) -> None:
        """Since when somebody is away, or for how long."""
        day = days.day(row.line.cell("left_at"))
        until = returned or self._today
        if day is None:
            self._away(row, "left_at", said)
        elif day > until:
            after = "返乡时间" if returned else "今天"
            row.refuse("left_at", f"外出时间比{after}还晚", f"{self._today.year - 1}年3月")
        else:
            months = days.months_between(day, until)
            row.codes["away_half_year"] = "half_year" if months >= _HALF_YEAR else "less"
            row.codes.setdefault("where_now", "returned" if returned else "away")

    def _away(self, row: _Row, key: str, said: str) -> None:
        code = self._words["away_half_year"].code(said)
        months = days.months(said) if code is None else None
        if code:
            row.codes["away_half_year"] = code
        elif months is not None:
            row.codes["away_half_year"] = "half_year" if months >= _HALF_YEAR else "less"
        else:
            hint = examples()["away_half_year"]
            row.refuse(key, f"“{said[:20]}”看不懂，可以写：{hint}", f"{self._today.year - 1}年3月")


def _spaced(name: str) -> str:
    """A name without the blanks that spread it; those between foreign names stay."""
    return " ".join(name.split()) if name.isascii() else "".join(name.split())


def _number(text: str) -> int | None:
    digits = text.removesuffix("岁").removesuffix("周")
    return int(digits) if digits.isdecimal() and len(digits) <= 3 else None
