"""One contract for every object store: the guarantees of ports/objects.py, on a folder and on a real S3 server."""

import os
import re
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from tests.servers import SeaweedFS, Server

from ondol.common.errors import InvalidInput, NotFound, StoreUnavailable, WrongConfiguration
from ondol.common.objects import Objects
from ondol.installation import Installation
from ondol.stores.objects import file, s3
from ondol.stores.objects.s3_client import Address

MEBIBYTE = 2**20
HANGUL = "가나다라마바사본관층온돌"
parts = st.text(st.sampled_from("abcXYZ0189 -_.,+%#~'()[]{}&=@!$;é漢" + HANGUL), min_size=1, max_size=12).filter(
    lambda part: not part.startswith(".") and not part.endswith((".", " "))
)
keys = st.lists(parts, min_size=1, max_size=4).map("/".join)
on_one_store = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def seaweedfs(start_server: Callable[[str], Server]) -> SeaweedFS:
    """The S3 server, with the bucket `ondol`."""
    server = start_server("seaweedfs")
    assert isinstance(server, SeaweedFS)
    s3.open_store(server.url_of("ondol")).make_bucket()
    return server


@pytest.fixture(params=["file", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty store."""
    if request.param == "file":
        return (tmp_path / "객체 100%").as_uri()
    return request.getfixturevalue("seaweedfs").url_of(f"ondol/{uuid.uuid4().hex}")


@pytest.fixture
def objects(url: str) -> Iterator[Objects]:
    opened = open_objects(url)
    yield opened
    opened.close()


def open_objects(url: str) -> Objects:
    return (s3 if url.startswith("s3:") else file).open_store(url)


@on_one_store
@given(key=keys, content=st.binary(max_size=4096))
def test_what_was_put_is_got_until_it_is_deleted(objects: Objects, key: str, content: bytes) -> None:
    objects.put(key, content)
    assert objects.get(key) == content
    assert objects.exists(key)
    assert objects.list("") == [key]
    objects.delete(key)
    assert not objects.exists(key)
    assert objects.list("") == []
    with pytest.raises(NotFound):
        objects.get(key)


@on_one_store
@given(wanted=st.sets(keys, max_size=8), prefix=st.text("abX/가나", max_size=3))
def test_a_list_is_sorted_and_has_what_begins_with_the_prefix(objects: Objects, wanted: set[str], prefix: str) -> None:
    # A key must not be the folder of another one.
    names = {key for key in wanted if not any(other.startswith(f"{key}/") for other in wanted)}
    for key in names:
        objects.put(key, key.encode())
    try:
        assert objects.list("") == sorted(names)
        for beginning in {key[:length] for key in names for length in (1, len(key) // 2, len(key))} - {""}:
            assert objects.list(beginning) == sorted(key for key in names if key.startswith(beginning))
        if "/" not in prefix:
            assert objects.list(prefix) == sorted(key for key in names if key.startswith(prefix))
    finally:
        objects.delete(*names)


def test_a_prefix_need_not_end_at_a_slash(objects: Objects) -> None:
    for key in ("models/본관/load", "models/b1/load", "models/b10/load", "modelsx", "reports/b1"):
        objects.put(key, b"1")
    assert objects.list("models/b1") == ["models/b1/load", "models/b10/load"]
    assert objects.list("models/b1/") == ["models/b1/load"]
    assert objects.list("models/본") == ["models/본관/load"]
    assert objects.list("models") == ["models/b1/load", "models/b10/load", "models/본관/load", "modelsx"]
    assert objects.list("nothing/") == []


def test_nothing_is_there_at_first(objects: Objects) -> None:
    assert objects.list("") == []
    assert not objects.exists("models/a")
    with pytest.raises(NotFound, match="models/a"):
        objects.get("models/a")
    objects.delete("models/a", "b")
    objects.delete()


def test_putting_again_replaces(objects: Objects) -> None:
    for content in (b"first", b"", b"\x00" * 100, b"last"):
        objects.put("models/a", content)
        assert objects.get("models/a") == content
    assert objects.list("") == ["models/a"]


@pytest.mark.parametrize("size", [5 * MEBIBYTE, 11 * MEBIBYTE + 1])
def test_large_objects(objects: Objects, size: int) -> None:
    content = os.urandom(size)
    objects.put("backups/큰 파일.bin", content)
    assert objects.get("backups/큰 파일.bin") == content


def test_deleting_takes_what_is_named_and_nothing_else(objects: Objects) -> None:
    for key in ("a/b/c", "a/b/d", "e"):
        objects.put(key, b"1")
    objects.delete("a/b/c", "e", "never")
    assert objects.list("") == ["a/b/d"]
    objects.delete("a/b/d")
    objects.put("a", b"a name that was a folder")
    assert objects.list("") == ["a"]


@pytest.mark.parametrize(
    "key",
    ["", "/a", "a/", "a//b", "..", "../a", "a/../b", "a/..", ".", "./a", ".hidden", "a/.b", "a\\..\\b", "c:a", "a\nb", "a\x00",
     "a?", "a*", "a.", "a /b", "nul", "a/COM1.txt", "\ud800", "a" * 256, "가" * 86, "/".join(["abcdefgh"] * 101)],
)  # fmt: skip
def test_keys_that_lead_elsewhere_or_that_not_every_store_holds_are_refused(objects: Objects, key: str) -> None:
    calls: list[Callable[[], object]] = [
        lambda: objects.put(key, b"1"), lambda: objects.get(key), lambda: objects.exists(key),
        lambda: objects.delete("a", key), lambda: objects.list(f"{key}/"),
    ]  # fmt: skip
    for call in calls:
        with pytest.raises(InvalidInput, match="models/hq/load"):
            call()
    assert objects.list("") == []


def test_an_object_outlives_the_store_that_put_it(objects: Objects, url: str) -> None:
    objects.put("models/a", b"1")
    objects.close()
    assert open_objects(url).get("models/a") == b"1"


def test_readers_see_whole_contents_while_many_write(objects: Objects) -> None:
    contents = [bytes([number]) * 200_000 for number in range(4)]
    objects.put("models/a", contents[0])
    seen: set[bytes] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add(objects.get("models/a"))

    def write(content: bytes) -> None:
        for _ in range(20):
            objects.put("models/a", content)
            objects.put(f"others/{content[0]}/a", content)
            objects.delete(f"others/{content[0]}/a")

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=[content]) for content in contents]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    reader.join()
    assert seen <= set(contents)
    assert objects.list("") == ["models/a"]


@pytest.mark.crash
def test_a_killed_writer_leaves_the_newest_object_whole(objects: Objects, url: str) -> None:
    code = f"""
from ondol.stores.objects.{type(objects).__module__.rpartition(".")[2]} import open_store
objects, number = open_store({url!r}), 0
while True:
    number += 1
    objects.put("models/a", bytes([number % 256]) * {MEBIBYTE})
    print(number, flush=True)
"""
    for turn in range(5):
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            writer.stdout.readline()
            time.sleep(0.013 * turn)
            writer.kill()
            acknowledged = [1, *map(int, writer.stdout.read().split())][-1]
        content = objects.get("models/a")
        assert content in [bytes([number % 256]) * MEBIBYTE for number in (acknowledged, acknowledged + 1)]
        assert objects.list("") == ["models/a"]


def test_a_server_that_is_away_is_said_soon_and_found_when_it_is_back(seaweedfs: SeaweedFS) -> None:
    objects = s3.open_store(seaweedfs.url_of("ondol/away"))
    objects.put("models/a", b"kept")
    seaweedfs.kill()
    try:
        calls: list[Callable[[], object]] = [
            lambda: objects.put("models/a", b"lost"), lambda: objects.get("models/a"), lambda: objects.exists("models/a"),
            lambda: objects.list(""), lambda: objects.delete("models/a"),
        ]  # fmt: skip
        for call in calls:
            started = time.monotonic()
            with pytest.raises(StoreUnavailable, match=r"refused.*ONDOL_OBJECTS_URL"):
                call()
            assert time.monotonic() - started < 4
    finally:
        seaweedfs.start()
    assert objects.get("models/a") == b"kept"
    objects.put("models/a", b"new")
    assert objects.get("models/a") == b"new"


def test_a_bucket_is_made_once_and_its_lack_is_said(seaweedfs: SeaweedFS) -> None:
    objects = s3.open_store(seaweedfs.url_of("another/folder?region=ap-northeast-2"))
    for call in (lambda: objects.put("a", b"1"), lambda: objects.get("a"), lambda: objects.list("")):
        with pytest.raises(StoreUnavailable, match="no bucket 'another'; make it: ondol db upgrade"):
            call()
    for _ in range(2):
        objects.make_bucket()
    objects.put("a", b"1")
    assert s3.open_store(seaweedfs.url_of("another")).list("") == ["folder/a"]


def test_a_wrong_secret_is_said(seaweedfs: SeaweedFS) -> None:
    objects = s3.open_store(re.sub(r":[0-9a-f]{16}@", ":a-wrong-one@", seaweedfs.url_of("ondol")))
    for call in (lambda: objects.put("a", b"1"), lambda: objects.get("a"), lambda: objects.list("")):
        with pytest.raises(StoreUnavailable, match="refuses the key or secret of ONDOL_OBJECTS_URL"):
            call()


def test_variables_of_other_programs_lead_nowhere_else(seaweedfs: SeaweedFS, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROXY_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of another account")
    monkeypatch.setenv("AWS_SKIP_SIGNATURE", "true")
    objects = s3.open_store(seaweedfs.url_of("ondol/variables"))
    objects.make_bucket()
    objects.put("a", b"1")
    assert objects.get("a") == b"1"


def test_urls_of_s3() -> None:
    address = Address.parse(
        "s3://key:a%2Fb%40c@files.example.com/bucket/%EB%B3%B8%EA%B4%80?tls=true&region=ap-northeast-2"
    )
    assert address == Address(
        "https://files.example.com", "files.example.com", "key", SecretStr("a/b@c"), "bucket", "본관", "ap-northeast-2"
    )
    assert "a/b@c" not in repr(address)
    assert Address.parse("s3://key:secret@[::1]:9000/bucket").endpoint == "http://[::1]:9000"
    for url in ("s3://host:9000/bucket", "s3://key:a/b@host/bucket", "s3://key:secret@host", "s3://k:s@host/b?tls=yes"):
        with pytest.raises(WrongConfiguration, match="ONDOL_OBJECTS_URL"):
            Address.parse(url)


@pytest.mark.parametrize(
    ("url", "on_windows", "folder"),
    [
        ("file:///var/lib/ondol/objects", False, "/var/lib/ondol/objects"),
        ("file:////var/lib/ondol/objects", False, "/var/lib/ondol/objects"),
        ("file://localhost/var/%EA%B0%9D%EC%B2%B4%20100%25", False, "/var/객체 100%"),
        ("file:///C:/Ondol/objects", True, "C:/Ondol/objects"),
        ("file:///C:/%EC%98%A8%EB%8F%8C", True, "C:/온돌"),
        ("file://server/share/objects", True, "//server/share/objects"),
    ],
)
def test_urls_of_folders(url: str, on_windows: bool, folder: str) -> None:
    assert file.folder_of(url, on_windows=on_windows) == folder


@pytest.mark.parametrize(
    ("url", "on_windows"),
    [("file://objects/x", False), ("file:///", False), ("file://C:/x", True), ("file:objects", False)],
)
def test_urls_that_name_no_absolute_folder_are_refused(url: str, on_windows: bool) -> None:
    with pytest.raises(WrongConfiguration, match="absolute folder"):
        file.folder_of(url, on_windows=on_windows)


def test_a_folder_cannot_hold_a_key_that_is_the_folder_of_another(tmp_path: Path) -> None:
    objects = file.FileObjects(tmp_path)
    objects.put("a/b", b"1")
    for key in ("a", "a/b/c", "a/b/c/d"):
        with pytest.raises(InvalidInput, match="choose another key"):
            objects.put(key, b"2")
        assert not objects.exists(key)
    assert objects.list("") == ["a/b"]


def test_what_killed_writers_left_is_swept_and_never_listed(tmp_path: Path) -> None:
    unfinished = tmp_path / ".unfinished"
    unfinished.mkdir()
    for name, age_s in (("old", 100_000), ("new", 0)):
        (unfinished / name).write_bytes(b"half")
        os.utime(unfinished / name, (time.time() - age_s,) * 2)
    objects = file.FileObjects(tmp_path)
    objects.put("a", b"1")
    assert [path.name for path in unfinished.iterdir()] == ["new"]
    assert objects.list("") == ["a"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(StoreUnavailable, match="ONDOL_OBJECTS_URL"):
        file.FileObjects(tmp_path / "taken" / "objects").put("a", b"1")


def test_an_installation_has_its_objects(ondol: Installation, open_ondol: Callable[..., Installation]) -> None:
    ondol.forecasts.needs.objects.put("models/본관.txt", b"1")
    assert open_ondol().forecasts.needs.objects.list("models/") == ["models/본관.txt"]
    assert (ondol.settings.home / "objects" / "models" / "본관.txt").read_bytes() == b"1"
