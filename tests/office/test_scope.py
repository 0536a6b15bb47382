"""Which rows: one predicate, and row-level security behind it. Both say exactly those under the jurisdiction, or nothing."""

import contextlib
import re

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import personas
from doudi.office.accounts.scope import Viewer, within
from doudi.office.common.codes import WHOLE, level_of, range_of
from doudi.office.common.roles import BUSINESS, Role
from doudi.office.common.scope import PERSONAL, enter_scope, protect, whole_city, within_scope
from doudi.office.config.database import OWNER_ROLE
from office import server

# --- the tree and the range ----------------------------------------------------------------------------

STEPS = (10, 8, 6, 3, 0)  # zeros at the end of a province, a city, a county, a town, a village


@st.composite
def trees(draw):
    """Division codes that hang together, as parent by code: a few at each level."""
    parents = {0: None}
    level = [0]
    for zeros, digits in zip(STEPS, (2, 2, 2, 3, 3), strict=True):
        below = []
        for parent in level[:4]:
            for number in draw(st.lists(st.integers(1, 10**digits - 1), min_size=1, max_size=3, unique=True)):
                code = parent + number * 10**zeros
                parents[code] = parent
                below.append(code)
        level = below
    return parents


def under(parents, code, jurisdiction):
    while code is not None:
        if code == jurisdiction:
            return True
        code = parents[code]
    return False


@given(trees(), st.data())
def test_covered_is_exactly_what_lies_under_the_jurisdiction(parents, data):
    jurisdiction = data.draw(st.sampled_from(sorted(parents)))
    role = data.draw(st.sampled_from(sorted(BUSINESS)))
    viewer = Viewer(1, "x", "x", role, jurisdiction)
    for code in parents:
        if code:
            assert viewer.covers(code) is under(parents, code, jurisdiction)


@given(trees(), st.data())
def test_who_has_no_business_with_households_covers_nothing_anywhere(parents, data):
    jurisdiction = data.draw(st.sampled_from(sorted(parents)))
    role = data.draw(st.sampled_from(sorted(set(Role) - BUSINESS)))
    assert not any(Viewer(1, "x", "x", role, jurisdiction).covers(code) for code in parents)


@given(trees())
def test_ranges_are_nested_or_apart(parents):
    for one in parents:
        for other in parents:
            (lo, hi), (low, high) = range_of(one), range_of(other)
            assert hi < low or high < lo or lo <= low <= high <= hi or low <= lo <= hi <= high


def test_levels_are_told_by_the_code():
    codes = (0, 370000000000, 370500000000, 370571000000, 370571400000, 370571400001)
    assert [level_of(code) for code in codes] == ["country", "province", "city", "county", "town", "village"]


# --- the predicate and row-level security, on a table made as a migration makes it -------------------------


@pytest.fixture(scope="module")
def parcels(office_server):
    """A table with personal rows in the tests' database, owned by the owner: what every office's migration makes."""
    columns = ", ".join(f"{column} bigint" for column in PERSONAL)
    with office_server.enter(server.PLAIN, OWNER_ROLE) as owner:
        owner.execute("DROP TABLE IF EXISTS scope_probe")
        owner.execute(f"CREATE TABLE scope_probe (id bigserial PRIMARY KEY, {columns})")
        owner.execute(protect("scope_probe"))
        yield "scope_probe"
        owner.execute("DROP TABLE scope_probe")


def seen():
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM scope_probe ORDER BY id")
        return [pk for (pk,) in cursor.fetchall()]


@contextlib.contextmanager
def check_out_of_scope():
    """Expects that the database refuses what is written in here, and goes on after it."""
    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        yield


