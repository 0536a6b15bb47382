"""Tiers, programmes and indicators as they stand in the book → the words they define.

Everything composed here is written as rule text in the book's own words (a path is its tests joined by `and`), so that
it goes through the same parser and checker as what officials write, and can be printed as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from doudi.policy.expr import Node
from doudi.policy.quantities import BOOL
from doudi.policy.rule import Fact, Indicator, Path, Programme, Tier, Word
from doudi.policy.shape import Entry

DISPOSITIONS = ("eligible", "unfulfilled", "complex", "ineligible", "supervision")
LEVELS = ("红", "橙", "蓝")
CADENCES = ("monthly", "season", "term", "event")
WORD_KEYS = ("说明", "问", "clears")


@dataclass(frozen=True, slots=True)
class Draft:
    """A derived word and its text, not typed yet. `kind`: what it must turn out to be; empty = anything."""

    word: Word
    text: str
    kind: str = ""


def _draft(entry: Entry, text_key: str, grain: str, role: str, kind: str = "") -> Draft:
    word = Word(
        entry.identifier(),
        entry.name(),
        "derived",
        grain,
        BOOL,
        basis=entry.texts("依据"),
        role=role,
        note=entry.text("说明"),
        question=entry.text("问"),
        clears=entry.text("clears"),
    )
    return Draft(word, entry.text(text_key), kind)


def _composed(word_id: str, name: str, grain: str, role: str, text: str, basis: tuple[str, ...]) -> Draft:
    return Draft(Word(word_id, name, "derived", grain, BOOL, basis=basis, role=role), text, "bool")


def read_tier_file(raw: Any, place: str) -> tuple[list[Draft], Tier | None]:  # noqa: ANN401  # any YAML
    """A file of `words:` and perhaps one `tier:`."""
    entry = Entry(raw, place, (), ("words", "tier", "说明"))
    drafts = []
    for item in entry.list("words"):
        word = Entry(item, place, ("id", "名", "grain", "define"), ("依据", *WORD_KEYS))
        drafts.append(_draft(word, "define", word.one_of("grain", ("person", "household", "delivery")), "word"))
    if entry.raw.get("tier") is None:
        return drafts, None
    tier, made = _read_tier(entry.raw["tier"], place)
    return drafts + made, tier


def _read_tier(raw: Any, place: str) -> tuple[Tier, list[Draft]]:  # noqa: ANN401  # any YAML
    entry = Entry(
        raw,
        place,
        ("id", "名", "order", "grain", "assessed", "paths"),
        ("overlay", "enrolled", "amounts", "依据", "说明"),
    )
    grain = entry.one_of("grain", ("person", "household"))
    drafts: list[Draft] = []
    paths = []
    for item in entry.list("paths"):
        path = Entry(item, entry.place, ("id", "名", "tests"), ("依据", "说明"))
        tests = []
        for test_raw in path.list("tests"):
            test = Entry(test_raw, path.place, ("id", "名", "问", "when", "依据"), ("clears", "说明"))
            drafts.append(_draft(test, "when", grain, "test", "bool"))
            tests.append(drafts[-1].word)
        text = " and ".join(test.name for test in tests)
        drafts.append(_composed(path.identifier(), path.name(), grain, "path", text, path.texts("依据")))
        paths.append(Path(path.identifier(), path.name(), tuple(test.id for test in tests), path.texts("依据")))
    amounts = []
    for item in entry.list("amounts"):
        amount = Entry(item, entry.place, ("id", "名", "define", "依据"), WORD_KEYS)
        drafts.append(_draft(amount, "define", grain, "amount"))
        amounts.append(amount.identifier())
    tier = Tier(
        entry.identifier(),
        entry.text("名"),
        int(entry.exact("order")),
        grain,
        entry.truth("overlay"),
        entry.name("assessed"),
        entry.text("enrolled") or None,
        tuple(paths),
        tuple(amounts),
    )
    return tier, drafts


def assessed_draft(tier: Tier, better: list[str]) -> Draft:
    """Some path holds and none of the better tiers does (最优类别)."""
    text = "(" + " or ".join(path.name for path in tier.paths) + ")" + "".join(f" and not {name}" for name in better)
    return _composed(f"assessed_{tier.id}", tier.assessed, tier.grain, "tier", text, ("D1.order",))


def read_programme(raw: Any, place: str) -> tuple[Programme, list[Draft], list[Fact]]:  # noqa: ANN401  # any YAML
    """A programme, the words it defines (条件, 应享, 已享, 应享未享) and the receipt fact that the engine must provide."""
    entry = Entry(
        raw,
        place,
        ("id", "名", "department", "unit", "cadence", "when", "received", "grace", "依据"),
        ("due_from", "since", "event", "county_option", "说明"),
    )
    unit, cadence = entry.one_of("unit", ("person", "household")), entry.one_of("cadence", CADENCES)
    if (cadence == "event") != bool(entry.text("event")) or (cadence == "event") == bool(entry.texts("due_from")):
        entry.refuse("cadence 为 event 时写 event（日期词），其余写 due_from（参数）")
    receipt = Entry(raw["received"], f"{entry.place} 的 received", (), ("feed", "programme", "fact"))
    feed, fact = receipt.text("feed") or None, receipt.text("fact") or None
    programme = Programme(
        entry.identifier(),
        entry.name(),
        entry.text("department"),
        unit,
        cadence,
        entry.texts("due_from"),
        entry.text("grace"),
        entry.text("event") or None,
        feed,
        receipt.texts("programme"),
        fact,
        entry.texts("依据"),
        entry.text("说明"),
    )
    if feed is None and fact is None:
        entry.refuse("received 要写 feed 与 programme，或 fact")
    made = []
    if feed:
        recorded = f"recorded_{programme.id}"
        made.append(
            Fact(
                recorded,
                f"有{programme.name}记录",
                unit,
                BOOL,
                (feed,),
                absence=None,
                on_record=False,
                floor_only=False,
                note="应发日（或事件日）至监测日之间的发放记录，由引擎给出",
            )
        )
    return programme, _programme_drafts(entry, programme, made), made


def _programme_drafts(entry: Entry, programme: Programme, made: list[Fact]) -> list[Draft]:
    name, unit, basis = programme.name, programme.unit, programme.basis
    due_date = f"({programme.event})" if programme.event else f"{name}应发日"
    ground = f"{name}条件"
    due = ground
    if since := entry.text("since"):
        due += f" and ({since}) <= {due_date}"
    if option := entry.text("county_option"):
        due += f" and {option}"
    evidence = [fact.name for fact in made]
    if programme.received_fact:
        inner = programme.received_fact
        evidence.append(f"有人({inner})" if unit == "household" else f"({inner})")
    missing = f"应享{name} and 相隔天数({due_date}, 监测日) >= {programme.grace} and not 已享{name}"
    return [
        _composed(f"ground_{programme.id}", ground, unit, "ground", entry.text("when"), basis),
        _composed(programme.due, f"应享{name}", unit, "due", due, basis),
        _composed(programme.received, f"已享{name}", unit, "received", " or ".join(evidence), basis),
        _composed(programme.missing, f"应享未享{name}", unit, "missing", missing, basis),
    ]


def read_indicator(raw: Any, place: str, typed: Callable[[str, str, str], Node | None]) -> Indicator:  # noqa: ANN401  # any YAML
    """An indicator; `typed(rule, text, kind)` types each of its texts."""
    entry = Entry(
        raw,
        place,
        ("id", "名", "disposition", "subject", "when", "level", "owner", "依据", "clears"),
        ("unless", "red_when", "distance", "off", "说明"),
    )
    name = entry.text("名")
    when = typed(f"指标“{name}”的 when", entry.text("when"), "bool")
    if when is None:
        entry.refuse("when 不能为空")
    disposition = entry.one_of("disposition", DISPOSITIONS)
    if not entry.identifier().startswith(f"{disposition}."):
        entry.refuse(f"id 应以“{disposition}.”开头")
    return Indicator(
        entry.identifier(),
        name,
        disposition,
        entry.one_of("subject", ("person", "household", "delivery")),
        when,
        typed(f"指标“{name}”的 unless", entry.text("unless"), "bool"),
        entry.one_of("level", LEVELS),
        typed(f"指标“{name}”的 red_when", entry.text("red_when"), "bool"),
        typed(f"指标“{name}”的 distance", entry.text("distance"), "quantity"),
        entry.text("owner"),
        entry.texts("依据"),
        entry.text("clears"),
        entry.truth("off"),
        entry.text("when"),
        entry.text("unless"),
        entry.text("说明"),
    )
