"""Messages in the words of the request's language."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext

from ondol.common.messages import Message, Sentence
from ondol.forecasts import MissingForecast, NoForecast


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


def words_of_missing_forecast(missing: MissingForecast, zone: ZoneInfo) -> str:
    """Why there is no forecast, and what to do for one."""
    since = f"{missing.since.astimezone(zone):%Y-%m-%d %H:%M}" if missing.since else ""
    match missing.reason:
        case NoForecast.NO_READINGS:
            return gettext(
                "There is no forecast: no main meter has any readings. One is issued within the hour once some are known."
            )
        case NoForecast.ENDED:
            return gettext(
                "There is no forecast: the readings end on %(since)s, and a forecast looks at the last fourteen months.",
                since=since,
            )
        case NoForecast.NOT_ISSUED:
            return gettext(
                "There is no forecast: none was issued for any building since %(since)s. "
                "Forecasts are made by `ondol worker`; see whether it runs.",
                since=since,
            )
        case NoForecast.SOON:
            return gettext(
                "The first forecast is being made: models are fitted to the readings. It appears within the hour."
            )


def in_words(sentence: object) -> str:
    """A sentence, or an error made with one, in the request's language; what nobody has words for stands as it is.

    A plain text is looked up, too: tables of refused lines keep the text of a sentence only.
    """
    text = str(sentence)
    if isinstance(text, Sentence):
        values = {
            name: in_words(value) if isinstance(value, Sentence) else value for name, value in text.values.items()
        }
        return gettext(text.template) % values
    return gettext(text) if text else text
