"""Where this installation is: the divisions that landing checks codes against."""

from typing import Final

from django.conf import settings

from doudi.landing.values import Place
from doudi.office.common.codes import level_of
from doudi.office.divisions import selectors as divisions

__all__ = ["our_city", "our_place"]

_DONGYING: Final = 370500000000  # the demo city, unless settings.DOUDI_CITY says otherwise


def our_city() -> int:
    """The root division of this installation, twelve digits."""
    return int(getattr(settings, "DOUDI_CITY", _DONGYING))


def our_place() -> Place:
    """The city and every division below it that the table of divisions knows; none known = codes are not checked."""
    city = our_city()
    codes: list[int] = []
    level = [city]
    while level:
        level = [code for above in level if level_of(above) != "village" for code in divisions.children(above)]
        codes += level
    return Place.of(str(city)[:4], codes) if codes else Place()
