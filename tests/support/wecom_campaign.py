"""The stand-in of WeCom for a benchmark: many members, and a budget of messages a day in China.

`python -m tests.support.wecom_campaign FIRST MEMBERS MOST START`: START is its first moment, ISO.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tests.support.wecom.clock import DAY
from tests.support.wecom.control import ACTS
from tests.support.wecom.limits import Window
from tests.support.wecom.server import WeCom
from tests.support.wecom.wire import Body

_PATH = "message/send"


_EAST = 8 * 3600  # China's clock is ahead by so much


@dataclass(slots=True)
class _Day(Window):
    """At most `most` between two midnights in China."""

    def is_full(self, now: float) -> bool:
        midnight = now - (now + _EAST) % DAY
        while self.times and self.times[0] < midnight:
            self.times.popleft()
        return len(self.times) >= self.most


async def _run(first: int, members: int, most: int, start: datetime) -> None:
    async with WeCom() as wecom:
        wecom.clock.advance((start - datetime.now(UTC)).total_seconds())
        for number in range(first, first + members):
            wecom.corp.member(str(number))
        wecom.limits.free = frozenset()
        wecom.limits._windows[_PATH] = [_Day(most, DAY)]
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
    asyncio.run(_run(first, members, most, datetime.fromisoformat(sys.argv[4])))


if __name__ == "__main__":
    main()
