"""Standing work that fails is told where people look, not in the log of its process alone."""

import contextlib
from collections.abc import Callable

from ondol.audit.model import TaskFailure
from ondol.audit.ports import TaskFailures
from ondol.common.access import Access, Scope
from ondol.common.errors import OndolError
from ondol.common.tasks import Task


def watched(task: Task, failures: TaskFailures) -> Task:
    """The same task; whether it fails is noted, as far as the database can be reached."""
    state = {"failed": True}  # of an earlier process, perhaps

    def run() -> object:
        try:
            result = task.run()
        except Exception as error:
            state["failed"] = True
            reason = str(error) or type(error).__name__
            _quietly(lambda: failures.note(task.name, reason))
            raise
        if state["failed"]:
            state["failed"] = False
            _quietly(lambda: failures.note_well(task.name))
        return result

    return Task(task.name, task.every_s, run)


def task_failures(access: Access, failures: TaskFailures) -> list[TaskFailure]:
    """What failed since the installation was made. Raises NotAllowed."""
    access.require_everything(Scope.READ if access.token is not None else Scope.ADMIN)
    return failures.all()


def _quietly(note: Callable[[], None]) -> None:
    with contextlib.suppress(OndolError):
        note()
