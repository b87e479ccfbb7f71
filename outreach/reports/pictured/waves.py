"""What the people of a campaign did after their turn, wave by wave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from outreach.campaigns import effect
from outreach.reports.pictured.picture import Cell, Gone, Picture, Series, Shape
from outreach.reports.table import Unit
from records.campaign_effect import Tally
from records.campaigns import Campaign
from records.database import Session

DAYS = 7
_DID = (("wrote", "来说过话"), ("signed_up", "报名或答应来"), ("asked", "约人谈或要回电"))


def response(session: Session, campaign: Campaign, days: int, now: datetime) -> Picture:
    """Of each wave, which share did what within so many days."""
    return drawn_from(effect.by_wave(session, campaign, days, now), days)


def drawn_from(waves: Mapping[int, Tally], days: int) -> Picture:
    """The same from counts."""
    found = sorted(waves.items())
    return Picture(
        "response",
        Shape.LINES,
        f"每批发出后{days}天内的反应",
        Unit.PERCENT,
        "第几批",
        [f"第{wave}批（{tally.people:,}人）" for wave, tally in found],
        [
            Series(title, [_share(getattr(tally, name), tally.people) for _, tally in found])
            for name, title in _DID
        ],
        note="占这一批该发的人的百分比，没送到的也算在里面；不看谁打开过。",
    )


def _share(part: int, people: int) -> Cell:
    return round(100 * part / people, 1) if people else Gone.UNKNOWN
