"""The proof of a campaign: a file with a line for each recipient, without names, that adds up."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

from outreach.calendars import CHINA
from outreach.campaigns import looking, reasons
from outreach.campaigns.refusing import CampaignRefused
from records import campaign_drafts, ledger
from records.campaigns import Campaign
from records.database import Session
from records.ledger import Line, Stand

HEADINGS = (
    "编号",
    "波次",
    "渠道",
    "文字",
    "结果",
    "原因",
    "最早何时再发",
    "何时",
    "渠道回执",
    "代码",
)
WORDS = {
    Stand.LEFT_OUT: "不发",
    Stand.HELD_OUT: "留作对比，不发",
    Stand.SENT: "已发",
    Stand.DELIVERED: "已送达",
    Stand.FAILED: "没发成",
    Stand.UNCERTAIN: "说不准，不重发",
    Stand.OPTED_OUT: "后来说停",
    Stand.UNREACHABLE: "发不到",
    Stand.STOPPED: "停了没发",
    Stand.HELD: "等着发",
}
_ENDINGS = (".csv", ".xlsx")
_SHOWN = 12  # signs of a number that stands for a person in this file only


def write(session: Session, number: int, path: Path) -> int:
    """Write the proof as .csv or .xlsx; how many recipients are in it. CampaignRefused."""
    campaign = campaign_drafts.find(session, number)
    if campaign is None:
        raise CampaignRefused(f"没有群发任务{number}：先看一下列表里的编号。")
    if path.suffix not in _ENDINGS:
        raise CampaignRefused(f"“{path.name}”要以.csv或.xlsx结尾。")
    put = _as_csv if path.suffix == ".csv" else _as_book
    draft = path.with_name(f".{path.name}.part")
    try:
        count = put(draft, _rows(session, campaign))
        draft.replace(path)  # whole or not at all
    finally:
        draft.unlink(missing_ok=True)
    return count


def _rows(session: Session, campaign: Campaign) -> Iterator[Sequence[object]]:
    """What was agreed to, the sums, and everybody."""
    found = ledger.figures(session, campaign.id or 0)
    yield ("群发任务", campaign.id, campaign.title)
    yield ("同意的内容（摘要）", campaign.digest)
    yield ("名单（摘要）", campaign.frozen)
    yield ("同意人", campaign.approved_by, _time(campaign.approved_at))
    yield ("要发", found.planned)
    for stand, count in found.whole.items():
        yield (WORDS[stand], count)
    yield ()
    yield HEADINGS
    for line in ledger.lines(session, campaign.id or 0):
        yield _row(campaign, line)


def _row(campaign: Campaign, line: Line) -> Sequence[object]:
    return (
        _nameless(campaign, line.person_id),
        line.wave,
        looking.CHANNELS.get(line.channel, line.channel),
        line.variant,
        WORDS[line.stand],
        reasons.said(line.reason),
        _time(line.until),
        _time(line.settled_at),
        line.outer_id,
        line.reason,
    )


def _nameless(campaign: Campaign, person_id: str) -> str:
    """The same number for the same person in every proof of this campaign, and in no other."""
    salted = f"{campaign.frozen}/{campaign.id}/{person_id}"
    return hashlib.sha256(salted.encode()).hexdigest()[:_SHOWN]


def _time(at: datetime | None) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if at else ""


def _as_csv(path: Path, rows: Iterator[Sequence[object]]) -> int:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        return _counted(rows, csv.writer(file).writerow)


def _as_book(path: Path, rows: Iterator[Sequence[object]]) -> int:
    book = Workbook(write_only=True)
    count = _counted(rows, book.create_sheet("台账").append)
    book.save(path)
    return count


def _counted(rows: Iterator[Sequence[object]], put: Callable[[Sequence[object]], object]) -> int:
    """Put each row where it belongs; how many are of recipients."""
    count, is_list = 0, False
    for row in rows:
        put(row)
        count += is_list
        is_list = is_list or row is HEADINGS
    return count
