"""Doubt in many words: whose a message is, who passes for us, what lures; and what is none."""

from __future__ import annotations

import pytest

from handlers.wishes.checked import asked
from handlers.wishes.doubts import asks_whose, lures, reports_fake

HOSTS = ("gov.cn",)
WHOSE = """\
这是你们发的吗|刚才那条短信是你们发的不|你们给我发过消息吗
昨天收到一条说补贴的，是不是骗子|怎么知道是你们发的|核实一下这条消息真假
消息下面的码是干啥的|怎么查真假|帮我看看这个是不是真的
二维码扫了要填身份证，是你们弄的吗|刚收到个短信让我填银行卡，真的假的
人社局的短信是真的吗|昨天那条推送是官方发的还是假的|这个微信号是不是你们的
你们有没有给我发短信|我朋友收到补贴短信，能信吗|群里转的这个是真的不|这条核对不上
核对这条是啥意思|查码"""
FAKED = """\
有人冒充你们要钱|骗子冒充你们|有人打电话说是人社局的，要我交200块保证金
打着人社局旗号让我交钱|群里有人发说是你们的，让加微信领钱
有个自称专员的人跟我要身份证照片|村里有人假装你们的专员收报名费
接到电话，说是返乡办的，让我转账|说我能领5万块补贴，要先交手续费
有人让我把验证码发给他，说是你们的|刚才那个说要验证码"""
LURES = """\
【人社局】您好，腊月廿三在镇政府有座谈会，请先点 http://bt-lingqu.top 登记
收到短信：尊敬的用户，您的返乡创业补贴50000元已到账，请点击 www.hnrs-gov.cn.cc/lq 填写银行卡号领取
截图上写：返乡创业补贴申领通知，请添加客服QQ 88273645办理，逾期作废
加我微信领创业补贴，先到先得|这个链接能点吗 http://bt-lingqu.top
政府发钱了吗，群里转的 https://mp.weixin.qq.com/s/xxxx 是真的不"""
NONE = """\
创业补贴是真的吗|贷款要先交手续费吗|办执照要不要身份证|你们这个政策是真的能领钱吗
登记要填身份证吗|你们给我发的项目我看了，怎么报名|你们能给我发点项目吗
专员让我准备身份证复印件|你们发的贷款政策利息多少|人社局说我不符合条件|查贷款|查进度
查一下我的进度|我想加你们微信|这个项目真的能赚钱吗|看看这个项目靠谱吗
我在抖音直播卖货，账号 wx: laowang888，想申请创业补贴要啥材料|短信太多
你们发的短信太多了|我收到你们的短信了，想报名
我的店网址是 www.laowangmian.com 能帮我宣传吗|老板让我先交押金才给租门面
我爸说先交社保再办贷款|我银行卡号变了怎么改
请登录 https://rsj.hunan.gov.cn 查看创业补贴的材料清单"""


def _each(table: str) -> list[str]:
    return [one for line in table.splitlines() for one in line.split("|")]


@pytest.mark.parametrize("said", _each(WHOSE))
def test_it_is_asked_whose_a_message_is(said: str) -> None:
    assert asks_whose(said)


@pytest.mark.parametrize("said", _each(FAKED))
def test_somebody_passes_for_us(said: str) -> None:
    assert reports_fake(said)


@pytest.mark.parametrize("said", _each(LURES))
def test_a_text_lures_away(said: str) -> None:
    assert lures(said, HOSTS)


@pytest.mark.parametrize("said", _each(NONE))
def test_other_talk_is_no_doubt(said: str) -> None:
    assert not asks_whose(said)
    assert not reports_fake(said)
    assert not lures(said, HOSTS)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("查ACDEF34", "ACDEF34"),
        ("核对这条：查ACDEF34", "ACDEF34"),
        ("ACDEF34", "ACDEF34"),
        ("这个码acdef34对不对", "ACDEF34"),
        ("查一下 acd ef34 是真的吗", "ACDEF34"),
        ("查8K3F", "8K3F"),
        ("package", ""),
        ("1234567", ""),
        ("查补贴", ""),
    ],
)
def test_a_code_is_heard_however_it_is_asked_about(said: str, code: str) -> None:
    assert asked(said) == code
