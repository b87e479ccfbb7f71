"""Who answers what: the tree of places with its staff, subjects by level, units with tasks."""

from __future__ import annotations

from aiohttp import web

from console.desk import Desk
from console.page import Page
from console.pages.account import POSTS
from outreach import roster
from records import rights, scope
from records.rights import Right
from records.tickets import Level

LEVELS = {Level.COUNTY: "县里", Level.TOWN: "镇里", Level.VILLAGE: "村里"}
_MOST = 300


async def who(desk: Desk) -> web.StreamResponse:
    """The offices of my area, or of one within it."""
    area = desk.staff.area
    wanted = desk.query.get("area", "")
    if wanted and not scope.is_local(area) and scope.is_within(wanted, area):
        area = wanted
    found = await desk.read(roster.of_area, area)
    return desk.render(
        "staff/roster.html",
        desks=found.desks[:_MOST],
        left=len(found.desks) - _MOST,
        matters=found.matters,
        units=found.units,
        levels=LEVELS,
        named=await desk.named(*(one.place.code for one in found.desks[:_MOST])),
        post_of=lambda one: POSTS[rights.post_of(one)],
        may_add=desk.may(Right.STAFF),
    )


PAGES = (Page("GET", "/staff-roster", who, Right.TOTALS),)
