"""Calorific values of gas."""

from datetime import date

from pydantic import Field

from ondol.sites import CalorificValue
from ondol.web.api.shapes.base import Shape


class CalorificValueShape(Shape):
    """From a local day on, a cubic metre holds so many kWh."""

    valid_from: date = Field(examples=["2026-01-01"])
    kwh_per_m3: float = Field(ge=1, le=40, examples=[10.9])

    @property
    def value(self) -> CalorificValue:
        """As the capability knows it."""
        return CalorificValue(self.valid_from, self.kwh_per_m3)


class CalorificValues(Shape):
    """All of them, in place of what there was."""

    items: list[CalorificValueShape] = Field(max_length=1000)


def calorific_values_answer(values: list[CalorificValue]) -> CalorificValues:
    """The values in the API's shape."""
    return CalorificValues(
        items=[CalorificValueShape(valid_from=value.valid_from, kwh_per_m3=value.kwh_per_m3) for value in values]
    )
