"""Break rules of the policy book one at a time: each time a named case must fail.

Run: `python bench/mutants.py`. Prints the mutants with the first case that caught each; exits 1 when one lives.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from doudi import policybook_dir
from doudi.errors import Refusal
from doudi.policy.cases import check_case, load_cases
from doudi.policy.load import load_book

# (what is broken, file, text as it stands, text as broken)
MUTANTS = (
    ("低保：把“低于”放宽为“不高于”", "tiers/dibao.yaml", "家庭年收入 < ", "家庭年收入 <= "),
    ("低保边缘：把“低于”放宽为“不高于”", "tiers/margin.yaml", " < ", " <= "),
    ("刚性支出：把“超出”放宽为“达到”", "tiers/rigid.yaml", " > ", " >= "),
    ("特困：收入低于标准放宽为不高于", "tiers/tekun.yaml", "特困个人年收入 < ", "特困个人年收入 <= "),
    ("特困残疾：漏掉肢体", "tiers/labour.yaml", "残疾类别 == 肢体", "残疾类别 == 言语"),
    ("共同生活：已成年子女一律计入", "tiers/members.yaml", "成年月数", "核算月数"),
    (
        "收入：基础养老金一律计入",
        "tiers/income.yaml",
        "不小于零(全年养老金 - 若(基础养老金不计入低保收入, 可剔除基础养老金, 0))",
        "全年养老金",
    ),
    ("城乡标准：城市与农村颠倒", "tiers/standards.yaml", "登记城乡类别 == 城市", "登记城乡类别 == 农村"),
    ("财产：一套住房也算超过", "tiers/property.yaml", "家庭住房套数 <= 低保", "家庭住房套数 < 低保"),
    ("单人保：漏掉边缘家庭的门槛", "tiers/single.yaml", " and ", " or "),
    ("事实无人抚养：父母一方即可", "tiers/children.yaml", ">= 2", ">= 1"),
    ("护理补贴：特困也享受", "programmes/disability.yaml", "残疾等级 <= 2 and not 在册特困", "残疾等级 <= 2"),
)


def caught_by(folder: Path) -> str | None:
    """The first case that fails, or the refusal of the broken book; None when nothing noticed."""
    try:
        book = load_book(folder)
        return next((s for case in load_cases(book, folder / "cases") for s in check_case(case)), None)
    except Refusal as refusal:
        return refusal.sentence


def main() -> int:
    """Try every mutant once; a mutant whose text no longer stands in the book counts as alive."""
    alive = 0
    for number, (what, file, old, new) in enumerate(MUTANTS, 1):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "policybook"
            shutil.copytree(policybook_dir(), folder)
            text = (folder / file).read_text("utf-8")
            (folder / file).write_text(text.replace(old, new, 1), "utf-8")
            found = caught_by(folder) if old in text else None
        alive += found is None
        print(
            f"{number:2} {'抓住' if found else '漏过'}  {what}  {found or ('书里没有这段文字' if old not in text else '')}"
        )
    print(f"{len(MUTANTS) - alive} passed, {alive} failed")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
