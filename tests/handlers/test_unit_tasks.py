"""Tasks of units are handed to who may see them, and to nobody else."""

from __future__ import annotations

from pathlib import Path

from tests.support.journey import Journey

STORY = """
@ 县里的手机
& staff 县里 371703
@ 外县的手机
& staff 外县 430381
@ 村里的手机
& cadre 老谢 371703102230
@ 刘的手机
& commissioner 小刘 371703
@ 县里的手机
^ task 报送材料 371703 2026-12-01
> 任务 1 交给 外县
< 没有叫外县的
> 任务 1 交给 老谢
< 没有叫老谢的
> 任务 1 交给 小刘
< 交给小刘了
"""


async def test_a_task_is_handed_to_who_sees_it_only(tmp_path: Path) -> None:
    async with Journey(tmp_path) as journey:
        assert await journey.play(STORY) == []
