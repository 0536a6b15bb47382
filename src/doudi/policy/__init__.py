"""政策簿：法是数据，这里只是读它的机器。

The policy book as data and the machine that reads it: words with units, rules as closed expressions, one household
at a time. Doors: `load.load_book`, `view.View`, `evaluate.Evaluation`, `explain`, `cases`. It knows no file of a
department, no SQL and no amount; every threshold stands in `policybook/` with its clause.
"""
