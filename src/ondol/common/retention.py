"""How long raw readings are kept."""

from dataclasses import dataclass

from pydantic import SecretStr

from ondol.common.instants import DAY_US
from ondol.common.store_urls import option_of

LONGEST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Retention:
    """So many days; 0 keeps for good."""

    days: int

    @classmethod
    def of(cls, url: SecretStr, otherwise: int) -> "Retention":
        """What the URL of a time-series store says (`retention_days`), else so many days."""
        days = option_of(url, "retention_days")
        return cls(otherwise if days is None else int(days))

    @property
    def is_for_good(self) -> bool:
        """Whether nothing is ever too old."""
        return self.days == 0

    def from_us(self, now_us: int) -> int:
        """Time of the oldest reading that is kept; before every reading where they are kept for good."""
        return 0 if self.is_for_good else max(now_us - self.days * DAY_US, 0)

    def taken_in(self) -> "Retention":
        """What still goes to the store: a day less than it keeps, so that what waits in a spool is not too old by then."""
        return self if self.is_for_good else Retention(max(self.days - 1, 1))


USUAL = Retention(30)
