"""Random rule texts, random bounded households and their random exact completions, over a small book of all types."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from doudi.policy.book_yaml import parse_yaml
from doudi.policy.check import Checker, Meaning
from doudi.policy.evaluate import Household, Person
from doudi.policy.parse import parse
from doudi.policy.quantities import DATE
from doudi.policy.read import largest_denominators, read_fact, read_parameter
from doudi.policy.rule import Book, Word
from doudi.policy.view import view

AT = date(2026, 6, 30)
FACTS = """
- {id: counted_member, 名: 计入, grain: person, type: bool}
- {id: wage, 名: 工资, grain: person, type: fen, max: 1000}
- {id: rent, 名: 租金, grain: person, type: fen, max: 1000}
- {id: ill, 名: 患病, grain: person, type: bool}
- {id: kind, 名: 类别, grain: person, type: code(甲 乙 丙)}
- {id: born, 名: 出生, grain: person, type: date}
- {id: since, 名: 起始, grain: person, type: date}
- {id: land, 名: 土地, grain: household, type: fen, max: 1000}
- {id: urban, 名: 城镇, grain: household, type: bool}
- {id: moved, 名: 迁入, grain: household, type: date}
"""
PARAMETERS = """
- {id: line, 名: 线, type: fen, values: [{region: '000000', from: 2020-01-01, to: null, value: 5, grade: P}]}
- {id: open_line, 名: 未知线, type: fen, values: [{region: '000000', from: 2020-01-01, to: null, value: 未找到, grade: P}]}
- {id: half, 名: 倍数, type: ratio, values: [{region: '000000', from: 2020-01-01, to: null, value: '3/2', grade: P}]}
- {id: third, 名: 三分, type: ratio, values: [{region: '000000', from: 2020-01-01, to: null, value: '1/3', grade: P}]}
- {id: months, 名: 月数, type: month, values: [{region: '000000', from: 2020-01-01, to: null, value: 7, grade: P}]}
"""


def small_book():
    facts = {f.id: f for f in (read_fact(raw, "x") for raw in parse_yaml(FACTS))}
    parameters = {p.id: p for p in (read_parameter(raw, "x") for raw in parse_yaml(PARAMETERS))}
    words = {"at": Word("at", "监测日", "constant", "any", DATE)}
    words |= {f.id: Word(f.id, f.name, "fact", f.grain, f.type) for f in facts.values()}
    words |= {p.id: Word(p.id, p.name, "parameter", "any", p.type) for p in parameters.values()}
    by_name = {name: w.id for w in words.values() for name in (w.id, w.name)}
    return Book((), facts, parameters, words, by_name, (), (), (), (), "", "")


def with_words(book, texts):
    """The book with (id, grain, text) added as derived words."""
    words, by_name, order = dict(book.words), dict(book.by_name), []
    dens = largest_denominators(book.parameters)

    def lookup(name):
        word = words.get(by_name.get(name, ""))
        return word and Meaning(word.id, word.type, word.grain)

    for word_id, grain, text in texts:
        checked = Checker(word_id, lookup, dens).check(parse(text))
        word = Word(word_id, word_id, "derived", grain, checked.node.type.with_(literal=False), checked.node, text)
        words[word_id] = word
        by_name[word_id] = word_id
        order.append(word_id)
    return replace(book, words=words, by_name=by_name, order=tuple(order), _reach={})


# --- texts --------------------------------------------------------------------------------------------------------

PERSON_MONEY = ["工资", "租金", "线", "未知线", "倍数 * 工资", "三分 * 线", "土地"]
HOUSE_MONEY = ["土地", "线", "未知线", "合计(工资)", "最大(租金)", "最小(工资)", "倍数 * 土地", "合计(较小(工资, 线))"]
PERSON_BOOL = ["患病", "类别 == 甲", "类别 in (甲, 丙)", "类别 not in (乙)", "类别 != 丙", "城镇", "计入"]
HOUSE_BOOL = [
    "城镇",
    "有人(患病)",
    "人人(患病)",
    "有人(类别 == 乙 and 工资 > 线)",
    "人数(患病) >= 2",
    "人数(患病) == 1",
]
PERSON_DATES = ["出生", "起始", "监测日", "迁入"]
HOUSE_DATES = ["迁入", "监测日", "最大(起始)", "最小(出生)"]


def money(person):
    base = st.sampled_from(PERSON_MONEY if person else HOUSE_MONEY)

    def grow(inner):
        pair = st.tuples(inner, inner)
        return st.one_of(
            pair.map(lambda p: f"({p[0]} + {p[1]})"),
            pair.map(lambda p: f"不小于零({p[0]} - {p[1]})"),
            pair.map(lambda p: f"较小({p[0]}, {p[1]})"),
            pair.map(lambda p: f"较大({p[0]}, {p[1]})"),
            st.tuples(st.sampled_from(PERSON_BOOL if person else HOUSE_BOOL), pair).map(
                lambda t: f"若({t[0]}, {t[1][0]}, {t[1][1]})"
            ),
            inner.map(lambda x: f"四舍五入到元({x} + 线)"),
            inner.map(lambda x: f"进一到元({x} + 线)"),
            inner.map(lambda x: f"截尾到元({x} + 线)"),
            inner.map(lambda x: f"({x} * 2)"),
        )

    return st.recursive(base, grow, max_leaves=4)


def condition(person):
    amounts = money(person)
    dates = st.sampled_from(PERSON_DATES if person else HOUSE_DATES)
    compare = st.tuples(amounts, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), amounts).map(" ".join)
    dated = st.tuples(dates, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), dates).map(" ".join)
    spans = st.tuples(st.sampled_from(["相隔月数", "相隔天数"]), dates, dates, st.integers(0, 40)).map(
        lambda t: f"{t[0]}({t[1]}, {t[2]}) >= {t[3]}"
    )
    short = st.tuples(dates, dates).map(lambda t: f"相隔月数({t[0]}, {t[1]}) < 月数")
    base = st.one_of(st.sampled_from(PERSON_BOOL if person else HOUSE_BOOL), compare, dated, spans, short)
    if person:
        base = st.one_of(
            base, st.sampled_from(["父母人数(患病) >= 1", "父母人数(工资 > 线 or 患病) == 2", "合计(工资) > 租金 * 2"])
        )

    def grow(inner):
        pair = st.tuples(inner, inner)
        return st.one_of(
            pair.map(lambda p: f"({p[0]} and {p[1]})"),
            pair.map(lambda p: f"({p[0]} or {p[1]})"),
            inner.map(lambda x: f"not ({x})"),
            st.tuples(inner, inner, inner).map(lambda t: f"项数({t[0]}, {t[1]}, {t[2]}) >= 2"),
            st.tuples(inner, inner, inner).map(lambda t: f"若({t[0]}, {t[1]}, {t[2]})"),
        )

    return st.recursive(base, grow, max_leaves=3)


# --- households ---------------------------------------------------------------------------------------------------

DAYS = st.integers(0, 3 * 366).map(lambda n: AT - timedelta(days=n) + timedelta(days=200))
ENDS = st.integers(0, 20).map(lambda n: n * 50)


@st.composite
def bounds(draw, ends):
    """Exact, bounded or open."""
    a, b = sorted((draw(ends), draw(ends)))
    shape = draw(st.sampled_from(["exact", "exact", "exact", "range", "floor", "open"]))
    return {"exact": (a, a), "range": (a, b), "floor": (a, None), "open": (None, None)}[shape]


def fact_value(fact, counted=None):
    match fact.type.kind:
        case "bool":
            return st.sampled_from([True, True, False, None])
        case "code":
            return st.sampled_from([*fact.type.words, None])
        case "date":
            return bounds(DAYS)
        case _:
            return bounds(ENDS).map(lambda b: (b[0] or 0, b[1]))


@st.composite
def households(draw, book):
    labels = ["甲", "乙", "丙", "丁"][: draw(st.integers(1, 4))]
    persons = []
    for place, label in enumerate(labels):
        facts = {f.id: draw(fact_value(f)) for f in book.facts.values() if f.grain == "person"}
        elders = [*labels[:place], None]
        father, mother = draw(st.sampled_from(elders)), draw(st.sampled_from(elders))
        outside = bool(place == 1 and draw(st.booleans()))
        persons.append(Person(label, facts, father, None if mother == father else mother, outside))
    facts = {f.id: draw(fact_value(f)) for f in book.facts.values() if f.grain == "household"}
    return Household(tuple(persons), facts)


@st.composite
def completions(draw, book, household):
    """The household with everything made exact: each unknown some value inside its bounds."""

    def exact(fact, value):
        match fact.type.kind:
            case "bool":
                return draw(st.booleans()) if value is None else value
            case "code":
                return draw(st.sampled_from(fact.type.words)) if value is None else value
            case "date":
                lo, hi = value
                lo = lo or (hi or AT) - timedelta(days=draw(st.integers(0, 900)))
                hi = hi or lo + timedelta(days=draw(st.integers(0, 900)))
                day = lo + timedelta(days=draw(st.integers(0, (hi - lo).days)))
                return (day, day)
            case _:
                lo, hi = value
                amount = draw(st.integers(lo, lo + 2000 if hi is None else hi))
                return (amount, amount)

    known = book.facts
    persons = tuple(replace(p, facts={k: exact(known[k], v) for k, v in p.facts.items()}) for p in household.persons)
    return Household(persons, {k: exact(known[k], v) for k, v in household.facts.items()})


def the_view(book):
    return view(book, AT, "370502")
