"""The relational part of an installation alone: what commands and the start of a server need, without the rest's weight."""

from dataclasses import dataclass

from pydantic import SecretStr

from ondol.audit import AuditKey, AuditTrail, TaskFailure
from ondol.audit.sql import SqlAudit, SqlTaskFailures
from ondol.channels.opening import open_mailer
from ondol.common.cache import Cache
from ondol.common.clock import Clock, system_clock
from ondol.common.errors import StoreUnavailable
from ondol.common.results import Results
from ondol.common.store_urls import scheme_of
from ondol.config import Settings
from ondol.database.engine import Database
from ondol.people import People
from ondol.people.links import LinkNeeds, LinkRules
from ondol.people.recognize import Recognition
from ondol.people.sign_in import SessionNeeds, SessionRules
from ondol.people.sql.accounts import SqlAccounts
from ondol.people.sql.links import SqlLinks
from ondol.people.sql.mails import SqlWaitingMails
from ondol.people.sql.sessions import SqlSessions
from ondol.sites import PointIndex, Sites
from ondol.sites.sql import SqlSiteRecords
from ondol.stores.opening import open_store


@dataclass(frozen=True)
class BusinessData:
    """The relational part of an installation, which several processes may open at once."""

    database: Database
    cache: Cache
    sites: Sites
    people: People
    audit: AuditTrail

    def close(self) -> None:
        """Release the database and the cache."""
        self.cache.close()
        self.database.close()


def open_business_data(settings: Settings, clock: Clock = system_clock) -> BusinessData:
    """Open the relational database and bring its schema up to date. A cache that is a server learns what changes."""
    is_server = scheme_of(settings.cache) != "memory"
    return assemble(settings, open_store("cache", settings.cache if is_server else SecretStr("memory://")), clock)


def failed_tasks(settings: Settings) -> list[TaskFailure]:
    """Standing work that failed and did not succeed since, as the database tells; nothing is opened that is not there yet."""
    database = Database(settings.database.get_secret_value())
    try:
        return [failure for failure in SqlTaskFailures(database, system_clock).all() if not failure.is_well]
    except StoreUnavailable:
        return []
    finally:
        database.close()


def assemble(settings: Settings, cache: Cache, clock: Clock) -> BusinessData:
    """Sites and people on the database and a cache."""
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database.get_secret_value())
    database.upgrade()
    key = AuditKey.parse(settings.audit_key)
    records, accounts, audit = SqlSiteRecords(database), SqlAccounts(database), SqlAudit(database, clock, key)
    rules = SessionRules(settings.session_ttl_s, settings.sign_in_attempts, settings.session_longest_s)
    sessions = SessionNeeds(SqlSessions(database), cache, clock, rules)

    def is_for_show() -> bool:
        return settings.simulate and all(building.is_synthetic for building in records.buildings())

    recognition = Recognition(accounts, is_for_show)
    by_link = LinkNeeds(
        SqlLinks(database), SqlWaitingMails(database), open_mailer(settings.smtp_url),
        LinkRules(settings.links_at, settings.language, settings.sign_up == "approval"),
        accounts, sessions, recognition, records, audit,
    )  # fmt: skip
    return BusinessData(
        database,
        cache,
        Sites(records, cache, PointIndex(records, cache), Results(cache), audit),
        People(accounts, sessions, recognition, records, audit, by_link),
        AuditTrail(audit, key, clock, settings.audit_days, SqlTaskFailures(database, clock)),
    )
