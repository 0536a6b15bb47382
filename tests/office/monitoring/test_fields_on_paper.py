"""Role × field class on paper: both sheets, read back, show what the table says that people have read (golden_fields.txt).

Something of each class is planted in an alert's reasons and in a household's card; what is not for a role must not be found
in any letter of its PDF.
"""

import io
import re
from pathlib import Path

import pypdf
import pytest

import personas
from doudi.office.common.codes import WHOLE
from doudi.office.common.fields import FieldClass
from doudi.office.common.masking import FIELD_WORDS
from doudi.office.common.roles import LABELS
from doudi.office.common.scope import enter_scope
from doudi.office.monitoring.models import HouseholdFacts, Run
from doudi.office.monitoring.sealing import seal_card
from doudi.office.registry.models import Household
from office import matrix
from office.monitoring.conftest import FIRST

GOLDEN = Path(__file__).parents[1] / "golden_fields.txt"
NAME, COVERED_NAME = "示范甲", "示**"
ID, COVERED_ID = "379901196005040001", "3799**********0001"
TITLE = "未在册户自负医疗费高"

# Class → (fact, value) of a reason, and what would be read of it.
REASONS = {
    FieldClass.MONEY: (("self_paid_fen_12m", 3_111_100), "31,111.00"),
    FieldClass.DIAGNOSIS: (("illness_diagnosed", "2026-01-13"), "2026-01-13"),
    FieldClass.GUARDED: (("custody_since", "2026-01-17"), "2026-01-17"),
    FieldClass.CHILDREN: (("child_since", "2026-01-19"), "2026-01-19"),
}
# Class → a sentence of the household's card; what rests on money or less decides who may read a conclusion.
SENTENCES = {
    FieldClass.HARDSHIP: "听力残疾甲等", FieldClass.MONEY: "自付三万一千", FieldClass.DIAGNOSIS: "确诊某病",
    FieldClass.GUARDED: "名下某车", FieldClass.CHILDREN: "事实无人抚养",
}  # fmt: skip


def golden():
    """Role → class → the golden word."""
    head, *lines = [line.split(" | ") for line in GOLDEN.read_text("utf-8").splitlines() if " | " in line]
    classes = {words: kind for kind, words in FIELD_WORDS.items()}
    roles = {word: role for role, word in LABELS.items()}
    return {
        roles[role]: {classes[words]: cell for words, cell in zip(head[1:], cells, strict=True)}
        for role, *cells in lines[: len(roles)]
    }


@pytest.fixture
def planted(town, take):
    """The addresses of both sheets about household 1, which has something of every class."""
    entry = town.alert(1, opened=FIRST)
    plain = {name: value for name, value in entry["reasons"][0].items() if name not in {"op", "threshold", "unit"}}
    plain["date"] = FIRST
    entry["reasons"] = [plain | {"fact": fact, "value": value} for (fact, value), _ in REASONS.values()]
    take(town.run(FIRST, entry))
    enter_scope(*WHOLE)
    home = Household.objects.get(pk=1)
    HouseholdFacts.objects.update_or_create(
        household_key=1,
        defaults={
            "run": Run.objects.get(), "hukou_division": home.hukou_division, "residence_division": home.residence_division,
            "managing_division": home.managing_division, "sealed": seal_card(town.vault.sealer(), 1, card()),
        },
    )  # fmt: skip
    return f"/households/{home.ref.hex}/paper", f"/alerts/{entry['alert_id']}/paper"


def card():
    """A household's card with a sentence, and a test of a tier, of each class."""
    lines = [["disability", "disability_2026-01_r1_aa", 7, FIRST]]
    told = [{"facts": [[kind.value, says]], "lines": lines} for kind, says in SENTENCES.items()]
    tests = [
        {
            "kind": kind.value,
            "holds": True,
            "question": "问",
            "basis": [],
            "rule": f"凭{says}",
            "grounds": [f"据{says}"],
        }
        for kind, says in SENTENCES.items()
    ]
    return {
        "members": [{"key": 1, "name": "户主", "counted": "是", "enrolled": ""}],
        "facts": {"1": {"hidden": False, "told": told}},
        "conclusion": [f"共计{SENTENCES[FieldClass.MONEY]}"],
        "tiers": [
            {
                "name": "低保",
                "who": "",
                "verdict": True,
                "missing": [],
                "paths": [{"name": "", "verdict": True, "tests": tests}],
            }
        ],
        "due": [],
    }


def printed(client, address):
    """All that stands on the sheet, without spaces; empty where it is not found."""
    answer = client.get(address)
    if answer.status_code == 404:
        return ""
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def of_alert(said):
    """Class → how the alert's sheet shows it."""
    shown = {kind: "明示" if mark in said else "不显示" for kind, (_, mark) in REASONS.items()}
    return shown | persons(said) | {FieldClass.HARDSHIP: "明示" if TITLE in said else "不显示"}


def of_household(said):
    """Class → how the household's sheet shows it; a class shown in part is none of the table's."""
    shown = {}
    for kind, says in SENTENCES.items():
        found = {says in said, f"凭{says}" in said, f"据{says}" in said}
        shown[kind] = "不一" if len(found) > 1 else "明示" if found == {True} else "不显示"
    return shown | persons(said)


def persons(said):
    """Name and id: plain, covered or not there."""
    return {
        FieldClass.NAME: "明示" if NAME in said else "遮蔽" if COVERED_NAME in said else "不显示",
        FieldClass.IDENTITY: "明示" if ID in said else "遮蔽" if COVERED_ID in said else "不显示",
    }


@pytest.mark.parametrize("name", matrix.PEOPLE)
def test_both_sheets_show_each_class_as_the_table_says(planted, client, name):
    expected = {kind: cell.removesuffix("可查看") for kind, cell in golden()[personas.everybody()[name].role].items()}
    home, alert = (printed(personas.log_in(client, name), address) for address in planted)
    # Nothing is revealed on paper, so what may be revealed on a page stands covered here.
    assert of_household(home) == expected
    assert of_alert(alert) == expected


@pytest.mark.parametrize("name", [*matrix.PEOPLE, *matrix.NEIGHBOURS])
def test_nobodys_sheet_holds_a_whole_id_in_any_form(planted, client, name):
    for address in planted:
        said = printed(personas.log_in(client, name), address)
        assert ID not in said
        assert ID[6:14] not in said, "nor the birth in it"
