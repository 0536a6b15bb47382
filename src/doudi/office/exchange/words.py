"""How the exchange's codes are said to people."""

from typing import Final

__all__ = ["COVERAGE", "FEEDS", "account_parts", "feed_word", "months_before"]

# The feeds' words of docs/glossary.yaml, tested against it.
FEEDS: Final = {
    "population": "人口库", "dibao_roll": "低保名册", "tekun_roll": "特困名册", "low_income_roll": "低收入名册",
    "refused_or_left": "未获批准与退出", "fanpin_roll": "防返贫名册", "medical_settlement": "医疗结算",
    "medical_enrolment": "医保参保", "serious_illness": "重病登记", "disability": "残疾人证",
    "disability_allowance": "残疾人两项补贴", "unemployment": "失业登记", "social_insurance": "社保缴费",
    "pension": "养老待遇", "hardship_student": "困难学生", "vehicle": "机动车", "real_estate": "不动产",
    "business": "市场主体", "income_tax": "个人所得", "housing_fund": "公积金", "financial_check": "金融资产核对",
    "death": "死亡登记", "custody": "羁押登记", "public_payroll": "财政供养", "disaster": "受灾登记",
    "assistance": "救助记录", "staff_kin": "近亲属备案", "student_roll": "学籍", "child_welfare_roll": "儿童名册",
    "kinship": "亲属关系", "housing_need": "住房需求", "enrolled_elsewhere": "外地在保",
}  # fmt: skip

# state of a card of coverage → its word and the tone of its tag
COVERAGE: Final = {
    "fresh": ("按时", "good"), "late": ("晚报", "bad"), "never": ("从未报过", "neutral"), "quarantined": ("隔离待定", "warn"),
}  # fmt: skip

# What becomes of a physical line, in the order in which the account is read aloud: its word, the tone of its part.
_FATES: Final = (
    ("accepted", "入库", "good"), ("repeated", "重复", "neutral"), ("superseded", "已被取代", "neutral"),
    ("rejected", "退回", "bad"), ("header", "表头", "neutral"), ("title", "标题", "neutral"),
    ("total", "合计行", "neutral"), ("blank", "空行", "neutral"),
)  # fmt: skip


def feed_word(feed: str) -> str:
    """低保名册 for `dibao_roll`."""
    return FEEDS.get(feed, feed)


def account_parts(record: dict[str, int], rejects: str = "") -> tuple[list[dict[str, str]], bool]:
    """The parts of the identity 物理行 = 入库 + 重复 + …, those that are not zero, and whether they add up.

    `rejects` is the address to which the rejected lines lead.
    """
    parts = [
        {"count": f"{record[key]:,}", "word": word, "tone": tone, "href": rejects if key == "rejected" else ""}
        for key, word, tone in _FATES
        if record[key]
    ]
    return parts, sum(record[key] for key, _, _ in _FATES) == record["physical"]


def months_before(period: str, count: int) -> list[str]:
    """The `count` months that end with `period` (YYYY-MM), oldest first."""
    year, month = map(int, period.split("-"))
    last = year * 12 + month - 1
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in range(last - count + 1, last + 1)]
