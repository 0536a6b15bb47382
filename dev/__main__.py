"""兜底 Doudi 的开发命令：准备好环境，再做一件事。只用标准库。

python3 dev run     开办公区（网站），里面是一座落了地、监测过的示范城市；Ctrl-C 关门
python3 dev test    全部检查和测试
python3 dev check   只做静态检查：ruff、mypy、导入契约
python3 dev cases   只跑政策簿里的案例
python3 dev docs    重新生成文档里由源码得出的部分
python3 dev bench   列出基准；python3 dev bench 名字 运行其一
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import children
import environment
from benches import bench
from checks import cases, check, test
from opening import run
from papers import docs
from telling import StepFailedError, say


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("dev", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")
    for act in (run, test, check, cases, docs, bench):
        commands.add_parser(act.__name__).set_defaults(act=act)
    commands.choices["run"].add_argument("--persons", type=int, default=20_000, help="城市人口，默认 20000")
    commands.choices["run"].add_argument("--seed", type=int, default=1, help="随机种子，同一种子造出同一座城市")
    options, rest = parser.parse_known_args(arguments)
    if rest and options.act not in (test, cases, bench):
        parser.error(f"不认识的参数：{' '.join(rest)}")
    options.rest = rest
    return options


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts this with an old Python is told so, in a sentence
        print(f"需要 Python 3.11 或更新，这里是 {sys.version.split()[0]}", file=sys.stderr)
        return 1
    children.leave_on_signals()
    options = parsed(sys.argv[1:])
    try:
        with environment.alone("prepare"):
            environment.prepare()
        return int(options.act(options))
    except StepFailedError as failed:
        say(str(failed))
        return 1


if __name__ == "__main__":
    sys.exit(main())
