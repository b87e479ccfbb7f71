"""Lists of businesses (实名制台账, domain 5.8): what `guiyan import entities` takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.exchange.cells import Made
from matching.codes import Category
from matching.facts import Entity as Form
from records import entities, people
from records.database import Session
from records.entities import Business, Entity, EntityState
from records.people import Profile
from registry import credit_codes, days, identity, phones
from registry.columns import Column
from registry.homes import Homes, NoHome, Written
from registry.lists import Fault, Kind, Origin, Outcome, Refused, Stored, Terms
from registry.people_columns import words as words_of_people
from registry.tables import Line
from registry.words import Words

_ID, _TOKEN = 24, 17  # characters of an id, and of what an import draws for all of its own
_LONGEST = 60
_MOST_PEOPLE = 100_000
COLUMNS = (
    Column("external_id", "系统编号", ("编号", "台账编号", "主体编号", "企业编号")),
    Column("name", "名称", ("招牌", "名称/招牌", "企业名称", "主体名称", "单位名称", "字号")),
    Column("form", "类型", ("主体类型", "企业类型", "经营主体类型", "市场主体类型")),
    Column("trade", "行业", ("所属行业", "经营内容", "经营项目", "创业项目", "干的是啥")),
    Column("county", "县", ("县市区", "县（市、区）", "县区", "所在县", "经营所在县")),
    Column("town", "镇", ("乡镇", "乡镇（街道）", "镇街", "所在乡镇")),
    Column("village", "村", ("村组", "村（居）", "行政村", "所在村")),
    Column("address", "地址", ("经营地址", "经营场所", "住所", "详细地址")),
    Column("founder", "负责人", ("法人", "法定代表人", "经营者", "创业者", "姓名", "创业者姓名")),
    Column("phone", "负责人手机", ("手机", "电话", "联系电话", "手机号", "联系方式")),
    Column(
        "licensed_on", "办照时间", ("注册时间", "登记时间", "成立日期", "注册日期", "办照日期")
    ),
    Column("credit_code", "信用代码", ("统一社会信用代码", "执照号", "营业执照号", "注册号")),
    Column("headcount", "从业人数", ("员工数", "从业人员", "用工人数", "人数")),
    Column("led", "带动就业", ("其中带动", "其中带动（不含本人）", "带动就业人数", "带动人数")),
    Column("state", "状态", ("经营状态", "是否营业", "登记状态")),
    Column("closed_on", "停业时间", ("注销时间", "关停时间")),
    Column("reason", "停业原因", ("注销原因", "停业时间和原因"), note="停业原因不进台账"),
    Column(
        "support", "享受政策", ("享受补贴", "政策享受情况"), note="享受政策以经办部门为准，没有存"
    ),
    Column("number", "序号", ("编次",), aside="序号不用存"),
)
FORMS = {
    **dict.fromkeys(("个体户", "个体工商户", "个体", "个体经营"), Form.SOLE.value),
    **dict.fromkeys(
        ("公司", "企业", "有限公司", "有限责任公司", "小微企业", "股份公司", "个人独资企业"),
        Form.FIRM.value,
    ),
    **dict.fromkeys(("合作社", "农民专业合作社", "专业合作社"), Form.COOPERATIVE.value),
    **dict.fromkeys(("家庭农场", "农场", "家庭林场"), Form.FARM.value),
    **dict.fromkeys(("没办", "没办执照", "未办照", "无照", "未登记"), Form.NONE.value),
}
STATES = {
    **dict.fromkeys(
        ("开业", "营业", "在营", "存续", "正常", "在业", "经营中", "是"), EntityState.OPEN.value
    ),
    **dict.fromkeys(
        ("停业", "注销", "吊销", "关停", "倒闭", "歇业", "否"), EntityState.CLOSED.value
    ),
}


@dataclass(frozen=True, slots=True)
class ListedBusiness:
    """One business as a list names it; `id` is its own if it is new."""

    id: str
    business: Business
    founder: str
    phone: str
    remarks: tuple[str, ...] = ()


class EntitiesReader:
    """Reads rows; what words and places mean is remembered from row to row."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._count = 0
        self._homes = Homes(terms.places, terms.area, terms.villages)
        mapped = terms.wording.values
        self._words = {key: Words(known, mapped.get(key, {})) for key, known in _words().items()}

    def __call__(self, line: Line) -> ListedBusiness | Refused:
        if line.fault:
            return Refused((Fault("", line.fault),))
        faults = [Fault(_HEADINGS[k], _UNWORKED) for k, c in line.cells.items() if _is_bad(c.made)]
        said = {key: cell.text.strip() for key, cell in line.cells.items()}
        known = self._known(line, said, faults)
        founder, phone = said.get("founder", ""), self._checked("phone", phones.read, said, faults)
        if not (founder or phone or known.get("credit_code")):
            faults.append(
                Fault("负责人", "没写负责人，也没有手机和信用代码，对不上是谁的", "王某")
            )
        if any(identity.holds_secret(said.get(key, "")) for key in ("name", "founder", "trade")):
            faults.append(Fault("", "格子里有身份证号或者银行卡号，请删掉再导"))
        if faults:
            return Refused(tuple(faults))
        self._count += 1
        number = f"{self._terms.token[:_TOKEN]}{self._count:0{_ID - _TOKEN}x}"
        return ListedBusiness(number, Business(**known), founder[:_LONGEST], phone)

    def _known(self, line: Line, said: Mapping[str, str], faults: list[Fault]) -> dict[str, Any]:
        known: dict[str, Any] = {
            "name": said.get("name", "")[:_LONGEST],
            "external_id": said.get("external_id", "")[:64],
            "trade": self._coded("trade", said, faults) or "",
            "form": self._coded("form", said, faults) or "",
            "state": EntityState(self._coded("state", said, faults) or EntityState.OPEN),
            "credit_code": self._checked("credit_code", credit_codes.read, said, faults),
            "licensed_on": self._day("licensed_on", line, faults),
            "closed_on": self._day("closed_on", line, faults),
            "headcount": self._headcount(said, faults),
        }
        known["began_on"] = known["licensed_on"]
        if known["closed_on"] is not None:
            known["state"] = EntityState.CLOSED
        return known | self._place(said, faults)

    def _place(self, said: Mapping[str, str], faults: list[Fault]) -> dict[str, str]:
        cells = {key: said.get(key, "") for key in ("county", "town", "village", "address")}
        home = self._homes.read(Written(**cells))
        if isinstance(home, NoHome):
            faults.append(Fault("县", home.sentence, home.example))
            return {}
        return {"area": home.area, "town": home.town, "village": home.village}

    def _coded(self, key: str, said: Mapping[str, str], faults: list[Fault]) -> str | None:
        text = said.get(key, "")
        code = self._words[key].code(text) if text else None
        if text and code is None and key == "trade":
            return Category.OTHER.value
        if text and code is None:
            hint = "、".join(_firsts(key))
            faults.append(Fault(_HEADINGS[key], f"“{text[:20]}”不认识，可以写：{hint}"))
        return code

    def _checked(self, key: str, read: Any, said: Mapping[str, str], faults: list[Fault]) -> str:
        value, wrong = read(said.get(key, ""))
        if wrong:
            example = phones.EXAMPLE if key == "phone" else credit_codes.EXAMPLE
            faults.append(Fault(_HEADINGS[key], wrong, example))
        return str(value)

    def _day(self, key: str, line: Line, faults: list[Fault]) -> Any:
        cell = line.cells.get(key)
        if cell is None or not cell.text.strip():
            return None
        day = days.day(cell)
        today = self._terms.origin.at.date()
        if day is None or day > today:
            what = f"“{cell.text[:20]}”" + ("看不出是哪天" if day is None else "还没到")
            faults.append(Fault(_HEADINGS[key], what, "2026年3月"))
            return None
        return day

    def _headcount(self, said: Mapping[str, str], faults: list[Fault]) -> int | None:
        """With the founder; who names only those led adds the founder."""
        for key, founder in (("headcount", 0), ("led", 1)):
            text = said.get(key, "").removesuffix("人")
            if text and not (text.isdecimal() and int(text) < _MOST_PEOPLE):
                faults.append(Fault(_HEADINGS[key], f"“{text[:20]}”不是人数", "3"))
            elif text:
                return int(text) + founder
        return None


