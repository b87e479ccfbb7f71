"""Messages of 微信客服 as they go over the wire."""

from __future__ import annotations

from channels.wecom_kf.bodies import bodies
from records.messages import Option

NINE = [Option(f"{n} 第{n}样", f"want:{n}") for n in range(1, 10)]
WORDS = [Option("跳过", "跳过"), Option("0 返回", "want:0")]


def test_ten_options_are_tapped_and_the_others_said() -> None:
    (body,) = bodies("想干哪一行？", [*NINE, *WORDS])
    assert len(body["msgmenu"]["list"]) == 10
    assert "“0 返回”" in body["msgmenu"]["head_content"]
    assert "跳过" not in body["msgmenu"]["head_content"]


def test_labels_with_numbers_are_not_numbered_again() -> None:
    (body,) = bodies("长" * 400, [*NINE, *WORDS])
    assert body["text"]["content"].endswith("9 第9样\n跳过\n0 返回")
    assert "1. " not in body["text"]["content"]


def test_labels_without_numbers_get_them() -> None:
    (body,) = bodies("长" * 400, [Option("好", "a"), Option("不好", "b")])
    assert body["text"]["content"].endswith("1. 好\n2. 不好")
