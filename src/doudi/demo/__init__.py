"""示例城市：虚构的人、户和部门文件，用来试跑，也用来给自己打分。

An invented city. Its people, names and ids belong to nobody; its divisions are the real ones of Dongying.
"""

from doudi.demo.city import build_city

__all__ = ["build_city"]
