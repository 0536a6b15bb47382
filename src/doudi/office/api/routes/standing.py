"""我是谁、区划、条数、监测运行、来件情况：都不涉及个人。"""

from django.http import Http404
from ninja import Query

from doudi.office.accounts.scope import OfficeRequest
from doudi.office.api.routes.alerts import READERS
from doudi.office.api.routing import operation
from doudi.office.api.shapes import standing as shapes
from doudi.office.api.shapes.common import Place, Withheld, code_of, withheld
from doudi.office.common.clock import beijing_day
from doudi.office.common.codes import range_of
from doudi.office.common.doors import ANY_STAFF
from doudi.office.common.fields import FieldClass, Sight
from doudi.office.common.roles import Role
from doudi.office.divisions import selectors as divisions
from doudi.office.exchange.selectors import coverage_of
from doudi.office.exchange.states import SENDERS
from doudi.office.monitoring import selectors as monitoring

__all__ = ["counts", "coverage", "division", "me", "runs"]

_RUNS = READERS - {Role.TOWN_OFFICER, Role.VILLAGE_HELPER}
_COVERAGE = SENDERS - {Role.MACHINE} | {Role.PROVINCE_OFFICER, Role.SUPERVISOR}


@operation("me", "me", *ANY_STAFF, response=shapes.Me, summary="我是谁，管哪里")
def me(request: OfficeRequest) -> shapes.Me:
    """按谁的岗位、哪个辖区、什么用途在读。"""
    return shapes.Me.of(request.viewer)


@operation(
    "divisions", "divisions", *READERS, Role.DEPARTMENT_OFFICER, response=shapes.Divisions, takes=shapes.DivisionsAsked,
    summary="一个区划和它下面一级",
)  # fmt: skip
def division(request: OfficeRequest, asked: Query[shapes.DivisionsAsked]) -> shapes.Divisions:
    """辖区以内，从自己的辖区起一级一级往下。"""
    lo, hi = range_of(request.viewer.division)
    code = int(asked.parent or request.viewer.division)
    if not lo <= code <= hi or code not in divisions.path(code):
        raise Http404
    below = [Place(code=code_of(each), name=name) for each, name in divisions.children(code).items()]
    return shapes.Divisions(division=Place.of(code), children=below)


@operation("counts", "counts", *READERS, response=shapes.Counts, takes=shapes.CountsAsked, summary="预警条数")
def counts(request: OfficeRequest, asked: Query[shapes.CountsAsked]) -> shapes.Counts:
    """按区划、级别、去向、指标、状态数；区划是所问的下面一级。"""
    viewer = request.viewer
    place = int(asked.place or viewer.division)
    if not viewer.covers(place) or place not in divisions.path(place):
        raise Http404
    by = asked.by.split(",")
    keys = ["place" if word == "division" else word for word in by]
    found = monitoring.counts(viewer, keys, place=place, status=asked.status, disposition=asked.disposition)
    latest = monitoring.latest_run()
    rows = [_count(dict(zip(by, told, strict=True)), many) for told, many in sorted(found.items())]
    return shapes.Counts(
        place=Place.of(place), by=by, run_day=latest.day if latest else None, counts=rows, total=sum(found.values()),
        withheld=_hidden(request, by, [told for told in found if "" in told]),
    )  # fmt: skip


@operation("runs", "runs", *_RUNS, response=shapes.Runs, summary="监测运行")
def runs(request: OfficeRequest) -> shapes.Runs:  # noqa: ARG001 - every reader's are the same
    """最近的监测运行，全市一次。"""
    return shapes.Runs(runs=[shapes.Run.of(each) for each in monitoring.runs()])


@operation("coverage", "coverage", *_COVERAGE, response=shapes.Coverage, summary="来件情况")
def coverage(request: OfficeRequest) -> shapes.Coverage:
    """与本辖区、本部门有关的每个报送方，报到了哪一期，迟不迟。"""
    cards = coverage_of(request.viewer, request.at)
    return shapes.Coverage(day=beijing_day(request.at), senders=[shapes.Sender.of(each) for each in cards])


def _count(told: dict[str, str], many: int) -> shapes.Count:
    named = {name: value or None for name, value in told.items() if name != "division"}
    place = Place.of(int(told["division"])) if "division" in told else None
    return shapes.Count(division=place, alerts=many, **named)


def _hidden(request: OfficeRequest, by: list[str], nameless: list[tuple[str, ...]]) -> list[Withheld]:
    """The words by which the role may not see the counts told apart."""
    if request.viewer.sees(FieldClass.HARDSHIP) is Sight.HIDDEN:
        return [withheld(name, FieldClass.HARDSHIP) for name in ("disposition", "indicator") if name in by]
    if "indicator" in by and nameless:
        return [Withheld(field="indicator", reason="有的指标依据受限信息，按岗位合在一格里，不写名称。")]
    return []
