"""办公区：县、乡、村工作人员办事的地方，一个科室一个应用；目前还没有科室开门。

The offices where county, township and village staff work, one Django app each. None is open yet; the order in which
they may see each other already stands in `importlinter.ini`. They keep decisions and their journal; they never
compute the law themselves, they ask `doudi.policy` and `doudi.engine`.
"""
