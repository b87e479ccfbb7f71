"""Whose rules a question is about: the asker's own area's, another one's, the country's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.areas import Area, Gazetteer, Mention
from knowledge.hearing import is_of_kin, is_root, is_workplace

_NATIONAL = re.compile(
    r"全国|国家的?(政策|规定|标准|统1|现在|层面|口径|文件|法律|贷款|办法)|国务院|人社部|中央(政策|文件|规定)"
)
_STATE = re.compile(r"国家(?!级|队|干部)|中央(?!财政)")  # people also say 国家 for any office
_ELSEWHERE = re.compile(
    r"(?<![在去到从])(外地|别处|别的地方|其他地方|其它地方|别的县|外面)"
    r"(?!.{0,3}(打工|务工|上班|干活|回来|工作|就业|联络|服务站|站|点|老乡|人))"
)
_HERE = re.compile(
    r"(我们|本|我)(县|区|市)(?![里的]?[^,。?]{0,3}(定|规))|(我们|我)(这|那)(里|边|个县)"
)


_OURS = re.compile(r"我们这(?![^,]{0,4}$)")  # 我们这有没有 is of what was said before it


@dataclass(frozen=True, slots=True)
class Scope:
    """The area asked about and the pack that speaks for it."""

    target: Area | None  # the place asked about
    pack: str | None  # the pack whose rules hold there
    home: Area | None  # where the asker comes from
    places: tuple[str, ...]  # names of places inside the pack
    is_foreign: bool  # another area than the asker's
    is_national: bool


def scope_of(
    text: str, mentions: Sequence[Mention], *, home: Area | None, areas: Gazetteer
) -> Scope:
    """The area of a question: what it names comes before where the asker is from."""
    root = next((m.area for m in mentions if is_root(text, m)), None)
    if root and not (home and _is_same(root, home, areas.pack_for(home.code), areas)):
        home = root
    own = areas.pack_for(home.code) if home else None
    if home and (_HERE.search(text) or _is_of_here(text, mentions)):
        mentions = [m for m in mentions if _is_same(m.area, home, own, areas)]
        mentions = mentions or [Mention(home, 0, 0)]  # 雁归宜昌那样的，我们县有没有
    inside = [m.area for m in mentions if home and _is_same(m.area, home, own, areas)]
    others = [
        m.area
        for m in mentions
        if m.area not in inside and not _is_by_the_way(text, m, areas, home)
    ]
    if any(areas.pack_for(a.code) != own for a in others) and _is_told_of_home(
        text, mentions, inside
    ):
        inside = []  # 我是濮阳的，想去滑县办厂，滑县贷多少: home only says who asks
    named = [*others, *inside]
    target = next((a for a in reversed(inside) if areas.pack_for(a.code)), None)
    if target is None:
        target = home if inside or not others else others[-1]
    pack = areas.pack_for(target.code) if target else None
    return Scope(
        target=target,
        pack=pack,
        home=home,
        places=tuple(
            a.name for a in named if pack and a.code != pack and areas.pack_for(a.code) == pack
        ),
        is_foreign=bool(home and others and not inside),
        is_national=_is_national(text, known=pack is not None),
    )


def _is_told_of_home(text: str, mentions: Sequence[Mention], inside: Sequence[Area]) -> bool:
    """Whether the asker's own place is only named as the one he is from."""
    spots = [m for m in mentions if m.area in inside]
    return bool(spots) and all(is_root(text, m) for m in spots)


def _is_of_here(text: str, mentions: Sequence[Mention]) -> bool:
    """Whether a clause that names no place asks of the asker's own: …濮阳，我们这贷多少."""
    named = {text[m.start : m.end] for m in mentions}
    clauses = (c for c in text.split(",") if _OURS.search(c))
    return any(not any(n in c for n in named) for c in clauses)


def _is_by_the_way(text: str, mention: Mention, areas: Gazetteer, home: Area | None) -> bool:
    """Whether the asker only works there; where kin of his do, its rules may be meant."""
    meant = (home is None or is_of_kin(text, mention)) and areas.pack_for(mention.area.code)
    return is_workplace(text, mention) and not meant


def _is_same(area: Area, home: Area, own: str | None, areas: Gazetteer) -> bool:
    """Whether a named place shares its rules with the asker's, or lies around it."""
    if own is not None and areas.pack_for(area.code) == own:
        return True
    return area.code in areas.lineage(home.code) or home.code in areas.lineage(area.code)


def _is_national(text: str, *, known: bool) -> bool:
    asked = _NATIONAL.search(text) or _ELSEWHERE.search(text)
    return bool(asked or (not known and _STATE.search(text)))
