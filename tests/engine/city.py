"""Runs the relations of a small lake and hands back rows."""

from dataclasses import replace

from doudi.engine.backends.duckdb import open_backend
from doudi.engine.counties import city_code
from doudi.engine.kept import kept_everybody
from doudi.engine.plan import plan_facts
from doudi.engine.step import in_order
from doudi.policy.view import view


class City:
    def __init__(self, words):
        self.words = words

    def rows(self, lake, relation, previous=None, order="ALL", facts=None):
        """All rows of one relation, made with what it reads and nothing else."""
        inputs = lake.inputs() if hasattr(lake, "inputs") else lake
        words = replace(self.words, facts={name: self.words.facts[name] for name in facts}) if facts else self.words
        facts = plan_facts(inputs, words, view(words, inputs.at, city_code(inputs)), previous)
        steps = in_order([*facts, *kept_everybody()])
        needed = _needed(steps, relation)
        readable = [inputs.home, *([previous.parent] if previous else [])]
        with open_backend(inputs.home, "512MB", readable) as backend:
            for step in steps:
                if step.name in needed:
                    (backend.materialise if step.stored else backend.name_view)(step.name, step.sql)
            return backend.dicts(f"SELECT * FROM {relation} ORDER BY {order}")

    def fact(self, lake, key, fact):
        """What is known of one fact of one person: its value, or its two bounds."""
        row = next(row for row in self.rows(lake, "person_records", facts=[fact]) if row["person_key"] == key)
        return row[fact] if fact in row else (row[f"{fact}_lo"], row[f"{fact}_hi"])

    def household_fact(self, lake, fact):
        return [row[fact] for row in self.rows(lake, "household_records", facts=[fact])]


def _needed(steps, name):
    by_name = {step.name: step for step in steps}
    needed, waiting = set(), [name]
    while waiting:
        now = waiting.pop()
        if now not in needed:
            needed.add(now)
            waiting += by_name[now].reads
    return needed