def store_all(session: Session, values: Sequence[ListedBusiness], origin: Origin) -> list[Stored]:
    """Store businesses, in order; known ones are confirmed or brought up to date."""
    return [_store(session, value, origin) for value in values]


def _store(session: Session, value: ListedBusiness, origin: Origin) -> Stored:
    founder = _founder(session, value, origin)
    person_id = founder.id if founder else ""
    row = _held(session, value, person_id, origin)
    if row is None:
        entities.open_one(
            session,
            origin.vault,
            value.id,
            person_id,
            value.business,
            source=origin.source.value,
            at=origin.at,
        )
        alone = () if founder else ("负责人没有登记过，先单独记着",)
        return Stored(Outcome.NEW, value.id, alone)
    held = entities.business_of(row, origin.vault)
    fresh = _fresh(held, value.business)
    if not fresh:
        return Stored(Outcome.SAME, row.id)
    source = f"{origin.source.value}:{origin.staff}"[:40]
    entities.change(session, origin.vault, row.id, fresh, source=source, at=origin.at)
    return Stored(Outcome.MERGED, row.id, tuple(_told(held, fresh)))


def _founder(session: Session, value: ListedBusiness, origin: Origin) -> Profile | None:
    """The one person of this number, and of this name where one is given."""
    if not value.phone:
        return None
    found = people.with_phone(session, origin.vault, [value.phone]).get(value.phone, ())
    named = [p for p in found if not value.founder or _is_named(p, value.founder)]
    return named[0] if len(named) == 1 else None


