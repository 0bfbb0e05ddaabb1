"""Names that look like others."""

from collections.abc import Callable

import pytest
from tests.making import make_user

from ondol.common.errors import AlreadyExists, InvalidInput
from ondol.installation import Installation
from ondol.people.rules import check_name, skeleton_of


@pytest.mark.parametrize(
    "name",
    [
        "System",
        "ｓystem",
        "sy\u200bstem",
        "\u202esystem",
        "s\u0443stem",
        "\u0455y\u0455t\u0435m",
        "\u043endol",
        "k\u00adim",
        "k\x7fim",
    ],
)
def test_what_looks_like_ondol_or_hides_signs_is_no_name(name: str) -> None:
    with pytest.raises(InvalidInput):
        check_name(name)


def test_names_of_every_script_are_names() -> None:
    for name in ("김민수", "иван", "admin", "kim"):
        check_name(name)
    assert skeleton_of("Admin") == skeleton_of("\u0430dmin") == "admin"
    assert skeleton_of("김민수") != skeleton_of("김민지")


def test_a_name_that_looks_like_one_is_taken(open_ondol: Callable[..., Installation]) -> None:
    ondol = open_ondol(timeseries_url="memory://")
    make_user(ondol, "kim.a")
    for name in ("Kim.a", "kim.\u0430"):
        with pytest.raises(AlreadyExists):
            make_user(ondol, name)
