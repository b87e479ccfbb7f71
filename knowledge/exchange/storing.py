"""The last step of an import: the pages as they are stored, made ready outside the transaction."""

from dataclasses import replace
from datetime import datetime

from knowledge.exchange.edits import Edits
from knowledge.exchange.settling import Ground
from knowledge.pages import Page as ReadPage
from knowledge.reading import read_entry
from records.page_edits import Page
from records.page_imports import Import
from records.policies import fingerprint

OPERATOR = "命令行操作员"  # whoever may write to the database; vouches for what nobody else read
_NOTE = "表格导入"
_TRAIL = "operator"


def as_drafts(edits: Edits, ground: Ground, *, author: str, at: datetime, checked: int) -> Import:
    """A draft of each page; what is to be withdrawn is drafted in the words it is served in."""
    pages = [
        replace(_page(path, text or ground.pages[path], ground), withdraws=text is None)
        for path, text in sorted(edits.pages.items())
    ]
    return Import(pages, (), author, f"staff:{author}"[:60], at, _NOTE, checked)


def as_live(edits: Edits, ground: Ground, *, author: str, at: datetime, checked: int) -> Import:
    """Each page to be served at once, and each that is to be served no more."""
    pages = sorted(edits.pages.items())
    kept = [_page(path, text, ground) for path, text in pages if text is not None]
    gone = [_page(path, ground.pages[path], ground) for path, text in pages if text is None]
    actor = _TRAIL if author == OPERATOR else f"staff:{author}"[:60]
    return Import(kept, gone, author, actor, at, _NOTE, checked)


def _page(path: str, text: str, ground: Ground) -> Page:
    shipped = ground.shelf.shipped(path)
    page = Page(path, text, base="" if shipped is None else fingerprint(shipped))
    if "/policies/" not in path:
        return page
    entry = read_entry(ReadPage(path, text.encode()), "")
    return replace(page, owner=entry.owner, review_by=entry.review_by, ends_on=entry.valid_until)
