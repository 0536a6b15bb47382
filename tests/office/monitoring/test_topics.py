"""What a village helper is asked to ask: the topic, never what was found."""

import re

import pytest

import personas
from doudi.office.common.fields import FieldClass
from doudi.office.monitoring.classes import FEEDS as CLASSES
from doudi.office.monitoring.classes import class_of_indicator
from doudi.office.monitoring.the_book import the_book
from doudi.office.monitoring.topics import AT_LARGE, TOPICS, asks

EVERY = sorted(each.id for each in the_book().indicators)
KEPT = (FieldClass.DIAGNOSIS, FieldClass.GUARDED)
# Words of findings, of diagnoses, of taxes, property and custody.
TELLING = re.compile(
    r"[0-9０-９%％]|最高|沉重|过高|超|困难|贫|低保|特困|重病|大病|诊断|病种|残疾|失业|死亡|去世|孤儿|危房|"
    r"税|房产|不动产|机动车|车辆|存款|公司|工商|公积金|财产|羁押|服刑|戒毒|监狱|违规|不符合|核实|可能"
)


@pytest.fixture(scope="module")
def helper():
    return personas.viewer("王芳")


@pytest.mark.parametrize("indicator", EVERY)
def test_of_every_indicator_only_sentences_of_the_table_are_asked(helper, indicator):
    asked = asks(helper, [indicator])
    assert asked[-1] == AT_LARGE
    assert set(asked) <= {*TOPICS.values(), AT_LARGE}


def test_no_sentence_tells_a_finding():
    book = the_book()
    names = {each.name for each in book.indicators} | {word.name for word in book.words.values() if len(word.name) > 2}
    for sentence in (*TOPICS.values(), AT_LARGE):
        assert not TELLING.search(sentence), sentence
        assert not [name for name in names if name in sentence], sentence


def test_a_telling_sentence_would_be_seen():
    assert all(
        TELLING.search(each) for each in ("户医疗负担沉重", "单次住院最高自负", "户有重残或住危房", "自负 3 万元")
    )


def test_guarded_sources_and_diagnoses_open_no_topic():
    assert not {feed for sources in TOPICS for feed in sources if CLASSES[feed] in KEPT}


def test_an_indicator_that_is_itself_guarded_or_a_diagnosis_opens_no_topic(helper):
    kept = [each for each in EVERY if class_of_indicator(each) in KEPT]
    assert kept
    assert {asks(helper, [each]) for each in kept} == {(AT_LARGE,)}


def test_who_goes_for_medical_bills_is_told_the_topic(helper):
    assert any("看病、住院" in each for each in asks(helper, ["eligible.self_paid_share"]))


def test_the_order_is_that_of_a_visit_and_not_of_what_was_found(helper):
    two = ["eligible.self_paid_share", "eligible.tuition"]
    assert asks(helper, two) == asks(helper, two[::-1])


def test_who_reads_the_reasons_is_asked_nothing():
    assert asks(personas.viewer("张敏"), EVERY) == ()
