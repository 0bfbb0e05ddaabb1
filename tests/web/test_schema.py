"""Schemathesis: whatever is asked, no answer differs from the OpenAPI document and none is a 5xx.

Each operation is asked on its own copy of one furnished installation, so that no operation sees what another has done.
`TEST_SCHEMA_EXAMPLES=500 TEST_SCHEMA_SEED=$RANDOM` asks more, and other things.
"""

import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from tests.conftest import NOW, SetClock
from tests.web.furnishing import furnish

from ondol.bootstrap import open_installation
from ondol.config import load_settings
from ondol.forecasts.warn_of_peak_demand import warn_of_peak_demand
from ondol.web.api import live
from ondol.web.api.openapi import openapi_document
from ondol.web.app import create_app


def configuration() -> SchemathesisConfig:
    settings = tomllib.loads(Path(__file__).with_name("schemathesis.toml").read_text("utf-8"))
    settings["seed"] = int(os.environ.get("TEST_SCHEMA_SEED", "1"))
    if examples := os.environ.get("TEST_SCHEMA_EXAMPLES"):
        settings["generation"]["max-examples"] = int(examples)
    return SchemathesisConfig.from_dict(settings)


pytestmark = pytest.mark.timeout(1800)  # for those who ask for many examples


class Served:
    """The application that is asked: each test puts its own in place."""

    application: Flask

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self.application(environ, start_response)


SERVED = Served()
SCHEMA = schemathesis.openapi.from_dict(openapi_document(), config=configuration())
SCHEMA.app = SERVED
Headers = dict[str, str]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Headers]:
    """The folder of a closed installation, and the header that opens everything in it."""
    home = tmp_path_factory.mktemp("furnished")
    ondol = open_installation(load_settings(home=home), SetClock(NOW))
    token = furnish(ondol, NOW)
    ondol.close()
    return home, {"Authorization": f"Bearer {token}"}


@pytest.fixture(autouse=True)
def _quick_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """The live stream never ends: its first event comes at once, and one is enough (schemathesis.toml)."""
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.0)
    monkeypatch.setattr(live, "EVENT_EVERY_S", 0.01)


@contextmanager
def serving(home: Path) -> Iterator[None]:
    """The application over a copy of the installation in a folder."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(home, Path(folder) / "home")
        ondol = open_installation(load_settings(home=copy), SetClock(NOW))
        warn_of_peak_demand(ondol.forecasts.needs)
        SERVED.application = create_app(ondol)
        try:
            yield
        finally:
            ondol.close()


@pytest.fixture
def headers(furnished: tuple[Path, Headers]) -> Iterator[Headers]:
    with serving(furnished[0]):
        yield furnished[1]


# Without a parameter beside it, pytest 9.2 leaves the operation out of the test's id, and pytest-xdist takes all for one.
@pytest.mark.parametrize("stores", ["embedded"])
@SCHEMA.parametrize()
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_answer_conforms(case: schemathesis.Case, headers: Headers, stores: str) -> None:
    case.call_and_validate(headers=headers)


def test_what_was_created_can_be_used_until_it_is_deleted(furnished: tuple[Path, Headers]) -> None:
    home, headers = furnished

    class Sequences(SCHEMA.as_state_machine()):
        def setup(self) -> None:
            self.served = ExitStack()
            self.served.enter_context(serving(home))

        def teardown(self) -> None:
            self.served.close()

        def get_call_kwargs(self, case: schemathesis.Case) -> dict[str, Any]:
            return {"headers": headers}

        def validate_response(self, response: Any, case: schemathesis.Case, *_: Any, **kwargs: Any) -> None:
            case.validate_response(response, headers=headers, transport_kwargs=kwargs)

    examples = (SCHEMA.config.generation.max_examples or 100) // 2
    Sequences.run(
        settings=settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=examples, database=None)
    )
