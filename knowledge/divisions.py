"""The country's administrative divisions down to counties, with the names of former years."""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from knowledge.text import normalise

COUNTRY = "100000"
_CLOSE, _AFTER_CITY = "-", "="  # marks of divisions.tsv

_PEOPLES = (
    "满族|蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|"
    "傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|"
    "布朗族|撒拉族|毛南族|仡佬族|锡伯族?|塔吉克族?|怒族|普米族|独龙族|鄂温克族|裕固族|保安族|各族|门巴族|珞巴族"
)
_KIND = "特别行政区|自治区|自治州|自治县|自治旗|地区|林区|新区|省|市|县|区|州|旗|盟"
_KIND_LAST = re.compile(rf"(?:{_KIND})$")
_SHORT = re.compile(rf"(.{{2,}}?)(?:{_PEOPLES})*(?:{_KIND})")
_OWN_GOVERNMENT = re.compile(rf"(.{{2,}}?)(?:{_PEOPLES})+自治([州县旗])")


@dataclass(frozen=True, slots=True)
class Area:
    """A place as an administrative code with its name."""

    code: str
    name: str
    short: str
    level: str  # country | province | city | county


@dataclass(frozen=True, slots=True)
class Divisions:
    areas: dict[str, Area]
    names: dict[str, tuple[str, ...]]
    well_known: frozenset[str]  # cities and provinces: named without more ado
    everyday: frozenset[str]  # counties that sound like ordinary words
    shy: dict[str, tuple[str, ...]]  # their short names: places only in a place's company


@cache
def divisions() -> Divisions:
    """The country's tables, read once."""
    areas: dict[str, Area] = {COUNTRY: Area(COUNTRY, "全国", "全国", "country")}
    names: dict[str, tuple[str, ...]] = {}
    well_known: set[str] = set()
    everyday: set[str] = set()
    shy: dict[str, tuple[str, ...]] = {}
    for code, name, *marks in _rows("divisions"):
        area = _area(code, name, marks)
        areas[code] = area
        forms = _told_apart(area, areas) if marks == [_AFTER_CITY] else _forms(name, not marks)
        for form in map(normalise, forms):
            names[form] = (*names.get(form, ()), code)
        if marks == [_CLOSE]:
            everyday.update(map(normalise, forms))
            short = normalise(_forms(name, bare=True)[-1])
            shy[short] = (*shy.get(short, ()), code)
        elif area.level != "county":
            well_known.update(map(normalise, forms))
    _add_former(names, shy)
    return Divisions(areas, names, frozenset(well_known), frozenset(everyday), shy)


def _rows(table: str) -> Iterator[list[str]]:
    text = files("knowledge").joinpath(f"tables/{table}.tsv").read_text("utf-8")
    return (line.split("\t") for line in text.splitlines() if not line.startswith("#"))


def _area(code: str, name: str, marks: list[str]) -> Area:
    short = name if marks else _forms(name, bare=True)[-1]
    return Area(code, name, short, _level(code))


def _told_apart(area: Area, areas: dict[str, Area]) -> tuple[str, ...]:
    city = areas[area.code[:4] + "00"]
    return tuple(f"{before}{area.name}" for before in (city.name, city.short))


@cache
def former_names() -> frozenset[str]:
    """The names of former years, normalised, with and without the word for what it was."""
    names = {normalise(name) for name, *_ in _rows("renamed")}
    return frozenset(names | {_KIND_LAST.sub("", name) for name in names})


def _add_former(names: dict[str, tuple[str, ...]], shy: Container[str]) -> None:
    """Names of former years; the bare ones too (襄樊, 塘沽) where nothing else is called so."""
    rows = [(normalise(name), code, marks) for name, code, _, *marks in _rows("renamed")]
    for name, code, _ in rows:
        names[name] = (*names.get(name, ()), code)
    for name, code, marks in rows:
        bare = _KIND_LAST.sub("", name)
        if not marks and len(bare) > 1 and bare not in shy:
            names.setdefault(bare, (code,))


def _level(code: str) -> str:
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def _forms(name: str, bare: bool) -> tuple[str, ...]:
    """How people say a name: whole, without its kind, and 长阳县 for 长阳土家族自治县."""
    if "直辖" in name:
        return (name,)
    own = _OWN_GOVERNMENT.fullmatch(name)
    short = _SHORT.fullmatch(name)
    forms = [name]
    if own:
        forms += [own.group(1) + own.group(2), f"{own.group(1)}自治{own.group(2)}"]
    if short and bare:
        forms.append(short.group(1))
    return tuple(dict.fromkeys(forms))
