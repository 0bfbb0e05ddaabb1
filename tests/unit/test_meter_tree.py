"""The tree of meters: what is in front of what, and the rest that nobody accounts for."""

from hypothesis import given
from hypothesis import strategies as st

from ondol.history.look_up_meters import Meter, tree_of
from ondol.sites.model import Building, Point, PointKind, PointRole

HALL = Building(1, "hall", "hall", "", "Asia/Seoul")


def point(number: int, main: str | None = None, role: PointRole = PointRole.MAIN) -> Point:
    return Point(
        number,
        f"m{number}",
        1,
        "hall",
        f"m{number}",
        "electricity",
        "kWh",
        PointKind.TOTAL,
        submeter_of=main,
        role=role,
    )


def test_the_rest_is_what_no_submeter_accounts_for() -> None:
    points = [point(1), point(2, "m1"), point(3, "m1"), point(4, "m3")]
    tree = tree_of(HALL, "electricity", points, {1: 100.0, 2: 30.0, 3: 50.0, 4: 20.0})
    (main,) = tree.mains
    assert (tree.total, tree.rest, main.rest) == (100.0, 20.0, 20.0)
    assert [(part.point.key, part.rest) for part in main.behind] == [("m2", None), ("m3", 30.0)]


def test_a_rest_of_what_is_not_known_is_not_known() -> None:
    tree = tree_of(HALL, "electricity", [point(1), point(2, "m1")], {1: 100.0})
    assert (tree.total, tree.rest) == (100.0, None)
    assert tree_of(HALL, "electricity", [point(1)], {}).total is None


def test_submeters_of_all_mains_and_what_has_a_role_of_its_own() -> None:
    points = [
        point(1),
        point(2),
        point(3, role=PointRole.SUBMETER),
        point(4, role=PointRole.EXPORT),
        point(5, role=PointRole.CHECK),
    ]
    tree = tree_of(HALL, "electricity", points, {1: 60.0, 2: 40.0, 3: 70.0, 4: 5.0, 5: 60.0})
    assert (tree.total, tree.rest) == (100.0, 30.0)
    assert [meter.point.key for meter in tree.parts] == ["m3"]
    assert [meter.point.key for meter in tree.others] == ["m4", "m5"]


@given(st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=1, max_size=10))
def test_every_meter_stands_in_the_tree_once(mains: list[int | None]) -> None:
    points = [point(n, None if main is None else f"m{main}") for n, main in enumerate(mains)]

    def keys(meters: list[Meter]) -> list[str]:
        return [key for meter in meters for key in [meter.point.key, *keys(meter.behind)]]

    tree = tree_of(HALL, "electricity", points, {})
    assert sorted(keys([*tree.mains, *tree.parts, *tree.others])) == sorted(point.key for point in points)
