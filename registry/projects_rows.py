"""A row of a list of projects as an offer, or every reason why it is not taken."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from knowledge import villages
from matching.codes import Category, Site
from records.projects import ProjectKind, Provenance
from registry import days, identity, money, people_columns, phones
from registry.cells_of_row import Row
from registry.column_files import ColumnFile, read
from registry.homes import Homes, NoHome, Written
from registry.lists import Refused, Terms
from registry.offers import DEPT, RISK, ROLE, TITLE, WORDS, Offer, Owned, missing
from registry.tables import Line
from registry.words import Words

_BETWEEN = re.compile(r"[\s,，、;；/／|+＋]+")
_LEVELS = {"初级": 1, "中级": 2, "高级": 3, "技师": 4, "高级技师": 5}
_LEVEL = re.compile(r"(?:(高级技师|技师|高级|中级|初级))")
_SPAN = re.compile(r"(\d{1,3})\s*(?:个月|月)?\s*(?:[-—~～－]|至|到)*\s*(\d{1,3})?\s*(?:个月|月)?")
_ALL = frozenset({"全县", "各镇", "各乡镇", "不限"})


@cache
def file() -> ColumnFile:
    """The columns of the list."""
    return read("projects.toml", skills=people_columns.words()["skills"])


class ProjectsReader:
    """Reads rows; what words and places mean is remembered from row to row."""

    def __init__(self, terms: Terms) -> None:
        self._today = terms.origin.at.date()
        self._homes = Homes(terms.places, terms.area)
        self._words = {
            key: Words(known, terms.wording.values.get(key, {}))
            for key, known in file().words.items()
        }

    def __call__(self, line: Line) -> Owned | Refused:
        row = Row(line, file())
        if line.fault:
            row.refuse("", line.fault)
            return Refused(tuple(row.faults))
        county, towns, place = self._where(row)
        least, most = self._money(row)
        offer = Offer(
            kind=ProjectKind(self._one(row, "kind") or ProjectKind.PROJECT),
            title=row.short("title", TITLE),
            category=Category(self._one(row, "category", needed=True) or Category.OTHER),
            county=county,
            source_dept=row.short("source_dept", DEPT),
            contact_role=row.short("contact_role", ROLE),
            about=self._plain(row, "about"),
            towns=towns,
            place=place,
            min_capital_yuan=least,
            max_capital_yuan=most,
            site_need=Site(self._one(row, "site_need") or Site.NONE),
            land_mu=self._count(row, "land_mu"),
            skills_any=self._several(row, "skills_any"),
            skills_required=self._several(row, "skills_required"),
            certificates_required=_certificates(row.text("certificates")),
            training_available=self._one(row, "training") == "yes",
            is_full_time=self._one(row, "hours") == "full",
            people_needed=self._count(row, "people_needed"),
            payback_months=_payback(row),
            support=tuple(_BETWEEN.split(row.text("support"))) if row.text("support") else (),
            offers=self._several(row, "offers"),
            risk_line=row.short("risk_line", RISK),
            failure_case=self._plain(row, "failure_case"),
            partner=row.short("partner", DEPT),
            theme_tags=tuple(_BETWEEN.split(t)) if (t := row.text("theme_tags")) else (),
            slots=1 if (slots := self._count(row, "slots")) is None else slots,
            expires_on=self._expiry(row),
        )
        return self._taken(row, offer)

    def _taken(self, row: Row, offer: Offer) -> Owned | Refused:
        owner = self._owner(row)
        if not row.faults:
            for sentence in missing(offer, self._today):
                row.refuse("", sentence)
        if row.faults:
            return Refused(tuple(row.faults))
        return Owned(offer, Provenance.SPREADSHEET, owner=owner)

    def _where(self, row: Row) -> tuple[str, tuple[str, ...], str]:
        """The county, the ids of towns, and the place in words."""
        home = self._homes.read(Written(county=row.text("county")))
        if isinstance(home, NoHome):
            row.refuse("county", home.sentence, home.example)
            return "", (), ""
        said = row.short("town", ROLE)
        names = [name for name in _BETWEEN.split(said) if name and name not in _ALL]
        county = villages.county(home.area)
        towns = [county.dwelling(name).town for name in names]
        return home.area, tuple(dict.fromkeys(town for town in towns if town)), "、".join(names)

    def _money(self, row: Row) -> tuple[int, int | None]:
        said = row.text("capital")
        is_project = self._words["kind"].code(row.text("kind") or "项目") == "project"
        if not said and not is_project:
            return 0, None
        found = money.span(said) if said else None
        if found is None:
            row.refuse("capital", "看不出要多少钱" if said else "没写要多少本钱", "3万—5万")
            return 0, None
        return found

    def _one(self, row: Row, key: str, *, needed: bool = False) -> str:
        said = row.text(key)
        if not said:
            if needed:
                row.refuse(key, f"没写，可以写：{file().examples[key]}")
            return ""
        code = self._words[key].code(said)
        if code is None:
            row.refuse(key, f"“{said[:20]}”不认识，可以写：{file().examples[key]}")
        return code or ""

    def _several(self, row: Row, key: str) -> tuple[str, ...]:
        said = row.text(key)
        codes, unknown = self._words[key].codes(said) if said else ((), ())
        if unknown:
            name = file().heading(key)
            row.remarks.append(f"“{name}”列的“{'、'.join(unknown)[:20]}”没有对应的选项，没有收")
        return codes

    def _count(self, row: Row, key: str) -> int | None:
        said = row.text(key)
        found = money.count(said) if said else None
        if said and found is None:
            row.refuse(key, f"“{said[:20]}”不是数", "5")
        return found

    def _plain(self, row: Row, key: str) -> str:
        said = row.short(key, WORDS)
        if identity.holds_secret(said):
            row.refuse(key, "这里不写身份证号和卡号")
        return said

    def _expiry(self, row: Row) -> date | None:
        said = row.text("expires_on")
        found = days.day(row.line.cell("expires_on")) if said else None
        if said and found is None:
            row.refuse("expires_on", f"“{said[:20]}”看不出是哪天", f"{self._today.year + 1}-06-30")
        return found

    def _owner(self, row: Row) -> dict[str, str]:
        """Who owns it, kept sealed; a landline is an office's and is kept as it stands."""
        name, said = row.short("owner_name", ROLE), row.text("owner_phone")
        phone, wrong = phones.read(said) if said else ("", "")
        if wrong and not re.fullmatch(r"0\d{2,3}[-\s]?\d{7,8}", said):
            row.refuse("owner_phone", wrong, phones.EXAMPLE)
        return {k: v for k, v in {"name": name, "phone": phone or said}.items() if v}


def _certificates(said: str) -> tuple[tuple[str, int], ...]:
    """中级电工证、健康证: kinds with their levels, 0 where none is named."""
    found = []
    for one in filter(None, _BETWEEN.split(said)):
        level = _LEVEL.search(one)
        kind = _LEVEL.sub("", one).strip("()（）证书") or one
        found.append((f"{kind}证", _LEVELS[level[1]] if level else 0))
    return tuple(found) if said not in ("无", "不用", "没有") else ()


def _payback(row: Row) -> tuple[int, int] | None:
    said = row.text("payback")
    if not said:
        return None
    found = _SPAN.fullmatch(said)
    months = days.months(said) if found is None else None
    if found is None and months is None:
        row.refuse("payback", f"“{said[:20]}”看不出几个月", "12—18")
        return None
    if months is not None:
        return months, months
    assert found is not None
    first, last = int(found[1]), int(found[2] or found[1])
    return min(first, last), max(first, last)
