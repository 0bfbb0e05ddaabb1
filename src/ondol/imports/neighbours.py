"""What the series of one file are to each other: mains and their parts, energy and its demand, import and export.

Only mains add up to a building's use, so a number that another one contains must never stand beside it as if it were more. Words
of the headers and sums that match decide; where they do not, the file is not taken before somebody says which is which.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ondol.common.errors import InvalidInput
from ondol.common.instants import HOUR_US
from ondol.common.messages import said
from ondol.common.units import UNITS
from ondol.imports import header_words as words
from ondol.imports.header_words import says
from ondol.imports.model import SeriesSpec
from ondol.sites.model import PointKind, PointRole

_QUANTITIES = {"electricity", "gas", "heat", "cooling", "water"}
_ALIKE = 0.1
_SAME = 0.02
_NEARLY_ALWAYS = 0.95
_TWINS = 0.005
_DISTINCT_NEEDED = 5
_ROUNDED = 0.05
"""Sums of rounded parts lie off by so much; over the whole file by far less."""
_MOST_COMPARED = 60


@dataclass(frozen=True, slots=True)
class Candidate:
    """A series as far as it is understood: its place in the file, its words, whether its role was given, its values."""

    number: int
    words: str
    spec: SeriesSpec
    frame: pl.DataFrame
    is_given: bool

    @property
    def form(self) -> str:
        """What the values count: `amount`, `register` or `power`."""
        return {PointKind.TOTAL: "amount", PointKind.TOTAL_INCREASING: "register"}.get(self.spec.kind, "power")


def place_neighbours(candidates: Sequence[Candidate], file: str) -> tuple[dict[int, PointRole], list[str]]:
    """The role of each series that is no main, by its number, and notes. Raises InvalidInput when it has to be asked."""
    roles: dict[int, PointRole] = {}
    notes: list[str] = []
    for quantity in sorted({candidate.spec.quantity for candidate in candidates} & _QUANTITIES):
        alike = [c for c in candidates if c.spec.quantity == quantity and _counts_usage(c)]
        open_ones = [c for c in alike if not c.is_given]
        for candidate in open_ones:
            if role := role_by_words(candidate.words) if quantity in ("electricity", "heat") else None:
                roles[candidate.number] = role
        if net := _net(open_ones, roles, file):
            roles[net.number] = PointRole.CHECK
            notes.append(
                said("%(words)s is what was drawn less what was fed in, and is not added to it.", words=net.words)
            )
        peaks = [c for c in open_ones if c.form == "power" and c.number not in roles and says(_PEAK, c.words)]
        roles |= dict.fromkeys((c.number for c in peaks), PointRole.CHECK)
        notes += [said("%(peaks)s are highest powers, which add up to no use.", peaks=_named(peaks))] if peaks else []
        rest = [c for c in open_ones if c.number not in roles]
        if len(alike) == len(open_ones) and len(rest) > 1:
            more, further = _place(rest, file)
            roles |= more
            notes += further
    told = {
        role: [c.words for c in candidates if roles.get(c.number) is role] for role in dict.fromkeys(roles.values())
    }
    notes = [
        said("%(says)s: %(names)s.", says=_SAYS[role], names=", ".join(names))
        for role, names in told.items()
        if role in _SAYS
    ] + notes
    return roles, notes


_SAYS = {
    PointRole.EXPORT: said("Fed into the grid, not the building's use"),
    PointRole.GENERATION: said("Made by the building, not added to its use"),
    PointRole.STORAGE: said("Taken or given by a battery, not added to the building's use"),
}


def role_by_words(text: str) -> PointRole | None:
    """The role that words name outright: export, generation, storage."""
    if says(words.STORAGE, text):
        return PointRole.STORAGE
    if says(words.EXPORT, text) and not says(_NET, text):
        return PointRole.EXPORT
    if says(words.GENERATION, text):
        return PointRole.GENERATION
    return None


_PEAK = re.compile(r"peak|(?:^|[^a-z])max(imum)?(?![a-z])|최대|피크|pointe|máxim|最大")
_NET = re.compile(r"(?:^|[^a-z])(net|import)(?![a-z])")


def _net(alike: Sequence[Candidate], roles: Mapping[int, PointRole], file: str) -> Candidate | None:
    """The series that is the mains less the export, beside them. Raises InvalidInput when one is called so and is not."""
    exported = [c for c in alike if roles.get(c.number) is PointRole.EXPORT]
    drawn = [c for c in alike if c.number not in roles]
    for candidate in drawn if exported else ():
        mains = [c for c in drawn if c is not candidate and c.form == candidate.form]
        if not mains:
            continue
        wide = _side_by_side([candidate, *mains, *exported])
        apart = (wide[str(candidate.number)] - (_sum(wide, mains) - _sum(wide, exported))).abs()
        if (
            wide.height
            and float((apart <= 1e-3 + _SAME * _sum(wide, mains).abs()).sum()) >= _NEARLY_ALWAYS * wide.height
        ):
            return candidate
        if says(_CALLED_NET, candidate.words):
            raise InvalidInput(_question([candidate, *mains, *exported], file))
    return None


_CALLED_NET = re.compile(r"(?:^|[^a-z])net(to)?(?![a-z])|saldo|순")


def _counts_usage(candidate: Candidate) -> bool:
    unit = UNITS.get(candidate.spec.unit)
    return unit is not None and unit.dimension in ("energy", "power", "volume") and candidate.frame.height > 0


def _place(rest: Sequence[Candidate], file: str) -> tuple[dict[int, PointRole], list[str]]:
    """Views of the same energy first (demand beside energy, a register beside amounts), then parts of mains."""
    forms = {candidate.form for candidate in rest}
    first = next(form for form in ("amount", "register", "power") if form in forms)
    primary = [c for c in rest if c.form == first]
    roles: dict[int, PointRole] = {}
    notes: list[str] = []
    volumes = [c for c in rest if UNITS[c.spec.unit].dimension == "volume"]
    if 0 < len(volumes) < len(rest):
        roles = dict.fromkeys((c.number for c in volumes), PointRole.CHECK)
        others = [c for c in rest if c not in volumes]
        more, further = _place(others, file) if len(others) > 1 else ({}, [])
        return roles | more, [
            said(
                "%(volumes)s shows as a volume what %(others)s counts as energy.",
                volumes=_named(volumes),
                others=_named(others),
            ),
            *further,
        ]
    if len(forms) > 1:
        # What another energy of the file shows already must not count twice, whatever form it comes in.
        totals = [_total(c) for c in primary]
        for view in (c for c in rest if c.form != first):
            is_view = view.form == "power" and says(words.DEMAND, view.words)
            if not is_view and not _is_view(_total(view), totals):
                raise InvalidInput(_question([*primary, view], file))
            roles[view.number] = PointRole.CHECK
            notes.append(
                said(
                    "%(words)s shows what %(primary)s counts, and is not added to it.",
                    words=view.words,
                    primary=_named(primary),
                )
            )
    if len(primary) > 1:
        more, further = _parts(primary, file)
        roles |= more
        notes += further
    return roles, notes


def _is_view(total: float, others: Sequence[float]) -> bool:
    """Whether a total is that of one of the others, or of all of them together."""
    return any(abs(total - other) <= _ALIKE * max(abs(total), abs(other), 1e-9) for other in [*others, sum(others)])


def _parts(alike: Sequence[Candidate], file: str) -> tuple[dict[int, PointRole], list[str]]:
    """Which of several series of one form are parts of others."""
    wide = _side_by_side(alike)
    if twins := _twins(alike, wide):
        raise InvalidInput(_question(twins, file))
    if len(alike) > 2 and (sum_of := _sum_of_the_others(alike, wide)):
        parts = [c for c in alike if c is not sum_of]
        return _submeters(parts), [
            said(
                "%(words)s is the sum of %(parts)s, which are taken as its parts.",
                words=sum_of.words,
                parts=_named(parts),
            )
        ]
    named = [c for c in alike if says(words.MAINS, c.words)]
    others = [c for c in alike if c not in named]
    if named and others:
        mains, parts = _sum(wide, named), _sum(wide, others)
        total, inside = float(mains.sum()), float(parts.sum())
        fits = float((parts <= mains * (1 + _SAME) + 1e-9).sum()) >= _NEARLY_ALWAYS * len(mains)
        if abs(total - inside) <= _SAME * abs(total) or (fits and 0 < inside < total):
            return _submeters(others), [_told(named, others, total, inside)]
        raise InvalidInput(_question([*named, *others], file))
    return {}, [
        said(
            "Added up to the building's use: %(alike)s. If one contains another, say so by `role` in a --mapping file.",
            alike=_named(alike),
        )
    ]


def _submeters(parts: Sequence[Candidate]) -> dict[int, PointRole]:
    return dict.fromkeys((part.number for part in parts), PointRole.SUBMETER)


def _told(mains: Sequence[Candidate], parts: Sequence[Candidate], total: float, inside: float) -> str:
    share = f"{inside / total:.0%}" if total else "0 %"
    return (
        said(
            "%(mains)s are the mains; %(parts)s (%(share)s of them) are taken as parts, which are not added.",
            mains=_named(mains),
            parts=_named(parts),
            share=share,
        )
        if len(mains) > 1
        else (
            said(
                "%(mains)s is the main meter; %(parts)s (%(share)s of it) are taken as parts, which are not added.",
                mains=_named(mains),
                parts=_named(parts),
                share=share,
            )
        )
    )


def _twins(alike: Sequence[Candidate], wide: pl.DataFrame) -> list[Candidate]:
    """Two series that are one and the same nearly always, over values that vary."""
    for number, one in enumerate(alike[:_MOST_COMPARED]):
        own = wide[str(one.number)]
        if own.round(6).n_unique() < _DISTINCT_NEEDED:
            continue
        for other in alike[number + 1 : _MOST_COMPARED]:
            same = ((own - wide[str(other.number)]).abs() <= _TWINS * own.abs()).mean()
            if isinstance(same, float) and same >= _NEARLY_ALWAYS:
                return [one, other]
    return []


def _sum_of_the_others(alike: Sequence[Candidate], wide: pl.DataFrame) -> Candidate | None:
    """The series that is the sum of all others nearly always, over sums that vary: equal constants prove nothing."""
    for candidate in alike:
        others = _sum(wide, [c for c in alike if c is not candidate])
        own = wide[str(candidate.number)]
        close = ((own - others).abs() <= _ROUNDED * others.abs() + 1e-9).mean() or 0
        is_total = abs(float(own.sum()) - float(others.sum())) <= 0.005 * abs(float(own.sum()))
        if (
            is_total
            and isinstance(close, float)
            and close >= _NEARLY_ALWAYS
            and own.round(6).n_unique() >= _DISTINCT_NEEDED
        ):
            return candidate
    return None


def _side_by_side(alike: Sequence[Candidate]) -> pl.DataFrame:
    """A column for each series by its number, a row for each time that all of them have."""
    frames = [_amounts(c).rename({"value": str(c.number)}) for c in alike]
    wide = frames[0]
    for frame in frames[1:]:
        wide = wide.join(frame, on="time_us", how="inner")
    return wide


def _amounts(candidate: Candidate) -> pl.DataFrame:
    """`time_us`, `value`: amounts of a register's steps, values of the others."""
    frame = candidate.frame.select("time_us", "value")
    if candidate.form == "register":
        frame = frame.with_columns(pl.col("value").diff().clip(lower_bound=0)).drop_nulls()
    factor = UNITS[candidate.spec.unit].factor
    return frame.with_columns(pl.col("value") * factor)


