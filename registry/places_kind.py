"""Lists of towns and villages: what `guiyan import places` takes."""

from __future__ import annotations

import re
import unicodedata

from knowledge.exchange.cells import Made
from registry import days
from registry.columns import Column
from registry.homes import Homes, NoHome, Written
from registry.lists import Fault, Kind, Refused, Terms
from registry.places_store import Listed, store_all
from registry.tables import Line
from registry.villages import lodge_again

_LONGEST = 40  # characters of a name
_BETWEEN = re.compile(r"[、,，;；/\s]+")
_TOWN_CODE, _VILLAGE_CODE = re.compile(r"(\d{9})(?:000)?"), re.compile(r"(\d{12})")

COLUMNS = (
    Column("county", "县", ("县市区", "县（市、区）", "区县", "县区", "所属县", "县级")),
    Column("town", "镇", ("乡镇", "乡镇街道", "乡镇（街道）", "镇街", "街道", "乡级", "所属乡镇")),
    Column(
        "village", "村", ("村居", "村（社区）", "行政村", "社区", "村名", "村级", "村（居）委会")
    ),
    Column("called", "别名", ("俗称", "又叫", "其他叫法", "别称", "小名")),
    Column("former", "原名", ("旧名", "曾用名", "原来叫", "更名前")),
    Column("into", "并入", ("并到", "合并到", "并入单位", "现属", "撤并后")),
    Column("date", "撤并日期", ("日期", "合并日期", "变更日期", "时间", "撤并时间", "更名日期")),
    Column("code", "代码", ("区划代码", "编码", "统计用区划代码", "行政区划代码")),
)
_HEADINGS = {column.key: column.heading for column in COLUMNS}


class PlacesReader:
    """Reads rows; a row of a town alone names no village."""

    def __init__(self, terms: Terms) -> None:
        self._homes = Homes(terms.places, terms.area)

    def __call__(self, line: Line) -> Listed | Refused:
        faults: list[Fault] = []
        area = self._area(line, faults)
        town, village = _name(line, "town", faults), _name(line, "village", faults)
        if not town:
            faults.append(Fault(_HEADINGS["town"], "没写是哪个乡镇", "冉堌镇"))
        listed = Listed(
            area=area,
            town=town,
            village=village,
            called=_names(line, "called"),
            former=_names(line, "former"),
            into=_name(line, "into", faults),
            on=_date(line, faults),
            code=_code(line, bool(village), faults),
        )
        return Refused(tuple(faults)) if faults else listed

    def _area(self, line: Line, faults: list[Fault]) -> str:
        found = self._homes.read(Written(county=_text(line, "county")))
        if isinstance(found, NoHome):
            faults.append(Fault(_HEADINGS["county"], found.sentence, found.example))
            return ""
        return found.area


def _text(line: Line, key: str) -> str:
    cell = line.cell(key)
    is_worked = cell.made not in (Made.FORMULA, Made.ERROR)
    return "".join(unicodedata.normalize("NFKC", cell.text).split()) if is_worked else ""


def _name(line: Line, key: str, faults: list[Fault]) -> str:
    name = _text(line, key)
    if line.cell(key).made in (Made.FORMULA, Made.ERROR):
        faults.append(Fault(_HEADINGS[key], "这一格是公式，请直接填上名字"))
    elif len(name) > _LONGEST:
        faults.append(Fault(_HEADINGS[key], f"名字最多{_LONGEST}个字"))
    elif name and not re.search(r"[\u3400-\u9fff]", name):
        faults.append(Fault(_HEADINGS[key], f"“{name}”不像地名", "赵庄村"))
    return name


def _names(line: Line, key: str) -> tuple[str, ...]:
    cell = line.cell(key)
    names = _BETWEEN.split(unicodedata.normalize("NFKC", cell.text).strip())
    return tuple(dict.fromkeys(name[:_LONGEST] for name in names if len(name) > 1))


def _date(line: Line, faults: list[Fault]) -> str:
    cell = line.cell("date")
    found = days.day(cell) if cell.short else None
    if cell.short and found is None:
        faults.append(Fault(_HEADINGS["date"], f"“{cell.short[:20]}”看不出是哪天", "2015-12-01"))
    return found.isoformat() if found else ""


def _code(line: Line, is_village: bool, faults: list[Fault]) -> str:
    text = line.cell("code").short
    found = (_VILLAGE_CODE if is_village else _TOWN_CODE).fullmatch(text)
    if text and not found:
        faults.append(Fault(_HEADINGS["code"], "代码是9位（乡镇）或12位（村）的数字", "371703102"))
    return found[1] if found else ""


PLACES = Kind(
    name="places", columns=COLUMNS, reader=PlacesReader, store=store_all, follow=lodge_again
)
