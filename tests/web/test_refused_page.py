"""Refused readings on their page: who sent them, why, and when by the installation's clock."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from tests.making import make_building, make_token, make_user, sign_in

from ondol.common.access import Scope
from ondol.installation import Installation
from ondol.people import Role
from ondol.web.app import create_app


def test_a_refusal_is_told_by_the_clock_on_the_wall(open_ondol: Callable[..., Installation]) -> None:
    ondol = open_ondol(timeseries_url="memory://", timezone="Asia/Seoul")
    make_building(ondol, "hq")
    make_user(ondol, "boss", Role.ADMIN)
    client = create_app(ondol).test_client()
    headers = {"Authorization": f"Bearer {make_token(ondol, 'plant', Scope.WRITE)}"}
    refused = client.post("/api/v2/write?bucket=hq", data=b"temperature,point=hq.t value=x\n", headers=headers)
    assert refused.status_code == 400
    client.set_cookie("ondol_session", sign_in(ondol, "boss")[0])
    page = client.get("/refused").text
    local = ondol.clock().astimezone(ZoneInfo("Asia/Seoul"))
    assert "plant" in page
    assert "not a finite number" in page
    assert f"{local:%Y-%m-%d %H:%M}" in page
    assert "+00:00" not in page
