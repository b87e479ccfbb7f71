"""What takes long with campaigns: writing down the list, and making the proof."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from console.keeping import Writer
from console.work import Task, WorkRefusal
from handlers.places import country
from matching.audience.parsing import AudienceFault
from outreach.campaigns import asking, freezing, proof, rights
from outreach.campaigns.late import take_in
from outreach.campaigns.refusing import CampaignRefused
from outreach.segments import Office
from records import campaign_drafts, staff_accounts
from records.database import Session
from records.kept_files import Purpose

FREEZE, LATE, PROOF = "campaign.freeze", "campaign.late", "campaign.proof"
_PIECE = 1 << 18


async def freeze(task: Task) -> Mapping[str, Any]:
    """Write down who it is for, and ask a second person; taken up again where it was."""
    means, number = task.means, int(task.asked["number"])
    office = Office(country(), "")
    try:
        await freezing.freeze(means.database, office, number, means.lines, means.now())
    except AudienceFault as fault:
        raise WorkRefusal(str(fault)) from fault
    told = await task.write(asking.ask_a_second, means.vault, number, means.now())
    means.wake_sender()
    return {"told": told}


async def take_late(task: Task) -> Mapping[str, Any]:
    """Take in who fits since the list was written down."""
    means, number = task.means, int(task.asked["number"])
    await task.read(_still_theirs, task.row.by, number)
    try:
        office = Office(country(), "")
        added = await take_in(means.database, office, number, means.lines, means.now())
    except CampaignRefused as refusal:
        raise WorkRefusal(str(refusal)) from refusal
    return {"added": added}


async def make_proof(task: Task) -> Mapping[str, Any]:
    """A file with a line for everybody, without names."""
    number, ending = int(task.asked["number"]), str(task.asked["ending"])
    await task.read(_still_theirs, task.row.by, number)
    with tempfile.TemporaryDirectory(prefix="guiyan-proof-") as folder:
        path = Path(folder) / f"{number}.{ending}"
        count = await task.read(proof.write, number, path)
        writer = await Writer.begin(task, Purpose.RESULT, f"推送{number}台账.{ending}")
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, _PIECE):
                await writer.write(piece)
        await writer.end()
    return {"rows": count}


def _still_theirs(session: Session, by: str, number: int) -> None:
    staff, campaign = staff_accounts.active(session, by), campaign_drafts.find(session, number)
    if staff is None or campaign is None or not rights.is_theirs(staff, campaign):
        raise WorkRefusal("这个推送已经不归您管，没有做。")
