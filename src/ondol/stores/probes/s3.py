"""S3: does it take our key and secret, and is the bucket there?"""

from ondol.common.errors import StoreUnavailable
from ondol.stores.objects.s3 import BucketMissing, open_store
from ondol.stores.probes import median_ms
from ondol.stores.probes.report import ProbeContext, StoreReport

_ADVICE = {
    "refuses": "correct key and secret in ONDOL_OBJECTS_URL: s3://KEY:SECRET@HOST:9000/BUCKET",
    "lookup": "correct the host of ONDOL_OBJECTS_URL",
    "cannot be used": "start it: docker compose --profile growth up -d minio, and check host and port of ONDOL_OBJECTS_URL",
}


def probe(url: str, context: ProbeContext) -> StoreReport:
    """See `StoreReport`."""
    objects = open_store(url)
    try:
        objects.check()
        return StoreReport("S3", median_ms(objects.check))
    except BucketMissing as error:
        return StoreReport(problem=str(error), advice=["make the bucket: ondol db upgrade"])
    except StoreUnavailable as error:
        return StoreReport(
            problem=str(error), advice=[what for sign, what in _ADVICE.items() if sign in str(error)][:1]
        )
    finally:
        objects.close()
