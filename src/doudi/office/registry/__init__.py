"""户籍册：人和户是谁、住在哪、归谁管，怎样按姓名找到。

Persons and households as the latest run knows them, with their three divisions, and the search over them. It shows
identities masked, and journals whoever reveals one.
"""
