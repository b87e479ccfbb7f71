"""The menu: every page that has an item, in groups, in the order in which people need them."""

from __future__ import annotations

from dataclasses import dataclass

from console.page import Page
from records import rights
from records.staff_accounts import Staff


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu."""

    key: str
    label: str


GROUPS: tuple[tuple[str, tuple[Item, ...]], ...] = (
    (
        "",
        (
            Item("today", "今天"),
            Item("shared", "给我看的"),
            Item("inbox", "诉求"),
            Item("gaps", "没答上的"),
        ),
    ),
    (
        "人和项目",
        (
            Item("people", "人员"),
            Item("households", "入户"),
            Item("entities", "经营主体"),
            Item("projects", "项目"),
            Item("policies", "政策"),
            Item("cases", "典型案例"),
            Item("stories", "可以讲的案例"),
        ),
    ),
    (
        "活动",
        (
            Item("courses", "培训"),
            Item("events", "活动"),
            Item("stations", "服务站"),
            Item("tasks", "任务"),
        ),
    ),
    (
        "发送",
        (Item("segments", "人群"), Item("campaigns", "推送"), Item("groups", "群")),
    ),
    (
        "报表",
        (
            Item("owed", "要交的报表"),
            Item("reports", "各类报表"),
            Item("targets", "目标"),
            Item("pictures", "图表"),
        ),
    ),
    (
        "管理",
        (
            Item("imports", "导入"),
            Item("exports", "导出与审批"),
            Item("staff", "人员与权限"),
            Item("privacy", "个人信息保护"),
            Item("audit", "操作记录"),
            Item("settings", "设置"),
            Item("health", "运行状况"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An item with where it leads."""

    key: str
    label: str
    path: str


class Menu:
    """Which items there are, and which of them somebody may open."""

    def __init__(self, pages: tuple[Page, ...]) -> None:
        self._pages = [page for page in pages if page.menu]

    def shown_to(self, staff: Staff) -> list[tuple[str, list[Entry]]]:
        """The groups with their items, without those that are empty."""
        groups = [(title, self._entries(items, staff)) for title, items in GROUPS]
        return [(title, entries) for title, entries in groups if entries]

    def of_path(self, path: str) -> str:
        """The item whose pages a path belongs to."""
        here = [page for page in self._pages if _is_below(path, page.path)]
        return max(here, key=lambda page: len(page.path)).menu if here else ""

    def _entries(self, items: tuple[Item, ...], staff: Staff) -> list[Entry]:
        """An item leads to the first of its pages that they may open."""
        firsts = {page.menu: page for page in reversed(self._pages) if _may(staff, page)}
        known = [(item, firsts[item.key]) for item in items if item.key in firsts]
        return [Entry(item.key, item.label, page.path) for item, page in known]


def _may(staff: Staff, page: Page) -> bool:
    return page.right is None or rights.may(staff, page.right)


def _is_below(path: str, root: str) -> bool:
    return path == root or (root != "/" and path.startswith(root + "/"))
