"""Where this installation is: the divisions that landing checks codes against."""

from django.conf import settings

from doudi.landing.values import Place
from doudi.office.common.codes import level_of
from doudi.office.divisions import selectors as divisions

__all__ = ["our_city", "our_place"]


def our_city() -> int:
    """The root division of this installation, twelve digits."""
    return int(settings.DOUDI_CITY)


def our_place() -> Place:
    """The city and every division below it that the table of divisions knows; none known = codes are not checked."""
    city = our_city()
    codes: list[int] = []
    level = [city]
    while level:
        level = [code for above in level if level_of(above) != "village" for code in divisions.children(above)]
        codes += level
    return Place.of(str(city)[:4], codes) if codes else Place()
