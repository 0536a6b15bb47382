"""教育：学籍、困难学生。

Schools: who studies where, and who is helped to. Delivered in March and September.
"""

import polars as pl

from doudi.demo.chunk import Chunk
from doudi.demo.feeds.shape import roll
from doudi.demo.months import Window

__all__ = ["half_years", "hardship_student", "school_year", "student_roll"]

_no = pl.col.no


def half_years(window: Window) -> list[int]:
    """The months in which half-year rolls are delivered: every March and September, the opening months included."""
    return [month for month in range(window.opening, window.last + 1) if month % 12 in (2, 8)]


def school_year(month: int) -> str:
    """The school year a month lies in, as `2025-2026`; it turns in September."""
    first = month // 12 - (month % 12 < 8)
    return f"{first}-{first + 1}"


def _school(c: Chunk) -> pl.Expr:
    return "示例" + c.draw.pick(("第一", "第二", "第三", "实验", "育才"), "school", _no) + pl.col.stage + "校"


def student_roll(c: Chunk) -> pl.LazyFrame:
    """Grain: one pupil and school; from the secondary school on some board."""
    boards = pl.col.stage.is_in(["高中", "中职", "大专", "本科"])
    return roll(
        c.who(pl.col.stage.is_not_null()),
        id=pl.col.id,
        stage=pl.col.stage,
        full_time=pl.lit("是"),
        school=_school(c),
        boarding=pl.when(boards).then(pl.lit("是")).otherwise(pl.lit("否")),
    )


def hardship_student(c: Chunk) -> pl.LazyFrame:
    """Grain: one student and school year. Every student of an enrolled household is listed and aided, and a few others."""
    poor = pl.col.tier.is_not_null()
    listed = c.who(pl.col.stage.is_not_null(), poor | c.draw.chance(6000, "hardship", _no))
    fee = (
        pl.when(pl.col.stage.is_in(["大专", "本科"]))
        .then(580_000)
        .when(pl.col.stage.is_in(["小学", "初中"]))
        .then(0)
        .otherwise(160_000)
    )
    return pl.concat(
        roll(
            listed,
            first=pl.lit(month),
            last=pl.lit(month),
            id=pl.col.id,
            year=pl.lit(school_year(month)),
            stage=pl.col.stage,
            school=_school(c),
            level=pl.when(poor).then(pl.lit("特别困难")).otherwise(pl.lit("一般")),
            fee_year=fee.cast(pl.Int64),
            aid_year=(fee + 125_000).cast(pl.Int64),
        )
        for month in half_years(c.window)
    )
