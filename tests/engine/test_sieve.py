"""The sieve never drops a household that some indicator may hold for; and constants answer as if they were recorded."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doudi.engine.meaning import Given
from doudi.engine.settings import parameter_table
from doudi.engine.sieve import SIEVE_FACTS, SIEVE_UNASKED, sieve
from doudi.policy.evaluate import Evaluation, unknown
from doudi.policy.rule import Indicator
from engine.test_two_readers import BRISK, books, contains
from engine.two_readers import answers, hits, survivors
from policy.expressions import fact_value, households, the_view


def indicator(name, subject, when, unless=None, red_when=None):
    return Indicator(
        id=name,
        name=name,
        disposition="eligible",
        subject=subject,
        level="橙",
        red_when=red_when,
        distance=None,
        owner="",
        basis=(),
        clears="",
        off=False,
        text="",
        when=when,
        unless=unless,
    )


def watched(book):
    """The book with an indicator on every random condition; the odd ones are silenced by another condition."""
    words, order, indicators = dict(book.words), list(book.order), []
    for number in range(4):
        for short, subject in (("pb", "person"), ("hb", "household")):
            name = f"{short}{number}"
            node = book.words[name].node
            unless = book.words[f"{short}0"].node if number % 2 else None
            red_when = book.words[f"{short}{3 - number}"].node
            indicators.append(indicator(f"i.{name}", subject, node, unless, red_when))
            for part, at in indicators[-1].parts():
                word_id = indicators[-1].word(part)
                words[word_id] = replace(book.words[name], id=word_id, name=word_id, node=at)
                order.append(word_id)
    return replace(book, words=words, order=tuple(order), indicators=tuple(indicators), _reach={})


def expected(book, evaluation):
    """{(indicator id, label or None): (verdict, red)} of the subjects that are not a plain no."""
    told = {}
    for each in book.indicators:
        for label in evaluation.members if each.subject == "person" else [None]:
            verdict = evaluation.value(each.word("when"), label)
            silenced = each.unless is not None and evaluation.value(each.word("unless"), label) is True
            if verdict is not False and not silenced:
                told[each.id, label] = (verdict, evaluation.value(each.word("red_when"), label) is True)
    return told


def told_or_unknown(book, household, facts):
    """The household with these facts known exactly or not at all: what is only bounded becomes unknown."""

    def value(fact, bounds):
        if fact not in facts or not isinstance(bounds, tuple) or bounds[0] == bounds[1]:
            return bounds
        return unknown(book.facts[fact].type)

    def values(held):
        return {fact: value(fact, bounds) for fact, bounds in held.items()}

    persons = tuple(replace(p, facts=values(p.facts)) for p in household.persons)
    return replace(household, persons=persons, facts=values(household.facts))


def the_settings(book):
    """The columns of the table of parameters: they are the same in every county of these cities."""
    heads, [row] = parameter_table({1: the_view(book)})
    return {name: value for (name, _), value in zip(heads, row, strict=True) if name != "county"}


def told(household, values):
    """The household with these facts told of everybody, and of the household."""
    persons = tuple(replace(p, facts=p.facts | values) for p in household.persons)
    return replace(household, persons=persons, facts=household.facts | values)


@pytest.mark.slow
@settings(max_examples=15, **BRISK)
@given(st.data())
def test_a_household_that_the_sieve_drops_has_a_plain_no_to_every_indicator(data):
    book = watched(data.draw(books()))
    known = data.draw(st.sets(st.sampled_from(sorted(book.facts))))
    pairs = [(the_view(book), data.draw(households(book))) for _ in range(12)]
    kept = survivors(book, pairs, known, Given())
    dropped = [pair for number, pair in enumerate(pairs) if number not in kept]
    assert [pair[1] for pair in dropped if expected(book, Evaluation(*pair))] == []


@pytest.mark.slow
@settings(max_examples=10, **BRISK)
@given(st.data())
def test_hits_are_told_by_the_ends_that_they_ask_for_exactly_as_by_the_python_reader(data):
    book = watched(data.draw(books()))
    constant = {
        fact: unknown(book.facts[fact].type) for fact in data.draw(st.sets(st.sampled_from(sorted(book.facts))))
    }
    pairs = [(the_view(book), data.draw(households(book))) for _ in range(10)]
    evaluations = [Evaluation(view, told(household, constant)) for view, household in pairs]
    wanted = {
        (indicator, number, label): answer
        for number, evaluation in enumerate(evaluations)
        for (indicator, label), answer in expected(book, evaluation).items()
    }
    found = {
        key: answer
        for key, answer in hits(book, pairs, Given(constants=constant, settings=the_settings(book))).items()
        if key[2] is None or not evaluations[key[1]].persons[key[2]].outside
    }
    assert found == wanted


@pytest.mark.slow
@settings(max_examples=12, **BRISK)
@given(st.data())
def test_constants_and_exact_facts_answer_as_if_they_had_been_recorded_like_any_other(data):
    book = data.draw(books())
    constant = data.draw(st.sets(st.sampled_from(sorted(book.facts))))
    values = {
        fact: data.draw(st.one_of(st.just(unknown(book.facts[fact].type)), fact_value(book.facts[fact])))
        for fact in sorted(constant)
    }
    exact = data.draw(st.sets(st.sampled_from(sorted(book.facts))))
    pairs = [(the_view(book), told_or_unknown(book, data.draw(households(book)), exact)) for _ in range(8)]
    evaluations = [Evaluation(view, told(household, values)) for view, household in pairs]
    known = Given(constants=values, settings=the_settings(book), exact=frozenset(exact))
    differing = []
    for (number, word, label), value in answers(book, pairs, list(book.order), known).items():
        if label is not None and evaluations[number].persons[label].outside:
            continue  # a parent of another household has answers there, not here
        if evaluations[number].value(word, label) != value:
            differing.append((book.words[word].text, value, evaluations[number].value(word, label)))
    assert differing == []


@pytest.mark.slow
@settings(max_examples=8, **BRISK)
@given(st.data())
def test_whatever_the_sieve_says_holds_whatever_the_facts_it_does_not_look_at_are(data):
    book = data.draw(books())
    blind = data.draw(st.sets(st.sampled_from(sorted(book.facts))))
    unasked = data.draw(st.sets(st.sampled_from(book.order), max_size=4))
    pairs = [(the_view(book), data.draw(households(book))) for _ in range(8)]
    evaluations = [Evaluation(*pair) for pair in pairs]
    broken = []
    for (number, word, label), value in answers(
        book, pairs, list(book.order), Given().without(book, blind, unasked)
    ).items():
        if label is not None and evaluations[number].persons[label].outside:
            continue
        if not contains(value, evaluations[number].value(word, label)):
            broken.append((book.words[word].text, value, evaluations[number].value(word, label)))
    assert broken == []


def test_the_sieve_of_the_whole_book_looks_at_few_facts_which_the_book_all_has(book):
    assert set(book.facts) >= SIEVE_FACTS
    assert set(book.words) >= SIEVE_UNASKED
    assert sieve(book).facts <= SIEVE_FACTS
    assert all(stage.name.startswith("sieve_") for stage in sieve(book).stages)


def test_a_sieve_that_looks_at_nothing_lets_every_household_through(book):
    sifted = sieve(book, known=())
    assert sifted.facts == frozenset()
    assert "TRUE IS NOT FALSE" in sifted.passed


def test_a_book_without_indicators_lets_no_household_through(book):
    assert sieve(replace(book, indicators=())).passed.endswith("WHERE FALSE")
