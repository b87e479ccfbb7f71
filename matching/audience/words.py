"""The words of an audience: phrases that stand alone, and verbs with the words they take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matching.audience.values import ANY, Field


@dataclass(frozen=True, slots=True)
class Verb:
    """What may stand before a list of words: 会 电工、焊工."""

    field: Field
    said: str
    spelt: tuple[str, ...]
    takes: Mapping[str, tuple[str, ...]]


_TRADES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("种养", "种养殖", "种植", "养殖", "种地", "农业"), ("farming",)),
    **dict.fromkeys(("农产品加工", "食品加工"), ("food_processing",)),
    **dict.fromkeys(("小店", "开店", "餐饮", "饭店", "美容", "小店餐饮美容"), ("shop",)),
    **dict.fromkeys(("电商", "直播", "电商直播", "网店"), ("online",)),
    **dict.fromkeys(("旅游", "民宿", "乡村旅游", "农家乐"), ("tourism",)),
    **dict.fromkeys(("修理", "家政", "养老", "服务"), ("services",)),
    **dict.fromkeys(("运输", "快递", "物流", "运输快递"), ("transport",)),
    **dict.fromkeys(("办厂", "来料加工", "开厂", "加工厂"), ("workshop",)),
    "别的": ("other",),
}
_SKILLS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("厨师", "做饭", "炒菜"), ("cook",)),
    "电工": ("electrician",),
    **dict.fromkeys(("焊工", "电焊"), ("welder",)),
    **dict.fromkeys(("瓦工", "木工", "泥瓦匠"), ("builder",)),
    **dict.fromkeys(("缝纫", "制衣", "缝纫制衣"), ("sewing",)),
    **dict.fromkeys(("机械", "机械维修", "机械操作"), ("machines",)),
    **dict.fromkeys(("开车", "驾驶", "司机"), ("driver",)),
    "养殖": ("livestock",),
    "种植": ("crops",),
    **dict.fromkeys(("美容", "美发", "美容美发", "理发"), ("beauty",)),
    **dict.fromkeys(("电商", "直播", "拍视频"), ("online",)),
    **dict.fromkeys(("带班", "管理", "带班管理"), ("lead",)),
    "别的手艺": ("other",),
}
_LACKS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("本钱", "资金", "钱"), ("capital",)),
    "项目": ("project",),
    **dict.fromkeys(("技术", "手艺"), ("skill",)),
    **dict.fromkeys(("场地", "地方"), ("site",)),
    **dict.fromkeys(("人手", "人", "工人"), ("people",)),
    **dict.fromkeys(("销路", "客户", "市场"), ("sales",)),
    **dict.fromkeys(("手续", "办证"), ("paperwork",)),
}
_CHANNELS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("微信", "微信客服"), ("wecom_kf",)),
    **dict.fromkeys(("企业微信",), ("wecom_app", "wecom_contact")),
    **dict.fromkeys(("网页", "网页聊天"), ("webchat",)),
    **dict.fromkeys(("Telegram", "telegram", "电报"), ("telegram",)),
}
VERBS = (
    Verb(Field.WISH, "想做", ("想做", "想干", "想搞", "想开"), _TRADES),
    Verb(Field.TRADE, "在做", ("在做", "在干", "正在做", "已经在做", "开着"), _TRADES),
    Verb(Field.SKILL, "会", ("会做", "会", "懂", "手艺是"), _SKILLS),
    Verb(Field.LACK, "缺", ("缺少", "缺", "差"), _LACKS),
    Verb(Field.CHANNEL, "用", ("在用", "用"), _CHANNELS),
)

PHRASES: Mapping[str, tuple[Field, tuple[str, ...]]] = {
    **dict.fromkeys(
        ("在外地", "在外", "还在外地", "在外打工", "在外务工"), (Field.WHERE, ("away",))
    ),
    **dict.fromkeys(("已回老家", "回来了", "已经回来", "已返乡"), (Field.WHERE, ("returned",))),
    **dict.fromkeys(("一直在老家", "没出去过"), (Field.WHERE, ("stayed",))),
    **dict.fromkeys(("在老家", "在家"), (Field.WHERE, ("returned", "stayed"))),
    **dict.fromkeys(("春节前回来", "年前回来"), (Field.RETURN, ("before_festival",))),
    **dict.fromkeys(("春节回来", "过年回来"), (Field.RETURN, ("festival",))),
    **dict.fromkeys(("过完年回来", "年后回来"), (Field.RETURN, ("after_festival",))),
    **dict.fromkeys(("在外半年以上", "外出半年以上"), (Field.AWAY, ("half_year",))),
    **dict.fromkeys(("在外不到半年", "外出不到半年"), (Field.AWAY, ("less",))),
    **dict.fromkeys(("农村户口", "户口农村"), (Field.HUKOU, ("rural",))),
    **dict.fromkeys(("城镇户口", "户口城镇"), (Field.HUKOU, ("urban",))),
    **dict.fromkeys(("已经在干", "在创业", "已经创业"), (Field.INTENT, ("running",))),
    **dict.fromkeys(("马上想干", "马上干"), (Field.INTENT, ("ready",))),
    **dict.fromkeys(("有想法没想好", "没想好"), (Field.INTENT, ("thinking",))),
    **dict.fromkeys(("想创业", "有创业意向"), (Field.INTENT, ("ready", "thinking"))),
    **dict.fromkeys(("想回来上班", "想上班", "想就业"), (Field.INTENT, ("job",))),
    **dict.fromkeys(("暂时不回", "不想回来"), (Field.INTENT, ("not_returning",))),
    **dict.fromkeys(("办了执照", "有执照"), (Field.LICENCE, ("yes",))),
    **dict.fromkeys(("没办执照", "没执照"), (Field.LICENCE, ("no",))),
    "白天方便": (Field.TIME, ("day",)),
    "晚上方便": (Field.TIME, ("evening",)),
    **dict.fromkeys(("上夜班", "夜班"), (Field.TIME, ("night_shift",))),
    "个体户": (Field.FORM, ("个体户",)),
    "公司": (Field.FORM, ("公司",)),
    "合作社": (Field.FORM, ("合作社",)),
    "家庭农场": (Field.FORM, ("家庭农场",)),
    "乡贤": (Field.TIER, ("registered", "selected", "key")),
    "登记乡贤": (Field.TIER, ("registered",)),
    "入选乡贤": (Field.TIER, ("selected",)),
    "重点乡贤": (Field.TIER, ("key",)),
    **dict.fromkeys(("同意推送", "同意接收"), (Field.PUSHES, ("yes",))),
    **dict.fromkeys(("不同意推送", "拒绝推送"), (Field.PUSHES, ("no",))),
    **dict.fromkeys(("有专员", "专员"), (Field.HELPER, ("commissioner",))),
    **dict.fromkeys(("有导师", "导师"), (Field.HELPER, ("mentor",))),
    **dict.fromkeys(("上过课", "报过课", "培训过"), (Field.COURSE, (ANY,))),
    **dict.fromkeys(("自己登记", "自己登记的"), (Field.SOURCE, ("chat",))),
    **dict.fromkeys(("名册导入", "名单导入"), (Field.SOURCE, ("bulk",))),
    **dict.fromkeys(("村里登记", "入户登记"), (Field.SOURCE, ("household",))),
}

EVERYBODY = ("所有人", "全部", "全体", "大家")
