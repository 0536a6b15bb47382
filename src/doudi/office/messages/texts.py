"""消息怎么说、点开去哪里：每种一句，读的时候按读者的权限现写。

What a message says, and where it leads. A sentence is made of codes and counts when it is read; what its reader's role may
not see is not in it.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from django.urls import reverse

from doudi.landing.feed_names import feed_name
from doudi.office.accounts.scope import Viewer
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.divisions.selectors import place_name
from doudi.office.messages import kinds

__all__ = ["Leads", "leads", "said"]

Facts = Mapping[str, Any]
_NAMED: Final = 5  # feeds that one sentence names


class Leads(NamedTuple):
    """Where a message leads, and the word of the link."""

    address: str
    word: str


def said(viewer: Viewer, kind: str, facts: Facts) -> str:
    """The sentence of a message as this viewer may read it."""
    return _SAYS[kind](viewer, facts)


def leads(kind: str, subject: str) -> Leads:
    """Where its reader goes from there. `subject` is empty where it speaks of several."""
    match kind:
        case kinds.DIGEST:
            return Leads(f"{reverse('monitoring:alerts')}?status=new", "看新增的")
        case kinds.DELIVERY_HELD | kinds.DELIVERY_DECIDED:
            there = reverse("exchange:hold", args=[subject]) if subject else reverse("exchange:holds")
            return Leads(there, "看隔离来件")
        case kinds.DELIVERY_LINES:
            there = reverse("exchange:batch", args=[subject]) if subject else reverse("exchange:batches")
            return Leads(there, "看退回行")
        case kinds.DELIVERY_REFUSED:
            return Leads(reverse("exchange:uploads"), "看原因，改正再交")
        case kinds.DELIVERY_LATE:
            return Leads(reverse("exchange:coverage"), "看来件情况")
        case kinds.EXPORT_WAITS | kinds.EXPORT_DECIDED:
            return Leads(reverse("documents:export", args=[subject]), "看这份导出")
        case _:
            return Leads(reverse("oversight:journal"), "看流水")


def _digest(viewer: Viewer, facts: Facts) -> str:
    """How many households; of what disposition, only to whom hardship is shown."""
    day, homes = facts["day"], facts["households"]
    if viewer.sees(FieldClass.HARDSHIP) is not Sight.PLAIN:
        return f"{day} 的监测：有 {homes:,} 户人家新列入，请去看看。"
    red = f"，其中红色 {facts['red']:,} 条" if facts["red"] else ""
    by = "、".join(f"{word} {count:,} 条" for word, count in facts["by"])
    return f"{day} 的监测：辖区内新增 {homes:,} 户、{facts['alerts']:,} 条预警{red}。{by}。"


def _delivery(facts: Facts) -> str:
    name = feed_name(facts["feed"]) or "一个文件"
    one = f"{name} {facts['period']} " if facts["period"] else name  # a space on both sides of a figure
    return f"{one.strip()} 等 {facts['more'] + 1:,} 份来件" if facts["more"] else one


def _held(_: Viewer, facts: Facts) -> str:
    return (
        f"{_delivery(facts)}比上期少了一半以上，先扣下，没有进入监测；请核对是不是少送了，由民政部门决定放行还是不用。"
    )


def _held_decided(_: Viewer, facts: Facts) -> str:
    became = "已经放行，从现在起采用" if facts["accepted"] else "不予采用；请核对后重新报送"
    return f"{_delivery(facts)}{became}。"


def _refused(_: Viewer, facts: Facts) -> str:
    return f"{_delivery(facts)}没有入库，一行也没有收；原因写在交来件的列表里，改正后请再交一次。"


def _lines(_: Viewer, facts: Facts) -> str:
    return f"{_delivery(facts)}入库了，其中 {facts['lines']:,} 行退回；请取走退回的行，更正后再送。"


def _late(_: Viewer, facts: Facts) -> str:
    late = facts["late"]
    named = "、".join(_one_late(each) for each in late[:_NAMED])
    rest = f" 等 {len(late):,} 种" if len(late) > _NAMED else ""
    return f"过了约定的日子还没有送到：{named}{rest}。凭旧数据得出的结论会标明；请报送，或说明原因。"


def _one_late(each: Facts) -> str:
    many = f"{each['senders']:,} 个报送方，" if each["senders"] > 1 else ""
    if each["days"] is None:
        return f"{feed_name(each['feed'])}（{many}从未收到）"
    return f"{feed_name(each['feed'])}（{many}最近一期 {each['period']}，迟 {each['days']:,} 天）"


def _export_waits(_: Viewer, facts: Facts) -> str:
    return f"有人申请导出 {facts['rows']:,} 条，超过规定行数，要由您批准；请先核对用途和范围。"


def _export_decided(_: Viewer, facts: Facts) -> str:
    became = "已批准，可以取走，只能取一次" if facts["approved"] else "没有批准，原因写在那一页上"
    return f"您申请的 {facts['rows']:,} 条导出{became}。"


def _supervision(_: Viewer, facts: Facts) -> str:
    return (
        f"{place_name(facts['place'])}开通了一项外部监督，{facts['from']} 起、{facts['until']} 前有效，只能查看；"
        "谁看了什么都记在流水里，请留意。"
    )


_SAYS: Final[Mapping[str, Callable[[Viewer, Facts], str]]] = {
    kinds.DIGEST: _digest,
    kinds.DELIVERY_HELD: _held,
    kinds.DELIVERY_DECIDED: _held_decided,
    kinds.DELIVERY_REFUSED: _refused,
    kinds.DELIVERY_LINES: _lines,
    kinds.DELIVERY_LATE: _late,
    kinds.EXPORT_WAITS: _export_waits,
    kinds.EXPORT_DECIDED: _export_decided,
    kinds.SUPERVISION: _supervision,
}
