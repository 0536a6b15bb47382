"""The documents of the policy book: every clause is there, is used or says why not, and is cited only while in force."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve
from typer.main import get_command

from doudi import policybook_dir
from doudi.cli import app
from doudi.policy.book_yaml import read_yaml
from policybook.shipped import shipped_book

# What the two governing documents ask of the platform (国办发〔2023〕39号, 东民〔2024〕17号): 45 and 11 clauses.
GOVERNING = """
G2.scope G2.margin G2.rigid G2.local D1.order D1.watch D1.others
G3.1.entry G3.1.sharing G3.1.alerting G3.1.digital G3.1.push G3.1.levels G3.1.query G3.1.chain
D2.1.fanpin D2.1.provincial D2.1.discovery G3.2.collect G3.2.channel G3.2.quality
G3.3.match G3.3.visit D2.3.keyvisits G3.3.purchase G3.3.included G3.3.excluded D2.3.record
G3.4.unfulfilled G3.4.eligible D2.4.window G3.4.complex G3.4.ineligible
G4.basic G4.single G4.medical G4.education G4.housing G4.employment G4.disaster G4.emergency D3.1.graded
G4.service D3.3.network G4.other G4.charity G4.fanpin
G5.1.single_application G5.2.departments G5.2.funds G5.3.funds G5.3.kin G5.3.fraud G5.3.honest G5.3.goodfaith
G5.2.publicity
""".split()
# Rules without dates of their own are applied to these months; a clause they cite has to be in force throughout.
APPLIED_FROM, APPLIED_UNTIL = date(2025, 1, 1), date(2027, 1, 1)
# Shanghai, Zhejiang, and cities of Shandong other than Dongying. Jining's (SD10) is the only source found for orphans
# in a household and for 低保 beside 特困: the book adopts it, at its grade C.
ELSEWHERE = ("L1", "L2", "SD5", "SD6", "SD7", "SD8", "SD9", "SD11", "SD12")


@dataclass(frozen=True)
class Citation:
    """`who` rests on `clause` during `[start, end)`; null end = for good."""

    who: str
    clause: str
    start: date
    end: date | None


def citations(book) -> Iterator[Citation]:
    """All of the book: parameters by period, rules for the months they are applied to."""
    for parameter in book.parameters.values():
        for value in parameter.values:
            for clause in value.basis:
                yield Citation(parameter.name, clause, value.start, value.end)
    rules = [(word.name, word.basis) for word in book.words.values()]
    rules += [(path.name, path.basis) for tier in book.tiers for path in tier.paths]
    rules += [(entry.name, entry.basis) for entry in (*book.programmes, *book.indicators)]
    for who, basis in rules:
        for clause in basis:
            yield Citation(who, clause, APPLIED_FROM, APPLIED_UNTIL)


def case_citations(folder) -> Iterator[Citation]:
    """One day each: the day the case is judged on. A case that expects nothing but 未知 may stand outside the dates."""
    for path in sorted(folder.glob("*.yaml")):
        for case in read_yaml(path):
            if set(_answers(case.get("应得"))) == {"未知"}:
                continue
            basis = case.get("依据") or []
            day = date.fromisoformat(str(case.get("监测日") or APPLIED_FROM))
            for clause in [basis] if isinstance(basis, str) else basis:
                yield Citation(case["案例"], clause, day, day + timedelta(days=1))


def _answers(expected) -> Iterator[str]:
    if isinstance(expected, dict) and "至少" in expected:
        yield "未知"
    elif isinstance(expected, dict):
        for answer in expected.values():
            yield from _answers(answer)
    else:
        yield str(expected)


def out_of_force(book, cited) -> list[str]:
    """The citations whose document was not in force all the time."""
    documents = {clause.id: document for document in book.documents for clause in document.clauses}
    wrong = []
    for citation in cited:
        document = documents.get(citation.clause)
        if document is None:
            wrong.append(f"{citation.who}：没有条款 {citation.clause}")
        elif citation.start < document.start or (
            document.end is not None and (citation.end is None or citation.end > document.end)
        ):
            wrong.append(f"{citation.who}：{citation.clause} 在 {citation.start}—{citation.end} 不全在有效期内")
    return wrong


def is_a_command(feature) -> bool:
    """Every word of `doudi policy book` or `doudi monitor --replay` is a command or one of its options."""
    program, *words = feature.split()
    command = get_command(app)
    for word in words:
        if word.startswith("--"):
            if word not in {option for parameter in command.params for option in parameter.opts}:
                return False
        elif (command := getattr(command, "commands", {}).get(word)) is None:
            return False
    return program == "doudi"


def is_a_page(feature) -> bool:
    """`页面 /alerts/` names an address of the office."""
    word, _, address = feature.partition(" ")
    try:
        return word == "页面" and resolve(address) is not None
    except Resolver404:
        return False


@pytest.fixture(scope="module")
def book():
    return shipped_book()


@pytest.fixture(scope="module")
def cited(book):
    return [*citations(book), *case_citations(policybook_dir() / "cases")]


def test_all_56_clauses_of_the_two_governing_documents_are_in_the_book(book):
    assert len(GOVERNING) == len(set(GOVERNING)) == 56
    assert sorted(clause.id for clause in book.clauses().values() if clause.document in "GD") == sorted(GOVERNING)


def test_a_clause_id_begins_with_the_code_of_its_document(book):
    assert [c.id for c in book.clauses().values() if not c.id.startswith(f"{c.document}")] == []


def test_every_clause_is_cited_or_says_what_implements_it_or_why_nothing_does(book, cited):
    used = {citation.clause for citation in cited}
    silent = [c.id for c in book.clauses().values() if c.id not in used and not c.feature and not c.not_formalised]
    assert silent == []


def test_no_clause_that_a_rule_cites_still_claims_not_to_be_formalised(book, cited):
    used = {citation.clause for citation in cited}
    assert [c.id for c in book.clauses().values() if c.id in used and c.not_formalised] == []


def test_a_feature_is_a_command_or_a_page_that_exists(book):
    features = {c.feature for c in book.clauses().values() if c.feature}
    assert {feature for feature in features if not is_a_command(feature) and not is_a_page(feature)} == set()


@pytest.mark.parametrize(
    "feature", ["doudi wish", "doudi monitor --wish", "doudi policy wish", "a page", "页面 /wish/"]
)
def test_a_command_or_page_that_does_not_exist_is_no_feature(feature):
    assert not is_a_command(feature)
    assert not is_a_page(feature)


def test_every_cited_clause_was_in_force_when_its_rule_parameter_or_case_applies(book, cited):
    assert out_of_force(book, cited) == []


def test_no_rule_or_parameter_rests_on_what_another_city_decided(book):
    """Cases may: a published example of another city is judged with that city's values as data."""
    elsewhere = {c.id for d in book.documents if d.code in ELSEWHERE for c in d.clauses}
    assert [(c.who, c.clause) for c in citations(book) if c.clause in elsewhere] == []