def _is_named(profile: Profile, name: str) -> bool:
    """A nickname such as 老王 does not speak against 王强."""
    known = profile.nickname
    return not known or known == name or known[:1] == name[:1] or known[-1:] == name[:1]


def _held(
    session: Session, value: ListedBusiness, person_id: str, origin: Origin
) -> Entity | None:
    """The business that this is: by its code, its number elsewhere, or its founder and trade."""
    business = value.business
    found = entities.same_as(session, origin.vault, business)
    if found is not None or not person_id:
        return found
    mine = entities.of_people(session, [person_id]).get(person_id, [])
    alike = [row for row in mine if business.trade in ("", row.trade) and not row.code_print]
    return alike[0] if len(alike) == 1 else None


def _fresh(held: Business, new: Business) -> dict[str, Any]:
    """What the list knows that is not held, or differs; what it does not say stays."""
    told = {name: getattr(new, name) for name in Business.__slots__}
    known = {name: value for name, value in told.items() if value not in (None, "")}
    if new.state is EntityState.OPEN and held.state is EntityState.CLOSED:
        known.pop("state")  # who was there knows better than a list that says nothing of it
    if held.began_on is not None and new.licensed_on is not None:
        known.pop("began_on")
    return {name: value for name, value in known.items() if getattr(held, name) != value}


def _told(held: Business, fresh: Mapping[str, Any]) -> list[str]:
    old = {name: getattr(held, name) for name in fresh}
    return [
        f"“{_HEADINGS[name]}”列换了新的，旧的留在台账里"
        for name, value in old.items()
        if value not in (None, "") and name in _HEADINGS
    ]


def _words() -> dict[str, Mapping[str, str]]:
    return {"trade": words_of_people()["biz_kind"], "form": FORMS, "state": STATES}


def _firsts(key: str) -> list[str]:
    firsts: dict[str, str] = {}
    for word, code in _words()[key].items():
        firsts.setdefault(code, word)
    return list(firsts.values())


def _is_bad(made: Made) -> bool:
    return made in (Made.FORMULA, Made.ERROR)


_UNWORKED = "这一格是没算出来的公式，请直接填上内容"
_HEADINGS = {column.key: column.heading for column in COLUMNS}
ENTITIES = Kind(
    name="entities",
    columns=COLUMNS,
    reader=EntitiesReader,
    store=store_all,
    words={"trade": words_of_people()["biz_kind"], "form": FORMS, "state": STATES},
)
