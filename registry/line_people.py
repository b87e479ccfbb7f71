"""A line of a cadre's paste as one person, or what is wrong in it and how it would be right."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from knowledge.exchange.cells import Cell, Made
from knowledge.villages import County, Dwelling, Place, bare
from registry import phones
from registry.identity import YOUNGEST
from registry.line_words import MANY, SHEET, Cells, Flaw, folded, is_same, pieces, read
from registry.lists import Fault, Refused, Terms
from registry.people_columns import examples, headings
from registry.people_rows import Listed, PeopleReader
from registry.tables import Line

_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒"
    "屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱丘骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪干解应宗丁宣邓郁单杭洪包诸左"
    "石崔吉龚程邢裴陆荣翁荀羊惠甄曲封储靳邴松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全班仰秋仲伊宫宁仇栾甘厉戎祖武符刘景詹束龙叶幸司韶黎薄"
    "印宿白怀蒲台从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍桑桂牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎充慕连茹习"
    "艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾沙养鞠须丰关相查后荆红游"
    "竺权逯盖益桓公岳涂粟佘旷阳肖闫付覃代仝"
)
_TITLED = re.compile(r".{1,3}(?:某{1,2}|师傅|老板|哥|姐|叔|婶|嫂|伯|姨|先生|女士)")
_NICKNAME = re.compile(r"[小老阿大].")
_HOME = re.compile(
    r".*(?:村|社区|居委会|[组湾屋冲坪寨庄屯坝垸坡岭塘沟营堡桥店洼院街镇乡片队里坳铺岗峪圩浜湖河口山])$"
)
_HOME_STRONG = re.compile(
    r".{1,10}(?:村|社区|居委会|街道|镇|乡)$|.*\d+(?:组|队)$|.家(?:湾|冲|坪|寨|庄|屯|坝|坡|岭|塘|沟|营|店|桥|院)$|"
    r".{2,}(?:老屋|新屋|湾|组|冲|垸|屋场)$"
)
_OFFICIAL = re.compile(r"(?:村|社区|镇|乡|街道)$")
_GROUP = re.compile(r"第?[\d一二三四五六七八九十]+[组队]")
_HAN = re.compile(r"[\u3400-\u9fff·]{2,15}")
_MASK = re.compile(r"「[^」]*已隐去」")  # numbers of papers were left out at the door
_A_NAME, _A_VILLAGE = "王某", "泉塘村"
_LIKELY = 2  # how sure one is of a place: by its ending, by its whole shape, by the list
_SHORT_NAME, _LONGEST_NAME = 2, 4  # characters


@dataclass(frozen=True, slots=True)
class Written:
    """A line as it was written, with the place that stood above it, "" where none did."""

    number: int
    text: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What a line comes to: somebody, or faults with a line that would be right.

    `text` is what to keep of it; `name` and `phone` tell which line is sent again.
    """

    number: int
    text: str
    place: str
    name: str
    phone: str
    listed: Listed | None
    faults: tuple[str, ...] = ()
    example: str = ""
    is_signed: bool = False
    is_barred: bool = False  # said no, or too young: nothing of them is kept
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ward:
    """Where a cadre's people are: a county, and the town or village that they are of."""

    county: County
    spoken: str  # the county, as people write it
    town: Place | None = None
    village: Place | None = None

    @property
    def name(self) -> str:
        """The village, or the wider place that lines are to be of."""
        own = self.village or self.town
        return own.name if own else self.spoken

    @property
    def dwelling(self) -> Dwelling:
        """Where somebody is at home of whom nothing else is said."""
        town = self.town.id if self.town else ""
        return Dwelling(self.county.area, town, self.village.id if self.village else "")

    @property
    def called(self) -> str:
        """The name of a cadre's own village, after its town's where the county has several."""
        if self.village is None or self.town is None:
            return self.name
        is_one = self.county.dwelling(self.village.name).village == self.village.id
        return self.village.name if is_one else f"{self.town.name}{self.village.name}"

    def within(self, words: str) -> str:
        """The words after the name of the cadre's own town, where theirs there is called so."""
        if not words or self.town is None:
            return words
        if self.village and self.county.dwelling(words).village == self.village.id:
            return words
        whole = f"{self.town.name}{words}"
        at = self.county.dwelling(whole)
        is_own = at.village == self.village.id if self.village else at.town == self.town.id
        return whole if at.village and is_own else words

    def refuses(self, at: Dwelling, words: str) -> str:
        """Why nobody of this place is theirs to enter; "" where they are."""
        if not _OFFICIAL.search(words):  # a hamlet or a group, whatever else is called so
            is_nothing = not (self.village or self.town) and _GROUP.fullmatch(words)
            return "没写是哪个村" if is_nothing else ""
        if self.village and at.village not in ("", self.village.id):
            return f"“{words}”不是{self.village.name}的，只收您村的"
        if self.town and at.town not in ("", self.town.id):
            return f"“{words}”不在{self.town.name}，只收您镇的"
        if at.others and not self.village:
            return f"“{words}”不止一个，写上哪个镇的"
        is_known = (at.village or at.town) and not _OFFICIAL.search(at.rest)
        return "" if is_known or not self._is_listed() else f"“{words}”在{self.name}查不到"

    def _is_listed(self) -> bool:
        """Whether the villages are known, so that another name is a slip."""
        towns = [self.town] if self.town else self.county.towns()
        return bool(self.village) or any(self.county.villages(town.id) for town in towns)