def test_the_draft_law_cannot_be_cited(book):
    assert out_of_force(book, [Citation("某规则", "N14.draft", APPLIED_FROM, APPLIED_UNTIL)])


@pytest.mark.parametrize(
    ("clause", "start", "end", "fits"),
    [
        ("D1.watch", date(2024, 8, 2), date(2029, 8, 2), True),
        ("D1.watch", date(2024, 8, 1), date(2025, 1, 1), False),
        ("D1.watch", date(2024, 8, 2), None, False),
        ("N3.4", date(2024, 12, 31), date(2025, 1, 2), False),
        ("N9.99", date(2025, 1, 1), None, False),
    ],
)
def test_a_citation_outside_the_dates_of_its_document_is_found(book, clause, start, end, fits):
    assert (out_of_force(book, [Citation("某规则", clause, start, end)]) == []) is fits


def test_the_meaning_of_a_clause_is_one_line_of_our_own_and_not_a_quotation(book):
    meanings = [c.meaning for c in book.clauses().values()]
    assert max(map(len, meanings)) <= 110
    assert not [m for m in meanings if "\n" in m or "应当" in m[:6] or "“" in m]


def test_every_document_of_the_source_table_is_in_the_book(book):
    codes = {document.code for document in book.documents}
    assert codes >= {"G", "D", "L1", "L2", *(f"N{i}" for i in range(1, 15)), *(f"SD{i}" for i in range(1, 13))}
    assert codes >= {f"DY{i}" for i in range(1, 8)}
    assert {d.grade for d in book.documents} <= set("ABC"), "D 级来源只供提示，不立为依据"


def test_every_setting_of_the_platform_is_used(book):
    """Figures of policy may stand for themselves; a setting of our own that nothing uses is only a burden."""
    read_by_the_engine = {"largest_household", "wage_running_months"}
    used = read_by_the_engine.union(*((*p.dates, p.grace) for p in book.programmes))
    used |= book.rests_on(*(word.node for word in book.words.values()))
    used |= book.rests_on(*(n for i in book.indicators for n in (i.when, i.unless, i.red_when, i.distance)))
    ours = [p for p in book.parameters.values() if {(v.grade, v.demo) for v in p.values} == {("P", False)}]
    assert [p.name for p in ours if p.id not in used] == []


def test_the_table_of_sources_agrees_with_the_documents(book):
    table = Path(__file__).resolve().parents[2] / "docs" / "decide" / "sources.md"
    rows = [line.strip("| ").split(" | ") for line in table.read_text("utf-8").splitlines() if line.startswith("| ")]
    listed = {tuple(row[:6]) for row in rows if row[0] != "code"}
    assert listed == {
        (d.code, d.number, d.title, d.grade, d.start.isoformat(), d.end.isoformat() if d.end else "–")
        for d in book.documents
    }
