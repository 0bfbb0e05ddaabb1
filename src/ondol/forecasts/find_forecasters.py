"""The models that can be fitted on this machine."""

import structlog

from ondol.forecasts.ports.forecaster import Forecaster

_log = structlog.get_logger()


def forecasters() -> list[Forecaster]:
    """The models that can be fitted here, the best first; without LightGBM's library the seasonal one alone."""
    from ondol.forecasters.seasonal import Seasonal

    try:
        # It takes 60 MB, which only who fits or asks a model has to pay.
        from ondol.forecasters.lightgbm import LightGBM
    except (ImportError, OSError) as error:
        _log.warning(
            "LightGBM cannot be loaded, forecasts are seasonal means; Debian, Ubuntu: apt install libgomp1",
            reason=str(error),
        )
        return [Seasonal()]
    return [LightGBM(), Seasonal()]
