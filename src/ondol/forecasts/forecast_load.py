"""Flow 4 of the guide: history (training data) -> model -> cache -> dashboard.

Forecasts are issued for many buildings at once, kept for good with `issued_at`, and put into the cache as
`forecast:{building}:{quantity}:{hours}h` until they are outdated.
"""

import contextlib
from collections.abc import Mapping, Sequence

from ondol.common.access import Access
from ondol.common.errors import NotFound, StoreUnavailable
from ondol.forecasts.find_archive import find_archive, find_overtaken
from ondol.forecasts.find_forecasters import forecasters
from ondol.forecasts.gather_all import buildings_by_quantity, recent_loads
from ondol.forecasts.model.forecasts import HORIZONS_H, Forecast, ForecastTarget
from ondol.forecasts.needs import ForecastNeeds
from ondol.forecasts.packing import cache_key, pack, unpack
from ondol.forecasts.predict_loads import predict_loads
from ondol.sites.model import Building
from ondol.sites.reach import reach_whole_building

LOOK_BACK_H = (365 + 63) * 24
"""What a forecast looks at: a year ago and the four weeks before that."""


def issue_forecasts(access: Access, needs: ForecastNeeds, horizons_h: Sequence[int] = HORIZONS_H) -> list[Forecast]:
    """Forecast every quantity of every building. Raises NotAllowed: forecasts are made for all of them together."""
    access.require_administrator()
    issued: list[Forecast] = []
    for quantity, buildings in buildings_by_quantity(needs).items():
        loads, now = recent_loads(buildings, quantity, LOOK_BACK_H, needs), needs.clock()
        for horizon_h in horizons_h:
            archive = find_archive(quantity, horizon_h, needs)
            overtaken = find_overtaken(buildings, quantity, horizon_h, now, needs)
            target = ForecastTarget(quantity, horizon_h)
            forecasts = predict_loads(buildings, loads, target, archive, forecasters(), now, overtaken=overtaken)
            needs.records.add(forecasts)
            share_forecasts(forecasts, {building.id: building.key for building in buildings}, needs)
            issued += forecasts
    return issued


def share_forecasts(forecasts: Sequence[Forecast], keys: Mapping[int, str], needs: ForecastNeeds) -> None:
    """Put forecasts where the dashboard looks first; `keys` are the buildings' keys by id. They are durable already."""
    with contextlib.suppress(StoreUnavailable):
        if needs.cache is not None:
            packed = {cache_key(keys[f.building_id], f.quantity, f.horizon_h): pack(f) for f in forecasts}
            needs.cache.set_many(packed, needs.rules.cache_s)


def look_up_forecast(
    access: Access, building_key: str, quantity: str, horizon_h: int, needs: ForecastNeeds
) -> Forecast:
    """The newest forecast of a whole building: from the cache, else from the database.

    Raises NotFound when none was issued, or the building is out of reach.
    """
    building = reach_whole_building(access, building_key, needs.sites)
    return newest_forecast(building, quantity, horizon_h, needs)


def newest_forecast(building: Building, quantity: str, horizon_h: int, needs: ForecastNeeds) -> Forecast:
    """See `look_up_forecast`, for a building that was reached already."""
    with contextlib.suppress(StoreUnavailable):
        packed = None if needs.cache is None else needs.cache.get(cache_key(building.key, quantity, horizon_h))
        if packed is not None and (unpacked := unpack(packed)) is not None:
            return unpacked
    found = needs.records.newest(building.id, quantity, horizon_h)
    if found is None:
        raise NotFound(
            f"building {building.key!r} has no forecast of {quantity!r} yet: one is issued every hour once two days of its main "
            "meters are known; `ondol forecast predict` issues it now"
        )
    share_forecasts([found], {building.id: building.key}, needs)
    return found
