"""What a question is about: matter, slot, who, level, place; the same reading for entries."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from knowledge.opposites import opposites, without
from knowledge.text import letters
from knowledge.wording import Cue, Wording

_AMOUNT = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d{4,}(?![年月日号\d])|\d+(?:几)?万")
WEAK = frozenset({"条件", "内容", "状态"})  # said by 行不行 or 有没有, which an amount overrules
_RANGE = re.compile(r"(20\d\d)年?(?:-|—|~|到|至|—)+(20\d\d)年?")
_SHORT_YEAR = re.compile(r"(?<!\d)(2\d)年")
PERIODS = re.compile(r"20\d\d年|(?<!\d)20\d\d(?!\d)|(?<![\d第头])\d年(?!级|1(?!共)|\d?[次度回])")
_FREQUENCY = re.compile(
    r"(多久|多长时间|几个?月|几天|隔多久|多少时间|多长).{0,9}1[次回趟]|[年月季天]1[次回场趟]|"
    r"(1|每)个?[年月季].{0,6}几[次回场趟遍]|几[次回趟遍]$|"
    r"年年(都|给|有|发|领)|(是|给|拿|领|发|就)[^,。?]{0,3}1(回|次)(还是|吗|么|$)|还是[^,。?]{0,3}1(次|回)"
)
# Of these the documents speak as of one kind: who asks for one is answered by the other.
_KIN = {"个人": {"个体户"}, "个体户": {"个人"}, "小微企业": {"企业"}, "企业": {"小微企业"}}
FORMS = frozenset({"个人", "个体户", "合伙", "小微企业", "企业"})
KINDS_OF_WHO = frozenset({"园区", "项目", "新型农业经营主体", "劳务品牌"})


@dataclass(frozen=True, slots=True)
class Frame:
    """A text reduced to what it is about, with the length of the word that said so."""

    said: str = field(default="", compare=False)  # not what it is about: two may say it alike
    matters: Mapping[str, int] = field(default_factory=dict, hash=False)
    slots: Mapping[str, int] = field(default_factory=dict, hash=False)
    who: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    about: frozenset[str] = (
        frozenset()
    )  # 元 where money is asked for, 返乡创业 where our subject is
    terms: frozenset[str] = frozenset()  # its side of pairs of opposites
    numbers: frozenset[str] = field(default=frozenset(), compare=False)  # as plain digits
    periods: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()  # named inside the area
    implied: frozenset[str] = frozenset()  # the asker's own county, not named

    @property
    def is_ours(self) -> bool:
        """Whether a word of it belongs to going home and starting a business."""
        return bool(self.matters or self.kinds or "返乡创业" in self.about)


@cache
def cue(name: str) -> Cue:
    """The words of tables/cues.toml, which hold for every area."""
    table = files("knowledge").joinpath("tables/cues.toml").read_text("utf-8")
    return Cue(tomllib.loads(table)[name].items())


def read_frame(
    text: str, wording: Wording, places: Iterable[str] = (), implied: Iterable[str] = ()
) -> Frame:
    """The frame of a plain text; `places` are the names inside the area that it mentions."""
    said = letters(text)
    return Frame(
        said=said,
        matters=wording.matters.meanings(said),
        slots=_slots(said, wording),
        who=frozenset(wording.who.meanings(_HIRED.sub("", said))) & FORMS,
        levels=frozenset(cue("levels").meanings(said)),
        kinds=frozenset(cue("kinds").meanings(said)),
        about=frozenset(cue("about").meanings(said)),
        terms=opposites(text),
        numbers=numbers(text),
        periods=periods(text),
        places=frozenset(places),
        implied=frozenset(implied),
    )


def read_sides(text: str, wording: Wording) -> tuple[frozenset[str], ...]:
    """What an entry's many wordings are compared by: slots, levels, kinds, periods, terms."""
    said = letters(text)
    return (
        frozenset(_slots(said, wording)),
        frozenset(cue("levels").meanings(said)),
        frozenset(cue("kinds").meanings(said)),
        periods(text),
        opposites(text),
    )


_HIRED = re.compile(r"(招|请|雇|带|带动|用|吸纳|招聘)[1每]个人")  # 招1个人 says not who asks

# Sides that one wording asks for alike: which office does it and which leads, and so on.
_SLOT_KIN = ({"部门", "责任"}, {"时间", "截止"}, {"名额", "数量"}, {"对象", "条件"})


def kin(slot: str) -> frozenset[str]:
    """A slot with the one that is asked for in the same words."""
    return frozenset(next((pair for pair in _SLOT_KIN if slot in pair), {slot}))


