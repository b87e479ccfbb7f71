"""Lists of stations: what `guiyan import stations` takes."""

from __future__ import annotations

from collections.abc import Sequence

from records import stations
from records.database import Session
from records.stations import Listed
from registry.cells_of_row import Row
from registry.column_files import ColumnFile
from registry.columns import Column
from registry.homes import Homes, NoHome, Written
from registry.lists import Kind, Origin, Outcome, Refused, Stored, Terms
from registry.tables import Line

_FILE = ColumnFile(
    (
        Column("external_id", "编号", ("站点编号", "系统编号")),
        Column("name", "名称", ("站名", "服务站", "服务站名称", "联络站", "联络站名称")),
        Column("county", "县", ("县市区", "县（市、区）", "县区", "哪里人的站", "老家")),
        Column("city", "外地城市", ("城市", "所在城市", "驻地")),
        Column("address", "地址", ("站址", "详细地址", "办公地址")),
        Column("phone", "电话", ("联系电话", "办公电话", "值班电话")),
        Column("hours", "时间", ("开放时间", "服务时间", "值班时间")),
        Column("head", "站长", ("负责人",)),
    )
)
_LONGEST = {"name": 40, "city": 20, "address": 60, "hours": 20, "head": 40, "external_id": 64}
_PHONE = frozenset("0123456789-转 ")


class StationsReader:
    """Reads rows; what places mean is remembered from row to row."""

    def __init__(self, terms: Terms) -> None:
        self._homes = Homes(terms.places, terms.area)

    def __call__(self, line: Line) -> Listed | Refused:
        row = Row(line, _FILE)
        if line.fault:
            row.refuse("", line.fault)
        home = self._homes.read(Written(county=row.text("county")))
        area = ""
        if isinstance(home, NoHome):
            row.refuse("county", home.sentence, home.example)
        else:
            area = home.area
        texts = {key: row.short(key, longest) for key, longest in _LONGEST.items()}
        phone = row.short("phone", 20)
        if not set(phone) <= _PHONE:
            row.refuse("phone", "这里只写单位的电话号码", "0530-0000000")
        if not texts["name"]:
            row.refuse("name", "没写是哪个站", "广州返乡创业服务站")
        if row.faults:
            return Refused(tuple(row.faults))
        return Listed(area=area, phone=phone, **texts)


def store_all(session: Session, found: Sequence[Listed], origin: Origin) -> list[Stored]:
    """Store stations in order; one that is known is brought up to date."""
    outcomes = {True: Outcome.NEW, False: Outcome.MERGED, None: Outcome.SAME}
    return [Stored(outcomes[stations.put(session, one, origin.at)], one.name) for one in found]


STATIONS = Kind(name="stations", columns=_FILE.columns, reader=StationsReader, store=store_all)
