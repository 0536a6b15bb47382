"""行数账的每一部分都有说法，文件名清洗后放得进目录。"""

import pytest

from doudi.landing.account import Account
from doudi.office.exchange.filenames import clean_name
from doudi.office.exchange.words import account_parts, months_before


def test_the_account_names_every_part_and_tells_when_it_does_not_add_up():
    account = Account(physical=9, header=1, blank=1, accepted=4, repeated=1, rejected=2).as_dict()
    parts, holds = account_parts(account, "#rejects")
    assert [(part["word"], part["count"]) for part in parts] == [
        ("入库", "4"), ("重复", "1"), ("退回", "2"), ("表头", "1"), ("空行", "1"),
    ]  # fmt: skip
    assert holds
    assert not account_parts(account | {"rejected": 1})[1]


def test_months_are_counted_back_over_the_new_year():
    assert months_before("2026-02", 4) == ["2025-11", "2025-12", "2026-01", "2026-02"]


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("低保名册_2026-03.csv", "低保名册_2026-03.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\部门\\名册.xlsx", "名册.xlsx"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("", "未命名"),
        ("...", "未命名"),
        ("长" * 300 + ".csv", "长" * 58 + ".csv"),
    ],
)
def test_a_name_is_made_into_one_that_a_folder_takes(name, clean):
    assert clean_name(name) == clean
    assert len(clean.encode()) <= 255
