"""Who is there when one begins to play: two customers, staff, a steward, a group, a robot."""

from __future__ import annotations

from tests.support.wecom.server import WeCom

STAFF = "ZhangSan"
STEWARD = "LiSi"


def people(wecom: WeCom) -> None:
    """Put them there, before anybody listens."""
    wecom.corp.member(STAFF, "张三")
    wecom.contacts.steward(STEWARD, "李四")
    wecom.kf.servicer(STAFF)
    customers = [wecom.kf.customer(name) for name in ("小王", "小陈")]
    for number in customers:
        wecom.contacts.customer(wecom.kf.customers[number].nickname, number)
        wecom.contacts.befriend(STEWARD, number)
    wecom.contacts.group(STEWARD, "返乡创业交流群", *customers)
    wecom.robots.add("值班群")
