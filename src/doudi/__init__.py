"""兜底：把部门送来的文件，变成讲得清理由的救助预警。

Doudi: from department files to explained alerts, for a whole city. Pure wings (`policy`, `landing`, `engine`),
an invented city to try them on (`demo`), the command line (`cli`) and, later, the `office` above them.
"""

from pathlib import Path

__version__ = "0.1.0"

__all__ = ["__version__", "policybook_dir"]


def policybook_dir() -> Path:
    """The folder of the policy book: packed beside this file in a wheel, at the root of a checkout otherwise."""
    here = Path(__file__).resolve().parent
    packed = here / "policybook"
    return packed if packed.is_dir() else here.parents[1] / "policybook"
