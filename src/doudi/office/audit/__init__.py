"""流水：谁、什么时候、做了什么、关于谁、凭什么、结果怎样；只添不改，一分钟内封链。

The journal. It keeps what was done, also every reading of a personal record, and seals it into a chain whose head lies
outside the database. It never changes or drops a row, and knows no account: who acts is told to it.
"""
