"""What staff say of a group: whose people are in it, which kind it is, who keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from records import audit, customers, group_register, groups, rights, scope, staff_accounts
from records.database import Session
from records.group_register import GroupState, Known
from records.groups import NAME_LENGTH, ROBOT, WECHAT, WECOM, GroupKind, GroupSource
from records.rights import Right
from records.scope import Spot
from records.vault import Vault
from registry import villages
from registry.columns import bare
from registry.groups_kind import holds_number

_TERMINAL = "terminal"
_ENTERED = (WECHAT, ROBOT)  # what people say of them, nobody else does
_SAID = ("kind", "city", "steward", "size")


class GroupRefused(Exception):
    """It cannot be done to this group; one sentence for staff."""


class NoSuchGroup(GroupRefused):
    """There is none of this name that they may see."""


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, and of which area they may see the groups; `keeper`: only those that they keep.

    `town`: only those of this town or village of the area, and those that they brought or keep.
    """

    name: str = ""  # "": at the terminal
    area: str = ""
    keeper: str = ""
    town: str = ""

    @property
    def actor(self) -> str:
        """The name in the trail."""
        return f"staff:{self.name}" if self.name else _TERMINAL

    def sees(self, one: Known) -> bool:
        """Whether this group is theirs to look at."""
        if self.keeper:
            return one.steward == self.keeper
        if self.town:
            return self.places(one) or one.steward == self.name
        return scope.may_see(self.area, Spot(one.area))

    def places(self, one: Known) -> bool:
        """Whether this group is theirs to place, among those that they see."""
        is_new = not one.area and not one.town and one.brought_by == self.name
        return not self.town or one.town == self.town or is_new


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a group from now on; what is empty stays as it is."""

    area: str = ""
    kind: GroupKind | None = None
    city: str = ""
    steward: str = ""
    size: int | None = None


def acting(session: Session, name: str) -> By:
    """One of the staff: those of a county or a town see its groups, all others what they keep."""
    staff = staff_accounts.active(session, name)
    if staff is None:
        raise GroupRefused(f"没有 {name} 这位员工：guiyan staff list 看看有谁。")
    if not rights.may(staff, Right.GROUPS):
        return By(name, keeper=name)
    if scope.is_local(staff.area):
        return By(name, villages.county_of(session, staff.area), town=staff.area)
    return By(name, staff.area)


def find(session: Session, vault: Vault, named: str, by: By) -> Known:
    """The group of a number or an address; GroupRefused where there is none that they may see."""
    if named.isdecimal():
        one = group_register.numbered(session, vault, int(named)) if len(named) < 19 else None
        found = [one] if one else []
    else:
        found = group_register.of_chat(session, vault, named)
    seen = [one for one in found if by.sees(one)]
    if not seen:
        raise NoSuchGroup(f"没有 {named} 这个群。用 guiyan groups list 看看有哪些。")
    return seen[0]


def say(session: Session, vault: Vault, one: Known, said: Said, by: By, at: datetime) -> Known:
    """Keep what staff say; the group as it stands then."""
    check(session, one, said, by)
    area = by.area if by.town else said.area
    values: dict[str, Any] = {name: getattr(said, name) for name in _SAID}
    values = {name: value for name, value in values.items() if value not in ("", None)}
    if area:
        values["town"] = by.town
    if one.channel == WECOM:
        values.pop("steward", None)
        if area:
            customers.place_group(session, one.chat, area)
    elif area:
        values["area"] = area
    if said.kind is not None:
        values["kind"] = said.kind.value
    if values:
        groups.change(session, one.id, **values)
    audit.write(session, "group.placed", at=at, actor=by.actor, subject=f"group:{one.id}")
    return group_register.numbered(session, vault, one.id) or one


def rename(session: Session, vault: Vault, one: Known, name: str, by: By, at: datetime) -> None:
    """An ordinary group is called otherwise; others tell their names themselves."""
    _must_place(one, by)
    _must_be_a_name(name)
    if one.channel not in _ENTERED:
        raise GroupRefused("这个群的名字是自动读的，不用改。")
    groups.change(session, one.id, sealed=vault.seal(name))
    audit.write(session, "group.placed", at=at, actor=by.actor, subject=f"group:{one.id}")


def check(session: Session, one: Known, said: Said, by: By, *, back: bool = False) -> None:
    """GroupRefused where they cannot say this of a group; `back`: that it is ours after all."""
    _must_be_theirs(said, by)
    _must_place(one, by)
    if not back:
        _must_be_possible(session, one, said)


def drop(session: Session, one: Known, by: By, at: datetime, *, back: bool) -> None:
    """A group is none of ours, or is again."""
    _must_place(one, by)
    groups.change(session, one.id, dropped_at=None if back else at)
    act = "group.taken_back" if back else "group.dropped"
    audit.write(session, act, at=at, actor=by.actor, subject=f"group:{one.id}")


def add(
    session: Session,
    vault: Vault,
    name: str,
    said: Said,
    by: By,
    at: datetime,
    *,
    robot: str = "",
) -> Known:
    """A group that nobody tells us of, once for each area, or once for each robot.

    `robot`: the one that writes there; without one it is an ordinary WeChat group. As it stands
    then.
    """
    _must_be_theirs(said, by)
    _must_be_a_name(name)
    for one in group_register.known(session, vault):
        home = (by.area, by.town) if by.town else (said.area, one.town)
        is_named = one.is_copy_ready and (bare(one.name), one.area, one.town) == (
            bare(name),
            *home,
        )
        if one.chat == robot and one.channel == ROBOT if robot else is_named:
            raise GroupRefused(f"{one.id}号就是这个群：guiyan groups show {one.id}。")
    told = {"source": GroupSource.ENTERED.value, "brought_by": by.name, "learnt_at": at}
    told |= {"town": by.town}
    if robot:
        told |= {"channel": ROBOT, "chat": robot}
    number = groups.add(session, vault, name, **told)
    made = group_register.numbered(session, vault, number)
    assert made is not None
    return say(session, vault, made, said, by, at)


def _must_be_a_name(name: str) -> None:
    if not name or len(name) > NAME_LENGTH or holds_number(name):
        raise GroupRefused(f"群名要写，最多{NAME_LENGTH}个字，里面不能有号码。")


def _must_be_theirs(said: Said, by: By) -> None:
    _must_be_staff(by)
    if by.town and said.area not in ("", by.area):
        raise GroupRefused("只能把群放在本镇（村）：不用写地方。")
    if said.area and not scope.is_within(said.area, by.area):
        raise GroupRefused("只能把群放在自己管的地方。")


def _must_place(one: Known, by: By) -> None:
    _must_be_staff(by)
    if not by.places(one):
        raise GroupRefused("这个群是县里安排的，要改请县里的工作人员来。")


def _must_be_staff(by: By) -> None:
    if by.keeper:
        raise GroupRefused("安排群由县里的工作人员来做，本镇的群由镇里的来。")


def _must_be_possible(session: Session, one: Known, said: Said) -> None:
    if one.state is GroupState.DROPPED:
        raise GroupRefused(
            f"这个群说过不用了：要用先回“群{one.id} 要用”，"
            f"或者 guiyan groups drop {one.id} --back。"
        )
    if said.steward and staff_accounts.active(session, said.steward) is None:
        raise GroupRefused(f"没有 {said.steward} 这位员工：guiyan staff list 看看有谁。")
    if said.steward and one.channel == WECOM and said.steward != one.steward:
        raise GroupRefused(
            f"企业微信的群归群主 {one.owner} 管：换群主在企业微信里换；群主要是员工，"
            f"guiyan staff add 姓名 --wecom {one.owner}。"
        )
    if said.size is not None and one.channel not in _ENTERED:
        raise GroupRefused("这个群的人数是自动数的，不用填。")
