"""The relational part of an installation alone: what commands and the start of a server need, without the rest's weight."""

from dataclasses import dataclass

from ondol.common.clock import system_clock
from ondol.config import Settings
from ondol.database.engine import Database
from ondol.people.manage_accounts import NewUser, create_user
from ondol.people.model import Role
from ondol.people.ports import Accounts
from ondol.people.sql.accounts import RelationalAccounts
from ondol.sites.ports import Directory
from ondol.sites.sql import RelationalDirectory


@dataclass(frozen=True)
class BusinessData:
    """The relational part of an installation, which several processes may open at once."""

    database: Database
    directory: Directory
    accounts: Accounts

    def create_first_administrator(self) -> NewUser | None:
        """An administrator with a generated password when there is no user yet."""
        if self.accounts.users():
            return None
        return create_user(
            "admin", "admin@localhost", Role.ADMIN, accounts=self.accounts, clock=system_clock, actor="first start"
        )

    def close(self) -> None:
        """Release the database."""
        self.database.close()


def open_business_data(settings: Settings) -> BusinessData:
    """Open the relational database and bring its schema up to date."""
    settings.home.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    database.upgrade()
    return BusinessData(database, RelationalDirectory(database), RelationalAccounts(database))