def _sum(wide: pl.DataFrame, some: Sequence[Candidate]) -> pl.Series:
    return wide.select(pl.sum_horizontal(str(c.number) for c in some)).to_series()


def _total(candidate: Candidate) -> float:
    """What a series comes to, in kWh or m3."""
    if candidate.form != "power":
        return float(_amounts(candidate)["value"].sum())
    frame = candidate.frame.select("time_us", "value").sort("time_us")
    hours = frame["time_us"].diff().shift(-1) / HOUR_US
    usual = hours.median()
    held = hours.fill_null(usual if isinstance(usual, float) else 0.0).clip(upper_bound=2.0)
    return float((frame["value"] * held).sum()) * UNITS[candidate.spec.unit].factor


def _named(some: Sequence[Candidate]) -> str:
    shown = ", ".join(candidate.words for candidate in some[:8])
    return said("%(shown)s and %(more)s more", shown=shown, more=len(some) - 8) if len(some) > 8 else shown


def _question(some: Sequence[Candidate], file: str) -> str:
    return said(
        "%(file)s: %(some)s may count the same energy more than once, and neither their names nor their sums tell "
        "which is the building's use; name one with --value, or give each its `role` (main, submeter, generation, "
        "export, storage, check) in a --mapping file.",
        file=file,
        some=_named(some),
    )
