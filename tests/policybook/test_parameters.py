"""The parameters of the policy book: real figures with a source, what is not found said so, demo values marked."""

import shutil
from datetime import date
from fractions import Fraction

import pytest

from doudi import policybook_dir
from doudi.policy.load import load_book
from doudi.policy.view import view

DEMO_DAY = date(2026, 6, 30)
CITY, DONGYING, GUANGRAO, KENLI = "370500", "370502", "370523", "370505"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Documents and parameters alone: they must stand without any rule."""
    folder = tmp_path_factory.mktemp("book")
    for shelf in ("facts", "tiers", "programmes", "indicators"):
        (folder / shelf).mkdir()
    for shelf in ("documents", "parameters"):
        shutil.copytree(policybook_dir() / shelf, folder / shelf)
    return load_book(folder)


def setting(book, name, at, county=KENLI, production=False):
    """The value in force, in stored units (fen); None = unknown."""
    return view(book, at, county, production=production).settings[book.word(name).id]


def every_value(book):
    return [(parameter, value) for parameter in book.parameters.values() for value in parameter.values]


def test_a_value_rests_on_a_clause_or_says_that_it_is_a_demo_or_a_setting_of_the_platform(book):
    assert [p.name for p, v in every_value(book) if not v.basis and not v.demo and v.grade != "P"] == []


def test_no_value_has_grade_d_which_is_only_a_hint(book):
    assert [p.name for p, v in every_value(book) if v.grade == "D"] == []


def test_a_demo_value_ends_is_local_and_never_wears_the_grade_of_a_source(book):
    demo = [(p, v) for p, v in every_value(book) if v.demo]
    assert len(demo) > 50
    assert [p.name for p, v in demo if v.grade != "P" or v.end is None or not v.region.startswith("3705")] == []


def test_a_setting_of_the_platform_says_that_it_is_not_policy(book):
    settings = [(p, v) for p, v in every_value(book) if v.grade == "P" and not v.demo and v.value is not None]
    assert [p.name for p, v in settings if "平台" not in p.note + v.note] == []


def test_what_the_facts_do_not_hold_is_written_as_not_found(book):
    missing = {p.name for p, v in every_value(book) if v.value is None}
    assert missing >= {
        "城市低保标准",
        "农村低保标准",
        "刚性支出比例",
        "防返贫监测线",
        "基础养老金不计入低保收入",
        "就业成本扣除上限比例",
        "低保金融资产月数",
        "边缘金融资产月数",
        "刚性金融资产月数",
        "缴费基数下限",
        "东营医疗救助比例",
        "城镇人均可支配收入",
    }


def test_where_a_value_is_not_found_no_wider_region_answers_in_its_place(book):
    """The reader passes over 未找到 to the wider region, so nothing real may stand there for the same days."""
    wider = {"0000": 0, "3700": 1, "3705": 2}
    for parameter in book.parameters.values():
        for missing in (v for v in parameter.values if v.value is None):
            for other in (v for v in parameter.values if v.value is not None and not v.demo):
                apart = (other.end and other.end <= missing.start) or (missing.end and missing.end <= other.start)
                assert apart or wider[other.region[:4]] >= wider[missing.region[:4]], parameter.name


@pytest.mark.parametrize(
    ("name", "county", "at", "yuan"),
    [
        ("城市低保标准", DONGYING, date(2017, 6, 30), 600),
        ("城市低保标准", GUANGRAO, date(2017, 6, 30), 570),
        ("农村低保标准", GUANGRAO, date(2017, 6, 30), Fraction(4500, 12)),
        ("城市低保标准", KENLI, date(2022, 6, 30), 956),
        ("农村低保标准", KENLI, date(2022, 6, 30), 801),
        ("城市低保标准", KENLI, date(2023, 6, 30), 1004),
        ("农村低保标准", KENLI, date(2023, 12, 31), 850),
        ("城市低保标准", KENLI, date(2024, 1, 1), 1075),
        ("农村低保标准", KENLI, date(2024, 12, 31), 930),
        ("城市特困基本生活标准", KENLI, date(2024, 6, 30), 1613),
        ("农村特困基本生活标准", KENLI, date(2024, 6, 30), 1395),
        ("照料护理全护理标准", KENLI, date(2024, 6, 30), 9245),
        ("照料护理半护理标准", KENLI, date(2023, 6, 30), 4623),
        ("照料护理全自理标准", KENLI, date(2023, 6, 30), 2775),
        ("散居孤儿标准", KENLI, date(2024, 6, 30), 2150),
        ("生活补贴三四级标准", KENLI, date(2024, 6, 30), 162),
        ("护理补贴一级标准", KENLI, date(2024, 6, 30), 194),
        ("全体人均可支配收入", KENLI, date(2021, 6, 30), 42204),
        ("最低工资", KENLI, date(2025, 9, 30), 2200),
        ("最低工资", KENLI, date(2025, 10, 1), 2400),
        ("取暖补贴城市户标准", DONGYING, date(2016, 12, 1), 1050),
        ("取暖补贴城市户标准", KENLI, date(2021, 1, 1), 600),
        ("急难型临时救助标准", KENLI, date(2024, 8, 24), 2000),
    ],
)
def test_the_published_figures_stand_in_their_year_even_in_production(book, name, county, at, yuan):
    assert setting(book, name, at, county, production=True) == yuan * 100


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("城市低保标准", date(2018, 1, 1)),  # the year after a published one
        ("城市低保标准", date(2020, 6, 30)),  # only worked back from a percentage: grade D
        ("城市特困基本生活标准", date(2021, 6, 30)),
        ("护理补贴一级标准", date(2023, 6, 30)),  # likewise worked back
        ("照料护理全护理标准", date(2022, 6, 30)),
        ("取暖补贴城市户标准", date(2022, 1, 1)),
        ("全体人均可支配收入", date(2022, 1, 1)),
        ("急难型临时救助标准", date(2024, 8, 23)),
        ("刚性支出比例", date(2024, 12, 31)),
        ("最低工资", date(2027, 10, 1)),
        ("城市低保标准", date(2027, 1, 1)),  # past the last demo year
    ],
)
def test_an_expired_or_unfound_value_is_unknown_and_not_carried_forward(book, name, at):
    assert setting(book, name, at) is None


def test_the_demo_year_is_decided_on_marked_values_and_refused_in_production(book):
    demo_view = view(book, DEMO_DAY, KENLI)
    for name in ("城市低保标准", "刚性支出比例", "防返贫监测线", "低保金融资产月数", "农村人均可支配收入"):
        word = book.word(name).id
        assert word in demo_view.demo, name
        assert demo_view.settings[word] is not None, name
        assert setting(book, name, DEMO_DAY, production=True) is None, name


def test_a_real_figure_of_the_demo_year_needs_no_mark(book):
    assert book.word("最低工资").id not in view(book, DEMO_DAY, KENLI).demo
    assert setting(book, "最低工资", DEMO_DAY, production=True) == 2400 * 100


def test_the_basic_pension_is_excluded_until_2025_and_nobody_knows_afterwards(book):
    assert setting(book, "基础养老金不计入低保收入", date(2025, 12, 31)) is True
    assert setting(book, "基础养老金不计入低保收入", date(2026, 1, 1)) is None
    assert setting(book, "基础养老金不计入特困收入", date(2026, 1, 1)) is True


def test_the_county_keeps_a_standard_that_is_not_below_the_citys(book):
    assert setting(book, "城市低保标准", DEMO_DAY, DONGYING) > setting(book, "城市低保标准", DEMO_DAY, KENLI)
    assert book.parameters["dibao_urban"].rule == "floor"


@pytest.mark.parametrize(
    ("base", "made"), [("城市低保标准", "城市特困基本生活标准"), ("农村低保标准", "农村特困基本生活标准")]
)
@pytest.mark.parametrize("county", [DONGYING, GUANGRAO, KENLI])
def test_tekun_is_one_and_a_half_times_dibao_rounded_half_up_to_the_yuan_since_2022(book, base, made, county):
    for year in range(2022, 2027):
        day = date(year, 6, 30)
        multiple = setting(book, "特困倍数", day, county)
        yuan = setting(book, base, day, county) * multiple / 100
        assert setting(book, made, day, county) == int(yuan + Fraction(1, 2)) * 100, year


def test_the_margin_line_never_passes_the_minimum_wage(book):
    """SD1.widened: even the widest multiple a county may choose stays within the month's minimum wage."""
    for year in (2022, 2023, 2024, 2025, 2026):
        at = date(year, 11, 2)
        widest = setting(book, "边缘最宽倍数", at)
        for county in (DONGYING, GUANGRAO, KENLI):
            multiple = setting(book, "边缘倍数", at, county)
            assert multiple <= widest
            assert setting(book, "城市低保标准", at, county) * multiple <= setting(book, "最低工资", at, county)


