"""Fingerprints of a person: of phone, phone and name, name and village; found, never read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from records.vault import Vault

NICKNAME, PHONE, VILLAGE = "nickname", "phone", "home_village"  # fields that all forms mean alike
_SHORT = 32  # of 64 digits: 128 bits tell all apart, and the indexes are half as large
LAST = 4  # digits of the phone that only its owner needs to know
_PLAIN = re.compile(r"[\u4e00-\u9fff\d]*", re.A)
_REMEMBERED = 8192  # villages
_TOWN = re.compile(r".*(?:镇|乡|街道|办事处|苏木)(?!村)")
_GROUP = re.compile(r"第?[\d一二三四五六七八九十]+(?:村民小组|小组|组|队|社)$|[东西南北中][组队]$")
_KIND = re.compile(r"(?:居民委员会|村民委员会|村委会|居委会|行政村|自然村|社区|村)$")


class Prints(NamedTuple):
    """What a person is found by; "" where there is too little to tell anybody by.

    A tuple: a list has one for each row, and they go from process to process.
    """

    phone: str
    proof: str  # of the end of the phone and the name
    home: str  # of the name and the village


def of(vault: Vault, values: Mapping[str, Any], area: str) -> Prints:
    """The fingerprints of whoever has these values."""
    phone, name = str(values.get(PHONE) or ""), plain(str(values.get(NICKNAME) or ""))
    village = bare_village(str(values.get(VILLAGE) or ""))
    return Prints(
        phone=vault.fingerprint(phone) if phone else "",
        proof=proof(vault, phone[-LAST:], name) if phone and name else "",
        home=_short(vault, f"{name}/{area}/{village}") if name and village and area else "",
    )


def proof(vault: Vault, last: str, name: str) -> str:
    """Of the end of a phone and a name that is `plain`."""
    return _short(vault, f"{last}/{name}")


def _short(vault: Vault, text: str) -> str:
    return vault.fingerprint(text)[:_SHORT]


def plain(name: str) -> str:
    """A name as it is compared: however wide, tall or spaced it was typed."""
    if _PLAIN.fullmatch(name):
        return name
    return "".join(unicodedata.normalize("NFKC", name).lower().split())


@lru_cache(_REMEMBERED)
def bare_village(words: str) -> str:
    """The village's own name in an address, without its town, its kind and the group."""
    after_town = _TOWN.sub("", plain(words))
    return _KIND.sub("", _GROUP.sub("", after_town))


def town(words: str) -> str:
    """The town in an address, as it is compared; "" where it names none."""
    found = _TOWN.match(plain(words))
    return found.group() if found else ""
