"""Where an audience could not be read, and what may stand there."""

from __future__ import annotations

import unicodedata

_WIDE = "WF"


class AudienceFault(ValueError):
    """An audience that cannot be read: where (counted from 1), what stands there, what may.

    `text` is the whole as it was read, "" where the fault is of no text.
    """

    def __init__(self, where: int, said: str, expected: str, text: str = "") -> None:
        place = f"第{where}个字“{said}”" if said else "最后"
        super().__init__(f"{place}这里没看懂：{expected}。")
        self.where, self.said, self.expected, self.text = where, said, expected, text

    @property
    def marked(self) -> str:
        """The text, the place marked under it, and the sentence."""
        if not self.text:
            return str(self)
        before = self.text[: self.where - 1]
        blank = "".join("　" if unicodedata.east_asian_width(c) in _WIDE else " " for c in before)
        return f"{self.text}\n{blank}^\n{self}"
