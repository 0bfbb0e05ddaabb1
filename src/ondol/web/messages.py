"""Messages in the words of the request's language."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext

from ondol.common.messages import Message


def words_of(message: Message, zone: ZoneInfo) -> str:
    """The sentence; instants in it are told by the zone's clock. A key that nobody has words for stands as it is."""
    values = message.values
    if message.key == "peak_demand_near_limit":
        return gettext(
            "%(building)s: %(expected)s kW expected from %(start)s, limit %(limit)s kW. Shed load now.",
            building=values["building"],
            expected=f"{float(values['expected_kw']):,.0f}",
            limit=f"{float(values['limit_kw']):,.0f}",
            start=f"{datetime.fromisoformat(str(values['start'])).astimezone(zone):%H:%M}",
        )
    return message.key
