"""Which words may be tags of people: the office's own, none about what is sensitive."""

from __future__ import annotations

import re

from records.tags import LONGEST

_NO_TAG = {
    r"残疾|残联|聋|哑|盲|智障": "身体残疾",
    r"低保|五保|特困|贫困|脱贫|困难户|救助": "家里困难",
    r"病|癌|精神|抑郁|艾滋|乙肝|怀孕|孕妇|吸毒|戒毒": "身体和病情",
    r"信教|宗教|教徒|基督|天主|佛教|回民|民族|党员|政治|上访|信访": "信仰、民族和政治",
    r"坐牢|坐过牢|犯罪|前科|刑满|劳改|嫌疑|社区矫正": "案底",
    r"离婚|离异|单亲|光棍|寡妇|同性恋|出轨": "家庭和感情",
    r"老赖|失信|欠债|欠钱|赌|酒鬼|懒|傻|骗子|难缠|刁民": "对人的坏话",
    r"\d{5,}|身份证|银行卡": "号码",
}


class TagRefused(ValueError):
    """A tag that may not be put on anybody: why, in a sentence."""


def checked(tag: str) -> str:
    """The tag as it is kept; TagRefused for what must not be noted of people."""
    plain = re.sub(r"\s+", "", tag).strip("。，,、；;（）()")
    if not plain or len(plain) > LONGEST or re.search(r"[，,、；;（）()/]|且|或", plain):
        raise TagRefused(f"标签要1到{LONGEST}个字，一次一个，不带标点和“且”“或”。")
    for words, what in _NO_TAG.items():
        if re.search(words, plain):
            raise TagRefused(f"{what}不能做标签：这是敏感的事，本人看得到，也不许按它选人。")
    return plain
