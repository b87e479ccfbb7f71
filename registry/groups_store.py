"""Groups of a list into the register: what is not known is filled, what differs is only said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, timezone
from typing import Any

from records import customers, group_register, groups, staff_accounts
from records.database import Session
from records.group_register import GroupState, Known
from records.groups import WECHAT, WECOM, GroupSource
from registry.columns import bare
from registry.groups_kind import GroupsReader, ListedGroup, file
from registry.lists import Kind, Origin, Outcome, Stored

_CHINA = timezone(timedelta(hours=8))
_UNREACHED = "我们还不在这个群里：Telegram的群先把机器人拉进去，企业微信的群先同步，再导入"
_NO_STAFF = "群管不是员工，没有记：先 guiyan staff add"
_STANDS = {
    GroupState.LEFT: "这个群机器人已经不在里面，或者解散了",
    GroupState.DROPPED: "这个群说过不用了：guiyan groups drop {number} --back 才再用",
}


class _Several(Exception):
    """A row may be any of several groups."""


@dataclass(slots=True)
class _Shelf:
    """The register while a list is stored."""

    session: Session
    origin: Origin
    staff: frozenset[str]
    known: dict[int, Known] = field(default_factory=dict)
    named: dict[str, set[int]] = field(default_factory=dict)
    listed: set[int] = field(default_factory=set)  # by earlier rows
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)  # by address or own number

    def match(self, told: ListedGroup) -> Known | None:
        """The group that is meant: by number, by address, by name. Raises _Several."""
        for key in (("", told.external_id), (told.channel, told.chat)):
            if key[1] and key in self.numbers:
                return self.known[self.numbers[key]]
        same = (self.known[number] for number in sorted(self.named.get(bare(told.name), ())))
        alike = [one for one in same if _may_be(one, told)]
        here = [one for one in alike if one.area == told.area] or alike
        if len(here) > 1:
            raise _Several("、".join(f"{one.id}号" for one in here))
        return here[0] if here else None

    def read(self, number: int) -> None:
        """Look at a group again."""
        found = group_register.numbered(self.session, self.origin.vault, number)
        assert found is not None
        self.take(found)

    def take(self, one: Known) -> None:
        """From now on a group is found like this."""
        self.known[one.id] = one
        self.named.setdefault(bare(one.name), set()).add(one.id)
        for key in (("", one.external_id), (one.channel, one.chat)):
            if key[1]:
                self.numbers[key] = one.id


def _may_be(one: Known, told: ListedGroup) -> bool:
    if one.area not in ("", told.area) or told.channel not in ("", one.channel):
        return False
    is_other = told.external_id and one.external_id
    return not is_other and not (told.chat and one.chat)


def store_all(session: Session, found: Sequence[ListedGroup], origin: Origin) -> list[Stored]:
    """Store groups in order; what became of each."""
    staff = frozenset(one.name for one in staff_accounts.everybody(session))
    shelf = _Shelf(session, origin, staff)
    for one in group_register.known(session, origin.vault):
        shelf.take(one)
    return [_stored(shelf, told) for told in found]


def _stored(shelf: _Shelf, told: ListedGroup) -> Stored:
    try:
        one = shelf.match(told)
    except _Several as several:
        remark = f"叫这个名字的群不止一个：{several}，写上编号或群号再导入"
        return Stored(Outcome.REFUSED, "", (remark,))
    if one is None:
        return _new(shelf, told)
    filled, differs = _compared(one, told, shelf)
    if filled:
        _fill(shelf.session, one, filled)
        shelf.read(one.id)
    again = ["前面的行已经有这个群"] if one.id in shelf.listed else []
    remarks = [f"就是{one.id}号", *again, *_remarks(one, told, shelf.staff)]
    shelf.listed.add(one.id)
    if differs:
        headings = "、".join(file().heading(key) for key in differs)
        remarks.append(f"不一样：{headings}。没有改；要改：{_way(differs[0], one)}")
    outcome = Outcome.DIFFERS if differs else Outcome.MERGED if filled else Outcome.SAME
    return Stored(outcome, str(one.id), tuple(remarks))


def _way(key: str, one: Known) -> str:
    """The command that says a column of a group."""
    way = {"name": "rename", "size": "size", "kind": "kind", "steward": "steward"}
    return f"guiyan groups {way.get(key, 'place')} {one.id} …"


def _new(shelf: _Shelf, told: ListedGroup) -> Stored:
    """An ordinary WeChat group; what a machine writes to is learnt from its channel alone."""
    if told.chat or told.channel not in ("", WECHAT):
        return Stored(Outcome.REFUSED, "", (_UNREACHED,))
    is_known = told.steward in shelf.staff
    number = groups.add(
        shelf.session,
        shelf.origin.vault,
        told.name,
        kind=told.kind.value if told.kind else "",
        area=told.area,
        city=told.city,
        steward=told.steward if is_known else "",
        size=told.size,
        last_post_at=_moment(told),
        source=GroupSource.LISTED.value,
        brought_by=shelf.origin.staff if shelf.origin.staff in shelf.staff else "",
        external_id=told.external_id,
        learnt_at=shelf.origin.at,
    )
    shelf.read(number)
    shelf.listed.add(number)
    waits = [_waiting(shelf.known[number])] if shelf.known[number].lacks else []
    remarks = [] if is_known or not told.steward else [_NO_STAFF]
    return Stored(Outcome.NEW, str(number), (*remarks, *waits))


def _waiting(one: Known) -> str:
    keys = {"area": "county", "kind": "kind", "steward": "steward"}
    said = "、".join(file().heading(keys[lack]) for lack in one.lacks)
    return f"{one.id}号，还没说：{said}，说了才用得上"


def _compared(one: Known, told: ListedGroup, shelf: _Shelf) -> tuple[dict[str, Any], list[str]]:
    """What the list adds, and the columns in which it says something else."""
    is_ours = one.channel == WECHAT
    steward = told.steward if one.channel != WECOM and told.steward in shelf.staff else ""
    said: dict[str, Any] = {
        "kind": told.kind,
        "county": told.area,
        "city": told.city,
        "steward": steward,
        "external_id": told.external_id,
    }
    have = {name: getattr(one, "area" if name == "county" else name) for name in said}
    filled = {name: value for name, value in said.items() if value and not have[name]}
    differs = [
        name for name, value in said.items() if value and have[name] not in ("", None, value)
    ]
    if told.is_guessed and "kind" in differs:
        differs.remove("kind")
    if is_ours and bare(one.name) != bare(told.name):
        differs.insert(0, "name")
    if is_ours and told.size is not None and told.size != one.size:
        if one.size is not None and one.id in shelf.listed:
            differs.append("size")
        else:
            filled["size"] = told.size
    moment = _moment(told)
    if moment and (one.last_post_at is None or one.last_post_at < moment):
        filled["last_post_at"] = moment
    return filled, differs


def _fill(session: Session, one: Known, filled: dict[str, Any]) -> None:
    area = filled.pop("county", "")
    if area and one.channel == WECOM:
        customers.place_group(session, one.chat, area)
    elif area:
        filled["area"] = area
    if "kind" in filled:
        filled["kind"] = filled["kind"].value
    if filled:
        groups.change(session, one.id, **filled)


def _remarks(one: Known, told: ListedGroup, staff: frozenset[str]) -> list[str]:
    found = [_STANDS[one.state].format(number=one.id)] if one.state in _STANDS else []
    if one.channel != WECHAT and bare(one.name) != bare(told.name):
        found.append("群名以群里的为准")
    if one.channel == WECOM and told.steward and told.steward != one.steward:
        found.append("企业微信的群归群主管，群管没有改")
    elif told.steward and told.steward not in staff:
        found.append(_NO_STAFF)
    return found


def _moment(told: ListedGroup) -> datetime | None:
    return datetime.combine(told.last_post, time(), _CHINA) if told.last_post else None


GROUPS = Kind(
    name="groups",
    columns=file().columns,
    reader=GroupsReader,
    store=store_all,
    words=file().words,
)
