"""引擎的后端：与数据库说话的唯一地方。

The only rooms that speak to a database engine. A backend runs SQL texts that `plan` wrote; it adds no meaning.
"""
