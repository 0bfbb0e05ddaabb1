"""Neither a printed URL nor a logged fault tells a password, nor does anything that holds one."""

from typing import Any

import pytest
import structlog
from pydantic import SecretStr, ValidationError

from ondol.common.store_urls import check_url, masked
from ondol.config import environment_of, load_settings
from ondol.database.engine import Database
from ondol.logs import configure_logging
from ondol.stores.objects.s3_client import Address as S3Address
from ondol.stores.opening import open_store
from ondol.stores.timeseries.influxdb_http import Address


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:SECRET@h:5432/d", "postgresql://h/d?user=u&password=SECRET", "influxdb://h/d?org=o&token=SECRET",
        "influxdb://h/d?u=u&p=SECRET", "s3://h/b?secret_key=SECRET", "redis://:SECRET@h:6379/0", "s3://k:SECRET@h/b?region=x",
        "postgresql://h/d?sslpassword=SECRET", "influxdb://h/d?PASSWORD=SECRET", "redis://h/0?pw=SECRET",
        "influxdb://h/d?%74oken=SECRET", "influxdb://h/d?org=me@example.com&token=SECRET", "redis://SECRET@h/0",
        "postgresql://u:SECRET/SECRET@h/d", "postgresql://u:1/SECRET?SECRET=1@h/d", "postgresql://u:SECRET#SECRET@h/d",
        "influxdb://u:SECRET/SECRET@h/d", "redis://:SECRET@SECRET@h/0", "redis://:SECRET@SECRET?SECRET@h", "redis:SECRET@h",
        "influxdb://h/d?token=SECRET#SECRET", "postgresql://u:SECRET@h/d?password=SECRET", "s3://k:SECRET[SECRET@h/b",
        "postgresql://u:SECRET\u2100SECRET@h/d",
    ],
)  # fmt: skip
def test_what_is_printed_of_a_url_hides_what_is_secret(url: str) -> None:
    shown = masked(SecretStr(url))
    assert "SECRET" not in shown
    assert "***" in shown


def test_a_logged_fault_has_its_traceback_and_no_local_variables(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(hidden: str) -> None:
        raise RuntimeError(f"failed after {len(hidden)}")

    configure_logging("info")
    try:
        fail("-".join(["my", "secret"]))
    except RuntimeError:
        structlog.get_logger().exception("request failed")
    finally:
        structlog.reset_defaults()
    out = capsys.readouterr()
    said = out.out + out.err
    assert "RuntimeError: failed after 9" in said
    assert "Traceback" in said
    assert "my-secret" not in said


def test_what_is_no_secret_is_shown() -> None:
    for url in (
        "sqlite:////home/a@b:c/ondol.sqlite", "file:///C:/x@y/objects", "memory://", "postgresql://energy_user@h:5432/d",
        "influxdb://h:8086/d?org=me@example.com", "duckdb:///readings.duckdb", "redis://h:6379/0",
    ):  # fmt: skip
        assert masked(SecretStr(url)) == url
        check_url(url)
    assert masked(SecretStr("s3://key:a@h:9000/b?region=x")) == "s3://key:***@h:9000/b?region=x"


ILL_WRITTEN = {
    "database_url": ["postgresql://u:SECRET@SECRET:SECRET@h/d", "postgresql://u:SECRET\u2100x@h/d", "postgresql://u:p@h:SECRET/d"],
    "timeseries_url": ["influxdb://u:SECRET/SECRET@h/d", "influxdb://u:SECRET[@h/d", "influxdb://h/d?token=SECRET#SECRET"],
    "cache_url": ["redis://:SECRET/SECRET@h/0", "redis://:SECRET@SECRET?SECRET@h/0", "SECRET", "redis:SECRET@h"],
    "objects_url": ["s3://k:SECRET/SECRET@h/b", "s3://k:SECRET@SECRET@h/b", "s3://k:p@h:SECRET/b"],
}  # fmt: skip


@pytest.mark.parametrize(("setting", "url"), [(setting, url) for setting, urls in ILL_WRITTEN.items() for url in urls])
def test_a_url_of_which_a_password_would_spill_is_refused_without_its_words(setting: str, url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        load_settings(**{setting: url})
    (error,) = refused.value.errors(include_input=False)
    assert "%40" in error["msg"]
    assert "SECRET" not in f"{refused.value}{refused.value!r}{error['msg']}{error.get('ctx')}"
    assert "SECRET" not in masked(SecretStr(url))


URLS: dict[str, Any] = {
    "database_url": "postgresql://u:SECRETS@127.0.0.1:1/d?password=SECRETS",
    "timeseries_url": "influxdb://u:SECRETS@127.0.0.1:1/d?token=SECRETS",
    "cache_url": "redis://:SECRETS@127.0.0.1:1/0",
    "objects_url": "s3://k:SECRETS@127.0.0.1:1/b",
}


def test_nothing_that_holds_a_secret_shows_it() -> None:
    settings = load_settings(**URLS)
    database = Database(settings.database.get_secret_value())
    holders: list[object] = [
        settings, settings.database, settings.timeseries, settings.cache, settings.objects, settings.model_dump(),
        settings.model_dump_json(), database.engine, database.engine.url,
        vars(database), Address.parse(URLS["timeseries_url"]), S3Address.parse(URLS["objects_url"]),
        vars(open_store("cache", settings.cache)), vars(open_store("objects", settings.objects)),
    ]  # fmt: skip
    for holder in holders:
        assert "SECRET" not in f"{holder}{holder!r}", holder
    # The processes that it starts need them all the same.
    assert {environment_of(settings)[f"ONDOL_{name.upper()}"] for name in URLS} == set(URLS.values())


def test_a_password_of_an_example_is_found_wherever_it_stands() -> None:
    for url in ("postgresql://h/d?password=changeme", "redis://h/0?password=changeme", "influxdb://h/d?p=changeme"):
        with pytest.raises(ValidationError, match="ondol init"):
            load_settings(cache_url=url)


def test_a_failed_statement_is_logged_without_its_values(database: Database) -> None:
    database.upgrade()
    with pytest.raises(Exception, match="no_such_table") as failed, database.engine.connect() as connection:
        connection.exec_driver_sql("insert into no_such_table values ('x', 1)", ())
    assert "[SQL:" in str(failed.value)
    assert database.engine.hide_parameters
