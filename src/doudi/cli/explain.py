"""doudi explain：一户人家的来龙去脉。

Everything that a run knows of one household, with its reasons: members, facts with their lines, tiers, what is due and
missing, alerts.
"""

from collections.abc import Iterable, Iterator
from typing import Annotated

from typer import Argument, Option

from doudi.cli.screen import say, show_table, title, watched
from doudi.engine.reasons import EXCLUSION
from doudi.landing import Vault
from doudi.policy.explain import say_verdict
from doudi.policy.rule import Book
from doudi.readout.card import Telling, TierTold, say_sources
from doudi.readout.dossier import Dossier, fetch
from doudi.readout.home import landed_home
from doudi.readout.places import division_name
from doudi.readout.reasons import say_reasons
from doudi.readout.runs import Alerted, FinishedRun, People, alerted, find_run
from doudi.readout.whom import household_of
from doudi.readout.words import DISPOSITION, STATUS

__all__ = ["explain"]

_MARKS = {True: "✓", False: "✗", None: "？"}
_GROUNDS_SHOWN, _MISSING_SHOWN = 4, 8


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
        shown = Telling.of(dossier, names)
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


def _show_members(shown: Telling, people: People) -> None:
    rows = [(one.name, people.person_id(one.key), one.counted, one.enrolled) for one in shown.members()]
    show_table(("成员", "证件号", "共同生活", "在册"), rows)


def _show_facts(shown: Telling) -> None:
    """Facts that some line says, by person, those of one line together; what may not be shown is one sentence."""
    title("事实")
    for label in shown.dossier.subject.members:
        said, hidden = shown.facts(label)
        told = [f"    {'；'.join(text for _, text in each.facts)}（{say_sources(each.lines)}）" for each in said]
        _say_all([f"  {shown.names[label]}", *told, *([f"    {EXCLUSION}"] if hidden else [])])


def _say_all(lines: Iterable[str]) -> None:
    """These lines at once: to open the screen for each of a hundred takes longer than to work them out."""
    say("\n".join(lines))


def _show_tiers(shown: Telling) -> None:
    title("层级")
    tiers = [line for one in shown.tiers() for line in _tier(one)]
    _say_all(f"  {line}" for line in [*shown.conclusion(), *tiers])


def _tier(one: TierTold) -> Iterator[str]:
    """A tier in a line for each test: the verdict, and why not; of what may not be shown, the verdict alone."""
    yield f"【{one.name}】{one.who}{say_verdict(one.verdict)}"
    for name, verdict, tests in one.paths:
        yield f"  {name}：{say_verdict(verdict)}"
        for test in tests:
            rule = f" {test.rule}" if test.rule else ""
            yield f"    {_MARKS[test.holds]} {test.question}{rule}（{'、'.join(test.basis)}）"
            yield from (f"      由于 {ground}" for ground in test.grounds[:_GROUNDS_SHOWN])
    if one.missing:
        more = f" 等 {len(one.missing)} 项" if len(one.missing) > _MISSING_SHOWN else ""
        yield f"  要判断，还要知道：{'、'.join(one.missing[:_MISSING_SHOWN])}{more}"


def _show_due(shown: Telling) -> None:
    title("应享、已享、未享")
    rows = [
        (each.name, each.department, each.who or "全家", *map(say_verdict, (each.due, each.received, each.missing)))
        for each in shown.due()
    ]
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
