"""Why a callback is refused: the word for the log, and the status for who sent it."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """A closed list; nothing that was sent ever enters a word."""

    METHOD = ("method", 405)
    PARAMETERS = ("parameters", 400)  # one is missing, said twice, or no number
    TOO_LARGE = ("too-large", 413)
    TOO_SLOW = ("too-slow", 408)
    BROKEN_OFF = ("broken-off", 400)
    NOT_UTF8 = ("not-utf-8", 400)
    NOT_XML = ("not-xml", 400)
    NOT_JSON = ("not-json", 400)
    DOCTYPE = ("doctype", 400)  # and with it every entity
    TOO_DEEP = ("too-deep", 400)
    TOO_MANY = ("too-many-elements", 400)
    NO_CIPHERTEXT = ("no-ciphertext", 400)
    SIGNATURE = ("signature", 403)
    STALE = ("stale", 403)  # repeated long after it was signed, or our clock is wrong
    BASE64 = ("base64", 400)
    BLOCKS = ("blocks", 400)  # not whole blocks of the cipher
    PADDING = ("padding", 400)
    TOO_SHORT = ("too-short", 400)
    LENGTH = ("length", 400)  # says it is longer than it is
    RECEIVER = ("receiver", 403)
    NOT_AN_ECHO = ("not-an-echo", 400)

    def __init__(self, word: str, status: int) -> None:
        self.word = word
        self.status = status


class Refused(Exception):
    """What was sent is not taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.word)
        self.reason = reason
