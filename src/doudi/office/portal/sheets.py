"""一户一表：一户人家按岗位能看的全部，印成一张单子；给协理员的是去哪一家、问什么。

A household as a sheet of paper, from the very page that the screen shows: what is masked or withheld there is so here.
"""

from collections.abc import Iterator
from typing import Final

from doudi.office.documents.services import (
    VISITED,
    WITHHELD,
    Block,
    Fact,
    Facts,
    Heading,
    Listing,
    Points,
    Says,
    Sheet,
)
from doudi.office.monitoring.selectors import AlertCard, FactsCard, TestCard, TierCard
from doudi.office.portal.household import HouseholdPage, Member
from doudi.office.ui.templatetags.office import NOTHING, day

__all__ = ["household_sheet"]

_WORDS: Final = {"✓": "是", "✗": "否", "？": "不知"}  # signs that the printer's font has not


def household_sheet(page: HouseholdPage) -> Sheet:
    """The sheet of one household; the short one where the page is the short one."""
    if page.plain:
        lead = "两人同行，先说明来意，按下面问一问、看一看，回来告诉乡镇（街道）经办人员。"
        return Sheet("入户走访单", lead, tuple(_visit(page)))
    lead = "谁、在哪一册、每个事实出自哪里、凭什么、该得的得了没有。按打印人的岗位显示，姓名和证件号码已遮盖。"
    return Sheet("一户一表", lead, tuple(_whole(page)))


def _visit(page: HouseholdPage) -> Iterator[Block]:
    people = (
        Fact(each.relation, f"{each.card.name or '未具名'}，{each.card.person_id or '证件号码没有登记'}")
        for each in page.members
    )
    yield Facts((*_places(page), *people))
    yield Heading("问什么、看什么", "照着问、照着看就好；不用判断符不符合条件。")
    if page.asks:
        yield Points(page.asks, numbered=True)
    else:
        yield Says("没有要专门问的。日常走访时留意身体、住房、上学和生活来源有没有变化。")
    yield Heading("回来以后")
    yield Says("把看到的、听到的如实告诉乡镇（街道）经办人员；急难的事当场打电话。单子上没有的难处也请说。")
    yield Heading("走访记录")
    yield VISITED


def _whole(page: HouseholdPage) -> Iterator[Block]:
    if not page.card.present:
        yield Says(f"已不在册：最近一次监测里没有这一户，以下是 {day(page.card.run_day)} 的情形。", strong=True)
    unseen = f"，其中 {page.card.unseen} 人不在您的辖区" if page.card.unseen else ""
    yield Facts(
        (
            Fact("户主", page.card.head_name or "未具名"),
            Fact("户号", page.card.household_no or "没有登记"),
            Fact("人数", f"{page.card.members} 人{unseen}"),
            Fact("城乡类别", page.card.hukou_kind or "人口库没有登记"),
            Fact("在册类别", WITHHELD if page.tiers is None else page.tiers),
            Fact("最近变动", f"{day(page.card.run_day)} 的监测"),
            *_places(page),
        )
    )
    yield Heading("家庭成员")
    heads = ("成员", "证件号码", "性别", "年龄", "在册类别", "户籍地")
    yield Listing(heads, tuple(_member(each) for each in page.members))
    yield from _alerts(page.alerts)
    if page.told is None:
        yield Says("没有这一户的事实：最近一次监测没有提到这一户，或打印人的岗位不看困难情形。")
    else:
        yield from _known(page.told)


def _known(told: FactsCard) -> Iterator[Block]:
    if told.conclusion:
        yield Heading("结论", f"{day(told.day)} 的监测")
        yield from (Says(sentence) for sentence in told.conclusion)
    yield Heading("该得的、已得的、还缺的", f"{day(told.day)} 的监测")
    if told.due:
        rows = tuple((due.name, due.who, due.due, due.received, due.missing, due.department) for due in told.due)
        yield Listing(("项目", "给谁", "应享", "已享", "还缺", "部门"), rows, (36, 16, 12, 12, 12, 12))
    else:
        yield Says("没有该得或已得的项目。")
    yield Heading("逐类判断", "每一类为什么是、为什么不是，见末尾。")
    yield Listing(
        ("类别", "给谁", "判断"),
        tuple((tier.name, tier.who or "全家", tier.verdict) for tier in told.tiers),
        (50, 25, 25),
    )
    yield Heading("事实和来源", "每一条出自哪个部门、哪一批、第几行。")
    yield from _facts(told)
    yield Heading("逐类为什么", "一问一答，凭什么，依据哪一条。")
    for tier in told.tiers:
        yield from _tier(tier)
    # what is missing for several tiers is said once: by tier it fills a page each
    missing = dict.fromkeys(word for tier in told.tiers for word in tier.missing)
    if missing:
        yield Heading("还要知道", "无法判断的，差的是这些；哪一类差哪几样，见网页。")
        yield Says("、".join(missing), soft=True)


def _tier(tier: TierCard) -> Iterator[Block]:
    yield Says(f"{tier.name}{f'（{tier.who}）' if tier.who else ''}：{tier.verdict}", strong=True)
    for name, verdict, tests in tier.paths:
        if name:
            yield Says(f"{name}：{verdict}")
        if tests:
            yield Listing(("答", "问", "规则和凭据", "依据"), tuple(_test(test) for test in tests), (7, 33, 40, 20))


def _test(test: TestCard) -> tuple[str, ...]:
    told = "\n".join(part for part in (test.rule, *test.grounds) if part)
    return (
        _WORDS[test.mark],
        test.question,
        WITHHELD if test.hidden else told or NOTHING,
        "\n".join(test.basis) or NOTHING,
    )


def _facts(told: FactsCard) -> Iterator[Block]:
    for person in told.persons:
        yield Says(person.name, strong=True)
        rows = tuple(
            (
                "；".join((*line.says, WITHHELD) if line.withheld else line.says),
                line.source or NOTHING,
                line.day or NOTHING,
            )
            for line in person.facts
        )
        yield Listing(("事实", "出处", "日期"), rows, (46, 40, 14)) if rows else Says("没有可列的事实。")
        if person.withheld:
            yield Says(f"另有 {person.withheld} 项事实，{WITHHELD}。")
        if person.exclusion:
            yield Says("有只用于排除的记录；本人未在册也未授权核对，内容不显示。")


def _alerts(alerts: tuple[AlertCard, ...]) -> Iterator[Block]:
    yield Heading("预警")
    if not alerts:
        yield Says("没有未解除的预警。")
        return
    rows = tuple(
        (
            f"{each.level}色",
            f"{each.title}（凭旧数据：{'、'.join(each.stale)}）" if each.stale else each.title,
            each.disposition_word or NOTHING,
            each.status_word,
            day(each.opened_on),
            each.lasted,
        )
        for each in alerts
    )
    yield Listing(("级别", "预警", "去向", "状态", "发现", "已有"), rows)


def _member(member: Member) -> tuple[str, ...]:
    card = member.card
    notes = (("户主", card.is_head), ("已不在册", not card.present), ("人口库没有", not card.registered))
    said = "、".join(word for word, true in notes if true)
    return (
        f"{card.name or '未具名'}{f'（{said}）' if said else ''}",
        member.shown_id,
        member.gender,
        NOTHING if card.age_years is None else f"{card.age_years} 岁",
        WITHHELD if member.tiers is None else member.tiers,
        member.hukou,
    )


def _places(page: HouseholdPage) -> Iterator[Fact]:
    return (Fact(word, place) for word, place in page.places)
