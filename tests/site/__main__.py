"""The documentation as a site in var/site; links that lead nowhere stop it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.site.source import ROOT, lay_out


def main(builder: Path) -> int:
    target = ROOT / "var" / "site-source"
    lay_out(target)
    told = ["build", "--strict", "--config-file", str(target / "mkdocs.yml")]
    return subprocess.run([builder.absolute(), *told], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
