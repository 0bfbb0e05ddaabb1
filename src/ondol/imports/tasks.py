"""Standing work of imports."""

from ondol.common.instants import HOUR_S, epoch_s
from ondol.common.tasks import Task
from ondol.imports.import_history import ImportNeeds
from ondol.imports.offer_file import drop_old_offers


def tasks(needs: ImportNeeds) -> list[Task]:
    """Files that nobody took are dropped."""
    return [Task("drop old offers", HOUR_S, lambda: drop_old_offers(needs.objects, epoch_s(needs.clock())))]