def fill(rows):
    """Puts rows of (hukou, residence, managing) in; gives id → divisions."""
    with whole_city(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM scope_probe")
        made = {}
        for row in rows:
            cursor.execute("INSERT INTO scope_probe (hukou_division, residence_division, managing_division)"
                           " VALUES (%s, %s, %s) RETURNING id", row)  # fmt: skip
            made[cursor.fetchone()[0]] = row
        return made


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40)
@given(trees(), st.data())
def test_the_database_shows_exactly_what_lies_under_the_jurisdiction(parcels_seen, parents, data):
    codes = sorted(code for code in parents if code)
    triple = st.tuples(*[st.one_of(st.none(), st.sampled_from(codes))] * 3).filter(any)
    rows = data.draw(st.lists(triple, max_size=8))
    jurisdiction = data.draw(st.sampled_from([0, *codes]))
    viewer = Viewer(1, "x", "x", Role.COUNTY_OFFICER, jurisdiction)
    made = fill(rows)
    viewer.enter()
    right = [pk for pk, row in made.items() if any(code and under(parents, code, jurisdiction) for code in row)]
    assert seen() == right


@pytest.fixture
def parcels_seen(parcels, office_db):
    """`office_db` in which `scope_probe` stands; Hypothesis shares it among its examples, each fills it anew."""


HERE, THERE = (370502001011, None, None), (370503001000, None, None)


