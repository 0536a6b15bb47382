"""What a verdict stands on: each fact once, however many ways lead to it."""

from doudi.policy.evaluate import Evaluation, Household, Person
from doudi.policy.expr import Name
from doudi.policy.quantities import BOOL
from doudi.policy.trace import decisive
from policy.expressions import small_book, the_view, with_words

DEEP = 60  # a way that doubled at every turn would never end


def doubled():
    texts = [("w0", "person", "患病 or 工资 > 租金")]
    return with_words(small_book(), texts + [(f"w{n + 1}", "person", f"w{n} and w{n}") for n in range(DEEP)])


def of_one_person(book, word, facts):
    evaluation = Evaluation(the_view(book), Household((Person("甲", facts),)))
    return evaluation.truth(Name(word, BOOL), "甲"), decisive(evaluation, Name(word, BOOL), "甲")


def test_a_word_named_along_many_ways_is_traced_once():
    verdict, grounds = of_one_person(doubled(), f"w{DEEP}", {"ill": True, "wage": (1, 1), "rent": (9, 9)})
    assert verdict is True
    assert [(ground.fact, ground.person) for ground in grounds] == [("ill", "甲")]


def test_an_unknown_word_named_along_many_ways_tells_every_open_fact_once():
    verdict, grounds = of_one_person(doubled(), f"w{DEEP}", {"ill": None})
    assert verdict is None
    assert [ground.fact for ground in grounds] == ["ill", "wage", "rent"]
