"""Whether the key at hand is the one that what is stored was sealed with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlmodel import Session

from records.vault import Vault

# The talk of whoever wrote to us, and whoever only a list has brought.
_SAMPLES = ("SELECT state FROM conversation LIMIT 1", "SELECT sealed FROM person LIMIT 1")


def try_key(session: Session, vault: Vault) -> None:
    """Open some of what is stored; VaultError where it was sealed with another key."""
    connection = session.connection()
    open_some(lambda query: connection.exec_driver_sql(query).first(), vault)


def open_some(first: Callable[[str], Sequence[Any] | None], vault: Vault) -> None:
    """The same by whatever gives the first row of a query."""
    for query in _SAMPLES:
        row = first(query)
        if row is not None:
            vault.open(row[0])
