"""监督：流水的查阅页——安全审计员看全部，外部监督看其范围，每个人看自己办过的。

Oversight: the journal as people read it. The audit administrator sees every entry and no household, an external supervisor
his scope, everybody his own acts. It writes nothing but the fact that somebody read.
"""
