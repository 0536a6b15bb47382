"""Rule text → a raw Python syntax tree that holds nothing but what the language knows.

The text is tokenised before it is parsed: length, depth, characters and numbers are bounded there, so that no input can
do more than be refused. The tree is typed in `check.py`.
"""

from __future__ import annotations

import ast
import re
import unicodedata

from doudi.errors import Refusal

LONGEST_TEXT = 2_000
DEEPEST = 20
MOST_TOKENS = 300  # keeps a long flat sum within the readers' recursion
LARGEST_NUMBER = 10**12
FULL_WIDTH = dict(
    zip(
        "＜＞＝（），＋－×＊≤≥≠！",
        ["<", ">", "==", "(", ")", ",", "+", "-", "*", "*", "<=", ">=", "!=", "not"],
        strict=True,
    )
)
TOKEN = re.compile(r"\s+|(?P<name>[^\W\d]\w*)|(?P<number>\d+)(?!\w)|(?P<op><=|>=|==|!=|[-+*<>(),])")
ALLOWED = (
    ast.Name,
    ast.Constant,
    ast.BinOp,
    ast.Add,
    ast.Sub,
    ast.Mult,
    ast.Compare,
    ast.Lt,
    ast.LtE,
    ast.Gt,
    ast.GtE,
    ast.Eq,
    ast.NotEq,
    ast.In,
    ast.NotIn,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.UnaryOp,
    ast.Not,
    ast.Call,
    ast.Tuple,
    ast.Load,
)


def parse(text: str) -> ast.expr:
    """One expression. Refuses, with the place, everything outside the language."""
    _tokenise(text)
    try:
        tree = ast.parse(text.strip().replace("\n", " "), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Refusal("policy.bad_syntax", f"规则写法不对：“{_short(text)}”；请检查括号和运算符是否成对。") from error
    _check_shape(tree, text, DEEPEST)
    return tree


def _tokenise(text: str) -> None:
    """Refuse by character and by size, before any parser sees the text."""
    if len(text) > LONGEST_TEXT:
        raise Refusal("policy.text_too_long", f"规则超过 {LONGEST_TEXT} 个字符（共 {len(text)} 个），请拆成几个词。")
    place = depth = tokens = 0
    while place < len(text):
        token = TOKEN.match(text, place)
        if token is None:
            raise _foreign(text, place)
        if name := token["name"]:
            _check_name(name, text)
        elif (number := token["number"]) and (int(number[:20]) > LARGEST_NUMBER or str(int(number[:20])) != number):
            raise Refusal("policy.bad_number", f"规则“{_short(text)}”里的数“{number[:20]}”过大或以 0 开头。")
        depth += (token["op"] == "(") - (token["op"] == ")")
        if depth > DEEPEST:
            raise Refusal("policy.too_deep", f"规则嵌套超过 {DEEPEST} 层：“{_short(text)}”，请拆成几个词。")
        tokens += token.lastgroup is not None
        if tokens > MOST_TOKENS:
            raise Refusal("policy.text_too_long", f"规则超过 {MOST_TOKENS} 个词和符号，请拆成几个词。")
        place = token.end()


def _check_name(name: str, text: str) -> None:
    if unicodedata.normalize("NFKC", name) != name:
        offered = unicodedata.normalize("NFKC", name)
        raise Refusal("policy.unstable_name", f"规则“{_short(text)}”里的名称“{name}”含全角字符，请写成“{offered}”。")


def _foreign(text: str, place: int) -> Refusal:
    sign = text[place]
    offer = f"，请写成“{FULL_WIDTH[sign]}”" if sign in FULL_WIDTH else "，规则里不能使用"
    return Refusal(
        "policy.foreign_sign", f"规则“{_short(text)}”第 {place + 1} 个字符“{sign}”{offer}。", place=place + 1
    )


def _check_shape(node: ast.AST, text: str, left: int) -> None:
    """Only allowed constructs, at most `left` levels deep."""
    if left < 0:
        raise Refusal("policy.too_deep", f"规则嵌套超过 {DEEPEST} 层：“{_short(text)}”，请拆成几个词。")
    if not isinstance(node, ALLOWED):
        raise Refusal("policy.foreign_construct", f"规则“{_short(text)}”用了语言之外的写法（{type(node).__name__}）。")
    if isinstance(node, ast.Constant) and type(node.value) is not int:
        raise Refusal("policy.foreign_construct", f"规则“{_short(text)}”里只能写整数和名称，不能写“{node.value!r}”。")
    if isinstance(node, ast.Compare) and len(node.ops) > 1:
        raise Refusal("policy.chained_comparison", f"规则“{_short(text)}”把两个比较连写了，请用 and 分开。")
    if isinstance(node, ast.Call) and (not isinstance(node.func, ast.Name) or node.keywords):
        raise Refusal("policy.foreign_construct", f"规则“{_short(text)}”里函数要写成 名称(参数, …)。")
    # `a + b + c` is one level for a reader though three for the parser.
    for child in ast.iter_child_nodes(node):
        flat = isinstance(node, ast.BinOp) and isinstance(child, ast.BinOp) and child is node.left
        _check_shape(child, text, left if flat else left - 1)


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 60 else flat[:57] + "…"
