"""The stand-in of WeCom for a benchmark: many members, and a budget of messages in a window.

`python -m tests.support.wecom_campaign FIRST MEMBERS MOST SECONDS`
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from tests.support.wecom.control import ACTS
from tests.support.wecom.server import WeCom
from tests.support.wecom.wire import Body

_PATH = "message/send"


async def _run(first: int, members: int, most: int, seconds: float) -> None:
    async with WeCom() as wecom:
        for number in range(first, first + members):
            wecom.corp.member(str(number))
        wecom.limits.free = frozenset()
        wecom.limits.own[_PATH] = (most, seconds)
        ACTS["figures"] = figures
        app = wecom.tokens.apps["app"]
        settings = {"corp": wecom.corp.corp_id, "agent": str(app.agent_id), "secret": app.secret}
        keys = {"token": app.token, "aes_key": app.aes_key}
        sys.stdout.write(json.dumps({**settings, **keys}) + f"\n{wecom.url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def figures(wecom: WeCom, _given: Body) -> dict[str, Any]:
    """What became of the messages."""
    ours = {code: number for (path, code), number in wecom.answers.items() if path == _PATH}
    accepted = ours.pop(0, 0)
    dropped = len(wecom.app.dropped)
    return {"accepted": accepted, "refused": sum(ours.values()), "dropped": dropped}


def main() -> None:
    """Run until it is ended."""
    first, members, most = map(int, sys.argv[1:4])
    asyncio.run(_run(first, members, most, float(sys.argv[4])))


if __name__ == "__main__":
    main()
