"""What heads of stations tell, made so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach import stations as duties
from records import audit, leads, projects
from records.conversations import Overtaken
from records.database import Session
from records.leads import HeardOf
from records.stations import Report
from records.vault import Vault
from registry.offers import Owned


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


@dataclass(frozen=True, slots=True)
class ReadLeads:
    """Staff of the county looked at what heads told: the trail says so."""

    staff: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DraftOfLead:
    """A project's draft is made of a lead."""

    lead: HeardOf
    owned: Owned
    staff: str


StationEffect = ConfirmDuty | BringLead | ReadLeads | DraftOfLead


def apply(effect: StationEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so; Overtaken where it was confirmed meanwhile."""
    match effect:
        case BringLead():
            duties.bring(session, vault, effect.staff, effect.text, effect.area, now)
        case ReadLeads():
            told = ",".join(map(str, effect.numbers))[:60]
            actor = f"staff:{effect.staff}"[:60]
            audit.write(session, "leads.read", at=now, actor=actor, subject=f"leads:{told}")
        case DraftOfLead():
            _draft(effect, session, vault, now)
        case ConfirmDuty():
            if not duties.confirm(session, vault, effect.report, now):
                raise Overtaken


def _draft(effect: DraftOfLead, session: Session, vault: Vault, now: datetime) -> None:
    """Once for each lead; the head learns of it."""
    actor, lead = f"staff:{effect.staff}"[:60], effect.lead
    row = projects.add(session, vault, effect.owned.entered(), by=actor, at=now)
    if not leads.made(session, lead.number, row.number):
        raise Overtaken
    audit.write(session, "lead.drafted", at=now, actor=actor, subject=f"lead:{lead.number}")
    duties.drafted(session, vault, lead, row.title, now)
