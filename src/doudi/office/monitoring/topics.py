"""问什么、看什么：给看不到情形的人，一个话题一句，什么结论也听不出来。

What to ask and to look at, for somebody who sees no figures: one sentence a topic, and a topic is where an indicator's facts
come from. A sentence opens the topic and says nothing of what was found; guarded sources have no topic.
"""

from collections.abc import Iterable
from typing import Final

from doudi.office.accounts.scope import Viewer
from doudi.office.common.fields import FieldClass
from doudi.office.monitoring.classes import class_of_indicator, shown
from doudi.office.monitoring.the_book import the_book

__all__ = ["AT_LARGE", "TOPICS", "asks"]

# The sources of a topic → its sentence, in the order of a visit.
TOPICS: Final[dict[frozenset[str], str]] = {
    frozenset(
        {"population", "death", "enrolled_elsewhere"}
    ): "家里现在住着几口人，近来有没有人搬来、搬走，日子过得怎样。",
    frozenset(
        {"medical_settlement", "medical_enrolment"}
    ): "近期有没有看病、住院，自付了多少由家人自己说，医保办了没有。",
    frozenset({"disability", "disability_allowance"}): "有没有人起居要人照应，谁在照应，还缺什么。",
    frozenset({"unemployment", "social_insurance"}): "家里谁在做事、做什么活，近来活计有没有变化。",
    frozenset(
        {"hardship_student", "student_roll", "child_welfare_roll"}
    ): "家里有没有孩子上学，平时由谁照看，上学有没有为难的事。",
    frozenset({"housing_need"}): "房子住着安不安全：看看屋顶、墙面、水电和取暖。",
    frozenset({"disaster"}): "近来有没有遇到风雨、火灾一类的事，家里和地里怎样。",
    frozenset(
        {"dibao_roll", "tekun_roll", "low_income_roll", "fanpin_roll", "refused_or_left", "assistance"}
    ): "现在领着哪些补助、有没有按时收到，还想申请什么、缺什么手续。",
}
# Always asked, so that its standing alone gives nothing away.
AT_LARGE: Final = "还有没有别的难处，由家人自己说；单子上没有的也记下来。"

_NOT_ASKED: Final = (FieldClass.DIAGNOSIS, FieldClass.GUARDED)


def asks(viewer: Viewer, indicators: Iterable[str]) -> tuple[str, ...]:
    """The questions of these indicators in the order of a visit; empty for who reads the reasons themselves.

    An indicator whose very title is a diagnosis or guarded opens no topic.
    """
    asked = set(indicators)
    if not asked or shown(viewer, FieldClass.HARDSHIP):
        return ()
    book = the_book()
    rules = [each for each in book.indicators if each.id in asked and class_of_indicator(each.id) not in _NOT_ASKED]
    facts = [book.facts[word] for word in book.rests_on(*(each.when for each in rules)) if word in book.facts]
    feeds = {feed for fact in facts for feed in fact.feeds}
    return (*(sentence for sources, sentence in TOPICS.items() if sources & feeds), AT_LARGE)
