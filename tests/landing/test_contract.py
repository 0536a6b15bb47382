"""约定本身：每一种来件都读得进来，键都是必填，同一种来件里没有两列同名。"""

import pytest
import yaml

from doudi.errors import Fault
from doudi.landing import contract
from doudi.landing.contract import header_words, load_contract, plain_header

FEEDS = load_contract().values()


def test_every_feed_of_the_contract_is_known():
    assert len(load_contract()) == 32
    assert load_contract()["population"].column("hukou_division").is_division


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_what_makes_a_line_the_same_fact_is_always_there(feed):
    assert feed.key
    assert all(feed.column(name).required for name in feed.key)


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_no_two_columns_of_a_feed_share_a_header_or_a_checked_name(feed):
    words = [plain_header(word) for column in feed.columns for word in (column.header, *column.aliases)]
    assert len(words) == len(set(words))
    assert set(words) <= header_words()
    assert len({column.checked_name for column in feed.columns}) == len(feed.columns)


@pytest.mark.parametrize("feed", FEEDS, ids=lambda feed: feed.name)
def test_only_code_columns_have_words_and_they_all_do(feed):
    assert all(bool(column.codes) == (column.kind == "code") for column in feed.columns)


@pytest.mark.parametrize(
    "change",
    [
        {"key": ["nobody"]},
        {"columns": {"id*": {"header": "甲", "type": "float"}}},
        {"columns": {"id*": {"header": "甲", "type": "code()"}}},
        {"columns": {"id*": {"header": "甲", "type": "date(年 月)"}}},
    ],
)
def test_a_contract_that_contradicts_itself_is_a_fault(change):
    entry = yaml.safe_load(
        "{department: 甲, every: month, delivers: roll, stale_after_days: 1, territory: city, use: discovery, absence: none,"
        " key: [id], columns: {id*: {header: 甲, type: id}}}"
    )
    assert contract._feed("good", dict(entry)).key == ("id",)
    with pytest.raises(Fault):
        contract._feed("bad", entry | change)
