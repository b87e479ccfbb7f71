"""What a telephone number looks like in China, as a paper prints it."""

import re
import unicodedata

_GAP = r"[- ]?"
_SHAPES = (
    rf"(?:\+?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}",  # a mobile
    rf"(?:\(0\d{{2,3}}\)|0\d{{2,3}}{_GAP})[1-9]\d{{2,3}}{_GAP}\d{{4}}",  # a landline
    rf"[2-8]\d{{2,3}}{_GAP}\d{{4}}",  # the same, dialled from within its city
    rf"[48]00{_GAP}\d{{3}}{_GAP}\d{{4}}|[48]00{_GAP}\d{{4}}{_GAP}\d{{3}}",
    r"1[012]\d|1[012]\d{3}|9[56]\d{3,4}",  # 110, 12345, 95588
)
_EXTENSION = r"(?: ?(?:转|分机|-|ext\.?) ?\d{1,6})?"
_PHONE = re.compile(rf"(?:{'|'.join(_SHAPES)}){_EXTENSION}")
_REMARK = re.compile(r"\([^()\d]*\)$")  # when somebody answers, who it is
_BETWEEN = re.compile(r"[、,;/或]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―", "-"))


def is_phone(text: str) -> bool:
    """Whether a text is one number or several that can be dialled: no part, no post code."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    numbers = (_REMARK.sub("", each.strip()).strip() for each in _BETWEEN.split(plain))
    return all(map(_PHONE.fullmatch, numbers))
