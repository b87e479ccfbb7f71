"""An independent scanner of web pages (Wapiti) over the console, as each post.

`make scan` installs it beside the project. It follows links and sends forms by itself, with
hostile words in every field, over made-up counties in a database that is thrown away.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from bot.benching.console_world import NOW, World
from console.guard import COOKIE
from records.database import Database
from records.rights import Post
from records.vault import Vault
from tests.support.console import served
from tests.support.console_walk import browser_of
from tests.support.database import fresh_file

# What ends the walker's own session.
_ENDS = ("sign-out", "account/sessions", "account/password", "account/factor")
_OVER_HTTP = "Secure Flag cookie"  # set where the public address is https, which this one is not
_ATTACKS = (
    "cookieflags,crlf,csp,csrf,exec,file,http_headers,methods,permanentxss,redirect,sql,xss,xxe"
)


async def scan(scanner: str, post: Post, seconds: int, folder: Path) -> dict[str, Any]:
    """Wapiti's report on the console as somebody of this post sees it."""
    vault = Vault("a-key-for-the-scan-of-thirty-two")
    database = Database(await fresh_file(folder / f"{post}.db"))
    await World(vault, 60).fill(database, messages=60, tickets=60)
    async with served(database, vault, NOW) as stage:
        browser = await browser_of(stage, post)
        root = str(stage.client.make_url("/console/"))
        kept = folder / f"{post}.json"
        excluded = [part for end in _ENDS for part in ("-x", f"{root}{end}*")]
        asked = await asyncio.create_subprocess_exec(
            *(
                scanner,
                "-u",
                root,
                "-m",
                _ATTACKS,
                "-f",
                "json",
                "-o",
                str(kept),
                "-v",
                "0",
                "--scope",
                "folder",
            ),
            *("-C", f"{COOKIE}={browser.token}", "--no-bugreport"),
            *("--max-scan-time", str(seconds), "--max-attack-time", str(seconds // 4)),
            *("--store-session", str(folder / post), "--flush-session", *excluded),
            stdout=asyncio.subprocess.DEVNULL,
        )
        await asked.wait()
    await database.close()
    return json.loads(kept.read_text("utf-8"))  # type: ignore[no-any-return]


def said(post: Post, report: dict[str, Any]) -> list[str]:
    """A line for the post, and one for each kind of finding."""
    crawled = report["infos"]["crawled_pages_nbr"]
    found = {**report["vulnerabilities"], **report["anomalies"]}
    found.pop(_OVER_HTTP, None)
    lines = [f"{post}: {crawled} addresses and forms, {sum(map(len, found.values()))} findings"]
    for kind, ones in found.items():
        lines += [f"  {kind}: {one['method']} {one['path']} {one['info']}" for one in ones]
    return lines


async def _all(scanner: str, posts: list[Post], seconds: int) -> int:
    clean = True
    with tempfile.TemporaryDirectory() as folder:
        for post in posts:
            lines = said(post, await scan(scanner, post, seconds, Path(folder)))
            sys.stdout.write("\n".join(lines) + "\n")
            sys.stdout.flush()
            clean = clean and len(lines) == 1
    return 0 if clean else 1


def main() -> int:
    """1 where anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scanner", default=".venv/scan/bin/wapiti")
    parser.add_argument("--post", action="append", type=Post, default=[])
    parser.add_argument("--seconds", type=int, default=600, help="for each post at most")
    asked = parser.parse_args()
    return asyncio.run(_all(asked.scanner, asked.post or list(Post), asked.seconds))


if __name__ == "__main__":
    sys.exit(main())
