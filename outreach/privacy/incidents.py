"""An incident from the first word to the closing report (PIPL 57; domain P-22)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlmodel import Session

from outreach.calendars import CHINA
from records import audit, incidents
from records.audit import AuditRow
from records.background import BackgroundWork
from records.courses import Enrolment
from records.events import Invitation
from records.incidents import Incident, Unit
from records.people import Person
from records.permits import Permit
from records.scope import visible
from records.tickets import Ticket
from records.vault import Vault

DRILL_MINUTES = 10
UNITS = {
    Unit.OPERATOR: "一般运营者",
    Unit.STATE: "中央和国家机关单位",
    Unit.CRITICAL: "关键信息基础设施运营者",
}
# What the law wants in a notice (PIPL 57), and what is asked for it.
CONTENTS: Mapping[str, str] = {
    "what": "发生了什么",
    "kinds": "涉及哪些信息",
    "cause": "原因",
    "harm": "可能造成的危害",
    "measures": "已经采取的措施",
    "advice": "本人可以怎样减轻危害",
}
HOTLINE = "12387"
_AT_ONCE = 500


class IncidentRefused(Exception):
    """It cannot be done to this incident; one sentence in Chinese."""


def begin(
    session: Session,
    vault: Vault,
    what: str,
    *,
    unit: Unit,
    is_drill: bool,
    by: str,
    now: datetime,
) -> int:
    """Open one: exports rest at once. Its number."""
    if not what.strip():
        raise IncidentRefused("请写一句发生了什么。")
    told = {"what": what.strip()}
    number = incidents.open_one(session, vault, told, unit=unit, is_drill=is_drill, by=by, at=now)
    _audit(session, "incident.drilled" if is_drill else "incident.opened", number, by, now)
    return number


def affect_by_account(
    session: Session,
    vault: Vault,
    number: int,
    name: str,
    *,
    since: datetime,
    until: datetime,
    by: str,
    now: datetime,
) -> int:
    """Everybody of whom this member of staff read or took something in a span; how many now."""
    _open(session, vault, number)
    if until <= since:
        raise IncidentRefused("结束时间要晚于开始时间。")
    found = touched(session, name, since, until)
    whole = incidents.affect(session, number, found, at=now)
    _audit(session, "incident.listed", number, by, now)
    return whole


def affect_by_area(
    session: Session, vault: Vault, number: int, area: str, *, by: str, now: datetime
) -> int:
    """Everybody who is at home in an area, a town or a village; how many now."""
    _open(session, vault, number)
    whole = incidents.affect(session, number, _at_home(session, [area]), at=now)
    _audit(session, "incident.listed", number, by, now)
    return whole


def touched(session: Session, name: str, since: datetime, until: datetime) -> list[str]:
    """The people whose records, lists, requests or exports an account read or took, by id."""
    table = AuditRow.__table__  # type: ignore[attr-defined]
    query = select(table.c.act, table.c.subject).where(
        table.c.actor == audit.actor_of(name), table.c.at >= since, table.c.at < until
    )
    acts = [(str(act), str(subject)) for act, subject in session.execute(query.distinct())]
    subjects = sorted({subject for _, subject in acts if subject})
    found = dict.fromkeys(_people(session, subjects))
    found |= dict.fromkeys(_of_tickets(session, subjects))
    found |= dict.fromkeys(_of_lists(session, subjects))
    places = [subject for act, subject in acts if act in ("village.listed", "homes.read")]
    places += _areas_taken(session, acts)
    found |= dict.fromkeys(_at_home(session, places))
    return sorted(found)


def write(
    session: Session,
    vault: Vault,
    number: int,
    told: Mapping[str, str],
    *,
    by: str,
    now: datetime,
) -> None:
    """What is known by now of the contents that the notices need."""
    _open(session, vault, number)
    unknown = sorted(told.keys() - CONTENTS.keys())
    if unknown:
        raise IncidentRefused(f"没有“{unknown[0]}”这一项。")
    filled = {name: text.strip() for name, text in told.items() if text.strip()}
    incidents.write(session, vault, number, filled)
    _audit(session, "incident.written", number, by, now)


def draft(
    session: Session, vault: Vault, number: int, *, office: str, contact: str, now: datetime
) -> tuple[str, str]:
    """The notice to the regulator, and the one to the people."""
    found = _found(session, vault, number)
    if found.listed_at is None:
        raise IncidentRefused("先列出受影响的人，再出通知。")
    if found.drafted_at is None:
        incidents.stamp(session, number, "drafted_at", now)
    return to_regulator(found, office, contact, now), to_people(found, office, contact)


def to_regulator(found: Incident, office: str, contact: str, now: datetime) -> str:
    """What the regulator is told, and by when."""
    return "\n".join(
        (
            *_drill(found),
            "个人信息安全事件报告",
            f"报告单位：{office}",
            f"事件编号：{found.number}",
            f"发现时间：{_moment(found.opened_at)}",
            f"报告时限：{_moment(found.report_by)}前（{UNITS[found.unit]}，{found.unit.hours}小时）",
            f"报送：省级网信部门、公安机关，热线{HOTLINE}",
            f"一、{CONTENTS['what']}：{_said(found, 'what')}",
            f"二、涉及信息的种类、原因和可能的危害：{_harm(found)}",
            f"    受影响{found.affected}人。",
            f"三、已经采取和可以采取的补救措施：{_measures(found)}",
            f"四、联系方式：{contact}",
            f"起草时间：{_moment(now)}",
        )
    )


def to_people(found: Incident, office: str, contact: str) -> str:
    """What the people are told: the three things that the law wants."""
    return "\n".join(
        (
            *_drill(found),
            f"您好，这里是{office}。关于您的个人信息，有一件事要告诉您：{_said(found, 'what')}",
            f"1. 涉及的信息、原因和可能的危害：{_harm(found)}",
            f"2. 我们做了什么，您可以怎么做：{_measures(found)}",
            f"3. 找谁：{contact}",
            "我们不会打电话要验证码，也不会要您转账。",
        )
    )


def mark(
    session: Session, vault: Vault, number: int, what: str, *, by: str, now: datetime
) -> None:
    """`what` is reported (to the regulator) or told (to the people)."""
    found = _open(session, vault, number)
    if found.drafted_at is None:
        raise IncidentRefused("先出通知稿，再标记报告或告知。")
    incidents.stamp(session, number, f"{what}_at", now)
    _audit(session, f"incident.{what}", number, by, now)


def let_go(
    session: Session, vault: Vault, number: int, *, is_frozen: bool, by: str, now: datetime
) -> None:
    """Exports go again, or rest again, while the incident is open."""
    _open(session, vault, number)
    incidents.freeze(session, number, is_frozen=is_frozen)
    _audit(session, "incident.frozen" if is_frozen else "incident.thawed", number, by, now)


def close(session: Session, vault: Vault, number: int, *, by: str, now: datetime) -> Incident:
    """It is over; a real one only once the regulator and the people were told."""
    found = _open(session, vault, number)
    if found.drafted_at is None:
        raise IncidentRefused("通知稿还没出，不能结束。")
    if not found.is_drill and (found.reported_at is None or found.told_at is None):
        raise IncidentRefused("还没有标记已报告主管部门、已告知本人，不能结束。")
    incidents.close(session, number, by=by, at=now)
    _audit(session, "incident.closed", number, by, now)
    return _found(session, vault, number)


def closing_report(found: Incident, office: str) -> str:
    """What was done when, held against the limits."""
    in_time = _in_time(found.reported_at, found.report_by)
    drafted = _minutes(found, found.drafted_at)
    drilled = f"（演练要求{DRILL_MINUTES}分钟内）" if found.is_drill else ""
    return "\n".join(
        (
            *_drill(found),
            f"个人信息安全事件处置报告 第{found.number}号",
            f"单位：{office}（{UNITS[found.unit]}）",
            f"发现：{_moment(found.opened_at)}，{found.opened_by}",
            *(f"{name}：{found.told[key]}" for key, name in CONTENTS.items() if key in found.told),
            f"受影响的人：{found.affected}人，列出用时{_minutes(found, found.listed_at)}",
            f"两份通知稿：用时{drafted}{drilled}",
            f"报告主管部门：{_done(found.reported_at)}{in_time}",
            f"告知本人：{_done(found.told_at)}",
            f"结束：{_done(found.closed_at)}，{found.closed_by or '未结束'}",
        )
    )


def _people(session: Session, ids: Sequence[str]) -> Iterable[str]:
    column = Person.__table__.c.id  # type: ignore[attr-defined]
    for some in _pieces(ids):
        yield from session.execute(select(column).where(column.in_(some))).scalars()


def _of_tickets(session: Session, numbers: Sequence[str]) -> Iterable[str]:
    table = Ticket.__table__  # type: ignore[attr-defined]
    for some in _pieces([one for one in numbers if len(one) <= 12]):
        query = select(table.c.person_id).where(table.c.number.in_(some), table.c.person_id != "")
        yield from session.execute(query).scalars()


def _of_lists(session: Session, subjects: Sequence[str]) -> Iterable[str]:
    """Who stands in the rosters of courses and events."""
    for kind, table, column in (
        ("course", Enrolment.__table__, "course_id"),  # type: ignore[attr-defined]
        ("event", Invitation.__table__, "event_id"),  # type: ignore[attr-defined]
    ):
        numbers = _numbers(kind, subjects)
        query = select(table.c.person_id).where(table.c[column].in_(numbers))
        yield from session.execute(query.distinct()).scalars()


def _areas_taken(session: Session, acts: Sequence[tuple[str, str]]) -> list[str]:
    """The areas of the exports that were taken, and of the lists that a permit opened."""
    subjects = [subject for _, subject in acts]
    work = BackgroundWork.__table__  # type: ignore[attr-defined]
    taken = select(work.c.area).where(work.c.id.in_(_numbers("export", subjects)))
    table = Permit.__table__  # type: ignore[attr-defined]
    used = [int(s) for act, s in acts if act == "permit.used" and s.isdigit()]
    permitted = select(table.c.area).where(table.c.id.in_(used))
    return [area for query in (taken, permitted) for area in session.execute(query).scalars()]


def _numbers(kind: str, subjects: Iterable[str]) -> list[int]:
    pairs = (subject.partition(":") for subject in subjects)
    return [int(number) for name, _, number in pairs if name == kind and number.isdigit()]


def _at_home(session: Session, places: Sequence[str]) -> list[str]:
    table = Person.__table__  # type: ignore[attr-defined]
    if not places:
        return []
    query = select(table.c.id).where(or_(*(visible(place, table.c) for place in set(places))))
    return list(session.execute(query).scalars())


def _pieces(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _found(session: Session, vault: Vault, number: int) -> Incident:
    found = incidents.find(session, vault, number)
    if found is None:
        raise IncidentRefused(f"没有第{number}号事件。")
    return found


def _open(session: Session, vault: Vault, number: int) -> Incident:
    found = _found(session, vault, number)
    if found.closed_at is not None:
        raise IncidentRefused("这个事件已经结束了。")
    return found


def _drill(found: Incident) -> tuple[str, ...]:
    return ("【演练，不外发】",) if found.is_drill else ()


def _said(found: Incident, name: str) -> str:
    return found.told.get(name) or f"（待填：{CONTENTS[name]}）"


def _harm(found: Incident) -> str:
    return "；".join(_said(found, name) for name in ("kinds", "cause", "harm"))


def _measures(found: Incident) -> str:
    return "；".join(_said(found, name) for name in ("measures", "advice"))


def _moment(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y年%m月%d日 %H:%M}"


def _done(at: datetime | None) -> str:
    return _moment(at) if at else "未做"


def _in_time(at: datetime | None, limit: datetime) -> str:
    if at is None:
        return ""
    return "（按时）" if at <= limit else "（超时）"


def _minutes(found: Incident, at: datetime | None) -> str:
    if at is None:
        return "（未做）"
    return f"{max(1, -(-(at - found.opened_at) // timedelta(minutes=1)))}分钟"


def _audit(session: Session, act: str, number: int, by: str, now: datetime) -> None:
    subject = f"incident:{number}"
    audit.write(session, act, at=now, actor=audit.actor_of(by), subject=subject)
