"""Why a step with a report is not taken; one sentence in Chinese for pages and chat."""

from __future__ import annotations


class ReportRefusal(Exception):
    """It cannot be done like this; says what to do instead."""


STALE = "这份表刚有人动过，刷新看一眼再来。"
NOT_YOURS = "这份表不归您管。"
FROZEN = "已经定稿，数字不能改。写一条更正说明：哪一格、改成几、为什么。"
