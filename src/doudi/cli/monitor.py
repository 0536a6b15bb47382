"""doudi monitor：对全市监测一次，写下运行单。

One run over the whole city, and its manifest for people; or an old run made again and compared.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

from typer import Exit, Option

from doudi.cli import clock
from doudi.cli.edge import REFUSED
from doudi.cli.screen import complain, say, show_json, show_table, title, watched
from doudi.engine.manifest import Manifest, differences, read_manifest
from doudi.engine.part import Part
from doudi.engine.previous import find_previous, read_previous
from doudi.engine.run import Run, Settings, run
from doudi.errors import Refusal
from doudi.landing import Vault
from doudi.landing.lake import delivery_name
from doudi.policy.explain import DEMO
from doudi.policy.load import load_canonical
from doudi.policy.rule import Book
from doudi.readout.home import book as the_book
from doudi.readout.home import landed_home, production
from doudi.readout.inputs import read_inputs
from doudi.readout.places import division_name
from doudi.readout.runs import alerted, households_concerned
from doudi.readout.words import DISPOSITION, STATUS

__all__ = ["monitor"]

SERIOUS = ("红", "橙")


def monitor(
    at: Annotated[str | None, Option("--at", metavar="日期", help="监测到哪一天，默认今天")] = None,
    known: Annotated[str | None, Option("--known", metavar="时间", help="只用到那时为止收到的文件，默认全部")] = None,
    memory: Annotated[str, Option("--memory", metavar="上限", help="内存上限，超出时写到磁盘")] = "1GB",
    replay: Annotated[
        Path | None, Option("--replay", metavar="运行单", help="照一张 manifest.json 重算一遍并比对")
    ] = None,
    *,
    full: Annotated[bool, Option("--full", help="全部重做，不沿用以前做好的（结果相同，只是慢）")] = False,
    profile: Annotated[bool, Option("--profile", help="列出每个关系的用时、行数和内存")] = False,
    as_json: Annotated[bool, Option("--json", help="只输出运行单的 JSON")] = False,
) -> None:
    """监测全市：谁该享什么、缺了什么、开哪些预警；写下运行单，与上一次比出新增、延续、未确认、解除。"""
    place = landed_home()
    if replay is not None:
        _replay(place, replay, memory, as_json=as_json)
        return
    day = clock.day(at)
    inputs = read_inputs(place, day, clock.moment(known))
    if not inputs.batches:
        raise Refusal(
            "cli.nothing_known", f"到 {known} 为止还没有收到任何文件；请换一个时间，或用 doudi coverage 查看。"
        )
    costs: list[clock.Cost] = []
    asked = Settings(memory=memory, production=production(), afresh=full)
    with Vault.open(place) as vault, _shown(asked, costs, quiet=as_json) as settings:
        done = run(inputs, the_book(), vault.refs, previous=find_previous(place, day), settings=settings)
    if as_json:
        told = asdict(done.manifest) | {"households_red_or_orange": _concerned(done)}
        show_json(told | ({"profile": [asdict(cost) for cost in costs]} if profile else {}))
        return
    show_manifest(done, the_book())
    if profile:
        show_profile(costs, done)


@contextmanager
def _shown(settings: Settings, costs: list[clock.Cost], *, quiet: bool) -> Iterator[Settings]:
    """The same settings, with the run's steps shown as they begin and their costs put down as they end."""
    with watched("监测", quiet=quiet) as watch:

        @contextmanager
        def step(what: str) -> Iterator[None]:
            watch(len(costs), None, what)
            with clock.measured(what, costs):
                yield

        yield replace(settings, progress=step)


def _replay(home: Path, path: Path, memory: str, *, as_json: bool) -> None:
    """The same batches, book, date and previous run once more, beside the old ones; whatever differs is named."""
    was = read_manifest(path)
    batches = {batch for feed in was.inputs.values() for batch in feed["batches"]}
    stood = {
        delivery_name(name, period, revision)
        for name, feed in was.inputs.items()
        for _, period, revision in feed["in_force"]
    }
    inputs = read_inputs(
        home, clock.day(was.at), was.known,
        only=lambda record: record.batch in batches, released=lambda one: one.delivery in stood,
    )  # fmt: skip
    if missing := batches - set(inputs.batches):
        raise Refusal(
            "cli.batches_gone", f"这次运行用过的 {len(missing)} 个批次已经不在湖里，不能重算。", batches=len(missing)
        )
    previous = read_previous(home / "runs" / was.previous) if was.previous else None
    folder = home / "tmp" / f"replay-{path.parent.name}"
    try:
        # A proof that rests on what it is to prove is none: nothing is carried over.
        asked = Settings(memory=memory, production=was.production, afresh=True)
        with Vault.open(home) as vault, _shown(asked, [], quiet=as_json) as settings:
            book = load_canonical((path.parent / "book.json").read_text("utf-8"))
            now = run(inputs, book, vault.refs, previous=previous, folder=folder, settings=settings).manifest
        found = differences(was, now)
        same = (folder / "alerts.jsonl").read_bytes() == (path.parent / "alerts.jsonl").read_bytes()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found += [] if same else ["alerts.jsonl"]
    if as_json:
        show_json({"replayed": path.parent.name, "differs": found})
    elif not found:
        say(f"重算一致：{len(now.relations)} 个关系的摘要和 alerts.jsonl 都与 {path.parent.name} 相同。")
    if found:
        complain(f"重算与 {path.parent.name} 不一致：{'、'.join(found)}。")
        raise Exit(REFUSED)


