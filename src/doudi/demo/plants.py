"""埋点：为每个指标写进部门文件的正例、近例和不明例。

Reads `plants/*.yaml` (the format: `docs/build/plants.md`) into frozen words. An unknown key, feed, column, code or person
is a Refusal that names its place, since a plant that is quietly dropped would grade the engine on nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

import yaml

from doudi.demo.divisions import COUNTIES
from doudi.errors import Refusal
from doudi.landing.contract import Feed, load_contract

__all__ = ["PLANTS", "SPECIALS", "Household", "Kind", "Member", "Plant", "Record", "load_plants"]

Kind: TypeAlias = Literal["positive", "near_miss", "unknown", "special"]
PLANTS = Path(__file__).parent / "plants"
SPECIALS = Path(__file__).parent / "data" / "specials.yaml"

_MODIFIERS = frozenset({
    "feed", "who", "each_member", "repeat", "times", "from", "until", "period",
    "conflict", "name_conflict", "bad_id", "reversed", "ref", "stays",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A planted person. Exactly one of `age` (full years on the last day) and `born` (a written date); offsets null = always."""

    who: str
    role: str
    male: bool
    age: int | None = None
    born: str | None = None
    first: int | None = None
    last: int | None = None
    in_roll: bool = True


@dataclass(frozen=True, slots=True)
class Household:
    """A planted household; `others` live alone elsewhere in the same county."""

    urban: bool
    county: int
    live_county: int
    book_kind: str
    members: tuple[Member, ...]
    others: tuple[Member, ...]

    @property
    def people(self) -> tuple[Member, ...]:
        return self.members + self.others


@dataclass(frozen=True, slots=True)
class Record:
    """A planted line: `who` are the people it is written for, `cells` the columns given, as written."""

    feed: Feed
    who: tuple[str, ...]
    cells: Mapping[str, Any]
    modifiers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Plant:
    """One body of one indicator. `place` is where it is written, for refusals and for the truth."""

    indicator: str
    kind: Kind
    place: str
    subject: str
    household: Household
    records: tuple[Record, ...]


def load_plants(folder: Path = PLANTS, specials: Path | None = SPECIALS) -> list[Plant]:
    """Every plant in the order of file names and entries; `specials` null leaves the special cases out."""
    plants = [plant for path in sorted(folder.glob("*.yaml")) for plant in _file(path)]
    return plants + (_file(specials) if specials is not None else [])


def _file(path: Path) -> list[Plant]:
    entries = yaml.safe_load(path.read_text("utf-8")) or []
    return [plant for entry in entries for plant in _entry(entry, path.name)]


def _entry(entry: dict[str, Any], file: str) -> list[Plant]:
    """An indicator's three kinds, each one body or a list of them; or one special case."""
    if "special" in entry:
        return _special(entry, f"{file} {entry['special']}")
    name = str(entry.get("indicator"))
    place = f"{file} {name}"
    kinds: tuple[Kind, ...] = ("positive", "near_miss", "unknown")
    _only(entry, {"indicator", *kinds}, place)
    plants: list[Plant] = []
    for kind in kinds:
        bodies = entry.get(kind)
        if not bodies:
            raise _refused(place, f"缺少 {kind}")
        for number, body in enumerate(bodies if isinstance(bodies, list) else [bodies], start=1):
            plants.append(_body(name, kind, f"{place} {kind} {number}", body))
    return plants


def _special(entry: dict[str, Any], place: str) -> list[Plant]:
    """A special case, once, or once for each of its `counties`."""
    body = {key: value for key, value in entry.items() if key not in {"special", "counties"}}
    homes = [{**body["household"], "county": county} for county in entry.get("counties", [])] or [body["household"]]
    return [
        _body(str(entry["special"]), "special", f"{place} {number}", {**body, "household": home})
        for number, home in enumerate(homes, start=1)
    ]


def _body(name: str, kind: Kind, place: str, body: dict[str, Any]) -> Plant:
    _only(body, {"household", "subject", "records", "note"}, place)
    household = _household(body.get("household") or {}, place)
    names = [member.who for member in household.people]
    if len(set(names)) != len(names):
        raise _refused(place, f"有两个人都叫 {next(who for who in names if names.count(who) > 1)}，请用 who 区分")
    subject = str(body.get("subject", "household"))
    if subject not in {*names, "household"} and ":" not in subject:
        raise _refused(place, f"subject “{subject}”不是这户的人，也不是 household")
    records = tuple(
        _record(record, household, f"{place} 第 {row} 条记录")
        for row, record in enumerate(body.get("records") or [], start=1)
    )
    return Plant(name, kind, place, subject, household, records)