@dataclass(slots=True)
class _Found:
    """A line's name and place, and the rest by column."""

    cells: Cells
    name: str = ""
    place: str = ""

    @property
    def is_whole(self) -> bool:
        return bool(self.name and self.cells.coded)


class LineReader:
    """Reads lines; what «同上» means is remembered from line to line."""

    def __init__(self, terms: Terms, ward: Ward) -> None:
        # On what ground they are stored is settled apart: here nobody is refused for it.
        origin = replace(terms.origin, basis=terms.origin.basis or "?")
        self._reader = PeopleReader(replace(terms, origin=origin))
        self._ward = ward
        self._above: list[str] = []
        self._places: set[str] = set()

    def __call__(self, written: Written, *, before: str = "") -> Read:
        """One line; `before` is the line that it mends, of which it may give only a part."""
        said = self._as_above(pieces(folded(_MASK.sub(" ", written.text))))
        self._above = said or self._above
        found = self._sorted(said)
        text = " ".join(said)
        if before and not found.is_whole:
            found = _mended(self._sorted(pieces(folded(before))), found)
            text = _line_of(found)
        return self._read(replace(written, text=text, place=found.place or written.place), found)

    def _as_above(self, said: list[str]) -> list[str]:
        """With what stood above instead of «同上»: at the same spot, else the place."""
        filled = []
        for spot, piece in enumerate(said):
            above = self._above[spot] if is_same(piece) and spot < len(self._above) else ""
            if is_same(piece) and (not above or _is_name(above)):
                above = next((p for p in self._above if self._place_like(p)), "")
            filled.append(above if is_same(piece) else piece)
        return [piece for piece in filled if piece]

    def _sorted(self, said: Sequence[str]) -> _Found:
        """Name and place out of what no column knows."""
        found = _Found(read(said))
        unknown = [piece for piece in found.cells.unknown if _has_han(piece)]
        strange = [piece for piece in found.cells.unknown if piece not in unknown]
        likely = [piece for piece in unknown if self._place_like(piece) >= _LIKELY]
        weak = [piece for piece in unknown if self._place_like(piece) == 1]
        if not likely and weak and len(unknown) > 1:
            likely = [max(weak, key=lambda piece: (not _is_name(piece), len(piece)))]
        named = [piece for piece in likely if _is_name(piece)]
        if named and len(likely) == len(unknown) > 1:  # one of them is the name, as in 张村
            likely.remove(min(named, key=len))
        names = [piece for piece in unknown if piece not in likely]
        names.sort(key=lambda piece: not _is_name(piece))
        found.place, found.name = "".join(likely), names[0] if names else ""
        for piece in (*names[1:], *strange):
            found.cells.flaw("", f"“{piece[:12]}”看不懂")
        return found

    def _place_like(self, piece: str) -> int:
        """How sure a piece names a place: 0 not at all, 3 it is in the list."""
        if piece in self._places:
            return 3
        at = self._ward.county.dwelling(piece)
        is_known = (at.village or at.town) and not at.rest
        if is_known and (len(piece) > _SHORT_NAME or not _is_name(piece)):
            return 3
        if _HOME_STRONG.fullmatch(piece):
            return _LIKELY
        return 1 if _HOME.fullmatch(piece) else 0

    def _read(self, written: Written, found: _Found) -> Read:
        cells = found.cells
        at, wrong = self._home(written.place)
        flaws = [*cells.flaws, *wrong]
        if not (cells.coded or flaws):
            flaws.append(Flaw("", "只有名字，没写情况"))
        listed, said = self._listed(written, found, at)
        known = {flaw.column for flaw in flaws}
        flaws += [flaw for flaw in said if not flaw.column or flaw.column not in known]
        if not flaws:
            self._places.add(written.place)
        return Read(
            number=written.number,
            text=written.text,
            place=written.place,
            name=found.name,
            phone=next(iter(cells.said.get("phone", ())), ""),
            listed=None if flaws else listed,
            faults=tuple(flaw.sentence for flaw in flaws),
            example=self._example(found, written.place, {flaw.column for flaw in flaws}),
            is_signed=listed is not None and listed.is_signed,
            is_barred=_is_barred(cells),
            remarks=listed.remarks if listed is not None else (),
        )

    def _home(self, words: str) -> tuple[Dwelling, list[Flaw]]:
        """Where somebody of this place is at home, and why it cannot be."""
        ward = self._ward
        own, words = ward.dwelling, ward.within(words)
        if not words:
            return own, [] if own.village or own.town else [Flaw("village", "没写是哪个村")]
        at = ward.county.dwelling(words)
        if wrong := ward.refuses(at, words):
            return at, [Flaw("village", wrong)]
        is_theirs = at.village and not (own.village or (own.town and own.town != at.town))
        return (at, []) if is_theirs or (at.town and not own.town) else (own, [])

    def _listed(
        self, written: Written, found: _Found, at: Dwelling
    ) -> tuple[Listed | None, list[Flaw]]:
        """Somebody as any list would bring them."""
        said = {name: "、".join(words) for name, words in found.cells.said.items() if words}
        words, own = self._ward.within(written.place), self._ward.village
        if own and bare(own, own.name) not in words:
            words = f"{self._ward.called}{words}"
        row = {**said, "nickname": found.name, "village": words}
        cells = {name: Cell(text, Made.TEXT) for name, text in row.items() if text}
        listed = self._reader(Line("", written.number, cells))
        if isinstance(listed, Refused):
            return None, [_flaw(fault) for fault in listed.faults]
        return listed._replace(area=at.area, town=at.town, village=at.village), []

    def _example(self, found: _Found, place: str, wrong: Set[str]) -> str:
        """The line as it would be right: what was understood stays, the rest is made up."""
        if not wrong:
            return ""
        said = found.cells.said
        is_elsewhere = "village" in wrong and (self._ward.village or self._ward.town)
        home = self._ward.name if is_elsewhere or not place else place
        if "village" in wrong and not is_elsewhere:
            home = _A_VILLAGE
        phone = phones.EXAMPLE if "phone" in wrong else next(iter(said.get("phone", ())), "")
        words = [home, found.name or _A_NAME, phone]
        for column in SHEET:
            held = said.get(column, [])
            if held:
                words += held[:2] if column in MANY else held[:1]
            elif column in wrong or (column == "intent" and not found.cells.coded):
                words.append(examples()[column].split("、")[1])
        return " ".join(filter(None, words))


