"""The whole trail is checked, beside the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.work import Task
from records import audit_chain, audit_check

VERIFY = "verify"
_TOLD = 20  # faults that are shown


async def verify(task: Task) -> Mapping[str, Any]:
    """Seal what is new, then hold every row against its seal."""
    means = task.means
    now = means.now()
    await audit_chain.seal(means.database, means.vault, now)
    last = (await task.read(audit_chain.head)).number

    async def tell(number: int) -> None:
        await task.tell(number, last)

    found = await audit_check.check(means.database, means.vault, now, tell=tell)
    return {
        "rows": found.rows,
        "blocks": found.blocks,
        "unsealed": found.unsealed,
        "count": found.count,
        "head": found.head.words,
        "faults": [[one.kind.value, one.where] for one in found.faults[:_TOLD]],
    }
