"""The yearly self-audit (PIPL 54; domain P-23), from what the trail and the ledgers hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session

from outreach.calendars import CHINA
from outreach.clocks import Clock, clock
from outreach.privacy import ledger, retention
from outreach.privacy.papers import Paper, Part
from outreach.privacy.periods import BY_PURPOSE
from records import incidents, privacy_requests, privacy_retention
from records.audit import AuditRow
from records.permits import Permit
from records.privacy_requests import Times

_READS = frozenset({"read", "listed", "sampled", "roster_read", "copied", "revealed", "seen"})
_PROMISED, _HARD = 3, 15
_MOST = 30


def self_audit(session: Session, year: int, now: datetime, *, said: Callable[[str], str]) -> Paper:
    """The paper on one year; figures only, staff by name, nobody else. `said`: an act in words."""
    since, until = _moment(year), min(_moment(year + 1), now)
    acts = _acts(session, since, until)
    return Paper(
        f"{year}年个人信息保护自查报告",
        (
            Part("一、查看和更改", _touched(acts), ("做了什么", "次数"), _by_act(acts, said)),
            Part(
                "二、谁查看得最多",
                _note_on_readers(acts),
                ("工作人员", "查看次数"),
                _readers(acts),
            ),
            Part("三、导出", (), ("批准情况", "件数"), _permits(session, since, until)),
            _consents(session, since, until),
            _requests(privacy_requests.times_within(session, since, until), now),
            _retention(session, since.date(), until),
            Part("七、事件和演练", _incidents(session, since, until)),
            Part("八、需要单位复核的", _REVIEW),
        ),
    )


_REVIEW = (
    "离岗人员的账号是否都已停用；查看最多的人是否与工作量相称；保存期限是否仍然合适；"
    "受托方有没有变化；一年内有没有做过演练和提醒教育。",
    "结论（签字、日期）：待填",
)
Acts = Counter[tuple[str, str]]


def _acts(session: Session, since: datetime, until: datetime) -> Acts:
    """How often each actor did what."""
    table = AuditRow.__table__  # type: ignore[attr-defined]
    query = (
        select(table.c.actor, table.c.act, func.count())
        .where(table.c.at >= since, table.c.at < until)
        .group_by(table.c.actor, table.c.act)
    )
    found: Acts = Counter()
    for actor, act, number in session.execute(query):
        found[(str(actor) if str(actor).startswith("staff:") else "others", str(act))] += number
    return found


def _touched(acts: Acts) -> tuple[str, ...]:
    reads = sum(n for (_, act), n in acts.items() if _is_read(act))
    staff = sum(n for (actor, _), n in acts.items() if actor != "others")
    return (f"留痕共{sum(acts.values())}条，其中工作人员{staff}条，查看个人信息{reads}次。",)


def _by_act(acts: Acts, said: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    sums: Counter[str] = Counter()
    for (_, act), number in acts.items():
        sums[said(act)] += number
    return tuple((words, str(number)) for words, number in sums.most_common(_MOST))


def _readers(acts: Acts) -> tuple[tuple[str, str], ...]:
    return tuple(
        (actor.removeprefix("staff:"), str(n)) for actor, n in _reads(acts).most_common(10)
    )


def _note_on_readers(acts: Acts) -> tuple[str, ...]:
    reads = _reads(acts)
    if not reads:
        return ("这一年没有人查看过个人信息。",)
    middle = sorted(reads.values())[len(reads) // 2]
    many = [actor.removeprefix("staff:") for actor, n in reads.items() if n > 5 * middle]
    return (f"查看次数超过中位数五倍的：{'、'.join(many) or '没有'}。",)


def _reads(acts: Acts) -> Counter[str]:
    found: Counter[str] = Counter()
    for (actor, act), number in acts.items():
        if actor != "others" and _is_read(act):
            found[actor] += number
    return found


def _is_read(act: str) -> bool:
    return act.rpartition(".")[2] in _READS


def _permits(session: Session, since: datetime, until: datetime) -> tuple[tuple[str, str], ...]:
    table = Permit.__table__  # type: ignore[attr-defined]
    query = (
        select(table.c.kind, table.c.state, func.count())
        .where(table.c.asked_at >= since, table.c.asked_at < until)
        .group_by(table.c.kind, table.c.state)
    )
    names = {"asked": "待批", "given": "已批未用", "refused": "不批", "used": "已用"}
    kinds = {"list": "看名单", "export": "大批导出"}
    found = session.execute(query.order_by(table.c.kind, table.c.state)).all()
    return tuple(
        (f"{kinds.get(kind, kind)}·{names.get(state, state)}", str(n)) for kind, state, n in found
    )


def _consents(session: Session, since: datetime, until: datetime) -> Part:
    rows = tuple(
        (ledger.name_of(one.kind), str(one.given), str(one.refused), str(one.ended))
        for one in ledger.counts(session, since, until)
    )
    return Part("四、这一年的同意", (), ("内容", "同意（在用）", "不同意", "已结束"), rows)


def _requests(found: Sequence[Times], now: datetime) -> Part:
    late = _late(found, _PROMISED, now)
    over = _late(found, _HARD, now)
    kinds = Counter(one.kind.value if one.kind else "未分类" for one in found)
    names = {
        "access": "查看复制",
        "correction": "更正",
        "deletion": "删除",
        "complaint": "投诉",
        "relative": "近亲属",
    }
    lines = (
        f"共{len(found)}件；超过3个工作日的{late}件，超过15个工作日的{over}件。",
        "本人在聊天里自己查看、更正、退出、删除的，当场办完，不在此列。",
    )
    rows = tuple((names.get(kind, kind), str(n)) for kind, n in sorted(kinds.items()))
    return Part("五、个人信息请求", lines, ("种类", "件数"), rows)


def _late(found: Sequence[Times], days: int, now: datetime) -> int:
    """How many took longer; what began on one day has one last day."""
    clocks: dict[date, Clock] = {}
    late = 0
    for one in found:
        began = one.began.astimezone(CHINA).date()
        if began not in clocks:
            clocks[began] = clock(one.began, days)
        late += clocks[began].is_late(one.ended or now)
    return late


def _retention(session: Session, first: date, until: datetime) -> Part:
    last = privacy_retention.day_of(until)
    sums = privacy_retention.sums(session, first, last)
    unsigned = privacy_retention.unsigned(session, last)
    changed = [
        one.day.isoformat()
        for one in privacy_retention.latest(session, 400)
        if first <= one.day <= last and not retention.is_whole(one)
    ]
    lines = (f"没签的报告{len(unsigned)}份；签后有变动的：{'、'.join(changed) or '没有'}。",)
    rows = tuple((BY_PURPOSE[purpose].name, str(n)) for purpose, n in sums.items())
    return Part("六、到期删除", lines, ("用途", "删除条数"), rows)


def _incidents(session: Session, since: datetime, until: datetime) -> tuple[str, ...]:
    real, drills = incidents.count(session, since, until)
    advice = "" if drills else "这一年没有演练过，建议补一次。"
    return (f"安全事件{real}起，演练{drills}次。{advice}",)


def _moment(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=CHINA)
