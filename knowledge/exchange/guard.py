"""What is refused before a spreadsheet is opened: bombs, locked files, macros, other formats."""

import re
import zlib
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

LARGEST_FILE = 20 * 2**20
LARGEST_UNPACKED = 120 * 2**20
MOST_PARTS = 2_000
MOST_ROWS = 50_000

BROKEN_ZIP = (
    *(BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError),
    ValueError,  # places outside the file
)
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_PIECE = 2**20
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_LONGEST_TAG = 200  # what may be cut by the end of a piece


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is opened: bytes packed and unpacked, and of a part read as a whole."""

    file: int = LARGEST_FILE
    unpacked: int = LARGEST_UNPACKED
    part: int = LARGEST_UNPACKED  # of all but the sheets
    rows: int = MOST_ROWS
    cells: int = 1_500_000
    merged: int = 2_000


OF_ENTRIES = Limits()


class FileRefused(Exception):
    """The file cannot be used at all; one plain sentence says why and what to do."""


def check(data: bytes, limits: Limits = OF_ENTRIES) -> dict[str, list[str]]:
    """Refuse what must not be opened; the merged ranges of each sheet's part of a good one."""
    if not data:
        raise FileRefused("这个文件是空的。")
    if len(data) > limits.file:
        raise FileRefused(f"文件超过 {limits.file >> 20} MB，请按地区分成几个文件再导入。")
    if data.startswith(_OLE):
        raise FileRefused(_old_or_locked(data))
    try:
        with ZipFile(BytesIO(data)) as parts:
            return _checked(parts, limits)
    except BROKEN_ZIP as fault:
        raise FileRefused("这不是完好的 .xlsx 文件，请用表格软件打开后另存为 .xlsx。") from fault


def _old_or_locked(data: bytes) -> str:
    if _LOCKED in data:
        return "文件加了打开密码，请在表格软件里去掉密码，存好再导入。"
    return "这是旧的 .xls 格式（或者别的文件），请用表格软件打开后另存为 .xlsx。"


def _checked(parts: ZipFile, limits: Limits) -> dict[str, list[str]]:
    infos = parts.infolist()
    names = {info.filename.lower() for info in infos}
    whole = sum(info.file_size for info in infos)
    largest = max((i.file_size for i in infos if not _SHEET.fullmatch(i.filename)), default=0)
    if whole > limits.unpacked or largest > limits.part or len(infos) > MOST_PARTS:
        most = (limits.unpacked if whole > limits.unpacked else limits.part) >> 20
        raise FileRefused(
            f"文件解开后超过 {most} MB，不像正常的表格，没有打开；请把要用的内容复制到新表格里。"
        )
    if any(name.endswith("vbaproject.bin") for name in names):
        raise FileRefused("文件带宏，为了安全没有打开；请另存为不带宏的 .xlsx。")
    if "xl/workbook.xml" not in names or "[content_types].xml" not in names:
        raise FileRefused("这不是 .xlsx 表格，请用表格软件打开后另存为 .xlsx。")
    return _sheets(parts, infos, limits)


def _sheets(parts: ZipFile, infos: list[ZipInfo], limits: Limits) -> dict[str, list[str]]:
    merged: dict[str, list[str]] = {}
    rows = cells = 0
    for info in infos:
        if info.filename.lower().endswith((".xml", ".rels")):
            _refuse_entities(parts, info)
        if _SHEET.fullmatch(info.filename):
            more_rows, more_cells, merged[info.filename] = _counted(parts, info, limits)
            rows, cells = rows + more_rows, cells + more_cells
        if len(merged.get(info.filename, ())) > limits.merged:
            raise FileRefused("合并的单元格太多，请取消合并，每行写全再导入。")
        if rows > limits.rows or cells > limits.cells:
            raise FileRefused(
                f"表格超过 {limits.rows} 行（空行也算），"
                "请删掉末尾的空行，或者按地区分成几个文件。"
            )
    return merged


def _refuse_entities(parts: ZipFile, info: ZipInfo) -> None:
    """No spreadsheet program writes a document type; it is there to blow up readers."""
    with parts.open(info) as file:
        start = file.read(4096).replace(b"\0", b"").lower()
    if b"<!doctype" in start or b"<!entity" in start:
        raise FileRefused("文件里有不该有的内容，没有打开；请把内容复制到新表格里再导入。")


def _counted(parts: ZipFile, info: ZipInfo, limits: Limits) -> tuple[int, int, list[str]]:
    rows = cells = 0
    merged: list[str] = []
    rest = b""
    with parts.open(info) as file:
        while piece := file.read(_PIECE):
            text = rest + piece
            cut = text.rfind(b">") + 1
            done, rest = text[:cut], text[cut:][-_LONGEST_TAG:]
            rows += len(_ROW.findall(done))
            cells += len(_CELL.findall(done))
            merged += (found.decode() for found in _MERGED.findall(done))
            if rows > limits.rows or cells > limits.cells:
                break
    return rows, cells, merged
