"""运行日志：只写到标准错误，不写个人信息。

What the office logs, to stderr alone: no query of an address, no value of a row, nothing that looks like a citizen's id.
"""

import logging
import re
from typing import Any, Final

__all__ = ["LOGGING", "Discreet"]

LEFT_OUT: Final = "〔略〕"
_CITIZEN_ID: Final = re.compile(r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15})(?![0-9A-Za-z])")
_QUERY: Final = re.compile(r"(/[^\s?'\"]*)\?[^\s'\"]+")
# PostgreSQL tells here which value broke the rule, and in which statement.
_OF_THE_ROW: Final = re.compile(r"^(DETAIL|CONTEXT|QUERY|LINE \d+):.*$", re.MULTILINE)


class Discreet(logging.Formatter):
    """Leaves personal data out of a line and of its traceback. Names cannot be told by their looks: nobody logs them."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it may be written."""
        line = _OF_THE_ROW.sub(rf"\1: {LEFT_OUT}", super().format(record))
        return _CITIZEN_ID.sub(LEFT_OUT, _QUERY.sub(rf"\1?{LEFT_OUT}", line))


LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"()": Discreet, "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.db.backends": {"level": "WARNING"},  # its DEBUG would write statements with their values
        "oauthlib": {"level": "WARNING"},  # its DEBUG writes the tokens that it makes
        "oauth2_provider": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},  # its INFO writes the arguments of each job
    },
}
