"""Words that must not wait for a search: danger to life, and money asked for what is free."""

import re
from enum import StrEnum

from knowledge.text import simplified


class Alarm(StrEnum):
    """What a message reports; the value names the entry that is told."""

    DESPAIR = "common-safety-crisis"
    EMERGENCY = "common-safety-emergency"
    SCAM = "common-safety-agent-fee"


_DESPAIR = re.compile(
    r"不想活|想死|自杀|自尽|轻生|寻短见|跳楼|跳河|喝农药|活不下去|活着没意思|活着没劲|没有?活路|撑不下去|熬不下去|了结自己|割腕"
)
_EMERGENCY = re.compile(
    r"救命|着火了|起火了|失火|出人命|被绑架|(?:有人|老公|老婆|丈夫|男人|女人|对象|爸|妈|爹|娘|婆婆|公公|儿子)(?:又|老|总|天天|在|要)?(?:打|砍|捅|追|揍)我(?!电话|手机)|家暴|煤气中毒|中毒了|晕倒了|昏倒了|"
    r"(?:不让|不准|不许)我(?:走|离开|回家)|被(?:骗|关)(?:进|到|在)传销|扣(?:了|着)我的?(?:身份证|手机)"
)
_WHO = (
    r"(?:有人|有个人|中介|那人|那个人|他们?|她们?|对方|客服|老师|专员|公司|熟人|老乡|"
    r"网上|电话里|自称|说是|让我|叫我|要我|喊我)"
)
_FEE = (
    r"(?:收|交|给|转|打|付|要)(?:了|我|他|她|点|个|先)*\s*(?:[\d一二三四五六七八九十百千万两几]+\s*"
    r"(?:块|元|百|千|万|个点|%)|钱|费|押金|保证金|手续费|好处费|辛苦费|服务费|代办费|定金|解冻)"
)
_AIM = r"(?:补贴|补助|贷款|办|申请|名额|指标|登记|领)"
_SCAM = re.compile(
    rf"{_WHO}.{{0,12}}{_FEE}.{{0,12}}{_AIM}|{_WHO}.{{0,12}}{_AIM}.{{0,12}}{_FEE}|"
    rf"{_WHO}.{{0,10}}(?:要|报|发|给|念).{{0,6}}(?:验证码|银行卡密码|卡号密码)|"
    r"(?:我|被|遭).{0,4}(?:骗了|被骗|上当)|(?:遇到|碰到|遇上|碰上)了?(?:个)?骗子|诈骗(?:电话|短信|分子)"
)


def alarm_of(text: str) -> Alarm | None:
    """What a message reports that must be answered before anything else; None if nothing."""
    said = simplified(text).lower()
    if _DESPAIR.search(said):
        return Alarm.DESPAIR
    if _EMERGENCY.search(said):
        return Alarm.EMERGENCY
    return Alarm.SCAM if _SCAM.search(said) else None
