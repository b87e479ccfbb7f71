"""Lists of contact groups: what `guiyan import groups` takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from knowledge.areas import Gazetteer
from records.groups import NAME_LENGTH, WECHAT, WECOM, GroupKind
from registry import days
from registry.cells_of_row import Row
from registry.column_files import ColumnFile, read
from registry.homes import Homes, NoHome, Written
from registry.identity import holds_secret
from registry.lists import Refused, Terms
from registry.tables import Line
from registry.words import Words

CITY, STEWARD = 20, 40  # characters
MOST = 500_000  # people in a group
TELEGRAM = "telegram"
_ID, _CHAT = 64, 80
_SIZE = re.compile(r"约?(\d{1,9})\s*(?:人|名|位)?(?:左右|多|余)?")
_PHONE = re.compile(r"\d(?:[\s\-]?\d){6,}")
_ADDRESSES = {TELEGRAM: re.compile(r"-\d{1,20}"), WECOM: re.compile(r"wr\S+")}
_OF_PLACE = frozenset({GroupKind.CITY, GroupKind.RETURNEES, GroupKind.OTHER})
_WIDE = ("province", "city")


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """A group as a list says it; what is "" or None is not said. `kind` may be guessed."""

    name: str
    area: str
    kind: GroupKind | None = None
    is_guessed: bool = False
    city: str = ""
    channel: str = ""
    chat: str = ""
    steward: str = ""
    size: int | None = None
    last_post: date | None = None
    external_id: str = ""
    remarks: tuple[str, ...] = ()


@cache
def file() -> ColumnFile:
    """The columns of the list."""
    return read("groups.toml")


def called(kind: GroupKind) -> str:
    """What people call a kind of group."""
    words = file().words["kind"]
    return next(word for word, code in words.items() if code == kind.value)


def kind_of(text: str) -> GroupKind | None:
    """The kind that a word or a code means; None where it means none."""
    code = Words(file().words["kind"], {}).code(text) or text
    return GroupKind(code) if code in GroupKind.__members__.values() else None


def guessed(name: str, city: str) -> GroupKind | None:
    """What a group's name says of its kind; that it is of a city decides before 返乡."""
    by_name = next((c for word, c in file().words["kind"].items() if word in name), "")
    found = GroupKind(by_name) if by_name else None
    if city and (found is None or found in _OF_PLACE):
        return GroupKind.CITY
    return found


class GroupsReader:
    """Reads rows; what words and places mean is remembered from row to row."""

    def __init__(self, terms: Terms) -> None:
        self._homes = Homes(terms.places, terms.area)
        self._places = terms.places
        self._today = terms.origin.at.date()
        self._words = {
            key: Words(known, terms.wording.values.get(key, {}))
            for key, known in file().words.items()
        }

    def __call__(self, line: Line) -> ListedGroup | Refused:
        row = Row(line, file())
        if line.fault:
            row.refuse("", line.fault)
            return Refused(tuple(row.faults))
        name, area = _name(row), self._area(row)
        city = row.short("city", CITY) or _elsewhere(name, area, self._places)
        kind = self._word(row, "kind")
        channel, chat = _address(row, self._word(row, "channel"))
        told = ListedGroup(
            name=name,
            area=area,
            kind=GroupKind(kind) if kind else guessed(name, city),
            is_guessed=not kind,
            city=city,
            channel=channel,
            chat=chat,
            steward=_steward(row),
            size=_size(row),
            last_post=self._last_post(row),
            external_id=row.short("external_id", _ID),
            remarks=tuple(row.remarks),
        )
        return Refused(tuple(row.faults)) if row.faults else told

    def _word(self, row: Row, key: str) -> str:
        said = row.text(key)
        code = self._words[key].code(said) if said else ""
        if code is None:
            row.refuse(key, f"“{said[:20]}”不认识，可以写：{file().examples[key]}")
        return code or ""

    def _area(self, row: Row) -> str:
        home = self._homes.read(Written(county=row.text("county")))
        if isinstance(home, NoHome):
            row.refuse("county", home.sentence, home.example)
            return ""
        return home.area

    def _last_post(self, row: Row) -> date | None:
        if not row.text("last_post"):
            return None
        found = days.exact(row.line.cell("last_post"))
        if found is None:
            row.refuse("last_post", f"“{row.text('last_post')[:20]}”看不出是哪天", "2026年11月1日")
        elif found > self._today:
            row.refuse("last_post", "这一天还没到", "2026年11月1日")
        return found


def holds_number(text: str) -> bool:
    """Whether a name holds a phone number, or one of papers."""
    return bool(_PHONE.search(text)) or holds_secret(text)


def _name(row: Row) -> str:
    name = row.short("name", NAME_LENGTH)
    if not name and not any(fault.heading == "群名" for fault in row.faults):
        row.refuse("name", "没写是哪个群", "广州返乡创业群")
    if holds_number(name):
        row.refuse("name", "群名里有号码，去掉再导入", "广州返乡创业群")
    return name


def _steward(row: Row) -> str:
    said = row.short("steward", STEWARD)
    if _PHONE.search(said):
        row.refuse("steward", "群管只写姓名，不写电话")
    return said


def _size(row: Row) -> int | None:
    said = row.text("size").replace(",", "").replace("，", "")
    if not said:
        return None
    found = _SIZE.fullmatch(said)
    if not found or not 0 <= int(found[1]) <= MOST:
        row.refuse("size", f"要写群里有多少人，最多{MOST}", "312")
        return None
    return int(found[1])


def _address(row: Row, channel: str) -> tuple[str, str]:
    """The channel and the address there; ordinary WeChat has none that a machine could use."""
    chat = row.short("chat", _CHAT)
    if not chat:
        return channel, ""
    for name, form in _ADDRESSES.items():
        if channel in ("", name) and form.fullmatch(chat):
            return name, chat
    if channel in _ADDRESSES:
        example = "-1001234567890" if channel == TELEGRAM else "wr开头的一串"
        row.refuse("chat", "不像这个平台的群号", example)
    else:
        row.remarks.append("微信群没有能用的群号，这一格没有记")
    return channel or WECHAT, ""


def _elsewhere(name: str, home: str, places: Gazetteer) -> str:
    """The one city that a group's name names, where it is not home."""
    named = [mention.area for mention in places.mentions(name, near=home or None)]
    lineage = places.lineage(home) if home else ()
    cities = [area for area in named if area.level in _WIDE and area.code not in lineage]
    return cities[0].short[:CITY] if len(cities) == 1 else ""
