"""LibreOffice as an independent reader of what we write."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest

SOFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not here")
_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"


def as_read_by_office(data: bytes, folder: Path) -> list[list[str]]:
    """The cells of the first sheet of a workbook as LibreOffice shows them."""
    file = folder / "table.xlsx"
    file.write_bytes(data)
    text = converted(file, folder, _CSV).read_text("utf-8")
    return list(csv.reader(io.StringIO(text)))


def converted(file: Path, folder: Path, to: str) -> Path:
    """The file that LibreOffice makes of another."""
    assert SOFFICE is not None
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [SOFFICE, profile, "--headless", "--convert-to", to, "--outdir", str(folder)]
    subprocess.run([*command, str(file)], check=True, capture_output=True, timeout=240)
    ending = to.partition(":")[0]
    found = [one for one in folder.glob(f"{file.stem}*.{ending}") if one != file]
    return found[0]
