"""The monitoring of a city as a data engineer would write it by hand in Polars: the second opinion, and the rival.

Households, facts with their bounds, the seven tiers and fifteen indicators, from the prose of the policy book alone:
no rule is read, compiled or evaluated by the engine's code. Only values (parameters) and what is in force in the lake
come from elsewhere. Where it disagrees with the engine, one of the two has misread the book.
"""

from twin.names import TWIN_INDICATORS as TWIN_INDICATORS
from twin.names import TWIN_TIERS as TWIN_TIERS
from twin.whole import verdicts as verdicts

__all__ = ["TWIN_INDICATORS", "TWIN_TIERS", "verdicts"]
