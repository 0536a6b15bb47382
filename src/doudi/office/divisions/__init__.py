"""区划：五级区划的名称、代码、上下级和沿革。

The divisions: names, codes, parents and their history of merges and renames. Unknown codes are held at county level.
"""