_FEW = re.compile(r"几个(?=月|工作日|点|星期|礼拜|钟)")
_LASTING = re.compile(
    r"(满|经营|营业|开|干|办|做|坚持|运营)(了|够|到|满)?(多少|几)个?(月|年)|"
    r"(开|经营|营业|办|干|做|坚持)(得|要)?(了|够|到|满)(多长时间|多久)|"
    r"(开|经营|营业)(多久|多长时间|几个?月|几年)(才|能|可以|就)"
)
_UNTIL = re.compile(
    r"(几个?(月|星期|礼拜)|多久|多长时间|几天).{0,3}(到账|下来|放款|批|拿到|发下|能办好|办成)|"
    r"(到账|下来|放款|批|办下来|打到?卡上?).{0,4}(多久|多长时间|几个?月|几天)|分几[次批回]|几[次批回]给清"
)
_MONEY = re.compile(
    r"[给补奖贷发拿领批借帮][到得着给你我出来些个上下]{0,2}多少(?![个人家户场期项名份种样类天年次月张本])|"
    r"(补贴|补助|贷款|奖补|奖励|奖金|资金)[又都各]?(分别)?[是有能]?多少(?![个人家户场期项名份种样类天年次月张本])|"
    r"[1每](个人?|户|家|岗|名|项|亩|台|月|年)[给补]?多少$"
)
_MANY = re.compile(r"多少万(了|多)?[个]?[人户]|[人户]口?[^,。?]{0,6}(有|是|达到?)多少万")
_ROAD = re.compile(r"(什么|哪条?|哪1条)(路|街|巷)|几号楼|门牌|几楼")
_COUNTER = re.compile(
    r"[到去上在往]哪[儿里]?(个?地方)?(去)?(办|领|交|报|申|弄|搞|拿|取|盖章|咨询|了解)"
)
_HELPED = re.compile(r"谁(能|可以)[^,。?]{0,4}(帮|教|带|管|办|跑)")
_DAY = re.compile(r"哪1天(?!能)")
_DONE = re.compile(r"怎么(办|做|搞|弄)的")  # asks what is done, not how to apply
_USE = re.compile(
    r"(是|拿来|用来|拿去|万|元|钱)?干(什么|嘛)用|做什么用|用[在到来去](?!多少)(什么|哪|干)|花[在到]哪"
)
# 孩子上学怎么办 asks what there is, not how to apply
_WHAT_OF = re.compile(r"(上学|读书|看病|社保|户口|房子|失败了?|亏了?|赔了?|倒闭了?|黄了)怎么办$")
_FEW_MONEY = re.compile(r"几个钱|几块钱|几个子")
_MINE = re.compile(
    r"给.{1,5}还是给|(表彰|奖励?|请|评|给|教|照顾|帮|针对|面向)谁|哪些人|"
    r"谁(?:都|能|可以|要|会)*(?:去|参加|参与|到场)|有我的?份|轮[得不]?到我|我(也)?(能|可以)?算"
)
_WHAT = re.compile(
    r"哪些(?!人|单位|部门|条件|材料|地方|城市|镇)|什么(?!时候|部门|单位|条件|材料|地方|人|时间|证|局|路|街)|"
    r"怎么(搞|设|样|回事|培养|帮)|干嘛|几样|哪几[样项种类件]|办什么|做什么"
)
_LED = re.compile(
    r"谁(?=[来办管弄负牵组主抓做搞在认评定出承安盯])|[归由找问靠是]谁(?!能|可以|有)|归哪|哪几家|"
    r"[跟和同]谁(?=联系|对接|打听)|联系(?:谁|哪)|"
    r"哪[个几家1]?[家]?(单位|部门|局|委|科室)|[局委]还是|还是.{1,4}[局委]"
)


def _slots(said: str, wording: Wording) -> dict[str, int]:
    """Slots by their words; how often is asked with other words between."""
    if "怎么" in said:
        said = _WHAT_OF.sub(r"\1", _DONE.sub("是什么", said))
    plain = _FEW.sub("若干", _FEW_MONEY.sub("多少钱", said)) if "几" in said else said
    slots = wording.slots.meanings(plain)
    slots = _by_pattern(said, slots)
    if "利率" in slots and "利率" not in wording.slots.meanings(without(said, "interest")):
        slots = {
            s: n for s, n in slots.items() if s != "利率"
        }  # 补利息的那种 names a sort of loan
    if _FREQUENCY.search(said):
        slots = {s: n for s, n in slots.items() if s not in ("时间", "数量", "期限")} | {"频次": 4}
    if _MINE.search(said):
        slots = slots | {"对象": 3}
    if not slots.keys() - WEAK and _WHAT.search(said):
        slots = slots | {"内容": 2}
    if _LED.search(said):
        slots = slots | {"责任": slots.get("责任", 2)}
    if _USE.search(said):
        return {"内容": 4}
    if _AMOUNT.search(said) and slots.keys() <= WEAK:
        return {"额度": 2}
    return slots


def _by_pattern(said: str, slots: dict[str, int]) -> dict[str, int]:
    """The slots, corrected where no word alone says what is asked."""
    if _HELPED.search(said):
        slots = {s: n for s, n in slots.items() if s != "对象"} | {"部门": 3}
    if _MANY.search(said):
        slots = {s: n for s, n in slots.items() if s != "额度"} | {"数量": 4}
    for pattern, slot in _PATTERNS:
        if pattern.search(said):
            slots = slots | {slot: max(3, slots.get(slot, 0))}
    return slots


_PATTERNS = (
    (_LASTING, "条件"),
    (_DAY, "时间"),
    (_UNTIL, "时限"),
    (_MONEY, "额度"),
    (_ROAD, "地点"),
    (_COUNTER, "地点"),
)
_NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?(?![\d.])")
_DIGIT = re.compile(r"\d")
_YEAR = re.compile(r"(19|20)\d\d")


def numbers(text: str) -> frozenset[str]:
    """Numbers of two digits and more that are no years."""
    return frozenset(n for n in _NUMBER.findall(text) if len(n) > 1 and not _YEAR.fullmatch(n))


def periods(text: str) -> frozenset[str]:
    """The years a text speaks of; 2023到2025 is three years."""
    if not _DIGIT.search(text):
        return frozenset()
    whole = _RANGE.sub(lambda m: f"{int(m.group(2)) - int(m.group(1)) + 1}年", text)
    found = PERIODS.findall(_SHORT_YEAR.sub(r"20\1年", whole))
    return frozenset(p if p.endswith("年") else p + "年" for p in found)


def is_for(asked: frozenset[str], given: frozenset[str]) -> bool:
    """Whether what is given to some holds for one of those asked about."""
    return any(who in given or _KIN.get(who, set()) & given for who in asked)