def test_with_no_scope_no_row_is_seen_and_none_may_be_written(parcels_seen):
    fill([HERE])
    assert seen() == []
    with check_out_of_scope(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO scope_probe (hukou_division) VALUES (370502001011)")


def test_a_row_is_not_written_out_of_the_scope_nor_moved_out_of_it(parcels_seen):
    made = fill([HERE, THERE])
    personas.viewer("张敏").enter()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE scope_probe SET residence_division = 370502001013")
        assert cursor.rowcount == 1
        cursor.execute("DELETE FROM scope_probe WHERE id = %s", [max(made)])
        assert cursor.rowcount == 0, "the neighbour's row is not even there"
    with check_out_of_scope(), connection.cursor() as cursor:
        cursor.execute("UPDATE scope_probe SET hukou_division = 370503001000, residence_division = NULL")


def test_a_row_without_any_division_is_seen_by_nobody_but_the_whole_city_neither(parcels_seen):
    enter_scope(*WHOLE)
    with check_out_of_scope(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO scope_probe DEFAULT VALUES")


@pytest.mark.parametrize("name", ["秦系", "尤安", "许审", "郑医"])
def test_who_has_no_business_sees_no_row(parcels_seen, name):
    fill([HERE, THERE])
    personas.viewer(name).enter()
    assert seen() == []


def test_the_scope_from_before_stands_again_after_a_machines_work(parcels_seen):
    made = fill([HERE, THERE])
    personas.viewer("张敏").enter()
    with whole_city():
        assert seen() == sorted(made)
    assert seen() == [min(made)]
    with pytest.raises(DatabaseError), within_scope(*range_of(370503000000)), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert seen() == [min(made)], "after an error too"


def test_after_a_commit_a_pooled_connection_has_no_scope(own_office_db, owner_db):
    columns = ", ".join(f"{column} bigint" for column in PERSONAL)
    owner_db.execute(f"CREATE TABLE scope_probe (id bigserial PRIMARY KEY, {columns})")
    owner_db.execute(protect("scope_probe"))
    fill([HERE, THERE])
    with transaction.atomic():
        personas.viewer("张敏").enter()
        assert len(seen()) == 1
    assert seen() == [], "the setting is '' now and not NULL: that too is no scope"
    with transaction.atomic():
        assert seen() == []


def test_the_tables_owner_is_bound_too(own_office_db, owner_db):
    columns = ", ".join(f"{column} bigint" for column in PERSONAL)
    owner_db.execute(f"CREATE TABLE scope_probe (id bigserial PRIMARY KEY, {columns})")
    owner_db.execute(protect("scope_probe"))
    fill([HERE])
    assert owner_db.execute("SELECT count(*) FROM scope_probe").fetchone() == (0,)
    with owner_db.transaction():
        owner_db.execute("SELECT set_config('app.lo', '0', true), set_config('app.hi', '999999999999', true)")
        assert owner_db.execute("SELECT count(*) FROM scope_probe").fetchone() == (1,)


def test_neither_role_passes_row_level_security(office_db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'doudi%' AND (rolsuper OR rolbypassrls)")
        assert cursor.fetchall() == []


def test_the_predicate_says_the_same_as_the_database():
    """As SQL: each division column between the ends of the range, and for an empty range nothing at all."""
    from doudi.office.accounts.models import User  # noqa: PLC0415  # any model with a division will do

    lo, hi = personas.viewer("张敏").range
    where = str(User.objects.filter(within(personas.viewer("张敏"), ("division",))).query)
    assert f"{lo}" in where
    assert f"{hi}" in where
    with pytest.raises(EmptyResultSet):
        str(User.objects.filter(within(personas.viewer("张敏"), ())).query)


# --- every table -----------------------------------------------------------------------------------------

# Tables that carry a division, bytes or something personal and have no row-level security, each with its reason.
OPEN_TABLES = {
    "accounts_organisation": "public: which office is where",
    "accounts_user": "staff, read before anybody is logged in; the second factor's secret is sealed under its own key",
    "accounts_grant": "who may supervise where; read before the scope is known, since it is the scope",
    "accounts_knock": "how often a network address or a member of staff tried; counted before anybody is known",
    "accounts_change": "staff: a new post that waits for the second person",
    "api_client": "which system may read where; read before the scope is known, since it is the scope",
    "oauth2_provider_accesstoken": "checksums of tokens of systems, which end after minutes",
    "oauth2_provider_refreshtoken": "empty: nothing here grants one, and the application may not insert",
    "audit_seal": "bytes of the chain over the journal: a hash, no content",
    "documents_export": "that a file was asked for, by whom and on what ground; the file is made when it is taken, in scope",
    "exchange_sender": "counts: how many lines a department sent of a county",
    "exchange_upload": "that a file arrived, by whom; its name is sealed under the vault's key, its content lies nowhere here",
    "registry_take_over": "counts: how many households and persons a run named",
}

_SUSPECT = re.compile(
    r"division|county|sealed|cipher|token|blind|person|household|citizen|hukou|identity|(^|_)(id_no|phone|address|whose)$"
)
_FOREIGN = ("django_", "auth_", "procrastinate_")  # Django's and the queue's: jobs carry keys only


def tables():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
                   (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid),
                   array_agg(a.attname::text), bool_or(t.typname = 'bytea')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN pg_type t ON t.oid = a.atttypid
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') GROUP BY c.oid ORDER BY c.relname"""
        )
        return [row for row in cursor.fetchall() if not row[0].startswith((*_FOREIGN, "scope_probe"))]


def unprotected():
    """Table → what is wrong, of all tables that look personal."""
    wrong = {}
    for name, on, forced, policies, columns, has_bytes in tables():
        suspect = has_bytes or any(_SUSPECT.search(column) for column in columns)
        if suspect and not (on and forced and policies):
            wrong[name] = f"row-level security {'on' if on else 'off'}, forced {forced}, {policies} policies"
    return wrong


def test_every_table_with_a_division_or_something_personal_is_protected_or_says_why_not(office_db):
    wrong = [f"{name}: {what}" for name, what in unprotected().items() if name not in OPEN_TABLES]
    assert not wrong, "\n".join(wrong)


def test_every_exception_still_is_one(office_db):
    assert set(OPEN_TABLES) <= set(unprotected()), "an exception that needs none, or a table that is gone"


def test_an_unprotected_table_is_seen(own_office_db, owner_db):
    owner_db.execute("CREATE TABLE planted_open (id bigint, managing_division bigint)")
    owner_db.execute("CREATE TABLE planted_unforced (id bigint, body bytea)")
    owner_db.execute("ALTER TABLE planted_unforced ENABLE ROW LEVEL SECURITY")
    owner_db.execute("CREATE TABLE planted_plain (id bigint, colour text)")
    assert {"planted_open", "planted_unforced"} <= set(unprotected())
    assert "planted_plain" not in unprotected()
