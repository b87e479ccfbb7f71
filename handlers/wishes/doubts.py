"""Doubt in words: whose a message is, who passes for us, what in a text lures people away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from handlers import hearing
from knowledge.text import simplified
from outreach.campaigns import links
from outreach.campaigns.refusing import CampaignRefused

_LONGEST = 60  # characters of a question; what is longer is a text passed on
_LEAST = 10  # and of a text passed on, without what lures away in it
_THING = (
    r"(?:消息|短信|信息|通知|推送|链接|连接|网址|网站|二维码|电话|群|公告|广告|东西|图|截图|"
    r"[一这那]条|[这那]个|内容)"
)
_THIS = r"(?:这|那|刚|昨天|今天|前天|上面|前面|上次|早上|晚上|收到|发来)"
_OURS = (
    r"(?:你们?|您们?|咱们?|政府|官方|[省市县区镇乡]里|[镇乡]上|人社局?|社保局?|服务中心|"
    r"返乡办|创业办|办公室|正规|单位|部门|公家)"
)
_ASKS = r"(?:吗|不|吧|么|嘛|没|没有|啊|呢)?$"
_MADE = (
    r"(?:发|弄|搞|推|打|建|拉|写)(?:出来|过来|给我|给我们|来)?的(?:消息|短信|信息|通知|链接|群)?"
)
_TRUE = r"(?:真假|真伪|是真是假|是不是真|是真的还是|真不真|是不是假|是不是骗|是不是冒充)"
_LOOK = r"(?:查|核实|核对|辨别|分辨|辨认|看看|看下|瞅瞅|瞧瞧|验|鉴定|判断|确认|识别|认)"
_HOW = r"(?:怎么|咋|如何|怎样|哪里|哪儿|在哪)"
_TRUSTED = (
    r"(?:真的|是真|靠谱|可信|可靠|能信|信得过|骗人|骗子|诈骗|假的|能点|点吗|敢点|可以点|"
    r"安全|有毒|能不能[点信]|该不该[点信])"
)
_WHOSE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:是不是|算不算){_OURS}.{{0,6}}{_MADE}",
        rf"(?:是|算){_OURS}.{{0,6}}{_MADE}{_ASKS}",
        rf"^{_OURS}{_MADE}{_ASKS}",
        rf"{_HOW}.{{0,6}}(?:知道|{_LOOK}).{{0,12}}(?:你们发|真假|真伪|假的|冒充|{_TRUE})",
        rf"{_LOOK}(?:一下|下|一?{_LOOK})?.{{0,10}}{_TRUE}",
        rf"^{_LOOK}?(?:一下|下)?{_TRUE}",
        rf"{_THIS}.{{0,8}}{_THING}.{{0,14}}{_TRUSTED}",
        rf"^{_THING}.{{0,10}}(?:{_TRUE}|(?:能点|真的|可信|靠谱|安全){_ASKS})",
        rf"{_OURS}.{{0,4}}{_THING}.{{0,6}}{_TRUSTED}{_ASKS}",
        rf"(?:微信|电话|号码?|群|链接|网址|二维码).{{0,4}}是(?:不是)?{_OURS}的(?:人)?{_ASKS}",
        rf"(?:群里|朋友圈|别人|亲戚|朋友|熟人).{{0,4}}转.{{0,16}}{_TRUSTED}",
        rf"{_OURS}(?:有没有|是不是).{{0,4}}(?:给|跟|向)我.{{0,4}}发",
        rf"{_OURS}.{{0,6}}(?:给|跟|向)我.{{0,4}}发(?:过|了)?.{{0,8}}(?:消息|短信|信息|通知|东西).{{0,2}}"
        r"(?:吗|没|没有|么)$",
        r"(?:消息|短信|信息|下面|后面|最后|末尾).{0,6}(?:码|字母|查).{0,8}(?:干啥|干什么|干嘛|啥意思|什么意思|"
        r"做啥|做什么|有啥用|有什么用|啥用|是啥|是什么)",
        r"核对这条.{0,8}(?:啥|什么|意思|用)",
        r"核对不上|码对不上|没有?(?:那个|这个|核对)码|^(?:查|核对|验)(?:一下)?码$",
    )
)
_PASSES_FOR = (
    r"(?:冒充|假冒|假扮|假装|装成|装作|冒名|打着.{0,8}(?:旗号|名义|牌子)|以.{0,8}(?:名义)|冒用)"
)
_CLAIMS = (
    r"(?:自称|自己说|说自己|说他|说她|说|称|谎称|号称)(?:是|们是)*.{0,6}"
    rf"(?:{_OURS}|专员|干部|工作人员|办事员|领导|导师)"
)
_TAKES = (
    r"(?:(?:要|收|交|转|打|付|给|加|填|扫|点|报|发|念|拿).{0,8}(?:钱|费|押金|保证金|定金|块|元|万|微信|qq|红包|"
    r"验证码|密码|卡号|银行卡|身份证|二维码|链接|个人信息)|转账|打款|汇款)"
)
_TELLS = r"(?:说|让|叫|通知|催).{0,6}我"
_PAY = r"(?:交|给|付|打|转|缴).{0,8}(?:费|钱|金|税|块|元)"
_AIM = r"(?:领|补贴|补助|贷款|名额|指标|到账|办下来)"
_FAKED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_PASSES_FOR}.{{0,4}}(?:{_OURS}|专员|干部|工作人员)",
        rf"(?:{_OURS}|专员|干部|工作人员).{{0,4}}(?:被|遭).{{0,4}}{_PASSES_FOR}",
        rf"(?:打着|以).{{0,8}}{_OURS}.{{0,6}}(?:旗号|名义|牌子)",
        rf"{_CLAIMS}.{{0,14}}{_TAKES}",
        rf"{_TAKES}.{{0,10}}{_CLAIMS}",
        r"(?:有人|有个人|那人|对方|群里|他|她|人家).{0,10}(?:让|叫|要|喊|跟)我?.{0,6}"
        r"(?:加|扫|点).{0,6}(?:微信|qq|二维码|链接).{0,8}(?:领|补|贷|钱|名额)",
        r"(?:是|算)(?:假|冒牌)的?(?:专员|干部|工作人员)",
        rf"{_TELLS}.{{0,6}}{_AIM}.{{0,14}}先{_PAY}",
        rf"{_TELLS}.{{0,8}}先{_PAY}.{{0,12}}{_AIM}",
        r"(?:有人|那人|对方|他们?|她们?|刚才|那个|电话里|短信里|群里).{0,12}"
        r"(?:验证码|密码|银行卡|卡号|身份证(?:号|照|正反))",
    )
)
_OWN = re.compile(r"^(?:我|俺|咱)(?:想|要|准备|打算|自称|是)")
_LURE = re.compile(
    r"点击|点开|点一?下|[请先]点|点(?=\s*[a-z0-9-]+[.:])|戳|访问|【|尊敬的|扫码|扫描|扫一扫|加微信|加我|加q|加群|私聊|领取|速领|可领|免费领|"
    r"填写|填报|录入|绑定|登录|激活|解冻|下载|安装|银行卡|卡号|验证码|密码|手续费|保证金|押金|"
    r"工本费|报名费|服务费|到账|逾期|作废|名额有限|先到先得|最后.{0,3}(?:天|机会)|中奖|内部名额"
)
_ADVERT = re.compile(
    r"加我.{0,3}(?:微信|qq|vx|wx).{0,8}(?:领|办|拿|申请)|内部(?:名额|渠道)|包(?:过|下款|下来)|不成功不收"
)
_OFFICIAL = re.compile(
    r"补贴|补助|贷款|人社|社保|政府|返乡|创业|就业|养老金|医保|扶贫|乡村振兴|专员|登记|座谈会|公告|通知"
)
_ACCOUNT = re.compile(r"(?:微信|vx|wx|qq|扣扣|群)号?[:：是为]?\s*([a-z][\w-]{4,}|\d{5,})")


def asks_whose(text: str) -> bool:
    """Whether somebody wants to know if a message is ours, or how that is seen."""
    said = _said(links.without(text))
    return len(said) <= _LONGEST and any(one.search(said) for one in _WHOSE)


def reports_fake(text: str) -> bool:
    """Whether somebody tells of one who passes for us."""
    said = _said(text)
    return not _OWN.search(said) and any(one.search(said) for one in _FAKED)


def lures(text: str, hosts: Sequence[str]) -> tuple[str, ...]:
    """What in a text passed on leads to a stranger: links, accounts, offers.

    Only where it speaks of what we do and wants something done, or where it is asked about: one's
    own shop has a link, too.
    """
    said = simplified(text).lower()
    rest = links.without(said)
    found = (*_foreign(said, hosts), *_ACCOUNT.findall(rest))
    if asks_whose(rest):
        return tuple(found)
    if not _OFFICIAL.search(said) or len(re.findall(r"[^\W\d_a-z]", rest)) < _LEAST:
        return ()
    return tuple(found) if _LURE.search(said) and found else tuple(_ADVERT.findall(said))


def _foreign(said: str, hosts: Sequence[str]) -> Iterator[str]:
    """The links that lead elsewhere than to where we link."""
    for link in links.found(said):
        try:
            links.check(link, hosts)
        except CampaignRefused:
            yield link


def _said(text: str) -> str:
    return re.sub(r"[\s,，。.!！?？、~“”\"：:]+", "", simplified(hearing.clean(text)).lower())
