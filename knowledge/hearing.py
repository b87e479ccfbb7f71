"""A message heard: spelling repaired, places found, common words, cut into questions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.areas import Area, Gazetteer, Mention
from knowledge.speller import Counted, Speller
from knowledge.text import normalise
from knowledge.wording import Wording
from knowledge.words import everyday

# Where somebody lives or works is not the place whose rules are asked about.
_AT = re.compile(r"(在|到|去|从|搁|来|跑)$")
_BUSINESS = re.compile(
    r"^[市县区]?(创业|返乡|开(?!始|车|会|出租|滴滴|大车|货车|挖机|叉车)|办(?!完|事|过|了|.{0,3}月)|投资|注册|申请|领|贷|的?(补贴|贷款|政策|规定|文件|补助|有什么|有没有|能))"
)
_RETURN = re.compile(r"^[^?]*(?<!来)(?<!返)回(?:来|去|家|乡|老家)")
_ASKING = re.compile(
    r"多少|(?<![了好])几|了几[个家户处](?!月)|什么|哪|谁|怎么|怎样|咋|啥|吗|么$|没$|没有$|不$|呢$|有没有|有无|能不能|可不可以|是不是|会不会|"
    r"(.)[不没]\1|多久|多长|多大|多高|还是|能否|是否|如何|何时|为何|吧$|哩$|咧$|嘛$|不是.*吗|对不对|中不中"
)
# 38万人，三年1.9万户，没记错吧: each figure is asked about
_CHECK = re.compile(
    r"(我|这|这样)?(没|有没有)?(记|说|搞|听|弄|算|看)错(吧|没|没有|了吗)?|"
    r"(我说的|这)?(对不?对?|对吗|对吧|是吗|是吧|是不是)"
)
# 消防要花多少钱，文件里有没有讲: no question of its own behind one
_OF_PAPERS = re.compile(
    r"(这|那|你们|政府)?的?(文件|政策|通知|方案|答复|讲话|规定)?[里中上]?[头面]?(到底|具体)?"
    r"(有没有|有|是怎么|怎么|咋)?没?有?([讲写说提]|规定|明说|交代)(到|过|清楚|明|的|了)*(没有|没|吗|么|不|呀|啊)*"
)
_DIGIT = re.compile(r"\d")
# 最高好多 asks how much, 政策好多 does not
_HOW_MUCH = re.compile(r"(?<=[给贷补奖是要差得有到高多拿领])好多(?=[呢呀啊哦咯嘞]*(?:[,?。!]|$))")
_BREAK = re.compile(r"[?!。;,、]+|(?=还有(?!没|多|几|谁|哪|什么|啥|人|用|效))|(?=另外|以及|顺便)")

REMARKS = 2  # clauses before a question that may say what it is about


@dataclass(frozen=True, slots=True)
class Heard:
    """One question: as typed but repaired, in plain words, and the places it names."""

    said: str
    plain: str
    mentions: tuple[Mention, ...]

    @property
    def is_place(self) -> bool:
        """Whether nothing is said but a place."""
        return names_only_places(self.said, self.mentions)


class Ear:
    """Hears with the spelling of the texts that were counted."""

    def __init__(self, wording: Wording, areas: Gazetteer, spelling: Sequence[Counted]) -> None:
        self._wording = wording
        self._areas = areas
        self._speller = Speller(spelling)

    def spelled(self, message: str, near: str | None) -> str:
        """The message in common words and normal spelling; names of places are not touched."""
        text = self.typed(message)
        kept = {i for m in self._areas.mentions(text, near=near) for i in range(m.start, m.end)}
        # 那合伙的呢 points back, it does not ask 哪
        first = {0} if text.startswith("那") else set()
        return self._speller.repaired(
            text, self._wording.common(text) | everyday(text) | kept | first
        )

    def typed(self, message: str) -> str:
        """The message in common words, spelled as it came."""
        return _HOW_MUCH.sub("多少", self._wording.translated(normalise(message)))

    def root(self, message: str) -> Area | None:
        """Where the asker says he is from."""
        text = self.typed(message)
        return next((m.area for m in self._areas.mentions(text) if is_root(text, m)), None)

    def heard(self, text: str, near: str | None) -> Heard:
        """A spelled text with its places, and without what is only noise."""
        text = _POINTED.sub("", _CORRECTED.sub("", text))
        mentions = self._areas.mentions(text, near=near, any_foreign=True)
        return Heard(text, self._wording.bare(_without_origin(text, mentions)), mentions)


# 不是补贴，是贷款: what it is not about
_CORRECTED = re.compile(
    r"^(不是|我?(问|说)的?不是)[^,。?]{1,10}[,。]\s*(而?是|我?(问|说)的?是)?(?=.)|[,。]不是[^,。?]{1,8}$"
)
# 那个体户呢 points with 那 alone, it does not say 那个
_POINTED = re.compile(r"(?<![一-鿿])[那这](?=个体|个人[的贷呢能最])")
_ROOTS = re.compile(r"(老家|家里|(?<![亲娘人大国专厂商])家|户口|户籍|籍贯|家乡)(就?是|在)?$")
_PEOPLE = (
    r"对象|男朋友|女朋友|婆婆?|丈母娘?|岳父|老公|老婆|媳妇|女婿|儿子|女儿|亲家|亲戚|[朋战工室校]友|同学|同事|邻居|"
    r"老板|人家|别人|有人|表.|堂.|[哥姐弟妹爸妈叔舅姑姨嫂他她]"
)
# 对象老家, 邻居家是: where somebody else is from
_OTHERS = re.compile(rf"({_PEOPLE})(的|他|她)?(老家|家里?|户口|户籍)?(就?是|在)?$")
_TOLD_BY = re.compile(
    rf"(听[^,。?]{{0,5}}[说讲]|(网上|抖音|新闻|群里|{_PEOPLE})[^,。?]{{0,6}}[说讲看问有拿领贷]到?)[^,。?]{{0,3}}$"
)
_CLAUSE = re.compile(r"[,。;]")
_ORIGIN = re.compile(
    r"(我们?|人|现在|1直|老家|家里|家|户口|就?是|在|打工|上班|务工|做事|干活|这边|那边|的|人)+"
)
_ONLY = re.compile(
    r"(我们?|不对|[打说搞弄]错了?|错了|那|老家|家里|家|户口|就?是|在|要是|换成|的话|这边|那边|的|人|"
    r"了|呢|呀|啊|吧|嘞|咧|哩|哒|咯|[问说]的|\W)*"
)
OWN = re.compile(r"我|本[县区市地]|自己|当地|老家|家里")  # one's own side is asked about
_HERE = re.compile(r"[这那](边|里|头)有|当地有|本地有")
_FROM = re.compile(r"(我们?|本人)(就?是|来自)$")
_KIN = re.compile(
    r"(亲家|亲戚|朋友|同学|老公|老婆|媳妇|女婿|表.|[哥姐弟妹爸妈叔舅姑姨他她]|人家|战友|工友|邻居|儿子|女儿)"
    r"[^,。?]{0,4}(在|到|去|回)$"
)


def is_root(text: str, mention: Mention) -> bool:
    """Whether the asker says that this is where he is from."""
    before, after = text[: mention.start], text[mention.end :]
    if _OTHERS.search(before):
        return False
    return bool(_ROOTS.search(before) or (_FROM.search(before) and after[:1] in ("", "人", "的")))


def _without_origin(text: str, mentions: tuple[Mention, ...]) -> str:
    """The text less the remarks that only say where the asker is from or works."""
    names = {name for m in mentions for name in (m.area.name, m.area.short)}
    if _HERE.search(text):
        return text  # 我在昆明，这边有没有… asks about just that place
    told = [c for c in _CLAUSE.split(text) if not _is_origin(c, names)]
    return ",".join(told) if any(map(_ASKING.search, told)) else text


def _is_origin(clause: str, names: set[str]) -> bool:
    return any(name in clause and _ORIGIN.fullmatch(clause.replace(name, "")) for name in names)


def names_only_places(text: str, mentions: tuple[Mention, ...]) -> bool:
    """Whether nothing is said but a place, as by «我是定陶的», «那宜昌呢»."""
    rest = text
    for mention in mentions:
        rest = rest.replace(text[mention.start : mention.end], "")
    return bool(mentions) and bool(_ONLY.fullmatch(rest))


def is_of_kin(text: str, mention: Mention) -> bool:
    """Whether somebody else than the asker lives or works there."""
    return bool(_KIN.search(text[: mention.start]))


def is_of_others(text: str, mention: Mention) -> bool:
    """Whether what is said of a place is another's, or only heard of."""
    before = text[: mention.start]
    return bool(_OTHERS.search(before) or _KIN.search(before) or _TOLD_BY.search(before))


