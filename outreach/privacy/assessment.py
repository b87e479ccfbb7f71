"""The impact assessment (PIPL 55–56), filled from the running configuration for people to judge.

What the program knows is written in; what only the office can say is left as 待填.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from outreach.calendars import CHINA
from outreach.privacy import fields
from outreach.privacy.fields import KEPT, READERS
from outreach.privacy.papers import Paper, Part
from outreach.privacy.periods import BY_PURPOSE, PERIODS
from records.privacy_retention import Purpose

_OPEN = "待填"
_CHANNELS = (  # the setting that turns a channel on; what runs it
    ("", "网页聊天", "自建，不经他人"),
    ("GUIYAN_TELEGRAM_TOKEN", "Telegram", "境外，政务部署自动关闭"),
    ("GUIYAN_WECOM_APP_SECRET", "企业微信应用", "腾讯（境内）"),
    ("GUIYAN_WECOM_KF_SECRET", "微信客服", "腾讯（境内）"),
    ("GUIYAN_WECOM_CONTACT_SECRET", "企业微信客户联系", "腾讯（境内）"),
    ("GUIYAN_WECOM_ROBOTS", "企业微信群机器人", "腾讯（境内），只发工单号，无个人信息"),
)
_UNSET = frozenset({"", "没有设置"})
_RISKS = (
    ("工作人员越权查看", "按辖区授权，默认打码，看全号要写理由，每次查看留痕", "中"),
    ("批量导出后外传", "200行以上两人同意，文件带取走人和编号，征信、财产列不导出", "中"),
    ("设备或备份丢失", "姓名、电话、聊天内容加密存放，密钥与数据分开保管", "低"),
    ("一个手机多人用，互相看到", "先点名、再报电话后四位，列表只显示称呼", "低"),
    ("未经本人同意被代填", "只收称呼、电话、村、意愿，30天不确认就删", "低"),
    ("主动推送扰民", "每天至多1条、每周3条、每月8条，回“停”立即停", "低"),
    ("机器替人做决定", "资格自查只作参考，随时可转人工", "低"),
    ("委托方、平台泄露", "只用已配置的渠道，停用渠道即断开；合同写明不得转委托", "中"),
)


def assessment(settings: Mapping[str, str], *, version: str, now: datetime) -> Paper:
    """The paper; `settings` are values as they may be shown, by the names of the settings."""
    day = now.astimezone(CHINA)
    office = settings.get("GUIYAN_OFFICE_NAME", "") or _OPEN
    return Paper(
        "个人信息保护影响评估报告（模板，已按运行配置填写）",
        (
            Part("一、基本情况", (*_basics(settings, office), f"填写时间：{day:%Y年%m月%d日}")),
            Part("二、处理目的、方式和必要性", _NEEDED),
            Part("三、渠道和受托方", (), ("渠道", "状态", "谁在处理"), _channels(settings)),
            Part("四、数据放在哪里", _places(settings)),
            _kept(),
            Part(
                "六、保存期限",
                ("期限是建议，由单位确定。",),
                ("用途", "期限", "到期由谁删"),
                tuple((one.name, one.lasts, one.job or "本人随时可删") for one in PERIODS),
            ),
            Part("七、告知与同意", (f"现行告知书版本：{version}，原文见同意台账。", *_AGREED)),
            Part("八、风险和措施", (), ("风险", "措施", "剩余风险（请复核）"), _RISKS),
            Part("九、结论", _END),
        ),
    )


_NEEDED = (
    "目的：登记返乡创业意愿，讲政策，对接项目、培训、专员，按规定统计上报。",
    "方式：本人在聊天里自愿填写；干部入户和名单导入，以履行法定职责或本人同意为依据并逐次记录。",
    "必要性：不登记也能问政策；每个字段写明用途和谁能看，没有用途的字段程序不收（见第五部分）。",
    "不收：身份证号和照片、银行卡、征信、宗教、子女姓名年龄；未满16岁不登记。",
    "处理敏感个人信息：逐项单独同意，不同意不影响其他服务。",
)
_AGREED = (
    "问第一个问题前先告知单位、用途、种类、期限、权利和联系方式；本人回复才算同意。",
    "说“退出”即停止使用，说“删除”即删除；30天后退出的登记也删除。",
    "拒绝后180天内不再问，一年至多两次。",
)
_END = (
    f"处理目的、方式是否合法、正当、必要：{_OPEN}",
    f"对个人权益的影响和安全风险：{_OPEN}",
    f"保护措施是否合法、有效并与风险程度相适应：{_OPEN}",
    f"个人信息保护负责人（签字）：{_OPEN}    日期：{_OPEN}",
    "本报告和处理情况记录至少保存三年。",
)


def _basics(settings: Mapping[str, str], office: str) -> tuple[str, ...]:
    phone = settings.get("GUIYAN_OFFICE_PHONE", "") or _OPEN
    areas = settings.get("GUIYAN_AREAS", "") or "全部已装地区"
    return (
        f"处理者：{office}    电话：{phone}",
        f"个人信息保护负责人：{settings.get('GUIYAN_PRIVACY_CONTACT', '') or _OPEN}",
        f"服务地区：{areas}    涉及人数：{settings.get('people', _OPEN)}",
    )


def _channels(settings: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (name, "开" if not setting or _is_set(settings, setting) else "关", who)
        for setting, name, who in _CHANNELS
    )


def _places(settings: Mapping[str, str]) -> tuple[str, ...]:
    is_gov = settings.get("GUIYAN_DEPLOYMENT") == "gov"
    mode = "政务（境外渠道和模型一律拒绝启动）" if is_gov else "开放（不得用于真实政务数据）"
    model = _host(settings.get("GUIYAN_MODEL_URL", ""))
    speech = _host(settings.get("GUIYAN_SPEECH_URL", ""))
    return (
        f"数据库：{_database(settings.get('GUIYAN_DATABASE_URL', ''))}",
        f"部署方式：{mode}",
        f"语言模型：{model or '没有用'}    语音识别：{speech or '没有用'}",
        f"服务器机房和备份位置（须在境内）：{_OPEN}",
    )


def _kept() -> Part:
    rows = tuple(
        (
            one.purpose,
            "、".join(READERS[reader] for reader in one.readers),
            _period(one.keep),
            f"{one.table}（{len(one.personal)}项）",
        )
        for one in fields.declared()
        if one.personal
    )
    return Part("五、收哪些、为什么、谁能看", (), ("用途", "谁能看", "保存", "数据表"), rows)


def _period(keep: str) -> str:
    return KEPT[keep] if keep in KEPT else BY_PURPOSE[Purpose(keep)].lasts


def _is_set(settings: Mapping[str, str], name: str) -> bool:
    return settings.get(name, "") not in _UNSET


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _database(url: str) -> str:
    if url.startswith("sqlite"):
        return "本机文件（SQLite）"
    return f"PostgreSQL，{_host(url) or _OPEN}"
