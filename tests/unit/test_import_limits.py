"""A file decides nothing about how much memory and time it takes."""

import io
import zipfile

import openpyxl
import pytest

from ondol.common.calendar import check_timezone
from ondol.common.errors import InvalidInput
from ondol.imports.files import read_file
from ondol.imports.limits import LONGEST_LABEL, MOST_UNZIPPED_MB
from ondol.imports.mapping import parse_mapping
from ondol.imports.model import ImportOptions


def workbook(*cells: tuple[str, object]) -> bytes:
    book = openpyxl.Workbook()
    for place, value in cells:
        book.active[place] = value
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def refusal(data: bytes, name: str, **options: object) -> str:
    with pytest.raises(InvalidInput) as refused:
        read_file(data, name, ImportOptions(**options), "hq")
    return str(refused.value)


def test_a_sheet_with_a_stray_cell_far_away_is_refused_by_its_place() -> None:
    data = workbook(("A1", "time"), ("B1", "kWh"), ("XFD1048576", 1))
    assert len(data) < 10_000
    assert "XFD1048576" in refusal(data, "meter.xlsx")


def test_a_workbook_that_unzips_to_gigabytes_is_refused() -> None:
    content = io.BytesIO(workbook(("A1", "time")))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/media/image.bin", b"\0" * ((MOST_UNZIPPED_MB + 1) * 2**20))
    assert "unzips to" in refusal(content.getvalue(), "meter.xlsx")


def test_a_usual_workbook_is_read() -> None:
    data = workbook(
        ("A1", "time"), ("B1", "kWh"), ("A2", "2026-01-01 00:00"), ("B2", 1.5), ("A3", "2026-01-01 01:00"), ("B3", 2)
    )
    assert read_file(data, "electricity.xlsx", ImportOptions(), "hq").rows_read == 2


def test_a_header_longer_than_any_header_is_refused() -> None:
    label = "x(" * 24_000
    assert len(label) > LONGEST_LABEL
    assert "column 2" in refusal(f"time,{label}\n2026-01-01 00:00,1\n".encode(), "a.csv")


@pytest.mark.parametrize(
    "encoding", ["punycode", "idna", "unicode_escape", "base64", "zlib", "utf-7", "raw_unicode_escape", "x" * 5000]
)
def test_encodings_that_take_forever_or_are_none_are_not_read(encoding: str) -> None:
    assert "is not read" in refusal(b"time,kWh\n2026-01-01,1\n", "a.csv", encoding=encoding)


@pytest.mark.parametrize("encoding", ["UTF-8", "utf_8", "CP949", "euc-kr", "Latin-1"])
def test_usual_encodings_are_read_however_they_are_written(encoding: str) -> None:
    parsed = read_file(
        b"time,kWh\n2026-01-01 00:00,1\n2026-01-01 01:00,1\n", "a.csv", ImportOptions(encoding=encoding), "hq"
    )
    assert parsed.rows_read == 2


def test_a_mapping_with_aliases_is_refused() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True))
    for text in (bomb, "- file: &f x\n- file: *f\n"):
        with pytest.raises(InvalidInput, match="aliases"):
            parse_mapping(text, "map.yaml")
    with pytest.raises(InvalidInput, match="characters"):
        parse_mapping("#" * 200_001, "map.yaml")


@pytest.mark.parametrize("name", ["localtime", "posixrules", "Factory", "Moon/Base", "", "../etc/passwd", "x" * 300])
def test_names_that_are_no_time_zone_anywhere_are_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="Asia/Seoul"):
        check_timezone(name)
