"""Runs the relations of a small lake and hands back rows."""

from doudi.engine.backends.duckdb import open_backend
from doudi.engine.plan import city_code, plan_facts
from doudi.engine.step import in_order
from doudi.policy.view import view


class City:
    def __init__(self, words):
        self.words = words

    def rows(self, lake, relation, previous=None, order="1, 2"):
        inputs = lake.inputs() if hasattr(lake, "inputs") else lake
        steps = in_order(plan_facts(inputs, self.words, view(self.words, inputs.at, city_code(inputs)), previous))
        needed = _needed(steps, relation)
        with open_backend(inputs.home, "512MB", [inputs.home]) as backend:
            for step in steps:
                if step.name in needed:
                    (backend.materialise if step.stored else backend.name_view)(step.name, step.sql)
            return backend.dicts(f"SELECT * FROM {relation} ORDER BY {order}")

    def person(self, lake, key, relation="person_records"):
        return next(row for row in self.rows(lake, relation) if row["person_key"] == key)


def _needed(steps, name):
    by_name = {step.name: step for step in steps}
    needed, waiting = set(), [name]
    while waiting:
        now = waiting.pop()
        if now not in needed:
            needed.add(now)
            waiting += by_name[now].reads
    return needed
