"""The dictionary is unambiguous: one Chinese word, one identifier, one sentence, a source, and no forbidden word reused."""

import unicodedata

import pytest
import yaml

from architecture.source import ROOT, found
from doudi import policybook_dir

WORDS = yaml.safe_load((ROOT / "docs" / "glossary.yaml").read_text("utf-8"))
FEEDS = ROOT / "src" / "doudi" / "landing" / "feeds.yaml"


def twice(values):
    return sorted({value for value in values if values.count(value) > 1})


def test_every_word_has_the_five_parts_and_no_other():
    assert [word for word in WORDS if list(word) != ["中文", "identifier", "meaning", "source", "not"]] == []


@pytest.mark.parametrize("part", ["中文", "identifier"])
def test_no_word_stands_twice(part):
    assert twice([word[part] for word in WORDS]) == []


@pytest.mark.parametrize("part", ["中文", "identifier"])
def test_every_word_can_be_a_name_in_a_rule(part):
    rows = [w[part] for w in WORDS if not w[part].isidentifier() or unicodedata.normalize("NFKC", w[part]) != w[part]]
    assert not rows, found(rows)


def test_a_meaning_is_one_sentence():
    rows = [w["中文"] for w in WORDS if w["meaning"].count("。") != 1 or not w["meaning"].endswith("。")]
    assert not rows, found(rows)


def test_a_word_to_use_is_not_among_the_words_not_to_use_for_itself():
    rows = [w["中文"] for w in WORDS if {w["中文"], w["identifier"]} & set(w["not"]) or not w["not"]]
    assert not rows, found(rows)


def test_every_source_is_a_clause_or_a_document_of_the_policy_book():
    documents = [
        yaml.safe_load(path.read_text("utf-8")) for path in sorted((policybook_dir() / "documents").glob("*.yaml"))
    ]
    known = {"house"} | {document["code"] for document in documents}
    known |= {clause["id"] for document in documents for clause in document["clauses"]}
    rows = [f"{word['中文']}: {source}" for word in WORDS for source in word["source"] if source not in known]
    assert not rows, found(rows)


def test_every_feed_of_the_contract_is_in_the_dictionary():
    feeds = yaml.safe_load(FEEDS.read_text("utf-8"))
    assert set(feeds) - {word["identifier"] for word in WORDS} == set()
