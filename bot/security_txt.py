"""/.well-known/security.txt (RFC 9116): whom somebody tells who has found a hole."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

PATH = "/.well-known/security.txt"

_CONTACT = re.compile(r"mailto:[^\s@<>]+@[^\s@<>]+|https://[^\s<>]+|tel:\+?[0-9-]{6,}")
_NOBODY = re.compile(
    r"(?:[@./])(?:example(?:\.(?:com|org|net))?|invalid|test|localhost)(?:[/:]|$)"
)
_GOOD_FOR = timedelta(days=90)  # RFC 9116 wants less than a year


def reachable(value: str) -> str:
    """Who is told of a hole; ValueError for what leads nowhere, such as a placeholder."""
    value = value.strip()
    if value and not (_CONTACT.fullmatch(value) and not _NOBODY.search(value)):
        raise ValueError(
            "must lead to somebody: mailto: with an address, https:// with a form, or tel: with "
            "a number, and no example of one"
        )
    return value


def security_txt(contact: str, public_url: str, now: datetime) -> str:
    """The file's text: RFC 9116 wants the contact and until when it may be believed."""
    until = (now.astimezone(UTC) + _GOOD_FOR).replace(microsecond=0)
    lines = [
        f"Contact: {contact}",
        f"Expires: {until.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: zh, en",
    ]
    if public_url:
        lines.append(f"Canonical: {public_url}{PATH}")
    return "\n".join(lines) + "\n"