def is_workplace(text: str, mention: Mention) -> bool:
    """Whether the place is only where the asker lives or works, not where the business is."""
    before, after = text[: mention.start], text[mention.end :]
    return bool(_AT.search(before)) and (bool(_RETURN.search(after)) or not _BUSINESS.match(after))


_NUMBERED = re.compile(r"(?:^|(?<=[^\d,]))[1-6][.、)](?=\D)")
# Where a question ends in a breath without pauses: 个人贷多少合伙贷多少.
_RUN_ON = re.compile(
    r"((?:(?:[给补贷奖能要发是]|最高|最多)多少(?:钱|万|块)?|多少(?:人|户|家|个)|几(?:[个家户]|个人)|[哪谁]管|什么材料|"
    r"归哪?个?(?:局|部门)?管|[有设]没[有设][^,]{0,4}|要不要交)[呀啊呢吗的]?)"
    r"(?=[^,呀啊呢吗的了才能算得就可]{2}[^,]{0,12}(?:多少|几|什么|哪|谁|吗|没|不))"
)


def is_asking(text: str) -> bool:
    """Whether something is asked in it."""
    return bool(_ASKING.search(text.removesuffix("吧").removesuffix("呢")))


def questions(text: str) -> list[str]:
    """The questions in a text, each with the remarks made before it; one if it cannot be cut."""
    parts: list[str] = []
    remark = ""
    text = _NUMBERED.sub(",", _RUN_ON.sub(r"\1,", text))
    clauses = list(filter(None, (c.strip() for c in _BREAK.split(text))))
    checked = any(map(_CHECK.fullmatch, clauses))
    for clause in clauses:
        if _CHECK.fullmatch(clause) or (parts and _OF_PAPERS.fullmatch(clause)):
            continue
        if _ASKING.search(clause) or (checked and _DIGIT.search(clause)):
            parts.append(f"{remark},{clause}" if remark else clause)
            remark = ""
        else:
            remark = f"{remark},{clause}" if remark else clause
    if remark and parts:
        parts[-1] = f"{parts[-1]},{remark}"
    return parts or [text]


def asking(text: str) -> list[str]:
    """The clauses of a text that ask; all of it where none is plainly a question."""
    clauses = [c for c in map(str.strip, _BREAK.split(text)) if c]
    return [c for c in clauses if _ASKING.search(c)] or clauses


def passages(text: str) -> list[str]:
    """Each asking clause of a long story, alone and with the one or two remarks before it."""
    clauses = [c for c in map(str.strip, _BREAK.split(text)) if c]
    ends = [i for i, clause in enumerate(clauses) if _ASKING.search(clause)]
    found = (",".join(clauses[max(0, i - k) : i + 1]) for i in ends for k in range(REMARKS + 1))
    return [passage for passage in dict.fromkeys(found) if passage != text]
