"""接口里的形状：每一样东西有哪些字段，不知道的是 null，不给看的写明理由。

What the API's objects look like. Unknown is null, never 0; what a role may not read is null too and named in `withheld`.
"""
