"""一条预警印成一张单子：核查的人带着去，凭什么、依据哪一条、怎样才算了结，末尾留出手写的地方。

An alert as a sheet of paper, from the very card that its page shows: what is masked or withheld there is so here.
"""

from collections.abc import Iterator
from typing import Final

from doudi.office.documents.services import (
    DATED,
    VISITED,
    WITHHELD,
    Blank,
    Blanks,
    Block,
    Fact,
    Facts,
    Heading,
    Listing,
    Points,
    Says,
    Sheet,
)
from doudi.office.monitoring.cards import AlertCard, AlertPage, ReasonCard
from doudi.office.ui.templatetags.office import NOTHING, day

__all__ = ["alert_sheet"]

_CHECKED: Final = Blanks(
    (
        Blank("户主、住址", 1),
        Blank("是否属实", 1, "□ 属实　　□ 部分属实　　□ 不属实　　□ 没有见到人"),
        Blank("核查情况", 7),
        Blank("下一步", 2),
        Blank("核查人", 1, "（两人签名）"),
        DATED,
    )
)


def alert_sheet(page: AlertPage) -> Sheet:
    """The sheet of one alert. Who sees no figures gets what to ask and to look at, and nothing that tells why."""
    if page.asks:
        lead = "两人同行，先说明来意；照着问、照着看，见到什么如实记下，回来交给乡镇（街道）经办人员。"
        return Sheet("入户走访单", lead, (*_told(page), Heading("走访记录"), VISITED))
    lead = f"{day(page.run_day)} 的监测所见，只作核查线索；核实以后才算数，不凭这张单子停发待遇。"
    return Sheet("预警核查单", lead, (*_told(page), Heading("核查记录", "现场手写；办完后带回录入、归档。"), _CHECKED))


def _told(page: AlertPage) -> Iterator[Block]:
    yield Facts(tuple(_basics(page)))
    if page.card.stale:
        late = "、".join(page.card.stale)
        yield Says(f"来源偏旧：{late}在这个县区没有按时更新，凭它的理由可能已经变了；请先核实。", strong=True)
    if page.card.status == "unconfirmed":
        yield Says("未确认：没有足够的新数据说它还在或已解除，先照旧保留。", strong=True)
    if page.asks:
        yield Heading("问什么、看什么", "不必核对数字，也不用判断符不符合条件。")
        yield Points(page.asks, numbered=True)
    if page.reasons:
        yield Heading("理由", "哪个部门、哪一批、哪一行、哪一天。")
        rows = tuple(_reason(reason) for reason in page.reasons)
        yield Listing(("理由", "部门", "记录", "行", "日期"), rows, (42, 9, 29, 7, 13))
    if page.clauses:
        yield Heading("依据")
        clauses = tuple((each.meaning, f"{each.document}（{each.number}）", each.id) for each in page.clauses)
        yield Listing(("条文大意", "文件", "条"), clauses, (44, 38, 18))
    if page.clears_when:
        yield Heading("怎样才算了结")
        yield Says(page.clears_when)
    if page.others:
        yield Heading("这户的其他预警")
        yield Points(tuple(_other(other) for other in page.others))


def _basics(page: AlertPage) -> Iterator[Fact]:
    card = page.card
    yield Fact("预警", card.title)
    yield Fact("级别", f"{card.level}色")
    yield Fact("状态", card.status_word)
    if card.disposition_word:
        yield Fact("去向", card.disposition_word)
    yield Fact("牵头部门", card.owner)
    if card.household_key is None:
        yield Fact("说的是", "部门来件")
    else:
        yield Fact("户主", card.who or "未具名")
        if page.about:
            yield Fact("说的是", f"{page.about}（成员）")
        yield Fact("证件号", page.person_id or WITHHELD)
    cleared = f"，{day(card.cleared_on)} 解除" if card.cleared_on else ""
    yield Fact("开出", f"{day(card.opened_on)}（{card.lasted}{cleared}）")
    if page.distance:
        yield Fact("超过界线", page.distance)
    yield Fact("地方", card.place)


def _reason(reason: ReasonCard) -> tuple[str, ...]:
    says = f"{reason.says}（来源偏旧）" if reason.stale else reason.says
    return says, *(part or NOTHING for part in (reason.department, reason.record, reason.line, reason.day))


def _other(card: AlertCard) -> str:
    return f"{card.level}色　{card.title}（{day(card.opened_on)} 开出，{card.status_word}）"
