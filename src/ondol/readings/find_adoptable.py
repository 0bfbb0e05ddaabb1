"""What stands in a foreign store, and what Ondol would take each series for: by the same words as of what is sent to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ondol.common.access import Access
from ondol.readings.formats.line_protocol import source_of
from ondol.readings.match_points import match_points
from ondol.readings.model import LONGEST_SOURCE, Sent, Submission
from ondol.readings.model.devices import NewDevice
from ondol.readings.model.foreign import AdoptedSeries, FoundSeries
from ondol.readings.needs import Matching
from ondol.readings.ports.foreign import Adoptions, ForeignReadings
from ondol.readings.register_points import Details, building_of, describe_new_point, with_heat_meters
from ondol.readings.rules.understanding import Understanding, understand
from ondol.sites.model import NewPoint, Point


@dataclass(frozen=True, slots=True)
class Adoptable:
    """A foreign series and what it would be taken for.

    `point` exists already, by the series' name; else `new` would be made in `building_key`; else `asked` says what has to be said
    of it. `adopted` is how far it is taken, where it is adopted.
    """

    found: FoundSeries
    source: str
    sent: Sent
    meant: Understanding
    building_key: str | None
    point: Point | None = None
    new: NewPoint | None = None
    asked: str | None = None
    adopted: AdoptedSeries | None = None

    @property
    def why(self) -> str:
        """What its meaning was told by."""
        if self.point is not None:
            return "a point goes by its name"
        if self.asked:
            return self.asked
        told = [f"unit {self.sent.unit!r}" if self.sent.unit else "", f"field {self.found.series.field!r}"]
        told += [f"{name} {self.sent.tags[name]!r}" for name in ("sensor_type", "entity_id") if name in self.sent.tags]
        return f"{', '.join(filter(None, told))} of {self.found.series.measurement!r}"

    def device(self) -> NewDevice:
        """As a name that waits to be named."""
        found = self.found
        return NewDevice(
            "", self.building_key or "", self.source, self.sent, found.readings, found.last_us, found.last_value,
            self.sent.unit or None,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a foreign store: the series of others, and how many are Ondol's own. `notes` are what has to be known of it."""

    origin: str
    series: list[Adoptable]
    own: int
    notes: list[str]


def find_adoptable(
    access: Access, foreign: ForeignReadings, adoptions: Adoptions, matching: Matching, bucket: str
) -> Standing:
    """Look at a foreign store. Raises NotAllowed, StoreUnavailable."""
    access.require_administrator()
    everything = foreign.find()
    ours = adoptions.names_in_store(it.series.tags["point"] for it in everything if it.may_be_own)
    theirs = [it for it in everything if not (it.may_be_own and it.series.tags["point"] in ours)]
    adopted = {it.series.text: it for it in adoptions.all(foreign.origin)}
    series = _judged(access, theirs, adopted, matching, bucket)
    return Standing(foreign.origin, series, len(everything) - len(theirs), foreign.conflicts())


def _judged(
    access: Access, theirs: Sequence[FoundSeries], adopted: Mapping[str, AdoptedSeries], matching: Matching, bucket: str
) -> list[Adoptable]:
    # No database is asked for a name with a NUL character; it stays one that no point can go by.
    sources = [
        source_of(it.series.measurement, it.series.tags, it.series.field).replace("\0", "\ufffd") for it in theirs
    ]
    details = with_heat_meters(
        {
            source: Sent(it.series.measurement, it.series.field, it.series.tags, it.texts)
            for source, it in zip(sources, theirs, strict=True)
        }
    )
    points = _points_of(access, sources, theirs, details, matching, bucket)
    reached = frozenset(building.key for building in matching.records.buildings())
    by_key = matching.records.points_by_key({it.point_key for it in adopted.values()})
    released = matching.devices.released(sources)
    found: list[Adoptable] = []
    for source, it in zip(sources, theirs, strict=True):
        sent, is_adopted = details[source], adopted.get(it.series.text)
        building = building_of(source, sent, bucket, reached)
        one = Adoptable(it, source, sent, understand(source, sent), building, adopted=is_adopted)
        point = by_key.get(is_adopted.point_key) if is_adopted else points.get(source)
        if point is not None:
            found.append(replace(one, building_key=point.building_key, point=point))
        elif source in released:
            found.append(replace(one, asked="somebody took this name from a point: say in the map what it is"))
        else:
            found.append(_of_no_point(one, matching))
    return found


def _points_of(
    access: Access,
    sources: Sequence[str],
    theirs: Sequence[FoundSeries],
    details: Details,
    matching: Matching,
    bucket: str,
) -> dict[str, Point]:
    """The points that the series would reach if they were sent here."""
    looked_up = Matching(
        matching.records,
        matching.index,
        matching.results,
        matching.audit,
        register_unknown=False,
        devices=matching.devices,
    )
    last = [it.last_us for it in theirs], [it.last_value for it in theirs]
    submission = Submission(sources, *last, range(1, len(sources) + 1), None, dict(details))
    return match_points(access, submission, bucket, looked_up).points


def _of_no_point(one: Adoptable, matching: Matching) -> Adoptable:
    named = one.found.series.tags.get("building_id")
    if not is_name(one.source):
        return replace(
            one,
            asked=f"no point can go by its name, which has more than {LONGEST_SOURCE} characters: give a key in the map",
        )
    if one.building_key is None or (named and named != one.building_key and not matching.index.is_building(named)):
        missing = f"there is no building {named!r}" if named else "no building is known"
        return replace(
            one,
            building_key=None,
            asked=f"{missing}: say the building in the map, or create it with: ondol building create",
        )
    if one.meant.lacks:
        return replace(one, asked=f"{' and '.join(one.meant.lacks)} cannot be told: say it in the map")
    new = describe_new_point(
        _name(one, matching), one.sent, one.meant, one.building_key if _is_prefixed(one, matching) else None
    )
    if would_be_own(one.found, new.key):
        return replace(one, asked=f"as the point {new.key!r} Ondol would store over it: give the point another key in the map",
        )  # fmt: skip
    return replace(one, new=new)


def is_name(source: str) -> bool:
    """Whether a point can go by the name of the series."""
    return 0 < len(source) <= LONGEST_SOURCE and "\ufffd" not in source


def would_be_own(found: FoundSeries, key: str) -> bool:
    """Whether readings of a point of that key would be stored where the series stands."""
    return found.may_be_own and found.series.tags["point"] == key


def _is_prefixed(one: Adoptable, matching: Matching) -> bool:
    return one.sent.is_home_assistant or _name(one, matching) != one.source


def _name(one: Adoptable, matching: Matching) -> str:
    """The name by which its building knows the device: with the building in front where another knows one of the same name."""
    return f"{one.building_key}.{one.source}" if matching.index.find([one.source]) else one.source