@pytest.mark.parametrize(
    "name", ["生活补贴延伸低保边缘", "残疾儿童康复延伸低保边缘", "无障碍改造延伸低保边缘", "其他困难认定开放"]
)
def test_a_county_option_is_off_until_that_county_turns_it_on(book, name):
    counties = ("370502", "370503", "370505", "370522", "370523", "370571", "370572")
    on = [county for county in counties if setting(book, name, DEMO_DAY, county)]
    assert len(on) == 1
    assert not any(setting(book, name, DEMO_DAY, county, production=True) for county in counties)


def test_shares_and_multiples_are_exact_fractions_and_the_ladder_of_property_only_widens(book):
    assert setting(book, "边缘倍数", DEMO_DAY) == Fraction(3, 2)
    for what in ("金融资产月数", "允许机动车数", "允许住房套数", "允许商业用房数", "认缴出资上限"):
        ladder = [setting(book, f"{tier}{what}", DEMO_DAY) for tier in ("特困", "低保", "边缘", "刚性")]
        assert ladder == sorted(ladder), what


def test_medical_lines_are_lower_for_those_with_less(book):
    lines = [setting(book, f"{who}自负医疗费预警线", DEMO_DAY) for who in ("边缘刚性", "未纳入")]
    assert lines == sorted(set(lines))
