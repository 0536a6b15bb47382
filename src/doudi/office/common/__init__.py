"""公用：角色、办事人、区划代码、字段分级、流程表、事件——各科室共用的词，没有业务。

What every office shares: roles, actors, division codes, field classes, workflow tables, the scope of a transaction.
It keeps nothing and knows no office.
"""
