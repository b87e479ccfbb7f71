"""Run the stand-in alone: `python -m tests.support.wecom --port 8090`."""

from __future__ import annotations

import argparse
import asyncio

from tests.support.wecom.cast import people
from tests.support.wecom.server import WeCom


async def _run(port: int, seed: int, listen: str) -> None:
    async with WeCom(port=port, seed=seed) as wecom:
        people(wecom)
        for name, value in wecom.settings().items():
            print(f"{name}={value}", flush=True)  # noqa: T201
        print(f"演练场: {wecom.url}", flush=True)  # noqa: T201
        if listen:
            print(f"接通的回调: {await wecom.listen(listen)}", flush=True)  # noqa: T201
        await asyncio.Event().wait()


def main() -> None:
    """Run until it is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--listen", default="", help="the address of `guiyan run`, to call back")
    options = parser.parse_args()
    asyncio.run(_run(options.port, options.seed, options.listen))


if __name__ == "__main__":
    main()
