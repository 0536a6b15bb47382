"""What landing's tests look at: small deliveries in a home, and what the lake then says, by ref and never by key."""

import datetime as dt

import polars as pl

from doudi.landing.contract import load_contract
from doudi.landing.lake import Lake, read_acceptances, read_batches
from doudi.landing.land import land
from doudi.landing.standing import standing
from doudi.landing.vault import Vault
from landing.files import DIBAO, PLACE, SETTLEMENT, csv_text, write

RECEIVED = "2026-04-02T09:00:00+08:00"
KEYS = ("person_key", "staff_key", "kin_key", "relative_key")


def landed(home, *paths, received_at=RECEIVED, place=PLACE, **said):
    """Lands files that must all be taken, and gives their accounts."""
    result = land(list(paths), home=home, received_at=received_at, place=place, **said)
    assert result.refused == ()
    return result.files


def roll(folder, name, lines):
    """A 低保 roll."""
    return write(folder / name, csv_text(DIBAO, lines))


def settlements(folder, name, lines):
    """A file of medical settlements."""
    return write(folder / name, csv_text(SETTLEMENT, lines))


def fates_of(file):
    """(accepted, repeated, superseded, rejected) of an account."""
    account = file.account
    return account.accepted, account.repeated, account.superseded, account.rejected


def lines_of(home, feed):
    """Every line of a feed in the lake with its batch, period and revision, people by ref instead of by key."""
    lake = Lake(home)
    frames = [
        pl.read_parquet(lake.lines_file(record.feed, record.batch)).with_columns(
            batch=pl.lit(record.batch), period=pl.lit(record.period), revision=pl.lit(record.revision)
        )
        for record in read_batches(home)
        if record.feed == feed
    ]
    if not frames:
        return pl.DataFrame()
    lines = pl.concat(frames)
    with Vault.open(home) as vault:
        for column in set(KEYS) & set(lines.columns):
            keys = lines[column].drop_nulls().unique().to_list()
            refs = vault.refs(keys)
            assert set(refs) == set(keys)
            lines = lines.with_columns(pl.col(column).replace_strict(refs, return_dtype=pl.String, default=None))
    return lines


def effective(home, feed):
    """What the engine will hold: of each key the lines of the highest (period, revision), by content, in no order."""
    lines = lines_of(home, feed)
    if not lines.height:
        return []
    rank = pl.col("period").str.replace("-", "").cast(pl.Int64) * 1000 + pl.col("revision")
    top = lines.filter(rank == rank.max().over("key_hash"))
    assert top.height >= lines["key_hash"].n_unique()
    return sorted(map(str, top.select(pl.exclude("line", "batch")).unique().rows()))


def standing_of(home, at=dt.date(2026, 4, 2), known=None):
    """What is in force in a home."""
    return standing(read_batches(home, known), load_contract(), at, read_acceptances(home, known))


def snapshot(home):
    """The landed state of a home: records, the bytes of their Parquet files, the rejects, the sealed originals' names."""
    lake = Lake(home)
    records = read_batches(home)
    lines = {record.batch: lake.lines_file(record.feed, record.batch).read_bytes() for record in records}
    originals = sorted(path.name for path in (home / "vault" / "originals").glob("*")) if records else []
    return records, lines, originals
