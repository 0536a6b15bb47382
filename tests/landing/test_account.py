"""行数账：每个物理行都有去处，加起来正好。"""

import pytest

from doudi.errors import Fault
from doudi.landing.account import Account
from landing.files import DIBAO, csv_text, dibao_line, read, write


def test_the_account_of_a_dirty_file_adds_up_line_by_line(tmp_path):
    lines = [
        dibao_line(1),
        dibao_line(2, 姓名='"赵\n二"'),  # two physical lines, repaired
        dibao_line(3, 姓名='"赵\n\n三"', 纳入日期="昨天"),  # three, rejected
        "",
        ",".join(DIBAO),
        "甲,乙",
        dibao_line(4, 低保证号='"D4'),
        "合计,,,,,3703.50,,,,,,,",
        "制表人：钱五",
    ]
    path = write(
        tmp_path / "dibao_roll_2026-03.csv", csv_text(DIBAO, lines).replace("公民", "东营市低保名单\n\n公民", 1)
    )
    account = read(path)[3]
    assert account.as_dict() == {
        "physical": 2 + 1 + 1 + 2 + 3 + 1 + 1 + 1 + 1 + 1 + 1,
        "header": 2,
        "blank": 2,
        "title": 1,
        "total": 1,
        "accepted": 1 + 2,
        "repeated": 0,
        "superseded": 0,
        "rejected": 3 + 1 + 1 + 1,
        "repaired": 1,
    }


def test_an_account_that_lost_a_line_is_a_fault():
    account = Account(physical=3, header=1).with_records(accepted=1, repaired=1)
    with pytest.raises(Fault, match="共 3 行，只说明了 2 行"):
        account.proved()
    assert account.with_records(superseded=1).proved().explained == 3


def test_accounts_of_several_files_are_summed():
    accounts = [Account(physical=3, header=1, accepted=2), Account(physical=2, title=1, repeated=1, repaired=1)]
    assert Account.sum(accounts) == Account(physical=5, header=1, title=1, accepted=2, repeated=1, repaired=1)
    assert Account.sum([]) == Account()
