"""Passwords as they are kept (argon2id, OWASP's parameters) and what a good one is."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
SHORTEST, LONGEST = 10, 128
_COMMON = ("12345678", "87654321", "password", "qwertyui", "11111111", "guiyan", "aaaaaaaa")


def hashed(password: str) -> str:
    """The password as it is stored; takes some 30 ms: not on the event loop."""
    return _HASHER.hash(password)


def fits(stored: str, password: str) -> bool:
    """Whether it is the one; an empty `stored` takes as long, and is nobody's."""
    try:
        _HASHER.verify(stored or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(stored)


def is_outdated(stored: str) -> bool:
    """Whether it was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def weakness(password: str, name: str) -> str:
    """Why it may not be a password, in the reader's words; "" for a good one."""
    low = password.lower()
    if len(password) < SHORTEST:
        return f"太短了，这里只有 {len(password)} 个字；至少 {SHORTEST} 个，可以是一句好记的话"
    if len(password) > LONGEST:
        return f"最多 {LONGEST} 个字"
    if len(set(low)) < 5 or any(common in low for common in _COMMON):
        return "太容易被人猜到了，换一句别人想不到的话"
    if name and name.lower() in low:
        return "里面不要有自己的名字"
    return ""


@cache
def _nobodys() -> str:
    """What an unknown name is tried against, so that it takes as long as a known one."""
    return _HASHER.hash("nobody has this one")
