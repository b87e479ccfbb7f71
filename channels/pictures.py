"""The picture that goes with a message: named in its extras, had from the store when it leaves."""

from __future__ import annotations

from channels.base import FailureKind, SendFailure
from records import pictures
from records.database import Database
from records.messages import Outgoing
from records.vault import Vault

PICTURE = "picture"  # in a message's extras


class Pictures:
    """The pictures of one store."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def of(self, message: Outgoing) -> bytes | None:
        """What goes with a message; raises SendFailure where it is gone: no half is sent."""
        number = message.extra.get(PICTURE, "")
        if not number:
            return None
        content = await self._database.read(pictures.find, self._vault, number)
        if content is None:
            raise SendFailure(FailureKind.REJECTED, "its picture is not kept any more")
        return content


def name_of(content: bytes) -> str:
    """A file name, for its ending."""
    return f"picture.{pictures.kind_of(content)}"
