"""What most bots do to write to many: a loop over python-telegram-bot with its rate limiter.

`python -m tests.support.campaign_loop URL SECONDS` prints how many were accepted, refused with
429, and seconds of CPU; nothing is accounted for, and a crash would begin anew or lose the rest.
"""

from __future__ import annotations

import asyncio
import sys
import time

from telegram import Bot
from telegram.error import RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, ExtBot

from tests.support.bot_api import TOKEN

TEXT = "老乡，腊月廿三大集有返乡摊位，想要的回1。"


async def _loop(url: str, seconds: float, *, limited: bool) -> None:
    limiter = AIORateLimiter(max_retries=3) if limited else None
    bot: Bot = ExtBot(TOKEN, base_url=f"{url}/bot", rate_limiter=limiter)
    accepted = refused = 0
    async with bot:
        began, cpu = time.perf_counter(), time.process_time()
        while time.perf_counter() - began < seconds:
            try:
                await bot.send_message(5_000_000 + accepted, TEXT)
                accepted += 1
            except RetryAfter as told:
                refused += 1
                await asyncio.sleep(float(told.retry_after))  # type: ignore[arg-type]
            except TelegramError:
                refused += 1
        spent = time.perf_counter() - began
        sys.stdout.write(f"{accepted} {refused} {spent:.2f} {time.process_time() - cpu:.2f}\n")


if __name__ == "__main__":
    asyncio.run(_loop(sys.argv[1], float(sys.argv[2]), limited=len(sys.argv) < 4))
