"""doudi explain：一户人家的来龙去脉。

Everything that a run knows of one household, with its reasons: members, facts with their lines, tiers, what is due and
missing, alerts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, cast

from typer import Argument, Option

from doudi.cli.decision import Standing, conclusion, grounds, members, missing_facts, standings
from doudi.cli.screen import say, show_table, title, watched
from doudi.engine.evidence import Line
from doudi.engine.reasons import EXCLUSION
from doudi.landing import Vault
from doudi.policy.evaluate import Evaluation
from doudi.policy.explain import Explanation, say_value, say_verdict
from doudi.policy.rule import Book
from doudi.readout.dossier import Dossier, fetch
from doudi.readout.home import landed_home
from doudi.readout.places import division_name
from doudi.readout.reasons import say_reasons
from doudi.readout.runs import Alerted, FinishedRun, People, alerted, find_run
from doudi.readout.shield import Shield
from doudi.readout.whom import household_of
from doudi.readout.words import DISPOSITION, STATUS

__all__ = ["explain"]

_MARKS = {True: "✓", False: "✗", None: "？"}
_GROUNDS_SHOWN, _MISSING_SHOWN = 4, 8


@dataclass(frozen=True)
class Shown:
    """A household ready to be shown: its dossier, the name of each person, and the evaluation by those names."""

    dossier: Dossier
    names: Mapping[str, str]
    e: Evaluation
    shield: Shield


def explain(
    whom: Annotated[str, Argument(metavar="证件号|户号|预警编号", help="说的是谁")],
    run: Annotated[str | None, Option("--run", metavar="运行", help="照哪一次运行，默认最近的监测日")] = None,
) -> None:
    """解释一户：成员、每个事实出自哪个文件哪一行、逐层级为什么、应享与未享、预警的理由和怎样解除。"""
    place = landed_home()
    found = find_run(place, run)
    with Vault.open(place) as vault:
        key = household_of(vault, found, whom)
        with watched("取出这一户") as watch:
            dossier = fetch(place, found, key, watch)
        alerts = list(alerted(found.folder, {"household_key": key}))
        people = People(
            vault, (int(person.label) for person in dossier.subject.evaluation.household.persons), reveal=False
        )
        numbers = [people.household_no(each.subject["household_no_token"]) for each in alerts]
        names = _names(dossier, people)
        shown = Shown(dossier, names, dossier.called(names), Shield(dossier))
        title(
            f"{'、'.join(dict.fromkeys(n for n in numbers if n)) or whom_shown(whom)}：{division_name(dossier.subject.county)}"
        )
        say(f"照 {found.folder.name} 的运行；政策簿 {found.manifest.book[:12]}")
        _show_members(shown, people)
    _show_facts(shown)
    _show_tiers(shown)
    _show_due(shown)
    _show_alerts(alerts, found, dossier.book)


def whom_shown(whom: str) -> str:
    """What was typed, without an id."""
    return "这一户" if sum(letter.isdigit() for letter in whom) >= 15 else whom


def _names(dossier: Dossier, people: People) -> dict[str, str]:
    """What each person is called: relation and masked name; numbered where two would be called alike."""
    names: dict[str, str] = {}
    for person in dossier.subject.evaluation.household.persons:
        relation = person.facts.get("relation_to_head")
        called = (
            f"{'户外父母' if person.outside else relation or '成员'} {people.name(int(person.label)) or ''}".strip()
        )
        same = sum(1 for other in names.values() if other.split("（")[0] == called)
        names[person.label] = f"{called}（{same + 1}）" if same else called
    return names


def _show_members(shown: Shown, people: People) -> None:
    counted = dict(members(shown.e))
    rows = [
        (shown.names[label], people.person_id(int(label)), counted[shown.names[label]], _enrolled(shown, label))
        for label in shown.dossier.subject.members
    ]
    show_table(("成员", "证件号", "共同生活", "在册"), rows)


def _enrolled(shown: Shown, label: str) -> str:
    book, facts = shown.dossier.book, shown.dossier.subject.evaluation.persons[label].facts
    return "、".join(t.name for t in book.tiers if t.enrolled and facts.get(book.by_name[t.enrolled]) is True)


def _show_facts(shown: Shown) -> None:
    """Facts that some line says, by person, those of one line together; what may not be shown is one sentence."""
    title("事实")
    for label in shown.dossier.subject.members:
        said: dict[tuple[Line, ...], list[str]] = {}
        hidden = False
        for fact in shown.dossier.book.facts.values():
            lines = shown.dossier.lines.get((fact.id, int(label)))
            value = (
                shown.dossier.subject.evaluation.persons[label].facts.get(fact.id) if fact.grain == "person" else None
            )
            if not lines or value is None or value in ((None, None), (0, None)):
                continue
            if shown.shield.hides(fact.id, label):
                hidden = True
                continue
            said.setdefault(lines, []).append(f"{fact.name} {say_value(value, fact.type)}")
        told = [f"    {'；'.join(facts)}（{_sources(lines)}）" for lines, facts in said.items()]
        _say_all([f"  {shown.names[label]}", *told, *([f"    {EXCLUSION}"] if hidden else [])])


def _say_all(lines: Iterable[str]) -> None:
    """These lines at once: to open the screen for each of a hundred takes longer than to work them out."""
    say("\n".join(lines))


def _sources(lines: Iterable[Line]) -> str:
    return "；".join(f"{line.batch} 第 {line.line} 行" + (f"，{line.date}" if line.date else "") for line in lines)


def _show_tiers(shown: Shown) -> None:
    title("层级")
    found = standings(shown.e)
    explained = Explanation(shown.e)
    tiers = [line for one in found for line in _tier(explained, one, shown.shield)]
    _say_all(f"  {line}" for line in [*conclusion(shown.e, found), *tiers])


def _tier(explained: Explanation, one: Standing, shield: Shield) -> Iterator[str]:
    """A tier in a line for each test: the verdict, and why not; of what may not be shown, the verdict alone."""
    e = explained.e
    yield f"【{one.tier.name}】{one.who}{say_verdict(one.verdict)}"
    for path, verdict in one.paths:
        yield f"  {path.name}：{say_verdict(verdict)}"
        for test in path.tests:
            word = e.book.words[test]
            holds = cast(bool | None, e.value(test, one.person))
            rule = (
                "" if word.node is None or shield.hides_word(test) else f" {explained.formula(word.node, one.person)}"
            )
            yield f"    {_MARKS[holds]} {word.question or word.name}{rule}（{'、'.join(word.basis)}）"
            if holds is False and not shield.hides_word(test):
                yield from (f"      由于 {ground}" for ground in grounds(e, test, one.person)[:_GROUNDS_SHOWN])
    missing = missing_facts(e, one)
    if missing:
        more = f" 等 {len(missing)} 项" if len(missing) > _MISSING_SHOWN else ""
        yield f"  要判断，还要知道：{'、'.join(missing[:_MISSING_SHOWN])}{more}"


def _show_due(shown: Shown) -> None:
    """Programmes that are due, or received, or of which one of the two cannot be told though the other is not no."""
    title("应享、已享、未享")
    rows = []
    for programme in shown.dossier.book.programmes:
        labels = shown.e.members if programme.unit == "person" else [None]
        for label in labels:
            words = (programme.due, programme.received, programme.missing)
            due, received, missing = (cast(bool | None, shown.e.value(word, label)) for word in words)
            if due or received:
                rows.append(
                    (
                        programme.name,
                        programme.department,
                        label or "全家",
                        say_verdict(due),
                        say_verdict(received),
                        say_verdict(missing),
                    )
                )
    if rows:
        show_table(("项目", "部门", "给谁", "应享", "已享", "逾期未享"), rows)
    else:
        say("  没有确定应享或已享的项目")


def _show_alerts(alerts: list[Alerted], run: FinishedRun, book: Book) -> None:
    title(f"预警（{len(alerts)} 条）")
    for each in alerts:
        entry = each.entry
        say(
            f"  {entry['level']} {entry['title']}（{DISPOSITION[entry['disposition']]}，{STATUS[entry['status']]}，{entry['alert_id']}）"
        )
        for sentence in say_reasons(entry["reasons"], book):
            say(f"    由于 {sentence}")
        for clause in _clauses(entry["clause"], book):
            say(f"    依据 {clause}")
        say(f"    解除：{entry['clears_when']}")
    if not alerts:
        say(f"  {run.folder.name} 没有这一户的预警")


def _clauses(ids: Iterable[str], book: Book) -> Iterator[str]:
    clauses = book.clauses()
    for clause in ids:
        yield f"{clause} {clauses[clause].meaning}" if clause in clauses else clause
