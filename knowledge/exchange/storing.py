"""The last step of an import: drafts for a second person, or everything live at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from knowledge.exchange.edits import Edits
from knowledge.exchange.settling import Ground
from knowledge.exchange.toml_text import entry_text, parsed
from knowledge.pages import Page as ReadPage
from knowledge.reading import ENTRY_KEYS, read_entry
from records import audit, page_edits, policies
from records.database import Session
from records.edit_refusals import Moved
from records.page_edits import Page
from records.policies import fingerprint

OPERATOR = "命令行操作员"  # vouches with --live for what nobody else has read
_NOTE = "表格导入"


@dataclass(frozen=True, slots=True)
class Stored:
    """The numbers of what was stored, and how many pages are served no more."""

    numbers: tuple[int, ...]
    withdrawn: int = 0


def store_drafts(
    session: Session, edits: Edits, ground: Ground, *, author: str, at: datetime
) -> Stored:
    """Keep a draft of each page; what is to be withdrawn is drafted as having ended yesterday."""
    pages = [
        _page(path, _ended(ground.pages[path], at.date()) if text is None else text, ground)
        for path, text in sorted(edits.pages.items())
    ]
    return Stored(_drafted(session, pages, author=author, at=at))


def _drafted(
    session: Session, pages: Sequence[Page], *, author: str, at: datetime
) -> tuple[int, ...]:
    rows = [page_edits.draft(session, p, author=author, at=at, note=_NOTE) for p in pages]
    return tuple(row.id or 0 for row in rows)


def store_live(
    session: Session,
    edits: Edits,
    ground: Ground,
    *,
    author: str,
    at: datetime,
    checked: int,
) -> Stored:
    """Draft, review and release each page in this one transaction.

    `checked` is the revision that the edits were held against: Moved if it is another by now.
    """
    if policies.revision(session) != checked:
        raise Moved
    kept = sorted((path, text) for path, text in edits.pages.items() if text is not None)
    numbers = _released(
        session, [_page(p, text, ground) for p, text in kept], author=author, at=at
    )
    gone = sorted(path for path, text in edits.pages.items() if text is None)
    for path in gone:
        page, now = _page(path, ground.pages[path], ground), policies.revision(session)
        page_edits.withdraw(session, page, by=author, at=at, note=_NOTE, checked=now)
    subject = f"pages:{len(edits.pages)}"
    audit.write(session, "import_live", at=at, actor=f"staff:{author}"[:60], subject=subject)
    return Stored(numbers, len(gone))


def _released(
    session: Session, pages: Sequence[Page], *, author: str, at: datetime
) -> tuple[int, ...]:
    numbers = _drafted(session, pages, author=author, at=at)
    for number in numbers:
        page_edits.review(session, number, reviewer=OPERATOR, at=at)
    bases, now = {page.path: page.base for page in pages}, policies.revision(session)
    if numbers:
        page_edits.release(session, numbers, by=author, at=at, bases=bases, checked=now)
    return numbers


def _page(path: str, text: str, ground: Ground) -> Page:
    shipped = ground.shelf.shipped(path)
    page = Page(path, text, base="" if shipped is None else fingerprint(shipped))
    if "/policies/" not in path:
        return page
    entry = read_entry(ReadPage(path, text.encode()), "")
    return replace(page, owner=entry.owner, review_by=entry.review_by, ends_on=entry.valid_until)


def _ended(text: str, today: date) -> str:
    """An entry that has not been served since yesterday; what begins later never begins."""
    data, last = parsed(text), (today - timedelta(1)).isoformat()
    begins = data.get("valid_from", "")
    data["valid_from"] = "" if begins > last else begins
    return entry_text({**data, "valid_until": last}, ENTRY_KEYS)
