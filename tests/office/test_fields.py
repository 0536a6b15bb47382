"""Who sees what: role × field class, compared with a table that people who know the procedure have read.

`python tests/office/test_fields.py --write` writes the table anew; a change of it is a change of what people may see.
"""

import sys
from pathlib import Path

import pytest

import personas
from doudi.office.common import masking
from doudi.office.common.fields import SIGHT, FieldClass, Sight, sight
from doudi.office.common.roles import ADMINISTRATORS, BUSINESS, DETERMINING, LABELS, Role

GOLDEN = Path(__file__).with_name("golden_fields.txt")
WORDS = {Sight.PLAIN: "明示", Sight.MASKED: "遮蔽可查看", Sight.VEILED: "遮蔽", Sight.HIDDEN: "不显示"}


def drawn():
    """The table as text: a role a line, a class a column."""
    lines = ["岗位角色 | " + " | ".join(masking.FIELD_WORDS[kind] for kind in FieldClass)]
    lines += [f"{LABELS[role]} | " + " | ".join(WORDS[sight(role, kind)] for kind in FieldClass) for role in Role]
    return "\n".join(lines) + "\n"


def test_the_table_is_the_one_that_was_read():
    assert drawn() == GOLDEN.read_text("utf-8")


def test_every_role_has_a_word_for_every_class():
    assert set(SIGHT) == set(Role)
    assert all(set(row) == set(FieldClass) for row in SIGHT.values())


def test_diagnoses_and_guarded_figures_are_for_who_determines_and_who_audits_alone():
    for kind in (FieldClass.DIAGNOSIS, FieldClass.GUARDED):
        assert {role for role in Role if sight(role, kind) is not Sight.HIDDEN} == DETERMINING | {
            Role.SUPERVISOR,
            Role.MACHINE,
        }


def test_nobody_sees_a_name_unasked_but_the_helper_who_goes_there():
    assert {role for role in Role if sight(role, FieldClass.NAME) is Sight.PLAIN} == {Role.MACHINE, Role.VILLAGE_HELPER}


def test_no_person_sees_an_identity_before_he_gives_a_reason():
    assert {role for role in Role if sight(role, FieldClass.IDENTITY) is Sight.PLAIN} == {Role.MACHINE}


def test_who_has_no_business_with_households_sees_nothing_of_them():
    for role in set(Role) - BUSINESS:
        assert set(SIGHT[role].values()) == {Sight.HIDDEN}
    assert set() == ADMINISTRATORS & BUSINESS


def test_a_village_helper_sees_whom_to_ask_and_where_and_not_why():
    helper = SIGHT[Role.VILLAGE_HELPER]
    assert helper[FieldClass.NAME] is Sight.PLAIN, "he goes there"
    assert helper[FieldClass.IDENTITY] is Sight.VEILED, "no reason opens it"
    told = {FieldClass.NAME, FieldClass.IDENTITY}
    assert {sight for kind, sight in helper.items() if kind not in told} == {Sight.HIDDEN}


@pytest.mark.parametrize("name", list(personas.everybody()))
@pytest.mark.parametrize("kind", list(FieldClass))
def test_a_viewer_sees_what_the_table_says(name, kind):
    viewer = personas.viewer(name)
    assert viewer.sees(kind) is SIGHT[viewer.role][kind]
    shown = viewer.shows(kind, "欧阳娜娜")
    match viewer.sees(kind):
        case Sight.PLAIN:
            assert shown == "欧阳娜娜"
        case Sight.MASKED | Sight.VEILED:
            assert shown == "欧***"
        case Sight.HIDDEN:
            assert shown.startswith("不显示（")
            assert viewer.shows(kind, None) == shown, "it does not tell whether there is something"


def test_the_withheld_sentence_names_who_may_see_it():
    assert masking.withheld(FieldClass.GUARDED) == "不显示（县区民政经办人员、县区民政审核人员可看）"


@pytest.mark.parametrize(
    ("cover", "plain", "covered"),
    [
        (masking.name, "张敏", "张*"),
        (masking.name, "欧阳娜娜", "欧***"),
        (masking.name, "张", "张*"),
        (masking.name, "", ""),
        (masking.id_number, "370502199001011234", "3705**********1234"),
        (masking.id_number, "370502900101123", "3705*******1123"),
        (masking.id_number, "12345678", "********"),
        (masking.household_no, "0023", "****0023"),
        (masking.household_no, "370502123456", "********3456"),
        (masking.phone, "13812341234", "138****1234"),
        (masking.phone, "8331234", "*******"),
        (masking.address, "文汇街道东营社区12号楼3单元", "文汇街道东营******"),
        (masking.address, "东营区", "东营区"),
    ],
)
def test_what_is_covered_looks_like_this(cover, plain, covered):
    assert cover(plain) == covered


def test_unknown_stays_unknown_where_it_is_not_hidden():
    assert personas.viewer("张敏").shows(FieldClass.MONEY, None) is None
    assert personas.viewer("李伟").shows(FieldClass.IDENTITY, None) is None


if __name__ == "__main__" and "--write" in sys.argv:
    GOLDEN.write_text(drawn(), "utf-8")
