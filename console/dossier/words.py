"""What codes of a file are called on its pages."""

from __future__ import annotations

from records.visits import Light, Reason, Standing, VisitKind

REASONS = {
    "call_back": "给他打电话、回访",
    "check": "核对是不是本人",
    "visit": "上门前先联系",
    "danger": "可能有危险，要马上联系",
}
KINDS = {
    VisitKind.CALL: "打电话回访",
    VisitKind.KNOCK: "上门走访",
    VisitKind.FIRM: "到店里、厂里看",
    VisitKind.GUIDANCE: "导师辅导",
    VisitKind.NO_ANSWER: "联系了，没人接",
}
LIGHTS = {
    Light.GREEN: ("绿：顺利", "good"),
    Light.YELLOW: ("黄：有困难", "warn"),
    Light.RED: ("红：很难，要帮", "bad"),
}
STANDINGS = {
    Standing.OPEN: "在干",
    Standing.PREPARING: "在准备",
    Standing.CLOSED: "停了",
    Standing.UNKNOWN: "不清楚",
}
WHYS = {
    Reason.FIRST: "第一次联系",
    Reason.MONTH_1: "满1个月",
    Reason.MONTH_3: "满3个月",
    Reason.MONTH_6: "满6个月",
    Reason.MONTH_12: "满12个月",
    Reason.PROMISED: "约好的",
    Reason.AGAIN: "再联系一次",
}
