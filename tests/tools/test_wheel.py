"""The wheel is whole: code, the sandboxes' pages, and the data folders beside the package."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("bountyhub", "worker", "templates", "static", "migrations")
FILES = ("pyproject.toml", "setup.py", "MANIFEST.in", "LICENSE", "requirements.in")


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in a wheel built from a copy, so that the checkout gets no build folder."""
    copy = tmp_path_factory.mktemp("source")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (*(ROOT / name for name in FILES), *ROOT.glob("README*")):
        shutil.copy(path, copy)
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(copy / "out"),
        str(copy),
    ]
    built = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = (copy / "out").glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def expected(folder: str, inside: str = "") -> set[str]:
    files = (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {inside + path.relative_to(ROOT).as_posix() for path in files}


@pytest.mark.parametrize("folder", ["templates", "static", "migrations"])
def test_the_data_folders_are_inside_the_package(content: set[str], folder: str) -> None:
    wanted = expected(folder, inside="bountyhub/_assets/")
    assert wanted
    assert wanted - content == set()


@pytest.mark.parametrize("folder", ["bountyhub", "worker"])
def test_nothing_of_the_packages_is_left_out(content: set[str], folder: str) -> None:
    assert expected(folder) - content == set()


def test_tests_and_tools_stay_at_home(content: set[str]) -> None:
    assert not [name for name in content if name.startswith(("tests/", "tools/"))]
