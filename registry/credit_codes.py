"""Unified social credit codes: 18 signs, of which the last checks the others (GB 32100-2015)."""

from __future__ import annotations

import unicodedata

EXAMPLE = "91350100M000100Y43"  # the standard's own
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_LENGTH = 18


def read(text: str) -> tuple[str, str]:
    """The code of a cell and what is wrong with it; ("", "") for an empty cell."""
    code = "".join(unicodedata.normalize("NFKC", text).upper().split())
    if not code:
        return "", ""
    if len(code) != _LENGTH:
        return "", f"统一社会信用代码要18位，这里是{len(code)}位"
    if set(code) - set(_SIGNS):
        return "", "统一社会信用代码里没有字母I、O、S、V、Z"
    if _check(code[:-1]) != code[-1]:
        return "", "统一社会信用代码对不上校验位，请核对执照"
    return code, ""


def _check(body: str) -> str:
    total = sum(_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return _SIGNS[-total % 31]
