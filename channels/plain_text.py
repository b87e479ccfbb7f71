"""What people send and see is text: everything that steers a terminal or a page is taken out."""

from __future__ import annotations

import re

# Controls but tab and line feed, and halves of surrogate pairs. Joiners stay: emoji need them.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def plain_text(text: str) -> str:
    """`text` without control characters, with plain line feeds, without blank ends."""
    return _STEERING.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
