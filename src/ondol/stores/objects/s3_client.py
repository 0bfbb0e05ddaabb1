"""Where a bucket of S3 is, and obstore's client for it."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit

from obstore.store import S3Store
from pydantic import SecretStr

from ondol.common.errors import WrongConfiguration

DEFAULT_REGION = "us-east-1"
_CONNECT_TIMEOUT, _SILENCE_TIMEOUT, _WHOLE_TIMEOUT = timedelta(seconds=1), timedelta(seconds=10), timedelta(minutes=30)
_TRIES_MORE, _TRY_FOR = 3, timedelta(seconds=2)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(milliseconds=100), timedelta(milliseconds=500)
_NEEDED = (
    "ONDOL_OBJECTS_URL needs key, secret, host and bucket: s3://KEY:SECRET@HOST:9000/BUCKET, "
    "where / and @ of the secret are written %2F and %40"
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a bucket is and who asks: `s3://KEY:SECRET@HOST:9000/BUCKET[/FOLDER][?tls=true&region=REGION]`."""

    endpoint: str
    host: str
    key: str
    secret: SecretStr
    bucket: str
    folder: str
    region: str

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Raises WrongConfiguration when the URL lacks a part."""
        try:
            parts = urlsplit(url)
            _ = parts.port
        except ValueError as error:
            raise WrongConfiguration(_NEEDED) from error
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        bucket, _, folder = unquote(parts.path.strip("/")).partition("/")
        if not (parts.username and parts.password and parts.hostname and bucket):
            raise WrongConfiguration(_NEEDED)
        tls = options.get("tls", "false")
        if tls not in ("true", "false"):
            raise WrongConfiguration(f"ONDOL_OBJECTS_URL: tls={tls} is neither true nor false")
        return cls(
            f"{'https' if tls == 'true' else 'http'}://{parts.netloc.rpartition('@')[2]}",
            parts.hostname,
            unquote(parts.username),
            SecretStr(unquote(parts.password)),
            bucket,
            folder,
            options.get("region", DEFAULT_REGION),
        )


def connect(address: Address, folder: str) -> S3Store:
    """A client that asks where the URL says, whatever variables of proxies and of AWS tools the machine has."""
    return S3Store(
        address.bucket,
        prefix=folder or None,
        aws_endpoint_url_s3=address.endpoint,
        region=address.region,
        skip_signature=False,
        virtual_hosted_style_request=False,
        credential_provider=lambda: {
            "access_key_id": address.key,
            "secret_access_key": address.secret.get_secret_value(),
            "token": None,
            "expires_at": None,
        },
        client_options={
            "allow_http": address.endpoint.startswith("http:"),
            "connect_timeout": _CONNECT_TIMEOUT,
            "read_timeout": _SILENCE_TIMEOUT,
            "timeout": _WHOLE_TIMEOUT,
            # A proxy that is never used keeps obstore from those of the environment.
            "proxy_url": address.endpoint,
            "proxy_excludes": address.host,
        },
        retry_config={
            "max_retries": _TRIES_MORE,
            "retry_timeout": _TRY_FOR,
            "backoff": {"init_backoff": _FIRST_PAUSE, "max_backoff": _LONGEST_PAUSE, "base": 2},
        },
    )
