"""The words of an audience: phrases that stand alone, and verbs with the words they take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from matching.audience.values import ANY, Field


@dataclass(frozen=True, slots=True)
class Verb:
    """What may stand before a list of words: 会 电工、焊工; `alone` need no verb."""

    field: Field
    said: str
    spelt: tuple[str, ...]
    takes: Mapping[str, tuple[str, ...]]
    alone: tuple[str, ...] = ()


def _words(rows: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Words by code, turned round."""
    return {word: (code,) for code, words in rows.items() for word in words.split()}


def _phrases(
    field: Field, rows: Iterable[tuple[str, str]]
) -> dict[str, tuple[Field, tuple[str, ...]]]:
    """Phrases with the codes that each of them means."""
    return {
        phrase: (field, tuple(codes.split()))
        for phrases, codes in rows
        for phrase in phrases.split()
    }


def _heads(starts: str, verbs: str) -> tuple[str, ...]:
    """Every start before every verb: 想回来 and 开 make 想回来开."""
    return tuple(f"{start}{verb}" for start in starts.split() for verb in ("", *verbs.split()))


_TRADES = _words(
    {
        "farming": "种养 种养业 种养殖 种植 养殖 种地 种田 种菜 种果树 种粮 种药材 种蘑菇 养猪"
        " 养牛"
        " 养羊 养鸡 养鸭 养鱼 养虾 养蜂 农业 大棚",
        "food_processing": "农产品加工 食品加工 农副产品加工 加工农产品",
        "shop": "小店餐饮美容 小店 开店 开个店 店 店铺 餐饮 饭店 饭馆 餐馆 饭庄 面馆 小吃 小吃店"
        " 早餐 早点 美容 美发 理发 理发店 超市 小卖部"
        " 便利店 水果店 小生意 小买卖 服装店 奶茶店",
        "online": "电商直播 电商 电子商务 直播 直播带货 带货 网店 淘宝 卖货 网上卖货",
        "tourism": "乡村旅游民宿 旅游 乡村游 民宿 乡村旅游 农家乐 采摘园",
        "services": "修理家政养老 修理 家电维修 维修 修车 家政 养老 月嫂 保洁 服务",
        "transport": "运输快递 运输 跑运输 快递 快递站 驿站 物流 货运 跑车 拉货",
        "workshop": "办厂来料加工 办厂 办工厂 工厂 开厂 厂 加工厂 来料加工 作坊 服装厂 制衣厂"
        " 小作坊",
        "other": "别的",
    }
)
_SKILLS = _words(
    {
        "cook": "做饭 厨师 厨艺 烧菜 掌勺 做饭 炒菜 做菜",
        "electrician": "电工 装水电 水电 水电工",
        "welder": "焊工 氩弧焊 电焊工 电焊 焊接 烧焊 焊",
        "builder": "瓦工木工 瓦工 木工 装修 贴砖 泥瓦匠 泥工 木匠 砌墙 盖房",
        "sewing": "缝纫制衣 缝纫 制衣 缝纫机 缝纫工 车衣 做衣服 裁缝 踩缝纫机",
        "machines": "机械操作维修 机械 机械维修 机械操作 数控 模具 修机器 机修 挖掘机 开挖机",
        "driver": "开车 驾驶 司机 开货车",
        "livestock": "养殖 养猪 养鸡 养牛 养羊 养鱼 养蜂",
        "crops": "种植 种地 种菜 种果树 种药材",
        "beauty": "美容美发 美容 美发 理发 剪头发 化妆",
        "online": "电商 直播 拍视频 做视频 剪视频 拍短视频",
        "lead": "带班管理 带班 管理 带队",
        "other": "别的手艺",
    }
)
_LACKS = _words(
    {
        "capital": "本钱 资金 钱 启动资金 本金 本",
        "project": "项目 好项目 路子 门路",
        "skill": "技术 手艺",
        "site": "场地 地 地方 门面 铺子 厂房",
        "people": "人手 人 工人 帮手 劳动力",
        "sales": "销路 销售渠道 客户 市场 客源",
        "paperwork": "手续 办证",
    }
)
_NOT_SAID_SO = {
    "地",
    "本",
    "人",
    "工人",
    "帮手",
    "客户",
    "市场",
    "客源",
    "手续",
    "办证",
}  # 没人 is more than that
_NOT_THERE = {word: codes for word, codes in _LACKS.items() if word not in _NOT_SAID_SO}
_CHANNELS: Mapping[str, tuple[str, ...]] = {
    **_words(
        {
            "wecom_kf": "微信 微信客服 微信的",
            "webchat": "网页 网页聊天 网页版",
            "telegram": "Telegram telegram 电报",
        }
    ),
    "企业微信": ("wecom_app", "wecom_contact"),
}
_TOPICS = _words(
    {
        "farming": "种养 种植 养殖 种地 农业 种养技术 养殖技术 种植技术 农业技术"
        " 养猪 养鸡 养牛 养羊 养鱼",
        "ecommerce": "电商 直播 直播带货 带货 网店 拍视频",
        "marketing": "营销 卖货 销售",
        "food": "餐饮 厨师 做饭 小吃",
        "craft": "手艺 技术 焊工 电工 缝纫",
        "care": "家政 月嫂 养老护理 护理",
        "running": "创业 经营 开店 财务 管理",
        "other": "别的课",
    }
)
_CODES_OF_SKILLS = sorted({code for codes in _SKILLS.values() for code in codes})
VERBS = (
    Verb(
        Field.WISH,
        "想做",
        _heads(
            "想 打算 准备 计划 有意 想回来 想回家 想回去 打算回来 准备回来 想返乡",
            "做 干 搞 开 弄 从事",
        ),
        _TRADES,
    ),
    Verb(
        Field.TRADE,
        "在做",
        (
            "在做",
            "在干",
            "在搞",
            "在开",
            "正在做",
            "正在干",
            "已经在做",
            "已经在干",
            "开着",
            "做着",
            "干着",
            "做",
            "干",
            "搞",
            "从事",
            "开",
            "办",
        ),
        _TRADES,
    ),
    Verb(
        Field.SKILL,
        "会",
        ("会做", "会搞", "会弄", "会", "懂", "能做", "手艺是", "做过", "干过", "擅长"),
        _SKILLS,
        (
            "厨师",
            "掌勺",
            "电工",
            "电焊工",
            "缝纫工",
            "水电工",
            "焊工",
            "瓦工",
            "木工",
            "泥瓦匠",
            "木匠",
            "裁缝",
            "司机",
        ),
    ),
    Verb(
        Field.LACK,
        "缺",
        ("缺少", "缺乏", "缺", "差", "需要", "想要", "找不到", "没找到", "愁"),
        _LACKS,
    ),
    Verb(Field.LACK, "缺", ("没有", "没", "无", "没得", "没啥"), _NOT_THERE),
    Verb(Field.LEARN, "想学", ("想学", "想培训", "想参加", "要学"), _TOPICS),
    Verb(Field.CHANNEL, "用", ("在用", "用", "使用"), _CHANNELS),
)

