"""运行的流程；预警的状态、级别各叫什么、用什么颜色。

The workflow of a run, and the words and tones of an alert's status, level and disposition. An alert has no workflow of its
own: a run says what has become of it, nobody else.
"""

from typing import Final

from doudi.landing.feed_names import FEED_NAMES
from doudi.office.common.roles import Role
from doudi.office.common.workflow import Move, Workflow
from doudi.readout.words import DISPOSITION, STATUS

__all__ = [
    "ALERT_TONES", "ASKED", "DISPOSITIONS", "FAILED", "FINISHED", "KINDS", "LEVELS", "LEVEL_TONES", "OPEN", "RANKS",
    "RUN", "RUNNING", "SOURCES", "STATUSES", "WATCHED",
]  # fmt: skip

ASKED, RUNNING, FINISHED, FAILED = "asked", "running", "finished", "failed"

_MACHINE = frozenset({Role.MACHINE})

RUN: Final = Workflow(
    "run",
    "监测运行",
    start=ASKED,
    states={
        ASKED: ("等待", "neutral"),
        RUNNING: ("运行中", "working"),
        FINISHED: ("完成", "good"),
        FAILED: ("失败", "bad"),
    },
    moves=(
        Move("开始", ASKED, RUNNING, by=_MACHINE),
        Move("完成", RUNNING, FINISHED, by=_MACHINE),
        Move("失败", RUNNING, FAILED, by=_MACHINE),
        Move("放回", RUNNING, ASKED, by=_MACHINE),
    ),
)

# Why a run was asked for.
KINDS: Final = {"scheduled": "定时", "on_arrival": "来件后", "manual": "人工"}

STATUSES: Final = STATUS
OPEN: Final = ("new", "continuing", "unconfirmed")
ALERT_TONES: Final = {"new": "warn", "continuing": "neutral", "unconfirmed": "working", "cleared": "good"}

# The most urgent first. 蓝 is the watch list: looked at, not worked through.
LEVELS: Final = ("红", "橙", "蓝")
WATCHED: Final = "蓝"
RANKS: Final = {level: rank for rank, level in enumerate(LEVELS)}
LEVEL_TONES: Final = {"红": "bad", "橙": "warn", "蓝": "working"}

DISPOSITIONS: Final = DISPOSITION

# The words of the feeds.
SOURCES: Final = FEED_NAMES
