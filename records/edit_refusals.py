"""Why an edit of a content file is not done, in words for the editor."""

from __future__ import annotations

from collections.abc import Sequence


class EditRefused(ValueError):
    """An edit that is not done; the message tells the editor why, and what to do."""


class NoSuchVersion(EditRefused):
    """Nothing has this number."""

    def __init__(self, number: int | str) -> None:
        super().__init__(
            f"没有编号是 {number} 的草稿或版本。用 guiyan knowledge list 看看有哪些。"
        )


class WrongStage(EditRefused):
    """The version does not stand where this act begins."""

    def __init__(self, number: int | None, stage: str, act: str) -> None:
        super().__init__(f"编号 {number} 现在是“{stage}”，不能{act}。")


class OwnDraft(EditRefused):
    """An author cannot be their own reviewer."""

    def __init__(self) -> None:
        super().__init__("自己写的不能自己审，请换一位同事来审。")


class ChangedMeanwhile(EditRefused):
    """What the version was written over is no longer what is served."""

    def __init__(self, number: int | None, by: str) -> None:
        super().__init__(
            f"编号 {number} 起草以后，这一条已经被改过（{by}）。请看最新的，在它上面重新起草。"
        )


class StillTold(EditRefused):
    """Other entries tell a figure of the one that is to be withdrawn."""

    def __init__(self, entry: str, referring: Sequence[str]) -> None:
        super().__init__(
            f"{'、'.join(referring)} 还在说 {entry} 的数字，没有撤下。数字没错的，先改它们；"
            f"数字错了的，连同引用它的一起撤下：guiyan knowledge withdraw {entry} "
            "--with-referring --staff 姓名 --note 原因"
        )


class Moved(Exception):
    """The library changed after it had been checked: check it again."""