# Trades that mean nothing else, said alone: those who are in one and those who want to be.
_UNCLEAR = {"别的", "服务", "修理", "维修", "店", "厂", "开店", "开个店", "开厂", "办厂", "养老"}
BARE_TRADES = {word: codes for word, codes in _TRADES.items() if word not in _UNCLEAR}

_AWAY = (
    "在外地 在外 在外边 在外面 在外头 还在外地 还在外面 在外打工 在外务工 在外地打工"
    " 在外地务工"
    " 外出务工 外出打工 外地打工 不在家 不在老家 没回来 还没回来 没有回来 没回老家 没回家"
    " 还没返乡 没返乡 人在外地 人在外面 出门在外"
)
_RETURNED = (
    "已回老家 回来了 已经回来 已经返回 已回家 回乡了 已经回老家"
    " 已经回家 回到老家 已回来 已返乡 返乡了 已经返乡 回老家了 回家了 返乡人员 回乡的"
)
_BACK = (
    ("春节前 年前 过年前 节前", "before_festival"),
    ("春节 过年 春节期间 过年期间", "festival"),
    ("过完年 年后 节后 春节后 过了年", "after_festival"),
)
_RETURNS = [
    (
        " ".join(
            f"{start}{when}{verb}" for when in whens.split() for start in starts for verb in verbs
        ),
        code,
    )
    for starts, verbs in [
        (
            ("", "今年", "打算", "准备", "计划", "今年打算"),
            ("回来", "回家", "要回来", "回老家", "返乡", "回"),
        )
    ]
    for whens, code in _BACK
]


