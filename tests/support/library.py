"""A library of projects for tests: the demonstration's, as if a department had brought them."""

from __future__ import annotations

from datetime import datetime

from handlers.places import country
from records import projects
from records.database import Session
from records.projects import Provenance
from records.vault import Vault
from registry import demo

DEPT = "县农业农村局"


def stock(session: Session, vault: Vault, now: datetime) -> None:
    """Every county of the packs has some projects, places and demands from now on."""
    demo.load(session, vault, country(), now)
    for row in projects.within(session):
        row.provenance, row.source_dept = Provenance.DEPARTMENT.value, DEPT
