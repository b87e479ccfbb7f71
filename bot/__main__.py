"""`python -m bot`, and the `guiyan` command."""

from __future__ import annotations

import sys

from bot.cli import main as run_command


def main() -> None:
    """Run the command and end with its status: 0, 1 (failure) or 2 (bad arguments or settings)."""
    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
