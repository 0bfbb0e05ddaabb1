"""Who counts as one caller."""

import ipaddress


def network_of(address: str) -> str:
    """The address, or the /64 network of one of IPv6: whoever has one of those addresses has them all."""
    if ":" not in address:
        return address
    try:
        return str(ipaddress.IPv6Network((address.partition("%")[0], 64), strict=False))
    except ValueError:
        return address