def _mended(old: _Found, new: _Found) -> _Found:
    """The old line with what a part of it is to be instead."""
    said = {**old.cells.said, **{c: words for c, words in new.cells.said.items() if words}}
    kept = [flaw for flaw in old.cells.flaws if flaw.column and flaw.column not in new.cells.said]
    cells = Cells(said, [], [*kept, *new.cells.flaws])
    return _Found(cells, new.name or old.name, new.place or old.place)


def _line_of(found: _Found) -> str:
    """A line that says what was found, to be read again."""
    words = [word for told in found.cells.said.values() for word in told]
    return " ".join(filter(None, (found.place, found.name, *words)))


def _is_barred(cells: Cells) -> bool:
    age = next(iter(cells.said.get("age", ())), "99")
    return cells.said.get("signed") == ["否"] or int(age) < YOUNGEST


def _flaw(fault: Fault) -> Flaw:
    column = next((key for key, name in headings().items() if name == fault.heading), "")
    is_plain = (
        not column or fault.heading in fault.sentence or column in ("nickname", "phone", "signed")
    )
    return Flaw(column, fault.sentence if is_plain else f"{fault.heading}：{fault.sentence}")


def _is_name(piece: str) -> bool:
    if _TITLED.fullmatch(piece):
        return True
    is_short = bool(_HAN.fullmatch(piece)) and len(piece) <= _LONGEST_NAME
    return is_short and (piece[0] in _SURNAMES or bool(_NICKNAME.fullmatch(piece)))


def _has_han(piece: str) -> bool:
    return any("\u3400" <= c <= "\u9fff" for c in piece)
