"""Rows in, rows out: every YAML beside a relation is a table that the relation must reproduce."""

from collections import defaultdict
from importlib.resources import files

import pytest
import yaml

from engine.lake import Lake

FOLDER = files("doudi.engine") / "relations"


def examples():
    for stage in sorted(FOLDER.iterdir(), key=lambda entry: entry.name):
        for entry in sorted(stage.iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith(".yaml"):
                for example in yaml.safe_load(entry.read_text(encoding="utf-8")):
                    yield pytest.param(entry.name.removesuffix(".yaml"), example, id=f"{entry.name}: {example['例']}")


def filled(tmp_path, example):
    lake = Lake(tmp_path)
    for feed, rows in example["in"].items():
        for row in rows:
            times = row.pop("repeat", 1)
            lake.add(feed, *({**row, "id": row["id"] + place} if times > 1 else row for place in range(times)))
    return lake


@pytest.mark.parametrize(("relation", "example"), list(examples()))
def test_rows_in_give_rows_out(tmp_path, city, relation, example):
    rows = city.rows(filled(tmp_path, example), relation)
    if "together" in example:
        houses = defaultdict(list)
        for row in rows:
            houses[row["source"], row["household_token"]].append(row["person_key"])
        assert sorted(map(sorted, houses.values())) == example["together"]
        return
    asked = [{name: row[name] for name in wanted} for row, wanted in zip(rows, example["out"], strict=True)]
    assert asked == example["out"]
