"""引擎：一座城里，谁应得什么、已得什么、缺了什么，为什么。

The whole city at once. Reads the lake (keys only: no id, no name), applies the policy book as SQL, and returns hits
and alerts with their reasons. It never decides anything about a person; it never reads a department's file.
Doors: `inputs` (what it is given), `plan` (what it will do), `run` (what it did), `diff`, `reasons`.
"""
