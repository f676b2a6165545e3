"""Writing another feature's tables is noticed, reading them and writing one's own is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.planted import found_by, places
from tools.rules import tables

MODELS = """
from bountyhub.kit.database import Base


class Task(Base):
    __tablename__ = "task"


class State:
    pass
"""

WRITES = [
    "from bountyhub.tasks.models import Task\n\nrow = Task(id=1)\n",
    "from bountyhub.tasks import models\n\nrow = models.Task(id=1)\n",
    "from bountyhub.tasks import models as task_models\n\nrow = task_models.Task(id=1)\n",
    "import bountyhub.tasks.models\n\nrow = bountyhub.tasks.models.Task(id=1)\n",
    "from sqlalchemy import update\nfrom bountyhub.tasks.models import Task\nquery = update(Task)\n",
    "import sqlalchemy as sa\nfrom bountyhub.tasks.models import Task as T\nquery = sa.insert(T)\n",
    "from bountyhub.tasks.models import Task\ndef close(task: Task) -> None:\n    task.state = 'closed'\n",
    "from bountyhub.tasks.models import Task\ndef close(task: 'Task | None') -> None:\n    task.rank += 1\n",
    "from bountyhub.tasks.models import Task\ndef drop(session, *, task: Task):\n    session.delete(task)\n",
    "from bountyhub.tasks.models import Task\ndef f(s):\n    t = s.get(Task, 1)\n    t.rank: int = 2\n",
]

HARMLESS = [
    "from bountyhub.tasks.models import State\n\nstate = State()\n",
    "from sqlalchemy import select\nfrom bountyhub.tasks.models import Task\nquery = select(Task)\n",
    "from bountyhub.tasks.models import Task\ndef name(task: Task) -> str:\n    return task.title\n",
    "from bountyhub.tasks.models import Task\ndef f(page: Page, task: Task) -> None:\n    page.task = task\n",
]


@pytest.mark.parametrize("text", WRITES)
def test_a_write_from_another_feature_is_a_fault(tmp_path: Path, text: str) -> None:
    files = {"bountyhub/tasks/models.py": MODELS, "bountyhub/work/operations.py": text}
    faults = found_by(tables.check, tmp_path, files)
    assert len(faults) == 1
    assert faults[0].path == "bountyhub/work/operations.py"
    assert "only bountyhub.tasks writes its tables" in faults[0].message


@pytest.mark.parametrize("text", HARMLESS)
def test_reading_another_feature_is_allowed(tmp_path: Path, text: str) -> None:
    files = {"bountyhub/tasks/models.py": MODELS, "bountyhub/work/operations.py": text}
    assert found_by(tables.check, tmp_path, files) == []


@pytest.mark.parametrize("text", WRITES)
def test_the_feature_itself_may_write(tmp_path: Path, text: str) -> None:
    files = {"bountyhub/tasks/models.py": MODELS, "bountyhub/tasks/operations.py": text}
    assert found_by(tables.check, tmp_path, files) == []


def test_models_in_a_package_are_known_by_both_names(tmp_path: Path) -> None:
    direct = "from bountyhub.tasks.models.task import Task\nrow = Task()\n"
    through = "from bountyhub.tasks.models import Task\nrow = Task()\n"
    files = {
        "bountyhub/tasks/models/__init__.py": "from bountyhub.tasks.models.task import Task\n",
        "bountyhub/tasks/models/task.py": MODELS,
        "bountyhub/api/views.py": direct,
        "worker/__main__.py": through,
    }
    faults = found_by(tables.check, tmp_path, files)
    assert places(faults) == ["bountyhub/api/views.py:2", "worker/__main__.py:2"]
