"""Who counts as one caller."""

import ipaddress
import re

_PORT = re.compile(r"^\[([^\]]*)\](?::\d*)?$|^([^:]*):\d*$")


def network_of(address: str) -> str:
    """The address however it is spelled, or the /64 network of one of IPv6: whoever has one of those addresses has them all."""
    found = _PORT.match(address.strip())
    host = (found[1] or found[2] or "") if found else address.strip()
    try:
        parsed = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ipaddress.IPv6Network((parsed, 64), strict=False))
        parsed = parsed.ipv4_mapped
    return str(parsed)