def _free(when: str) -> str:
    ends = ("方便", "方便联系", "有空", "有时间", "能联系", "联系方便", "能接电话", "可以联系")
    return " ".join(f"{when}{end}" for end in ends)


PHRASES: Mapping[str, tuple[Field, tuple[str, ...]]] = {
    **_phrases(
        Field.WHERE,
        (
            (_AWAY, "away"),
            (_RETURNED, "returned"),
            ("一直在老家 一直在家 没出去过 没出过门", "stayed"),
            ("在老家 在家 人在家 在村里 在本地", "returned stayed"),
        ),
    ),
    **_phrases(Field.RETURN, _RETURNS),
    **_phrases(
        Field.SKILL,
        (("有手艺 有技术 有技能 有一技之长 会手艺 懂技术 会技术", " ".join(_CODES_OF_SKILLS)),),
    ),
    **_phrases(
        Field.AWAY,
        (
            (
                "在外半年以上 在外超过半年 在外满半年 在外半年多 在外打工半年以上"
                " 在外打工超过半年 在外务工半年以上 在外务工超过半年 外出超过半年 出去半年以上"
                " 出去超过半年 打工半年以上 打工超过半年 外出务工半年以上 外出半年以上 常年在外"
                " 长期在外 长年在外 半年以上在外",
                "half_year",
            ),
            (
                "在外不到半年 在外不满半年 在外打工不到半年 在外务工不到半年 外出务工不到半年"
                " 外出不满半年 出去不到半年 打工不到半年 外出不到半年",
                "less",
            ),
        ),
    ),
    **_phrases(
        Field.HUKOU,
        (
            ("农村户口 农村户籍 户口农村 户口在农村 农业户口", "rural"),
            ("城镇户口 城镇户籍 城镇居民 户口城镇 户口在城镇 城市户口 非农户口", "urban"),
        ),
    ),
    **_phrases(
        Field.INTENT,
        (
            (
                "已经在干 正在创业 创业中 在创业 已经开始创业 已经创业 已创业 创业了 自己干着"
                " 在自己干 开了店 已经开店"
                " 已开店 已经开业 当老板",
                "running",
            ),
            (
                "马上想干 马上就干 马上就想干 马上就要干 马上要创业 马上想创业 马上干"
                " 马上要干 马上创业",
                "ready",
            ),
            ("有想法没想好 有想法还没想好 有想法但没想好 没想好 还没想好 有想法", "thinking"),
            (
                "想创业 想返乡创业 想回乡创业 愿意创业 有意回乡创业 有意返乡创业 有意愿创业"
                " 创业意愿 创业意向 有创业意向 有意创业 有创业意愿 有创业想法 有创业的想法"
                " 有意向创业"
                " 想回来创业 想回家创业 想回老家创业 想当老板 想自己干 打算创业 准备创业",
                "ready thinking",
            ),
            (
                "想回来上班 想回来就业 想返乡就业 想在家门口上班 要就业 要找工作 求职 想上班"
                " 想就业 想找工作 想找活 找工作 想打工 想找活干",
                "job",
            ),
            ("暂时不回 不准备回来 没打算回来 不想回 不想回来 不回来 不打算回来", "not_returning"),
        ),
    ),
    **_phrases(
        Field.LICENCE,
        (
            ("办了执照 办过执照 有照 办照了 有执照 有营业执照 办了营业执照 已办执照", "yes"),
            (
                "没办执照 没照 没办照 还没执照 没办过执照 没领执照 没执照 没有执照 没有营业执照"
                " 没办营业执照 没有办执照 还没办执照 无执照",
                "no",
            ),
        ),
    ),
    **_phrases(
        Field.TIME,
        (
            (_free("白天"), "day"),
            (_free("晚上") + " " + _free("傍晚") + " " + _free("下班后"), "evening"),
            ("上夜班 夜班 倒夜班 值夜班", "night_shift"),
        ),
    ),
    **_phrases(
        Field.FORM,
        (
            ("个体户 个体工商户 个体", "个体户"),
            ("公司 企业 办了公司 开公司的", "公司"),
            ("合作社", "合作社"),
            ("家庭农场", "家庭农场"),
        ),
    ),
    **_phrases(
        Field.TIER,
        (
            ("乡贤", "registered selected key"),
            ("登记乡贤", "registered"),
            ("入选乡贤", "selected"),
            ("重点乡贤", "key"),
        ),
    ),
    **_phrases(
        Field.PUSHES,
        (
            (
                "同意推送 同意接收推送 同意接收消息 愿意接收 愿意收 可以发消息 同意接收"
                " 愿意收消息 同意收消息 同意发消息",
                "yes",
            ),
            ("拒绝推送 不同意推送 不愿意收消息 不同意收消息 不同意接收 不愿意收", "no"),
        ),
    ),
    **_phrases(
        Field.HELPER,
        (
            ("有专员 有专员管 有专员对接 分了专员 配了专员 有服务专员", "commissioner"),
            ("有导师 有导师带 有导师帮 配了导师 分了导师 有创业导师", "mentor"),
            (
                "有人管 有人帮 有人对接 有人联系 有人帮扶 有人负责 有专员或导师",
                "commissioner mentor",
            ),
        ),
    ),
    **_phrases(
        Field.COURSE,
        (
            (
                "上过课 上过学习班 参加过学习 参加了培训 报过课 报了课 培训过 受过培训 报过培训"
                " 参加过课程 参加过培训 上过培训 上过培训班 学习过",
                ANY,
            ),
        ),
    ),
    **_phrases(
        Field.SOURCE,
        (
            ("自己登记 自主登记 本人登记 自己填", "chat"),
            ("名册导入 名单导入", "bulk"),
            ("村里登记 入户登记 上门登记", "household"),
            ("家里人登记 亲友登记 别人代登", "proxy"),
        ),
    ),
}

