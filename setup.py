"""Puts the top-level data folders into the wheel as bountyhub/_assets; everything else is in pyproject.toml.

In a checkout they stay where they are: an editable installation copies nothing.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ASSETS = ("templates", "static", "migrations")


class BuildWithAssets(build_py):
    """Builds the Python files, then copies the data folders beside them."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for name in ASSETS:
            target = Path(self.build_lib, "bountyhub", "_assets", name)
            shutil.rmtree(target, ignore_errors=True)
            if Path(name).is_dir():
                shutil.copytree(name, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))


setup(cmdclass={"build_py": BuildWithAssets})
