"""The one question that a ranking needs: its words, and what an answer to it is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from handlers import commands, hearing
from handlers.choices import Choice, by_number, by_word, named, within
from handlers.commands import Command
from handlers.dialogue import Reply, Scene
from handlers.forms.form import REGISTRATION
from handlers.projects.market import Market
from handlers.prompts import ask
from handlers.texts import say
from knowledge.numerals import digits
from matching.profiles import UNSAID
from matching.words import words
from registry.projects_rows import file

_OF_FORM = ("want_kind", "skills", "lacks")
_MOST_YEARS = 60
_NUMBER = re.compile(r"\d{1,2}")
ASKED = (*_OF_FORM, "capital_band", "land_site", "work_years_industry", "certificates")


def question(field: str, scene: Scene, *, key: str, page: int = 0, hint: str = "") -> Reply:
    """The question for a field."""
    lead = f"{hint}\n" if hint else ""
    most = _most(field, scene)
    listed = () if field == "work_years_industry" else choices(field, scene)
    skip = (say("option.skip"),)
    return ask(
        f"{lead}{_text(field, scene)}", listed, key=key, words=skip, kind="reply", most=most
    )


def answer(field: str, text: str, scene: Scene, *, page: int) -> Mapping[str, Any] | None:
    """The code of an answer; None where it is none."""
    is_no = commands.of(text) in (Command.SKIP, Command.LATER)
    if is_no or hearing.is_unsure(text):
        return {field: UNSAID}
    if field == "work_years_industry":
        return _years(text)
    listed = choices(field, scene)
    codes = by_number(text, listed, page=page, most=_most(field, scene)).codes
    codes = codes or by_word(text, listed) or within(text, listed)
    return {field: _value(field, codes)} if codes else None


def wants_more(field: str, text: str, scene: Scene, *, page: int) -> bool:
    """Whether somebody turns the page of a long list."""
    return by_number(text, choices(field, scene), page=page, most=_most(field, scene)).more


def choices(field: str, scene: Scene) -> Sequence[Choice]:
    """What can be chosen."""
    if field in _OF_FORM:
        found = scene.forms[REGISTRATION].question(field)
        return found.choices if found else ()
    if field == "certificates":
        return (*_papers(scene.market), Choice("", say("projects.no_papers"), ("没有", "无")))
    return named("capital_band") if field == "capital_band" else named("land_site")


def _text(field: str, scene: Scene) -> str:
    if field in _OF_FORM:
        found = scene.forms[REGISTRATION].question(field)
        return found.ask if found else ""
    match field:
        case "capital_band":
            return say("projects.asked_capital")
        case "land_site":
            return say("projects.asked_site")
        case "certificates":
            return say("projects.asked_papers")
    return say("projects.asked_line")


def _most(field: str, scene: Scene) -> int:
    found = scene.forms[REGISTRATION].question(field) if field in _OF_FORM else None
    return found.most if found else 1


def _papers(market: Market) -> tuple[Choice, ...]:
    kinds = {one for p in market.stock.projects for one in p.certificates_required}
    levels = words("levels")
    ordered = sorted(kinds, key=lambda one: (one.kind, one.level))[:4]
    return tuple(
        Choice(f"{one.kind}|{one.level}", f"{levels.get(str(one.level), '')}{one.kind}")
        for one in ordered
    )


def _years(text: str) -> Mapping[str, Any] | None:
    """养殖5年; «没有» is none at all."""
    if hearing.core(text) in ("没有", "没干过", "无", "没"):
        return {"work_years_industry": []}
    lines = [Choice(code, word) for word, code in file().words["category"].items()]
    found = within(text, lines)
    years = [int(each) for each in _NUMBER.findall(digits(text)) if int(each) <= _MOST_YEARS]
    return {"work_years_industry": [[found[0], years[0]]]} if found and years else None


def _value(field: str, codes: Sequence[str]) -> Any:
    if field in _OF_FORM:
        return list(codes)
    if field == "certificates":
        pairs = [code.split("|") for code in codes if code]
        return [[kind, int(level), ""] for kind, level in pairs]
    return codes[0]
