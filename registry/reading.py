"""A file that somebody hands in, told by its bytes and not by its name, as sheets of rows."""

from __future__ import annotations

from knowledge.exchange.guard import FileRefused
from registry import delimited, xlsx
from registry.sheets import Book

LARGEST_FILE = max(xlsx.LIMITS.file, delimited.LARGEST_FILE)
_ZIP = b"PK"
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_KINDS = (
    (b"%PDF", "这是 PDF，不是表格；请要一份 .xlsx 的。"),
    (b"\x89PNG", "这是图片，不是表格；请把内容填进 .xlsx 再导入。"),
    (b"\xff\xd8\xff", "这是图片，不是表格；请把内容填进 .xlsx 再导入。"),
    (b"Rar!", "这是压缩包；请解开，把里面的表格导入。"),
    (b"7z\xbc\xaf", "这是压缩包；请解开，把里面的表格导入。"),
)


def read(data: bytes) -> Book:
    """The sheets of a file; FileRefused with one sentence if it cannot be used at all."""
    look_at(data)
    if data.startswith((_ZIP, _OLE)):
        return xlsx.read(data)
    return delimited.read(data)


def look_at(head: bytes) -> None:
    """FileRefused where the first bytes tell that it is no table."""
    if not head:
        raise FileRefused("这个文件是空的。")
    for sign, sentence in _KINDS:
        if head.startswith(sign):
            raise FileRefused(sentence)
