"""What a kit gives to print and to read out: poster, scripts, roster, leaflet, outline."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import openpyxl
import segno

from knowledge.entry import Document, Entry, Status
from knowledge.entry import Kind as EntryKind
from knowledge.shelf import Library
from outreach.almanac import AlmanacFault, is_eve, lunar, moment
from outreach.calendars import CHINA
from outreach.campaigns.kits.loading import Kit, Script, Sheet, Stall, season
from outreach.campaigns.schedule import read

A_SECOND = 4  # characters that are read out
_WORD = re.compile(r"[\u4e00-\u9fff]|[A-Za-z]+|\d")
_MOST_POLICIES = 8
_ASKED = ("额度", "条件", "对象")  # what a leaflet says of a matter, the first of these
_NOON = "12:00"
_OLD = timedelta(days=730)  # then a document is to be asked about (domain 3.3)


@dataclass(frozen=True, slots=True)
class Here:
    """What is filled in: whose county, which office, its phone, where the stall stands."""

    county: str
    office: str
    phone: str
    place: str
    url: str

    def put(self, text: str) -> str:
        phone = self.phone or "电话待补"
        return text.format(
            county=self.county, office=self.office, phone=phone, place=self.place or "车站"
        )


def printed(kit: Kit, here: Here, library: Library, area: str, now: datetime) -> dict[str, bytes]:
    """Every file of a kit by its name."""
    made: dict[str, bytes] = {"用法.txt": _text(_use(kit, here, now))}
    if kit.poster:
        made["海报.html"] = poster(kit.poster, here).encode()
        made["二维码.svg"] = _code(here.url)
    for script in kit.scripts:
        made[f"大喇叭{script.seconds}秒.txt"] = _text([here.put(script.text)])
    if kit.stall:
        made["值班表.xlsx"] = roster(kit.stall, here, now)
    if kit.leaflet:
        facts = list(policies(library, area, now.astimezone(CHINA).date()))
        made["传单.txt"] = _text([*_sheet(kit.leaflet, here), "", *facts])
    if kit.outline:
        made["会议提纲.txt"] = _text(_sheet(kit.outline, here))
    made["聊天文字.txt"] = _text(f"{key}：{text}" for key, text in sorted(kit.chat.items()))
    return made


def seconds(script: Script, here: Here) -> int:
    """How long reading it out takes."""
    return -(-len(_WORD.findall(here.put(script.text))) // A_SECOND)


_CHECK = "收到的消息真不真：把消息里“查”开头的号发给我们，一查就知道。"


def poster(sheet: Sheet, here: Here) -> str:
    """A page of A4 to print from any browser, its code in it."""
    code = io.BytesIO()
    segno.make_qr(here.url, error="q").save(code, kind="svg", xmldecl=False, omitsize=True)
    shown = (*map(here.put, sheet.lines), _CHECK)
    lines = "\n".join(f"<p>{html.escape(line)}</p>" for line in shown)
    return _PAGE.format(
        head=html.escape(here.put(sheet.head)),
        lines=lines,
        code=code.getvalue().decode(),
        foot=html.escape(here.put(sheet.foot)),
    )


def roster(stall: Stall, here: Here, now: datetime) -> bytes:
    """A sheet with a row for each shift; the eve of the year ends at noon."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "值班表"
    sheet.append(["日期", "农历", "时段", "地点", *stall.columns])
    for day in _days(stall, now):
        for shift in stall.shifts[:1] if is_eve(day) else stall.shifts:
            said = f"{day.month}月{day.day}日"
            sheet.append([said, lunar(day), shift, here.place, *[""] * len(stall.columns)])
    for column in "ABCDEFGHIJ":
        sheet.column_dimensions[column].width = 16
    sheet.freeze_panes = "A2"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def policies(library: Library, area: str, today: date) -> Iterator[str]:
    """A line for each matter that the documents of the place settle, with the document."""
    pack = library.packs.get(library.areas.pack_for(area) or "")
    found: dict[str, Entry] = {}
    for slot in _ASKED:
        for entry in pack.entries if pack else ():
            is_policy = entry.kind is EntryKind.POLICY and entry.status is Status.IN_FORCE
            if is_policy and entry.slot == slot and entry.is_served(today):
                found.setdefault(entry.matter, entry)
    if not found or pack is None:
        yield "本地的政策还没有录进来，请到服务台问。"
        return
    yield "政策（以文件为准，办之前先问一句）："
    for entry in list(found.values())[:_MOST_POLICIES]:
        document = library.document(pack.code, entry.source)
        said = entry.spoken(entry.answer)
        yield f"· {entry.matter}：{said}{_where_from(entry, document, today)}"


def _where_from(entry: Entry, document: Document | None, today: date) -> str:
    """The document, its year and the agency; an old one is to be asked about first."""
    parts = [f"找{entry.agency}"] if entry.agency else []
    if document is None:
        return f"（{parts[0]}）" if parts else ""
    year = document.date[:4]
    parts.insert(0, f"《{document.title}》{document.number}，{year}年")
    is_old = document.date and date.fromisoformat(document.date) < today - _OLD
    return f"（{'，'.join(parts)}）" + (f"这是{year}年的文件，办之前请先问。" if is_old else "")


def _use(kit: Kit, here: Here, now: datetime) -> Iterator[str]:
    yield f"{kit.name}：{kit.goal}"
    yield f"建议发给：{kit.audience.format(county=here.county)}"
    said, notes = season(kit.waves, now)
    for wave in read(said, now) if said else ():
        yield f"建议时间：{wave.words}，{wave.share}%的人"
    yield from notes
    for script in kit.scripts:
        yield f"大喇叭{script.seconds}秒：读完约{seconds(script, here)}秒"
    yield f'起草：guiyan campaign new "{kit.name}" --area {here.county} --kit {kit.name} --staff …'


def _days(stall: Stall, now: datetime) -> Iterator[date]:
    """The days of a stall; from today on where they have begun."""
    last = moment(f"{stall.last} {_NOON}", now).at.date()
    try:
        first = moment(stall.first, now).at.date()
    except AlmanacFault:
        first = now.astimezone(CHINA).date()
    day = first if first <= last else now.astimezone(CHINA).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _sheet(sheet: Sheet, here: Here) -> Iterator[str]:
    yield here.put(sheet.head)
    yield ""
    yield from (here.put(line) for line in sheet.lines)


def _code(url: str) -> bytes:
    code = io.BytesIO()
    segno.make_qr(url, error="q").save(code, kind="svg", scale=8)
    return code.getvalue()


def _text(lines: Iterator[str] | Sequence[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode("utf-8-sig")


_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{head}</title>
<style>
@page {{ size: A4; margin: 18mm }}
body {{ font-family: "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; text-align: center }}
h1 {{ font-size: 54pt; margin: 12mm 0 8mm }}
p {{ font-size: 22pt; margin: 4mm 0 }}
svg {{ width: 90mm; height: 90mm; margin: 10mm }}
footer {{ font-size: 18pt }}
</style></head>
<body><h1>{head}</h1>
{lines}
{code}
<footer>{foot}</footer>
</body></html>
"""
