"""`guiyan case`: the library of cases, what counties owe, cards and material to copy."""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import date, datetime, timedelta

from bot.cli import CommandError
from bot.commands.in_store import Lines, Work, printed
from bot.settings import Settings
from bot.wiring import App
from handlers.cases import pages
from handlers.cases.seen import sheet
from handlers.places import country
from outreach.cases import cards, moving, publishing, quota, serving
from outreach.cases.moving import CaseRefused
from outreach.cases.publishing import Story
from outreach.courses.booking import midnight, today_of
from outreach.helping import survival
from records import audit, cases, scope, staff_accounts
from records.cases import Case, Step, Tier
from records.database import Session


def list_cases(options: argparse.Namespace, settings: Settings) -> int:
    """The cases of an area, without the names of people."""

    def work(session: Session, app: App, area: str) -> Lines:
        return [_line(session, app, case) for case in cases.within(session, app.vault, area)]

    return _printed(options, settings, work)


def count(options: argparse.Namespace, settings: Settings) -> int:
    """What each county recommended in a year, and how many it still owes."""

    def work(session: Session, app: App, area: str) -> Lines:
        year = options.year or today_of(app.now()).year
        found = quota.of_year(session, _counties(session, app, area), year)
        lines = [
            f"{one.area}  {_place(one.area)}  recommended {one.recommended}  missing {one.missing}"
            for one in found
        ]
        owed = sum(one.missing for one in found)
        total = sum(one.recommended for one in found)
        return [*lines, f"counties {len(found)}  recommended {total}  missing {owed}"]

    return _printed(options, settings, work)


def show(options: argparse.Namespace, settings: Settings) -> int:
    """One case as its staff see it; the trail says who looked."""

    def work(session: Session, app: App, area: str) -> Lines:
        case = _theirs(session, app, options)
        actor = f"staff:{options.staff}"[:60]
        audit.write(session, "case.read", at=app.now(), actor=actor, subject=case.person_id)
        return pages.sheet(sheet(session, app.vault, case, app.now())).splitlines()

    return _printed(options, settings, work)


def card(options: argparse.Namespace, settings: Settings) -> int:
    """The text for groups: of one case, or of the one that was shown least."""

    def work(session: Session, app: App, area: str) -> Lines:
        staff = staff_accounts.named(session, options.staff)
        if options.number:
            found = publishing.story(session, app.vault, _theirs(session, app, options))
        else:
            found = cards.of_the_week(session, app.vault, area or staff.area)
        if found is None:
            raise CaseRefused(
                "no such story may be told: it takes a 典型, the person's leave, a reviewed "
                "text and a business that is open; `guiyan case list` shows what is missing"
            )
        cards.take(session, found, keeper=staff.name, now=app.now())
        return cards.for_groups(found, _place(found.case.area)).splitlines()

    return _printed(options, settings, work)


def material(options: argparse.Namespace, settings: Settings) -> int:
    """What an ambassador takes along."""

    def work(session: Session, app: App, area: str) -> Lines:
        case = _theirs(session, app, options)
        found = publishing.story(session, app.vault, case)
        term = serving.serving(session, case, app.now())
        if found is None or term is None:
            raise CaseRefused(
                f"case {case.number}: there is no ambassador whose story may be told; "
                f"in the chat: 案例 {case.number} 大使 一年"
            )
        cards.take(session, found, keeper=options.staff, now=app.now())
        return cards.for_ambassador(found, term, _place(case.area)).splitlines()

    return _printed(options, settings, work)


def withdraw(options: argparse.Namespace, settings: Settings) -> int:
    """A text is not told any more, until it is reviewed again."""

    def work(session: Session, app: App, area: str) -> Lines:
        case = _theirs(session, app, options)
        told = moving.hold_back(
            session,
            app.vault,
            case.number,
            why=options.why,
            by=options.staff,
            now=app.now(),
        )
        return [f"case {case.number} is not told any more; {told} cards are called back"]

    return _printed(options, settings, work)


