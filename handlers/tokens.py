"""Numbers and ids made from the scene's random token, so that a turn stays pure."""

from __future__ import annotations

import hashlib

# Without characters that are mistaken for each other on the phone or on paper.
_ALPHABET = "23456789ACDEFGHJKMNPQRTUVWXY"
_LENGTH = 6


def receipt(token: str, purpose: str) -> str:
    """A number that a person can read out, such as G7K2M4."""
    value = int.from_bytes(_digest(token, purpose), "big")
    letters = []
    for _ in range(_LENGTH):
        value, place = divmod(value, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return "".join(letters)


def identifier(token: str, purpose: str) -> str:
    """The id of a new record."""
    return _digest(token, purpose).hex()[:20]


def _digest(token: str, purpose: str) -> bytes:
    return hashlib.sha256(f"{purpose}/{token}".encode()).digest()
