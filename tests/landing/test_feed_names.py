"""Each feed of the contract has one name, the dictionary's, and it is written down in one place."""

import pytest
import yaml

from architecture.source import ROOT
from doudi.landing import FEED_NAMES, feed_name, load_contract

GLOSSARY = yaml.safe_load((ROOT / "docs" / "glossary.yaml").read_text("utf-8"))


def test_every_feed_is_called_as_the_dictionary_calls_it():
    called = {word["identifier"]: word["中文"] for word in GLOSSARY}
    assert {feed: called[feed] for feed in load_contract()} == FEED_NAMES


def test_a_feed_is_told_by_its_name_and_one_that_the_contract_has_not_by_its_code():
    assert feed_name("dibao_roll") == "低保名册"
    assert feed_name("of_another_contract") == "of_another_contract"


@pytest.mark.parametrize("name", ["特困名册", "羁押登记"])
def test_the_names_are_written_down_once(name):
    holders = [path.name for path in (ROOT / "src").rglob("*.py") if f'"{name}"' in path.read_text("utf-8")]
    assert holders == ["feed_names.py"]
