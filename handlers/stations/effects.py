"""What heads of stations tell, made so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach import stations as duties
from records.conversations import Overtaken
from records.database import Session
from records.stations import Report
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class ConfirmDuty:
    """A head confirms the report as they saw it."""

    report: Report


@dataclass(frozen=True, slots=True)
class BringLead:
    """A head tells of a project, for the county of `area`."""

    staff: str
    area: str
    text: str


StationEffect = ConfirmDuty | BringLead


def apply(effect: StationEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so; Overtaken where it was confirmed meanwhile."""
    if isinstance(effect, BringLead):
        duties.bring(session, vault, effect.staff, effect.text, effect.area, now)
    elif not duties.confirm(session, vault, effect.report, now):
        raise Overtaken