# What reads as the opposite of a phrase, though it is more than 不 or 没 before it.
OPPOSITES: Mapping[str, tuple[Field, tuple[str, ...]]] = {
    **_phrases(
        Field.HELPER,
        (
            ("没有专员 没专员 无专员 没分专员 没有分专员 没配专员 缺专员", "commissioner"),
            ("没有导师 没导师 无导师 没分导师 没配导师 缺导师", "mentor"),
            (
                "没有人管 没人管 没有人帮 没人帮 没人联系 没人对接 没有人对接 没人帮扶 没人负责"
                " 无人管"
                " 没有人联系 没有专员或导师",
                "commissioner mentor",
            ),
        ),
    ),
    **_phrases(
        Field.PUSHES, (("没有同意推送 没同意收消息 没有同意收消息 没同意接收 没点同意", "yes"),)
    ),
    **_phrases(
        Field.SKILL,
        (("没有手艺 没有一技之长 没一技之长 啥也不会 什么都不会", " ".join(_CODES_OF_SKILLS)),),
    ),
    **_phrases(Field.CHANNEL, (("没有微信 没微信 没用微信 没绑微信", "wecom_kf"),)),
    **_phrases(Field.COURSE, (("没培训过 没上课 没有培训过 没参加培训", ANY),)),
}
