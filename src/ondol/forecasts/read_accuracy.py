"""How good the forecasts of a building have been, for who asks."""

from dataclasses import replace

from ondol.common.access import Access
from ondol.forecasts.find_archive import find_archive
from ondol.forecasts.needs import ForecastNeeds
from ondol.forecasts.report_forecast_accuracy import ForecastAccuracy, report_forecast_accuracy
from ondol.sites.reach import reach_whole_building


def read_accuracy(
    access: Access, building_key: str, quantity: str, horizon_h: int, needs: ForecastNeeds
) -> ForecastAccuracy:
    """The report of a whole building; until its first forecast is scored, with the newest model's back-test. Raises NotFound."""
    building = reach_whole_building(access, building_key, needs.sites)
    report = report_forecast_accuracy(building, quantity, horizon_h, needs.clock(), forecasts=needs.records)
    archive = None if report.forecasts else find_archive(quantity, horizon_h, needs)
    return replace(report, back_test_better_share=archive.better_share(building.key)) if archive else report
