"""The book's plain records: documents, facts, parameters. No rule text is parsed here."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

from doudi.policy.quantities import LARGEST, Type
from doudi.policy.rule import Clause, Document, Fact, Parameter, ParameterValue, Setting
from doudi.policy.shape import TRUTH, Entry, money_scale

NOT_FOUND = "未找到"
GRADES = ("A", "B", "C", "D", "P")  # P = a setting of the platform, not policy
MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def read_document(raw: Any, place: str) -> Document:  # noqa: ANN401  # any YAML; Entry checks the shape
    """A document with its clauses."""
    entry = Entry(raw, place, ("code", "文号", "名", "级", "in_force", "clauses"), ("说明",))
    span = Entry(raw["in_force"], f"{entry.place} 的 in_force", ("from", "to"))
    code = entry.text("code")
    clauses = []
    for item in entry.list("clauses"):
        clause = Entry(item, f"{entry.place} 的条款", ("id", "要点"), ("not_formalised", "feature"))
        clauses.append(
            Clause(
                clause.text("id"),
                clause.text("要点"),
                code,
                clause.text("feature") or None,
                clause.text("not_formalised") or None,
            )
        )
    grade = entry.one_of("级", GRADES)
    return Document(code, entry.text("文号"), entry.text("名"), grade, span.start(), span.day("to"), tuple(clauses))


def read_fact(raw: Any, place: str) -> Fact:  # noqa: ANN401  # as above
    """A declared fact; quantities must say their maximum, from which the overflow proof starts."""
    entry = Entry(raw, place, ("id", "名", "grain", "type"), ("max", "feeds", "absence", "说明", "floor_only"))
    kind = entry.fact_type()
    if kind.kind not in ("bool", "date", "code", "quantity"):
        entry.refuse(f"type 不能是 {kind.kind}")
    if kind.kind == "quantity" and "max" not in raw:
        entry.refuse("数量要写 max（钱以元计）")
    on_record = raw.get("absence") == "on_record"
    if on_record and kind.kind != "bool":
        entry.refuse("absence: on_record 只用于 bool")
    absence = None if on_record else _absence(entry, kind)
    return Fact(
        entry.identifier(),
        entry.name(),
        entry.one_of("grain", ("person", "household", "delivery")),
        kind,
        entry.texts("feeds"),
        absence,
        on_record,
        entry.truth("floor_only"),
        entry.text("说明"),
    )


def _absence(entry: Entry, kind: Type) -> int | bool | str | None:
    value = entry.raw.get("absence", "unknown")
    if value == "unknown":
        return None
    match kind.kind:
        case "bool" if value in ("no", "yes"):
            return bool(value == "yes")
        case "quantity" if value == "zero":
            return 0
        case "quantity" if isinstance(value, int):
            return value
        case "code" if value in kind.words:
            return str(value)
    entry.refuse(f"absence“{value}”不适合它的类型")


def read_parameter(raw: Any, place: str) -> Parameter:  # noqa: ANN401  # as above
    """A parameter with its dated, regional values; periods of one region may not overlap."""
    entry = Entry(raw, place, ("id", "名", "type", "values"), ("说明", "rule"))
    kind = entry.fact_type()
    values = [_value(item, kind, entry.place) for item in entry.list("values")]
    for region in {value.region for value in values}:
        spans = sorted((v for v in values if v.region == region), key=lambda v: v.start)
        for earlier, later in pairwise(spans):
            if earlier.end is None or earlier.end > later.start:
                entry.refuse(f"地区 {region} 从 {earlier.start} 和从 {later.start} 起的两个值时间重叠")
    limit = max((int(v.value) for v in values if isinstance(v.value, Fraction) and kind.kind != "ratio"), default=1)
    if kind.kind == "ratio":
        limit = max((v.value.numerator for v in values if isinstance(v.value, Fraction)), default=1)
    if limit > LARGEST:
        entry.refuse("数值过大")
    rule = entry.one_of("rule", ("override", "floor"), "override")
    if rule == "floor" and kind.kind != "quantity":
        entry.refuse("rule: floor 只用于数量")
    return Parameter(entry.identifier(), entry.name(), kind.with_(limit=limit), rule, tuple(values), entry.text("说明"))


def _value(raw: Any, kind: Type, place: str) -> ParameterValue:  # noqa: ANN401  # as above
    entry = Entry(raw, place, ("region", "from", "to", "value", "grade"), ("依据", "demo", "说明"))
    region = entry.text("region")
    if not (region.isdecimal() and len(region) == 6):
        entry.refuse(f"region 应是 6 位区划代码（全国 '000000'），写的是“{region}”")
    start, end = entry.start(), entry.day("to")
    if end is not None and end <= start:
        entry.refuse(f"to（{end}）应晚于 from（{start}）")
    demo, grade, basis = entry.truth("demo"), entry.one_of("grade", GRADES), entry.texts("依据")
    if not basis and not demo and grade != "P":
        entry.refuse("没有依据的值只能是示范参数（demo: true）或平台设置（grade: P）")
    return ParameterValue(region, start, end, _setting(entry, kind), basis, grade, demo, entry.text("说明"))


def _setting(entry: Entry, kind: Type) -> Setting:
    """A value in stored units; None for 未找到."""
    raw = entry.raw["value"]
    if raw == NOT_FOUND:
        return None
    match kind.kind:
        case "bool":
            return TRUTH[raw] if raw in TRUTH and type(raw) is not int else entry.refuse("value 应是 是 或 否")
        case "ratio":
            return entry.exact("value")
        case "quantity":
            stored = entry.exact("value") * money_scale(kind.unit)
            return stored if stored.denominator == 1 and stored >= 0 else entry.refuse("金额精确到分，且不为负")
        case "monthday":
            month, _, day = str(raw).partition("-")
            fits = month.isdecimal() and day.isdecimal() and 1 <= int(month) <= 12
            if not fits or not 1 <= int(day) <= MONTH_LENGTHS[int(month) - 1]:
                entry.refuse(f"value 应是月-日（'11-15'），写的是“{raw}”")
            return int(month), int(day)
        case "code":
            return str(raw) if raw in kind.words else entry.refuse(f"value 应是 {'、'.join(kind.words)} 之一")
        case "text":
            return str(raw)
        case _:
            return entry.refuse(f"参数不能是 {kind.kind} 类型")


def largest_denominators(parameters: dict[str, Parameter]) -> dict[str, int]:
    """For each ratio, the largest denominator of any of its values: what clearing may multiply by."""
    return {
        p.id: max((v.value.denominator for v in p.values if isinstance(v.value, Fraction)), default=1)
        for p in parameters.values()
        if p.type.kind == "ratio"
    }