def nominations(options: argparse.Namespace, settings: Settings) -> int:
    """Who was put forward for a commendation in a year: of those who agreed, by name."""

    def work(session: Session, app: App, area: str) -> Lines:
        first, last = _year(options, app)
        numbers = cases.with_step(session, Step.NOMINATED, first, last)
        found = [c for c in cases.within(session, app.vault, area) if c.number in numbers]
        return [_nominated(session, app, case) for case in found]

    return _printed(options, settings, work)


def practice(options: argparse.Namespace, settings: Settings) -> int:
    """A page for those above: figures with their day filled in, the rest to be written."""

    def work(session: Session, app: App, area: str) -> Lines:
        return _page(session, app, area, options)

    return _printed(options, settings, work)


def _printed(options: argparse.Namespace, settings: Settings, work: Work) -> int:
    try:
        return printed(options, settings, work)
    except CaseRefused as refusal:
        raise CommandError(str(refusal)) from refusal


def _theirs(session: Session, app: App, options: argparse.Namespace) -> Case:
    """The case of this number, if the member of staff may see whose it is."""
    staff = staff_accounts.named(session, options.staff)
    case = cases.find(session, app.vault, options.number)
    may = case and not staff.until and scope.may_see_person(session, staff.area, case.person_id)
    if case is None or not may:
        raise CaseRefused(
            f"there is no case {options.number} that {options.staff} looks after: "
            "`guiyan case list` shows them"
        )
    return case


def _line(session: Session, app: App, case: Case) -> str:
    story = publishing.story(session, app.vault, case)
    state = "told" if story else "not told"
    leave = publishing.leave(session, case.person_id).value
    title = case.text.title or "(no title)"
    return f"{case.number}  {case.area}  {case.tier.value}  {title}  {leave}  {state}"


def _nominated(session: Session, app: App, case: Case) -> str:
    story = publishing.story(session, app.vault, case)
    name = story.name if story and story.name else "(no leave for the name)"
    steps = cases.history(session, app.vault, case.number)
    last = [taken for taken in steps if taken.step is Step.NOMINATED][-1]
    return f"{case.number}  {case.area}  {name}  {case.text.title}  {last.staff}: {last.why}"


def _counties(session: Session, app: App, area: str) -> set[str]:
    """The counties that have staff or cases, and all of the area that was named."""
    known = {*quota.staffed(session)}
    known |= {case.area for case in cases.within(session, app.vault, "")}
    if area:
        known |= {code for code in country().codes() if code.isdigit()}
    return {code for code in known if quota.is_county(code) and scope.is_within(code, area)}


def _page(session: Session, app: App, area: str, options: argparse.Namespace) -> Lines:
    first, last = _year(options, app)
    day = today_of(app.now())
    here = cases.within(session, app.vault, area)
    tiers = Counter(case.tier for case in here)
    told = publishing.within(session, app.vault, area)
    began = (first.date(), min((last - timedelta(days=1)).date(), day))
    alive = survival.after_a_year(session, *(_before(d) for d in began), area=area)
    recommended = sum(
        one.recommended
        for one in quota.of_year(session, _counties(session, app, area), first.year)
    )
    return [
        f"{_place(area) or '（地区）'}返乡创业典型做法（{day.year}年{day.month}月{day.day}日）",
        "一、做法（谁、哪天起、做了什么，一条一句）：",
        "二、数字（都到今天为止）：",
        f"  案例库{len(here)}个：" + "，".join(f"{t.value}{tiers[t]}个" for t in Tier),
        f"  {first.year}年推荐培育对象{recommended}个；本人同意、正在讲的{len(told)}个",
        f"  上一年开的主体满一年：还开着{alive.open}个，停了{alive.closed}个，"
        f"没消息{alive.unknown}个",
        "三、例子：",
        *(f"  {_told(story)}" for story in told[:3]),
        "四、难处和没办成的：",
        "五、别处能不能照做（要什么条件）：",
    ]


def _told(story: Story) -> str:
    return f"案例{story.case.number} {story.case.text.title}（{story.name or '不留名'}）"


def _before(day: date) -> date:
    """The same day a year before; the last of February where there is none."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _year(options: argparse.Namespace, app: App) -> tuple[datetime, datetime]:
    year = options.year or today_of(app.now()).year
    return midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))


def _place(area: str) -> str:
    found = country().area(area)
    return found.short if found else ""
