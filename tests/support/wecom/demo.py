"""`make demo-wecom`: the stand-in and the real service, wired together in a temporary folder."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
import tempfile
from pathlib import Path

from tests.support.program import Program
from tests.support.wecom.cast import STAFF, people
from tests.support.wecom.server import WeCom

_MODES = {"app": "自建应用", "kf": "微信客服", "contact": "客户联系"}


async def _play(port: int) -> int:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    with tempfile.TemporaryDirectory(prefix="guiyan-demo-") as folder:
        async with WeCom(port=port) as wecom:
            people(wecom)
            async with Program(Path(folder), wecom.settings()) as program:
                if not await _begin(wecom, program):
                    return 1
                await stopped.wait()
                await program.stop()
    return 0


async def _begin(wecom: WeCom, program: Program) -> bool:
    _say("正在启动归雁和演练场…")
    try:
        await program.command("staff", "add", "张三", "--wecom", STAFF)
        await program.start()
        await program.ready()
    except (RuntimeError, TimeoutError) as fault:
        _say(f"归雁没有启动: {fault or program.log()}")
        return False
    joined = await wecom.listen(program.address)
    _say(f"演练场    {wecom.url}")
    _say(f"归雁      {program.address}/chat")
    silent = [name for name in wecom.tokens.apps if name not in joined]
    if silent:
        _say(f"没有接通的回调: {'、'.join(_MODES[name] for name in silent)}")
    _say("按 Ctrl-C 结束，演练的数据随之删除。")
    return True


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def main() -> int:
    """Play until Ctrl-C; 1 if the service did not start."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8090)
    port = parser.parse_args().port
    try:
        return asyncio.run(_play(port))
    except OSError:
        _say(f"演练场不能用端口 {port}，它多半被占着。换一个: make demo-wecom PORT=9000")
        return 1


if __name__ == "__main__":
    sys.exit(main())