def _household(written: dict[str, Any], place: str) -> Household:
    _only(written, {"kind", "county", "live_county", "book_kind", "members", "others"}, place)
    county = int(written.get("county", 370523))
    live = int(written.get("live_county", county))
    if {county, live} - set(COUNTIES):
        raise _refused(place, f"县区 {county}、{live} 不在本市")
    kind, book_kind = written.get("kind", "农村"), written.get("book_kind", "家庭户")
    if kind not in {"城镇", "农村"} or book_kind not in {"家庭户", "集体户"}:
        raise _refused(place, f"kind “{kind}”或 book_kind “{book_kind}”不认识")
    if not written.get("members"):
        raise _refused(place, "没有写成员")
    head_male = _male(written["members"][0], head_male=None)
    members = tuple(_member(member, place, head_male=head_male) for member in written["members"])
    others = tuple(_member({"role": "户主", **other}, place, head_male=None) for other in written.get("others") or [])
    return Household(kind == "城镇", county, live, book_kind, members, others)


def _member(written: dict[str, Any], place: str, *, head_male: bool | None) -> Member:
    _only(written, {"role", "age", "born", "sex", "who", "from", "until", "in_roll"}, place)
    role = str(written.get("role"))
    if role not in load_contract()["population"].column("relation").codes:
        raise _refused(place, f"role “{role}”不是约定里的与户主关系")
    if ("age" in written) == ("born" in written):
        raise _refused(place, f"{role} 的 age 和 born 要写且只写一个")
    return Member(
        who=str(written.get("who", role)),
        role=role,
        male=_male(written, head_male=head_male),
        age=int(written["age"]) if "age" in written else None,
        born=str(written["born"]) if "born" in written else None,
        first=written.get("from"),
        last=written.get("until"),
        in_roll=bool(written.get("in_roll", True)),
    )


def _male(written: Mapping[str, Any], *, head_male: bool | None) -> bool:
    """The sex written, or the role's: a spouse is the opposite of the head, a 女 is female, everybody else male."""
    if "sex" in written:
        return bool(written["sex"] == "男")
    if written.get("role") == "配偶" and head_male is not None:
        return not head_male
    return written.get("role") != "女"


def _record(written: dict[str, Any], household: Household, place: str) -> Record:
    feed = load_contract().get(str(written.get("feed")))
    if feed is None:
        raise _refused(place, f"没有 {written.get('feed')} 这种文件")
    columns = {column.name for column in feed.columns}
    _only(written, columns | _MODIFIERS, place)
    names = {member.who for member in household.people}
    if written.get("each_member"):
        who = tuple(member.who for member in household.members)
    else:
        who = (str(written.get("who", household.members[0].who)),)
    if strangers := set(who) - names:
        raise _refused(place, f"没有叫 {'、'.join(sorted(strangers))} 的人")
    modifiers = {
        key: value for key, value in written.items() if key in _MODIFIERS and not _is_cell(key, value, columns)
    }
    cells = {key: value for key, value in written.items() if key in columns and key not in modifiers}
    _check_cells({**cells, **(written.get("conflict") or {})}, feed, names, place)
    if changed := set(written.get("conflict") or {}) & set(feed.key):
        raise _refused(place, f"conflict 改了主键 {'、'.join(sorted(changed))}，那就不是同一件事了")
    return Record(feed, who, MappingProxyType(cells), MappingProxyType(modifiers))


def _is_cell(key: str, value: object, columns: set[str]) -> bool:
    """Is a word that is both a column and a modifier meant as the column? `until: -1` is a month offset, `until: "-1m"` a date."""
    return key in columns and not (isinstance(value, int) and key in {"until", "period"})


def _check_cells(cells: Mapping[str, Any], feed: Feed, names: set[str], place: str) -> None:
    first = next(column.name for column in feed.columns if column.kind == "id")
    for name, value in cells.items():
        if name not in {column.name for column in feed.columns}:
            raise _refused(place, f"{feed.name} 没有 {name} 这一列")
        column = feed.column(name)
        if column.kind == "code" and value not in {None, "", *column.codes}:
            raise _refused(place, f"{name} 不能是“{value}”，只能是{'、'.join(column.codes)}")
        if column.kind == "id" and name != first and value != "head" and value not in names:
            raise _refused(place, f"{name} 要写一个人的 who，没有人叫“{value}”")


def _only(written: Mapping[str, Any], allowed: Sequence[str] | set[str] | frozenset[str], place: str) -> None:
    if unknown := set(written) - set(allowed):
        raise _refused(place, f"不认识 {'、'.join(sorted(map(str, unknown)))}")


def _refused(place: str, what: str) -> Refusal:
    return Refusal("demo.plant", f"埋点 {place}：{what}。")
