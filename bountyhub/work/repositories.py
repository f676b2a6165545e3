"""Looks at a task's repository before the task ends for its sake. Due work calls it."""

from __future__ import annotations

from bountyhub.events import outbox
from bountyhub.kit.database import reading, transaction
from bountyhub.ports import forge
from bountyhub.ports.errors import OutsideGone
from bountyhub.projects.models import Repository
from bountyhub.tasks.models import Task


def is_back(task_id: int) -> bool:
    """Whether the App is on the repository again and it isn't archived, though no webhook said so.

    Asks for it to be recorded then; raises OutsideError while it can't be learned.
    """
    with reading() as session:
        repository = session.get_one(Repository, session.get_one(Task, task_id).repository_id).forge_id
    try:
        info = forge().read_repository(repository)
    except OutsideGone:
        return False
    if info.installation is None or info.private or info.archived:
        return False
    with transaction() as session:
        key = f"installation:{info.installation}"
        outbox.add(session, "forge.sync_installation", key=key, installation=info.installation)
    return True
