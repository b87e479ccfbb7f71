"""The manual of the console as a walk: its pages say what to open, fill in and press.

A comment in a page of docs/manual holds steps, one a line:

    <!-- walk
    as 小周 staff 371703        signed in as somebody; `as nobody`; `link 小周`: by a link
    size 360                    the width of the window
    open /people
    fill 姓名 张                 a field by its label
    choose 状态 待办             an option of a list by their labels
    tick 同意
    code 6 位验证码              what the app of who scanned the code now shows, into this field
    asked                       a request and a question without an answer
    press 搜索                   a button, a link or what unfolds
    papers                      the papers that are owed by now are drafted, as by the clock
    give 名单.csv 姓名,手机/王某,19900000001    these lines into the field for files
    work                        what is done in the background is done now
    picture people              kept as pictures/people.png, with its words in people.txt
    -->
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pyotp
from playwright.async_api import BrowserContext, FilePayload, Page

from console.guard import COOKIE
from console.work_kinds import WORK
from outreach.reports import places
from outreach.reports.versions import schedule
from outreach.reports.versions.schedule import Owed
from records import console_access, gaps, tickets
from records.database import Session
from records.gaps import Wording
from records.questions import OpenQuestion
from records.report_versions import Version
from records.staff_accounts import StaffRole
from records.tickets import Author, NewTicket, TicketKind
from tests.support.console import Stage
from tests.support.working import work

FOLDER = Path(__file__).parents[2] / "docs" / "manual"
_WALK = re.compile(r"<!-- walk\n(.*?)-->", re.S)
_QUOTED = re.compile(r"«([^»]+)»")
_CHANGING = "code, .qr, .sha, time[data-now]"


@dataclass
class Taken:
    """A picture: its bytes and the words that stand on it."""

    image: bytes
    words: str


@dataclass
class Walk:
    """One page of the manual as it is gone through."""

    stage: Stage
    context: BrowserContext
    page: Page
    root: str
    taken: dict[str, Taken] = field(default_factory=dict)
    app: str = ""  # the secret that the telephone's app was shown
    seen: str = ""  # every word that was on screen so far

    async def go(self, text: str) -> list[str]:
        """Take the steps of a page; what it names between «» and shows nowhere."""
        for block in _WALK.findall(text):
            for line in filter(None, (one.strip() for one in block.splitlines())):
                await self._step(line)
        prose = _WALK.sub("", text)
        return [word for word in _QUOTED.findall(prose) if word not in self.seen]

    async def _step(self, line: str) -> None:
        verb, _, rest = line.partition(" ")
        name, _, value = rest.partition(" ")
        match verb:
            case "as":
                await self._become(rest.split())
            case "link":
                await self._follow_link(rest)
            case "size":
                await self.page.set_viewport_size({"width": int(rest), "height": 800})
            case "open":
                await self.page.goto(f"{self.root}/console{rest}", wait_until="load")
            case "fill":
                await self.page.get_by_label(name).first.fill(value)
            case "choose":
                await self.page.get_by_label(name).first.select_option(label=value)
            case "give":
                await self._give(name, value)
            case "work":
                await work(self.stage.means, WORK)
                await self.page.reload()
            case "code":
                await self._show_code(rest)
            case "tick":
                await self.page.get_by_label(rest).first.check()
            case "press":
                await self._press(rest)
            case "asked":
                await self.stage.database.run(_asked, self.stage)
                return
            case "papers":
                await self._draft_papers()
                return
            case "picture":
                await self._picture(rest)
            case _:
                raise ValueError(f"no such step in the manual: {line}")
        self.seen += await self._words()

    async def _show_code(self, label: str) -> None:
        """Where a page shows a secret, the app knows it from now on; a code is good once."""
        shown = self.page.locator("ol code")
        if await shown.count():
            self.app = (await shown.inner_text()).replace(" ", "")
        else:
            self.stage.clock[0] += timedelta(seconds=30)
        code = pyotp.TOTP(self.app).at(self.stage.now)
        await self.page.get_by_label(label).fill(code)

    async def _become(self, who: list[str]) -> None:
        await self.context.clear_cookies()
        if who[0] == "nobody":
            return
        browser = await self.stage.staff(who[0], StaffRole(who[1]), *who[2:])
        cookie = {"name": COOKIE, "value": browser.token, "url": f"{self.root}/console"}
        await self.context.add_cookies([cookie])  # type: ignore[list-item]

    async def _follow_link(self, name: str) -> None:
        await self.stage.staff(name)
        await self.context.clear_cookies()
        print_ = console_access.link_print(self.stage.vault, "manual")

        def offer(session: Session) -> None:
            console_access.offer_link(session, print_, name, at=self.stage.now, actor="system")

        await self.stage.database.run(offer)
        await self.page.goto(f"{self.root}/console/enter?code=manual")

    async def _draft_papers(self) -> None:
        stage = self.stage
        named = await stage.database.read(places.namer)
        for owed in await stage.database.read(schedule.due, stage.now):

            def draft(session: Session, one: Owed = owed) -> Version:
                return schedule.draft(session, stage.vault, one, named, stage.now)

            await stage.database.run(draft)

    async def _give(self, name: str, lines: str) -> None:
        data = lines.replace("/", "\n").encode("gb18030")
        file = FilePayload(name=name, mimeType="text/csv", buffer=data)
        await self.page.locator("input[type=file]").set_input_files(file)

    async def _press(self, name: str) -> None:
        for role in ("button", "link"):
            found = self.page.get_by_role(role, name=name)
            if await found.count():
                await found.first.click()
                await self.page.wait_for_load_state("load")
                return
        unfolding = self.page.locator("summary").filter(has_text=name)
        found = unfolding if await unfolding.count() else self.page.get_by_text(name)
        await found.first.click()

    async def _picture(self, name: str) -> None:
        size = self.page.viewport_size or {"width": 1100, "height": 800}
        height = await self.page.evaluate("document.documentElement.scrollHeight")
        await self.page.set_viewport_size({**size, "height": max(height, size["height"])})
        await self.page.evaluate(
            "scrollTo(0, 0)"
        )  # what stays in view stays at its end of the page
        image = await self.page.screenshot(full_page=True, animations="disabled")
        await self.page.set_viewport_size(size)
        self.taken[name] = Taken(image, await self._words())

    async def _words(self) -> str:
        script = (
            "hidden => { const page = document.body.cloneNode(true);"
            "page.querySelectorAll(hidden + ', script').forEach(one => one.remove());"
            "return page.textContent; }"
        )
        return re.sub(r"\s+", " ", await self.page.evaluate(script, _CHANGING))


def _asked(session: Session, stage: Stage) -> None:
    """Somebody asked for a human, and what nobody could answer was asked."""
    new = NewTicket("AB23CD", TicketKind.TALK, "想问开店贷款要带啥", area="371703", is_live=True)
    tickets.raise_ticket(session, stage.vault, new, channel="webchat", chat="manual", at=stage.now)
    asks, text = Author.PERSON, "开店贷款要带啥材料"
    tickets.add_line(session, stage.vault, new.number, author=asks, text=text, at=stage.now)
    question = OpenQuestion(
        conversation="webchat:manual",
        area="371703",
        text="养鹅有没有补贴",
        decision="unknown",
        reason="unanswered",
        asked_at=stage.now,
    )
    session.add(question)
    session.flush()
    words = (question.area, question.text, question.reason, (), stage.now)
    gaps.open_new(session, Wording(question.id or 0, None, *words), question.area)


def words_of(name: str) -> str:
    """The words that stood on a picture when it was taken; "" where there is none."""
    path = FOLDER / "pictures" / f"{name}.txt"
    return path.read_text("utf-8").strip() if path.exists() else ""


def keep(name: str, taken: Taken) -> None:
    """Keep a picture with its words."""
    (FOLDER / "pictures" / f"{name}.png").write_bytes(taken.image)
    (FOLDER / "pictures" / f"{name}.txt").write_text(taken.words.strip() + "\n", "utf-8")
