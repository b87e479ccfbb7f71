"""The first sheet of the spreadsheet: how to edit it, in plain words."""

from collections.abc import Iterator, Mapping

from knowledge.exchange.columns import Shape
from knowledge.exchange.labels import ATTRIBUTES, BOUNDS, OPERATORS, WITHDRAWN
from knowledge.exchange.lines import ASKED_FORM, FIGURE_FORM, RULE_FORM, SAME

HINTS: Mapping[Shape | str, str] = {
    Shape.FIGURES: f"一行一个数字：{FIGURE_FORM}\n口径：{'、'.join(BOUNDS.values())}",
    Shape.RULES: f"一行一条：{RULE_FORM}",
    Shape.ASKED: f"一行一句：{ASKED_FORM}",
    Shape.LINES: "一行一条，在格子里按 Alt+回车换行",
    Shape.REASONS: "数字可以和哪一条不一样，为什么。一行一条：编号：原因",
    Shape.DAY: "写成 2027-06-30",
    Shape.YEAR: "写成 2027-06-30；只知道年份的写 2027",
    Shape.PHONE: "带区号，比如 0731-12345678；不知道就空着",
    "answer": "先说结论，45 个字以内；数字写成 {名称}，在“数字”列里定义",
    "id": "新增的行空着，导入时自动编号",
    "status": f"选“{WITHDRAWN}”就不再用这一条",
}


def guide() -> Iterator[str]:
    """The lines of the sheet."""
    yield "政策一本通：怎么改这张表"
    for number, lines in enumerate(_STEPS, 1):
        yield f"{number}. " + "".join(lines)


_STEPS = (
    (
        "一个地区三张表：地区名的表，一行是一条问答；“·文件”表，是依据的文件；",
        "“·没写的”表，是文件没写清的事。",
    ),
    ("直接改格子里的字。灰色的编号不要改。没改的行原样留着，导入时不会动。",),
    (
        f"加一条：写在最后面的空行里，编号空着。不用一条：“状态”选“{WITHDRAWN}”。",
        "删掉一行不等于撤回，那一条还在用。",
    ),
    (
        "一条只说一件事。答复先说结论，45 个字以内。",
        "问法写六种以上，别人怎么问就怎么写。",
    ),
    (
        f"数字都写在“数字”列，一行一个：{FIGURE_FORM}。例：cap｜100000｜元｜最高｜最高10万元。",
        "答复里写 {cap}，会念成“最高10万元”。",
    ),
    (
        f"口径有：{'、'.join(BOUNDS.values())}。原文是文件里的话，数值要和原文对得上，",
        "对不上的不收。文件没写数字的，数值空着，口径写“没写”。",
    ),
    (
        f"写着“{SAME} 编号.名称”的数字，和那一条是一回事：要改就改那一条，",
        f"{SAME}它的答复一起变。条件里写 {{名称}}，会念成原文。",
    ),
    (
        f"“规则”列是程序能判断的条件，一行一条：{RULE_FORM}。",
        "例：经营月数｜至少｜6｜写清了｜经营6个月及以上。不会写就空着。",
        f"值写“{SAME} 名称”，就用“数字”列里那一个，原文空着。",
        f"项目有：{'、'.join(ATTRIBUTES.values())}。比法有：{'、'.join(OPERATORS.values())}。",
    ),
    (
        "“依据文件”选文号或者题名。新文件先写进“·文件”表：",
        "代号自己起，用英文字母和数字。",
    ),
    (
        "“·没写的”表：哪件事、哪些方面文件没写、该问哪个部门。",
        "问法一行一句，前面写方面，比如“材料：要带什么材料”。",
    ),
    (
        "日期写成 2027-06-30。过了“止”的日期，第二天起就不再用。",
        "电话不知道就空着，会写“电话待补”。",
    ),
    ("表加了锁，免得误改编号，没有密码：要排序或者改格式，在“审阅”里撤销保护。",),
    (
        "改好存成 .xlsx，先试一遍：guiyan knowledge import 文件.xlsx --dry-run --staff 姓名。",
        "有错的行会说在哪一列、怎么改；没错的行照收。",
    ),
    ("导出以后别人又改过的那一条，不会覆盖，会告诉你。请重新导出再改。",),
)
