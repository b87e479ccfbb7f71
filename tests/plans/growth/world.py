"""Where measures are taken, and how often."""

from __future__ import annotations

from dataclasses import dataclass

from records.database import Database
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class Often:
    """How often each is done in a round."""

    lookups: int = 1_000
    alone: int = 100
    groups: int = 10
    together: int = 50
    pages: int = 10
    claims: int = 40


@dataclass(frozen=True, slots=True)
class World:
    """A filled database of so many contacts."""

    database: Database
    vault: Vault
    contacts: int


def account(number: int) -> str:
    """The key of somebody's conversation."""
    return f"telegram:{number}"
