"""Objects in a bucket of S3: MinIO, SeaweedFS, AWS and others that speak it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import httpx
import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError

from ondol.common.errors import NotFound, OndolError, StoreUnavailable
from ondol.stores.objects.keys import check_key, check_prefix
from ondol.stores.objects.s3_client import DEFAULT_REGION, Address, connect

_Answer = TypeVar("_Answer")
_UPLOADS_AT_A_TIME = 2
_KEYS_A_PAGE = 1000
_MAKE_TIMEOUT_S = 10
_ABSENT = "ondol-check"
_PLACE = (
    '<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    "<LocationConstraint>{region}</LocationConstraint></CreateBucketConfiguration>"
)


class BucketMissing(StoreUnavailable):
    """The server answers and has no such bucket."""


class S3Objects:
    """`Objects` in a bucket, or in a folder of it. Nothing is connected before the first use."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._store = connect(address, address.folder)

    def put(self, key: str, content: bytes) -> None:
        check_key(key)
        self._ask(lambda: self._store.put(key, content, max_concurrency=_UPLOADS_AT_A_TIME))

    def get(self, key: str) -> bytes:
        check_key(key)
        return self._ask(lambda: self._store.get(key).bytes().to_bytes(), key)

    def exists(self, key: str) -> bool:
        check_key(key)
        try:
            self._ask(lambda: self._store.head(key))
        except NotFound:
            return False
        return True

    def delete(self, *keys: str) -> None:
        if keys:
            self._ask(lambda: self._store.delete([check_key(key) for key in keys]))

    def list(self, prefix: str) -> list[str]:
        folder = check_prefix(prefix)
        found = self._ask(
            lambda: [item["path"] for page in self._store.list(folder, chunk_size=_KEYS_A_PAGE) for item in page]
        )
        return sorted(key for key in found if key.startswith(prefix))

    def check(self) -> None:
        """One round trip that changes nothing. Raises BucketMissing, StoreUnavailable."""
        try:
            self.get(_ABSENT)
        except NotFound:
            return

    def make_bucket(self) -> None:
        """Make the bucket when there is none; safe to run again. Raises StoreUnavailable."""
        try:
            return self.check()
        except BucketMissing:
            pass
        # obstore has no call for this, but it signs one: a bucket is made by putting it.
        url = obstore.sign(connect(self._address, ""), "PUT", "", timedelta(minutes=1))
        region = self._address.region
        body = "" if region == DEFAULT_REGION else _PLACE.format(region=region)
        try:
            answer = httpx.put(url, content=body, timeout=_MAKE_TIMEOUT_S, trust_env=False)
        except httpx.TransportError as error:
            raise self._away(str(error)) from error
        if not answer.is_success:
            raise StoreUnavailable(
                f"S3 at {self._address.endpoint} does not make the bucket {self._address.bucket!r} "
                f"({_reason(answer.text)}); make it with the server's own tools"
            )
        return None

    def close(self) -> None:
        """The connections end with the store itself."""

    def _ask(self, call: Callable[[], _Answer], key: str = "") -> _Answer:
        try:
            return call()
        except (BaseError, OSError) as error:
            raise self._named(error, key) from error

    def _named(self, error: Exception, key: str) -> OndolError:
        """What the server or the way to it said, as an error of ours."""
        reason, address = _reason(str(error)), self._address
        if reason.startswith("NoSuchBucket"):
            return BucketMissing(
                f"S3 at {address.endpoint} has no bucket {address.bucket!r}; make it: ondol db upgrade"
            )
        if isinstance(error, FileNotFoundError):
            return NotFound(f"there is no object {key!r} in the bucket {address.bucket!r}")
        if isinstance(error, (PermissionDeniedError, UnauthenticatedError)) or "403 Forbidden" in str(error):
            return StoreUnavailable(
                f"S3 at {address.endpoint} refuses the key or secret of ONDOL_OBJECTS_URL ({reason}); correct it"
            )
        return self._away(reason)

    def _away(self, reason: str) -> StoreUnavailable:
        return StoreUnavailable(
            f"S3 at {self._address.endpoint} cannot be used ({reason}); start it, or check ONDOL_OBJECTS_URL"
        )


def _reason(text: str) -> str:
    """The sentence that matters of a server's XML, or of the pages that obstore tells of a failure."""
    if answered := re.search(r"<Code>(\w+)</Code>(?:<Message>([^<]*))?", text):
        return ": ".join(filter(None, answered.groups()))
    if answered := re.search(r'(?:message|error): "([^"]+)"', text):
        return answered[1]
    return "no answer in time" if "TimedOut" in text else text.partition("\n")[0][-200:]


def open_store(url: str) -> S3Objects:
    """`s3://KEY:SECRET@HOST:9000/BUCKET`; `?tls=true` for HTTPS, `?region=` where the server wants one."""
    return S3Objects(Address.parse(url))
