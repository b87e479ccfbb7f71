"""What in a text leads to the person whose story it is, by what is held of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from knowledge.text import letters, readings, simplified
from records import entities, people, scope
from records.cases import Case
from records.database import Session
from records.people import Profile
from records.prints import VILLAGE, bare_village
from records.vault import Vault
from registry import villages

# Mobile phones and numbers of offices however they are split; any other long run of digits.
_NUMBER = re.compile(
    r"(?<!\d)1[3-9](?:[\s-]?\d){9}(?!\d)|(?<!\d)0\d{2,3}[\s-]?\d{7,8}(?!\d)"
    r"|\d{7,}[xX]?(?!\d|\.\d|[元块斤公亩只头株单件吨袋箱万])"
)
_ACCOUNT = re.compile(
    r"(?:微信|抖音|快手|qq|wx|vx|小红书)号?[:：是为]?\s*[a-z0-9_-]{5,}|@[a-z0-9_-]{4,}",
    re.IGNORECASE,
)
_FIGURES = str.maketrans("零〇一二三四五六七八九幺两", "0012345678912")
_BEFORE, _AFTER = (
    "老小阿大",
    "老板|总|师傅|大?姐|大?哥|大?叔|大?婶|嫂|某|氏|家|女士|先生|经理|厂长|主任|会长|同志|记",
)
_PLACE_END = re.compile(
    r"(?:街道办事处|街道|办事处|社区|自然村|行政村|村委会|镇|乡|村|屯|寨|湾|组|庄)$"
)
_TOWN = re.compile(r"^.*?(?:街道|镇|乡)")
_FIRM_END = re.compile(
    r"(?:有限责任公司|有限公司|股份公司|公司|农民专业合作社|专业合作社|合作社|个人独资企业|家庭农场|农场|经营部|服务部"
    r"|加工厂|加工坊|工作室|商行|超市|饭店|饭馆|酒店|民宿|养殖场|种植园|门市部|厂|店|馆|坊)$"
)
_REGION = re.compile(r"^[\u4e00-\u9fff]{1,6}?(?:省|市|县|区|镇|乡|街道)")
_SHORT = 2  # characters of a name that are enough to be somebody's
_HEARD = 3  # characters from which the sound alone is enough


class Trace(StrEnum):
    """What was found; the value is what staff read."""

    NUMBER = "号码"
    ACCOUNT = "账号"
    NAME = "姓名或称呼"
    PLACE = "村镇"
    FIRM = "店名、厂名"


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of somebody that would lead to them."""

    names: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    firms: tuple[str, ...] = ()


def held(session: Session, vault: Vault, case: Case) -> Held:
    """What is held of whose case it is: names, home, where their business is and its name."""
    profile = people.by_ids(session, vault, [case.person_id]).get(case.person_id)
    if profile is None:
        return Held()
    rows = entities.of_people(session, [case.person_id]).get(case.person_id, [])
    spot = scope.spots(session, [case.person_id])[case.person_id]
    ids = {spot.town, spot.village, *(p for row in rows for p in (row.town, row.village))} - {""}
    areas = {profile.area, *(row.area for row in rows)} - {""}
    firms = (entities.business_of(row, vault).name for row in rows)
    return Held(
        names=tuple(filter(None, (plain(profile.nickname),))),
        places=tuple(dict.fromkeys(_places(session, profile, ids, areas))),
        firms=tuple(dict.fromkeys(f for firm in firms for f in _firm(plain(firm)))),
    )


def found(text: str, known: Held, *, is_named: bool) -> tuple[Trace, ...]:
    """What a text gives away; with `is_named` the name, the home and the firm may be told."""
    said = plain(text)
    hits = [(Trace.NUMBER, _has_number(text)), (Trace.ACCOUNT, bool(_ACCOUNT.search(text)))]
    if not is_named:
        hits += [
            (Trace.NAME, any(_names(said, name) for name in known.names)),
            (Trace.PLACE, any(place in said for place in known.places)),
            (Trace.FIRM, any(firm in said for firm in known.firms)),
        ]
    return tuple(trace for trace, is_there in hits if is_there)


def plain(text: str) -> str:
    """A text as it is compared: simplified, small letters, nothing between the characters."""
    return letters(simplified(text).lower())


def _has_number(text: str) -> bool:
    """A phone, an identity number, a code: typed, or spelled in characters."""
    figures = text.translate(_FIGURES)
    return any(_NUMBER.search(each) for each in (text, figures))


def _names(said: str, name: str) -> bool:
    if name in said:
        return True
    core = name[1:] if len(name) == _SHORT and name[0] in _BEFORE else name
    family, given = core[0], core[1:]
    if len(given) >= _SHORT and given in said:
        return True
    if re.search(f"[{_BEFORE}]{family}|{family}(?:{_AFTER})", said):
        return True
    return len(name) >= _HEARD and _sound(name) in _sound(said)


def _sound(text: str) -> str:
    known = readings()
    return f" {' '.join(known.get(c, c) for c in text)} "


def _places(
    session: Session, profile: Profile, ids: Iterable[str], areas: Iterable[str]
) -> Iterator[str]:
    """Every name of their villages and towns, official and as they said it, also without kind."""
    country = villages.known(session, areas)
    words = str(profile.answers.get(VILLAGE) or "")
    names = [words, bare_village(words), *_TOWN.findall(plain(words))]
    names += [
        name for each in ids if (place := country.place(each)) is not None for name in place.names
    ]
    for name in map(plain, names):
        yield from (each for each in (name, _PLACE_END.sub("", name)) if len(each) >= _SHORT)


def _firm(name: str) -> Iterator[str]:
    """A firm's name, and what of it people call it by."""
    core = _FIRM_END.sub("", _REGION.sub("", name))
    yield from (each for each in (name, core) if len(each) >= _SHORT)
    if found := re.match(r"[\u4e00-\u9fff]{1,3}记", core):
        yield found.group()
    if len(core) > _HEARD + 1:
        yield core[:_HEARD]