def show_manifest(done: Run, book: Book) -> None:
    """The manifest for people."""
    m = done.manifest
    names = {indicator.id: indicator.name for indicator in book.indicators}
    title(f"运行单 {done.folder.name}：{m.people:,} 人，{m.households:,} 户；政策簿 {m.book[:12]}；程序 {m.version}")
    if m.known:
        say(f"只用 {m.known} 以前收到的文件")
    if done.part is not None:
        say(_judged_again(done.part))
    say(
        f"与上一次（{m.previous or '无'}）相比："
        + "，".join(f"{word} {m.counts['status'].get(key, 0):,}" for key, word in STATUS.items())
    )
    say(f"在开预警 {m.alerts:,} 条，每千户 {m.alerts_per_1000_households} 条；{_share(done)}")
    _show_counts("去向", m, "disposition", DISPOSITION)
    show_table(("指标", "id", "预警"), [(names.get(key, key), key, n) for key, n in m.counts["indicator"].items()])
    _show_counts("级别", m, "level", {})
    _show_counts(
        "县区", m, "county", {key: division_name(key) if key != "None" else "不分县区" for key in m.counts["county"]}
    )
    rows = [
        (names.get(key, key), told["subjects"], "、".join(told["missing"]) or "—")
        for key, told in m.cannot_tell.items()
    ]
    show_table(("无法判断的指标", "户、人或来件", "缺的来源"), rows)
    say(f"{DEMO} {len(m.demo_parameters)} 项：" + "、".join(book.words[word].name for word in m.demo_parameters))
    say(f"已写入 {done.folder}")


def _judged_again(part: Part) -> str:
    """What of a day that was monitored before was judged again."""
    if part.of_rules:
        return f"这一天已监测过，政策簿变了：只按变了的 {len(part.indicators)} 项指标重判，其余照旧（--full 全部重做）"
    if not part.feeds:
        return "这一天已监测过，之后什么都没变：结果照旧（--full 全部重做）"
    return (
        f"这一天已监测过，之后来了新数据：只重判 {len(part.feeds)} 个来源涉及的 {part.persons:,} 人的家庭，其余照旧"
        "（--full 全部重做）"
    )


def show_profile(costs: list[clock.Cost], done: Run) -> None:
    """Time, rows and memory per relation, the dearest first; what is no relation has no rows."""
    rows = [
        (
            cost.what,
            done.how.get(cost.what, ""),
            f"{cost.cpu_seconds:.2f}",
            f"{cost.wall_seconds:.2f}",
            done.manifest.relations.get(cost.what, {}).get("rows", ""),
            cost.peak_mib,
        )
        for cost in sorted(costs, key=lambda cost: -cost.cpu_seconds)
    ]
    show_table(("关系", "做法", "处理器秒", "历时秒", "行", "此前内存最高 MiB"), rows)
    say(f"合计 {sum(cost.cpu_seconds for cost in costs):.1f} 处理器秒；进程内存最高 {clock.peak_mib():,} MiB。")


def _show_counts(heading: str, m: Manifest, key: str, names: dict[str, str]) -> None:
    show_table((heading, "预警"), [(names.get(word, word), n) for word, n in m.counts[key].items()])


def _concerned(done: Run) -> int:
    return households_concerned(alerted(done.folder), SERIOUS)


def _share(done: Run) -> str:
    """Households with a red or orange alert, and their share, exact to a tenth of a percent, half up."""
    some, every = _concerned(done), done.manifest.households
    tenths = (2 * some * 1000 + every) // (2 * every) if every else 0
    return f"红、橙涉及 {some:,} 户，占 {tenths // 10}.{tenths % 10} %"
