"""网络地址：请求从哪里来，代理说的只信最后一个。

Whence a request comes. Behind the proxy of a production site every caller has the proxy's own address, and says of himself
what he likes: only what the proxy itself added, the last word of X-Forwarded-For, counts.
"""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

__all__ = ["address_of", "network_of"]

_ONE_SITE = 64  # bits of an IPv6 address that a site is given: inside them, every machine has as many as it likes


def address_of(request: HttpRequest) -> str:
    """The caller's address; empty when it is not known: no address was told, or the proxy does not say for whom it asks."""
    peer = _plain(str(request.META.get("REMOTE_ADDR", "")))
    if not (settings.PRODUCTION and (not peer or ip_address(peer).is_loopback)):
        return peer
    return _plain(str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2])


def network_of(address: str) -> str:
    """What counts as one place: the address itself, of IPv6 the site's /64. Empty stays empty."""
    if not address or ip_address(address).version == 4:
        return address
    return str(ip_network((address, _ONE_SITE), strict=False))


def _plain(told: str) -> str:
    try:
        found = ip_address(told.strip().partition("%")[0])
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)
