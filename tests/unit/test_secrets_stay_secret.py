"""Neither a printed URL nor a logged fault tells a password."""

import pytest
import structlog

from ondol.config import masked
from ondol.logs import configure_logging


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:SECRET@h:5432/d", "postgresql://h/d?user=u&password=SECRET", "influxdb://h/d?org=o&token=SECRET",
        "influxdb://h/d?u=u&p=SECRET", "s3://h/b?secret_key=SECRET", "redis://:SECRET@h:6379/0", "s3://k:SECRET@h/b?region=x",
        "postgresql://h/d?sslpassword=SECRET", "influxdb://h/d?PASSWORD=SECRET", "redis://h/0?pw=SECRET",
    ],
)  # fmt: skip
def test_what_is_printed_of_a_url_hides_what_is_secret(url: str) -> None:
    shown = masked(url)
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
