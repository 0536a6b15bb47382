"""What others may know of monitoring: alerts, counts, runs, a household's card; each within a viewer's jurisdiction."""

from doudi.office.monitoring.asked import AGES, DEFAULT_ORDER, ORDERS, SIZES, STATES, VIEWS, Asked, read_asked
from doudi.office.monitoring.cards import AlertCard, AlertPage, ListPage, ReasonCard, RunCard
from doudi.office.monitoring.facts import FactsCard, TestCard, TierCard
from doudi.office.monitoring.selectors.facts import facts_card
from doudi.office.monitoring.selectors.history import HouseholdChange, changes_of_household
from doudi.office.monitoring.selectors.listing import alerts, worklist
from doudi.office.monitoring.selectors.news import RunNews, news
from doudi.office.monitoring.selectors.reading import of_household
from doudi.office.monitoring.selectors.runs import current_run, latest_run, run, runs
from doudi.office.monitoring.selectors.totals import counts, counts_by_run
from doudi.office.monitoring.selectors.visiting import asks_of_household

__all__ = [
    "AGES", "DEFAULT_ORDER", "ORDERS", "SIZES", "STATES", "VIEWS", "AlertCard", "AlertPage", "Asked", "FactsCard",
    "HouseholdChange", "ListPage", "ReasonCard", "RunCard", "RunNews", "TestCard", "TierCard", "alerts", "asks_of_household",
    "changes_of_household", "counts", "counts_by_run", "current_run", "facts_card", "latest_run", "news", "of_household",
    "read_asked", "run", "runs", "worklist",
]  # fmt: skip
