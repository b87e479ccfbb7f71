"""What a message tells beside the question that was asked: a name, a number, where one is from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from handlers import hearing, places
from handlers.dialogue import Turn
from handlers.forms import course, reading
from handlers.forms.course import WORDS
from handlers.forms.form import Kind, Question
from handlers.registration import homes
from handlers.registration.filling import CHECK, Here
from handlers.registration.onward import at, home_remembered, onward
from handlers.texts import say
from knowledge.areas import Gazetteer
from records.people import PHONE

_CALLED = re.compile(
    r"(?:我叫|叫我|喊我|我的?名字(?:叫|是))(?![他她你您它大一这那什啥干来去做说])(?P<it>[\u4e00-\u9fff·]{2,4}?)"
    r"(?=$|[^\u4e00-\u9fff]|今年|现在|在|老?家|是|想|住|来自|从|的|手机|电话|我|会|做|干|就|吧)"
)
_AWAY = re.compile(
    r"(?:我|人)?(?:现在|目前|一直|还)?在(?P<it>[\u4e00-\u9fff]{2,8}?)(?:那边|这边)?"
    r"(?:打工|上班|务工|工作|进厂|厂里|(?P<vaguely>[做干跑送搞]))[\u4e00-\u9fff]{0,6}"
)
_FROM = re.compile(
    r"(?:老家|家乡|家里|我家|我是)(?:是|在|住)?(?P<it>[\u4e00-\u9fff]{2,12}?)"
    r"(?:人|的|那边|这边|(?=$|[^\u4e00-\u9fff]|在|现在|我|想))"
)
_HUKOU = re.compile(r"(?P<rural>农村|农业)户口|(?:城镇|城市|非农|居民)户口")
_LONGEST_NOTE = 40
_SHORTEST = 4  # characters of a message that tells more than was asked


def taken(text: str, question: Question, here: Here) -> Turn | None:
    """The message's other answers kept, and the question asked again unless it was one of them."""
    values, phone = _told(text, question, here), _phone(text, question, here)
    if not (values or phone) or (set(values) <= {question.id} and not phone):
        return None
    home = homes.settled(values, here)
    values = home.values
    here = replace(home.here, state=home_remembered(values, home.here))
    filled = here.filled(values) if values else here.fresh()
    if phone:
        return at(CHECK, filled.holding(replace(filled.filling, phone=phone)))
    is_beyond = any(q.id in values and q.number != question.number for q in here.form.questions)
    remark = say("form.noted", what=_note(values, filled)) if is_beyond else ""
    return onward(filled, remark="".join((remark, home.doubt)))


def _told(text: str, question: Question, here: Here) -> dict[str, Any]:
    """Answers by field, of questions that are open; the one asked now may read what is left."""
    if len(text) < _SHORTEST:
        return {}
    found: dict[str, Any] = {}
    rest = hearing.without_phone(text)
    for field, values, span in _found(text, here):
        if here.form.question(field) and field not in here.filling.given:
            found |= values
            rest = rest.partition(span)[0] or rest.replace(span, " ")
    if found and question.kind is Kind.PLACE and question.id not in found:
        own = reading.loosely(question, rest, here.scene.places)
        found |= own.values if own and not own.problem else {}
    return found


def _found(text: str, here: Here) -> Iterator[tuple[str, dict[str, Any], str]]:
    gazetteer = here.scene.places
    called, hukou = _CALLED.search(text), _HUKOU.search(text)
    if called:
        yield "nickname", {"nickname": called["it"]}, called[0]
    if hukou:
        yield "hukou", {"hukou": "rural" if hukou["rural"] else "urban"}, hukou[0]
    for away in _AWAY.finditer(text):
        if _is_elsewhere(away, here):
            yield "where_now", {"where_now": "away", "where_city": away["it"]}, away[0]
            text = text.replace(away[0], " ")
    for home in _FROM.finditer(text):
        yield from _from(home, gazetteer)


def _is_elsewhere(away: re.Match[str], here: Here) -> bool:
    """Whether the place is not home; who only does something in a county may be at home there."""
    found = places.find(away["it"], here.scene.places).area
    home = here.filling.given.get("home_place")
    if found is None or (home and found.code in here.scene.places.lineage(str(home))):
        return False
    return not away["vaguely"] or bool(home) or not places.is_exact(found)


def _from(home: re.Match[str], gazetteer: Gazetteer) -> Iterator[tuple[str, dict[str, Any], str]]:
    found = places.find(home["it"], gazetteer)
    if found.area is None or not places.is_exact(found.area):
        return
    words = places.spoken(found.area, gazetteer)
    village = {"home_village": found.detail} if found.detail else {}
    values = {"home_place": found.area.code, "home_place" + WORDS: words, **village}
    yield "home_place", values, home[0]


def _phone(text: str, question: Question, here: Here) -> str:
    """A number that nobody asked for yet."""
    phone = hearing.phone(text)
    is_open = here.form.question(PHONE) is not None and not here.filling.given.get(PHONE)
    is_asked = question.kind in (Kind.PHONE, Kind.NAME)
    return phone if is_open and not is_asked and not hearing.is_hotline(phone) else ""


def _note(values: dict[str, Any], here: Here) -> str:
    told = (course.shown(q, here.answers) for q in here.form.questions if q.id in values)
    return "、".join(words for words in told if words)[:_LONGEST_NOTE]
