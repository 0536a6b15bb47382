"""Handing work to the worker, in the transaction of what asks for it."""

from procrastinate.contrib.django import app

__all__ = ["LAND", "QUEUE", "ask_for_landing"]

LAND = "exchange.land"
QUEUE = "exchange"


def ask_for_landing() -> None:
    """A job that lands whatever waits when its turn comes; one that finds nothing is done at once."""
    app.configure_task(LAND, queue=QUEUE, lock=LAND).defer()
