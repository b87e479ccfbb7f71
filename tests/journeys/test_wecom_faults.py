"""微信客服 through the real service while WeCom stumbles: each word answered, none twice."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

from tests.support.several import the_program
from tests.support.wecom import faults
from tests.support.wecom.phones import By
from tests.support.wecom.server import WeCom

_PEOPLE = 12
_STUMBLES = (
    (faults.code(-1), 0.05),
    (faults.code(45033), 0.03),
    (faults.CLOSED, 0.05),
    (faults.CLOSED_AFTER, 0.05),
    (faults.BAD_GATEWAY_AFTER, 0.05),
    (faults.HTML, 0.03),
)


def _stumbling() -> WeCom:
    """Faults, callbacks again and out of order, pages that are small, empty or overlap."""
    wecom = WeCom(seed=5)
    for fault, rate in _STUMBLES:
        wecom.faults.often("kf/send_msg", fault, rate)
        wecom.faults.often("kf/sync_msg", fault, rate)
    habits, paging = wecom.callbacks.habits, wecom.kf.paging
    habits.repeat_rate, habits.reorder_rate = 0.3, 0.3
    paging.most, paging.empty_rate, paging.repeat_rate = 4, 0.2, 0.3
    return wecom


def _all_answered(wecom: WeCom, said: int) -> bool:
    return all(len(wecom.kf.shown(customer)) >= 2 * said for customer in wecom.kf.customers)


async def test_each_word_is_answered_once_while_wecom_stumbles(tmp_path: Path) -> None:
    async with _stumbling() as wecom, the_program(tmp_path, wecom.settings()) as program:
        customers = [wecom.kf.customer() for _ in range(_PEOPLE)]
        await program.start()
        await program.ready()
        await wecom.listen(program.address, "kf")
        for said, text in enumerate(("你好", "谢谢", "首页"), 1):
            for customer in customers:
                wecom.kf.says(customer, text)
            await wecom.until(partial(_all_answered, wecom, said), seconds=60)
            wecom.tokens.invalidate()
        await asyncio.sleep(1.0)  # what would come twice has time to come
        ours = [shown for shown in wecom.phones.everything() if shown.by is By.US]
        assert (len(ours), len({shown.msgid for shown in ours})) == (3 * _PEOPLE, 3 * _PEOPLE)
        assert wecom.kf.overdrawn == 0
        assert len(wecom.faults.happened) > 10
