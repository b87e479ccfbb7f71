"""Names that nobody can guess, the same for the same seed."""

from __future__ import annotations

from random import Random
from string import ascii_letters, digits

_LETTERS = ascii_letters + digits


class Ids:
    """Makes ids that look like the platform's."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng

    def word(self, length: int, alphabet: str = _LETTERS) -> str:
        return "".join(self._rng.choices(alphabet, k=length))

    def external(self) -> str:
        return "wm" + self.word(30)

    def account(self) -> str:
        return "wk" + self.word(30)

    def group(self) -> str:
        return "wr" + self.word(30)

    def code(self) -> str:
        """A one-shot code, as for a welcome."""
        return self.word(43)

    def number(self) -> str:
        """A message's number of 19 digits."""
        return str(self._rng.randrange(10**18, 10**19))

    def key(self) -> str:
        """A robot's key."""
        return "-".join(self.word(n, "0123456789abcdef") for n in (8, 4, 4, 4, 12))

    def aes_key(self) -> str:
        """A legal EncodingAESKey; its last letter's unused bits are as they fall."""
        return self.word(43)
