from collections.abc import Callable, Iterator

import pytest
from tests.access.world import World, make_world
from tests.conftest import NOW

from ondol.bootstrap import open_installation
from ondol.config import load_settings


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, new_stores: Callable[[], dict[str, str]]) -> Iterator[World]:
    settings = load_settings(home=tmp_path_factory.mktemp("home"), **{"timeseries_url": "memory://", **new_stores()})
    ondol = open_installation(settings, lambda: NOW)
    yield make_world(ondol)
    ondol.close()
