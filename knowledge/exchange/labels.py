"""The closed lists of the entry format in the words of the spreadsheet."""

from collections.abc import Mapping
from typing import TypeVar

from knowledge.entry import SLOTS, Bound, Kind, Status

_Word = TypeVar("_Word", bound=str)

EIGHT = ("用工", "用地", "用能", "融资", "税费", "培训", "社保", "人才引进")
OTHER_TOPICS = ("补贴", "园区", "项目", "服务", "目标", "统计", "活动", "组织", "宣传", "其他")
TOPICS = (*EIGHT, *OTHER_TOPICS)

KINDS = {
    Kind.POLICY: "政策",
    Kind.FACT: "情况",
    Kind.STATION: "服务站",
    Kind.COURSE: "课程",
    Kind.EVENT: "活动",
    Kind.CALENDAR: "日程",
    Kind.SERVICE: "服务",
    Kind.SMALLTALK: "闲聊",
    Kind.OUT_OF_SCOPE: "不归这里管",
    Kind.HUMAN: "找人工",
    Kind.SAFETY: "安全提醒",
}
WITHDRAWN = "撤回"
STATUSES = {
    Status.IN_FORCE: "现行",
    Status.PLANNED: "打算",
    Status.POOL: "全区总数",
    Status.NOT_STATED: "文件没写",
    Status.NOT_HELD: "没有原文",
    Status.BACKGROUND: "全国背景",
}
BOUNDS = {
    Bound.EXACT: "正好",
    Bound.MAX: "最高",
    Bound.MIN: "不低于",
    Bound.PER_POST: "每个岗位",
    Bound.POOL: "总共",
    Bound.PLANNED: "打算",
    Bound.NOT_STATED: "没写",
}
ATTRIBUTES = {
    "is_returnee": "返乡人员",
    "first_registration": "首次登记",
    "entity_type": "经营形式",
    "registered_on": "登记日期",
    "months_operating": "经营月数",
    "headcount_incl_founder": "人数（含本人）",
    "contracts_1y": "一年以上合同数",
    "contracts_signed": "签了劳动合同",
    "social_insurance": "交社保",
    "is_small_micro": "小微企业",
    "recognised_as": "认定为",
    "loan_kind": "贷款人",
}
OPERATORS = {"is": "是", "in": "属于", "ge": "至少", "has": "有"}
DEFINED = {True: "写清了", False: "没写清"}
TRUTHS = {True: "是", False: "否"}
WORDS_OF = {
    "social_insurance": {"paid": "交了", "partly": "交了一部分", "none": "没交"},
    "loan_kind": {"person": "个人", "partnership": "合伙", "small_firm": "小微企业"},
}
SLOT_LABELS = {slot: slot for slot in SLOTS}
TOPIC_LABELS = {topic: topic for topic in TOPICS}


def meant(labels: Mapping[_Word, str], shown: str) -> str | None:
    """The stored word that a label stands for; the stored word itself will do as well."""
    for stored, label in labels.items():
        if shown in (label, str(stored)):
            return str(stored)
    return None
