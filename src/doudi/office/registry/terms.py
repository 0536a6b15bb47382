"""查什么：一个人按哪些词可以被查到，查询框里的一句话又是在问哪些词。

The terms under which a person is found, and what a typed text asks for. Pure: no term is stored, only its keyed digest.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from doudi.errors import Refusal

__all__ = ["KINDS", "Asked", "Term", "asked_for", "plain_name", "terms_of"]

# A term is its kind and its text; each kind is digested under its own key, so that a name never meets a number.
Term = tuple[str, str]
KINDS: Final = ("name", "part", "id", "tail", "phone")

_ID = re.compile(r"\d{17}[\dX]")
_PHONE = re.compile(r"1[3-9]\d{9}")
_TAIL = re.compile(r"(?<![0-9A-Z])\d{3}[\dX](?![0-9A-Z])")
_HOUSEHOLD_NO = re.compile(r"(?=.*\d)[0-9A-Z-]{5,40}")
_DOTS = str.maketrans(dict.fromkeys("•・.．‧∙", "·"))  # as names from Xinjiang are typed
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What a typed text asks for: persons under all of `terms`, the exact name first; or the household of a 户号.

    `name` is what the names found must contain; empty when no name was typed. `household_no` may stand beside terms: a
    number of eighteen digits is both.
    """

    terms: tuple[Term, ...] = ()
    name: str = ""
    household_no: str = ""


def plain_name(name: str) -> str:
    """A name as it is compared: one form of each character, no blanks, one kind of dot."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name)).translate(_DOTS).upper()


def terms_of(name: str | None, person_id: str | None) -> list[Term]:
    """Everything a person is found by: the whole name, each two characters of it, the whole id, its last four."""
    terms: list[Term] = []
    if name and (whole := plain_name(name)):
        terms += [("name", whole), *_parts(whole)]
    if person_id:
        terms += [("id", person_id), ("tail", person_id[-4:])]
    return list(dict.fromkeys(terms))


def asked_for(text: str) -> Asked:
    """What the text asks for. Refused: nothing that anybody can be found by, or so little that it would list a county."""
    typed = unicodedata.normalize("NFKC", text).upper().strip()
    if len(typed) > _LONGEST:
        raise Refusal(
            "registry.search_too_long", f"查询内容过长（最多 {_LONGEST} 个字）；请只输入姓名、证件号码或户号。"
        )
    whole = plain_name(typed)
    if _ID.fullmatch(whole):
        return Asked((("id", whole),), household_no=whole)
    if _PHONE.fullmatch(whole):
        return Asked((("phone", whole),), household_no=whole)
    if _HOUSEHOLD_NO.fullmatch(whole):
        return Asked(household_no=whole)
    tails = _TAIL.findall(typed)
    name = plain_name(_TAIL.sub("", typed))
    if not name and tails:
        raise Refusal("registry.tail_alone", "只有后四位查不准；请在后四位之外再加上姓名，例如“张三 1234”。")
    if len(name) < (1 if tails else 2):
        raise Refusal("registry.search_too_short", "查询内容太短；请至少输入姓名中的两个字，或完整的证件号码、户号。")
    # A single character beside the last four is a surname: it has no term, and is looked for in the names found.
    parts = _parts(name) if len(name) > 1 else []
    return Asked((*(("tail", tail) for tail in tails), *parts), name=name)


def _parts(name: str) -> list[Term]:
    return [("part", name)] if len(name) == 1 else [("part", name[start : start + 2]) for start in range(len(name) - 1)]
