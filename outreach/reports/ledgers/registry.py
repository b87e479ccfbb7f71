"""LEDGERS: the ledgers and measures, in the order in which they are shown."""

from __future__ import annotations

from outreach.reports.ledgers.assessment import ASSESSMENT
from outreach.reports.ledgers.briefing import BRIEFING
from outreach.reports.ledgers.cases import CASES
from outreach.reports.ledgers.coverage import COVERAGE
from outreach.reports.ledgers.entities import ENTITY_LEDGER
from outreach.reports.ledgers.evidence import EVIDENCE
from outreach.reports.ledgers.loans import LOANS
from outreach.reports.ledgers.people import PEOPLE_LEDGER
from outreach.reports.ledgers.projects import PROJECT_LEDGER
from outreach.reports.ledgers.signings import SIGNINGS
from outreach.reports.ledgers.station_duty import STATION_DUTY
from outreach.reports.ledgers.subsidies import SUBSIDY_CLOCKS
from outreach.reports.ledgers.surveys import AWARENESS, SATISFACTION
from outreach.reports.ledgers.survival import SURVIVAL
from outreach.reports.ledgers.tickets import TICKET_TIMES
from outreach.reports.ledgers.training import TRAINING
from outreach.reports.ledgers.village import VILLAGE_LIST

LEDGERS = (
    *(PEOPLE_LEDGER, ENTITY_LEDGER, VILLAGE_LIST, PROJECT_LEDGER, SIGNINGS),
    *(TICKET_TIMES, SUBSIDY_CLOCKS, COVERAGE, SURVIVAL, SATISFACTION, AWARENESS),
    *(LOANS, TRAINING, CASES, EVIDENCE, ASSESSMENT, BRIEFING, STATION_DUTY),
)
