"""What the latest run knew of a household: facts with their source, tier by tier why and why not, what is due."""

from datetime import date
from typing import Final

from ninja import Schema
from pydantic import Field

from doudi.office.monitoring.selectors import FactsCard

__all__ = ["Facts"]

_HOLDS: Final = {"✓": True, "✗": False, "？": None}


class FactLine(Schema):
    """同一处来源说的几件事。"""

    says: list[str] = Field(description="事实，金额带单位")
    source: str = Field(description="部门、来件、批次、行")
    day: str | None = Field(description="记录的日期；几个日期用顿号隔开")
    withheld: int = Field(description="这一处按岗位不给看的有几件")


class PersonFacts(Schema):
    """一个人的事实；按与户主的关系称呼。"""

    name: str
    counted: str = Field(description="算不算共同生活")
    enrolled: str = Field(description="在册情况")
    facts: list[FactLine]
    withheld: int = Field(description="另有几件按岗位不给看")
    exclusion: bool = Field(description="有只用于排除的记录，谁也不再多看")


class Test(Schema):
    """一道判断。"""

    holds: bool | None = Field(description="成立；null 是无法判断")
    question: str
    basis: list[str] = Field(description="依据的条款")
    rule: str | None = Field(description="怎样判断；按岗位不给看的是 null")
    grounds: list[str]
    hidden: bool = Field(description="判断的数字按岗位不给看")


class Path(Schema):
    """认定一类的一条路径。"""

    name: str
    verdict: str = Field(description="是、否、无法判断")
    tests: list[Test]


class Tier(Schema):
    """一类，整户或一个人。"""

    name: str
    who: str
    verdict: str
    paths: list[Path]
    missing: list[str] = Field(description="还须知道什么")


class Due(Schema):
    """一项待遇：该不该有、有没有收到、缺不缺。"""

    name: str
    department: str
    who: str
    due: str
    received: str
    missing: str


class Facts(Schema):
    """一户的事实卡片。"""

    day: date = Field(description="监测日")
    persons: list[PersonFacts]
    conclusion: list[str]
    tiers: list[Tier]
    due: list[Due]

    @classmethod
    def of(cls, card: FactsCard) -> "Facts":
        """The card, line by line."""
        return cls(
            day=card.day, conclusion=list(card.conclusion),
            persons=[
                PersonFacts(
                    name=each.name, counted=each.counted, enrolled=each.enrolled, withheld=each.withheld,
                    exclusion=each.exclusion,
                    facts=[
                        FactLine(says=list(line.says), source=line.source, day=line.day or None, withheld=line.withheld)
                        for line in each.facts
                    ],
                )
                for each in card.persons
            ],
            tiers=[
                Tier(
                    name=tier.name, who=tier.who, verdict=tier.verdict, missing=list(tier.missing),
                    paths=[
                        Path(
                            name=name, verdict=verdict,
                            tests=[
                                Test(
                                    holds=_HOLDS[test.mark], question=test.question, basis=list(test.basis),
                                    rule=test.rule or None, grounds=list(test.grounds), hidden=test.hidden,
                                )
                                for test in tests
                            ],
                        )
                        for name, verdict, tests in tier.paths
                    ],
                )
                for tier in card.tiers
            ],
            due=[
                Due(
                    name=each.name, department=each.department, who=each.who, due=each.due, received=each.received,
                    missing=each.missing,
                )
                for each in card.due
            ],
        )  # fmt: skip
