"""tools/apt-install beside another package manager: waits for its locks. apt-get runs with a state of its own (APT_CONFIG): no root, no network."""

import fcntl
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parent.parent / "tools" / "apt-install"
pytestmark = pytest.mark.skipif(not shutil.which("apt-get"), reason="apt-get is not there")

STATUS = """Package: there
Status: install ok installed
Maintainer: nobody
Architecture: all
Version: 1
Description: a package that is installed

"""


@pytest.fixture
def apt(tmp_path):
    for folder in "etc/apt.conf.d", "etc/preferences.d", "lists/partial", "cache/archives/partial", "dpkg":
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "dpkg" / "status").write_text(STATUS)
    (tmp_path / "etc" / "sources.list").touch()
    (tmp_path / "apt.conf").write_text(f"""
        Dir::Etc "{tmp_path}/etc"; Dir::State "{tmp_path}"; Dir::State::lists "{tmp_path}/lists"; Dir::State::status "{tmp_path}/dpkg/status";
        Dir::State::extended_states "{tmp_path}/extended"; Dir::Cache "{tmp_path}/cache"; Dir::Log "{tmp_path}"; APT::Sandbox::User "";
    """)
    return tmp_path


def install(apt, package, seconds):
    return subprocess.run([TOOL, package], capture_output=True, text=True, env={**os.environ, "APT_CONFIG": f"{apt}/apt.conf", "COPYPATCH_APT_WAIT": str(seconds)})


class Held:
    """A lock as apt and dpkg take it, for so many seconds."""

    def __init__(self, path, seconds):
        self.file = open(path, "w")
        fcntl.lockf(self.file, fcntl.LOCK_EX)
        self.start, self.seconds = time.monotonic(), seconds
        self.timer = threading.Timer(seconds, self.release)
        self.timer.start()

    def release(self):
        fcntl.lockf(self.file, fcntl.LOCK_UN)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.timer.cancel()
        self.file.close()

    def waited(self):
        return time.monotonic() - self.start >= self.seconds


def test_nobody_else(apt):
    done = install(apt, "there", 10)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("lock", ["dpkg/lock-frontend", "dpkg/lock", "cache/archives/lock"])
def test_waits_for_those_who_install(apt, lock):
    with Held(apt / lock, 3) as held:
        done = install(apt, "there", 60)
        assert (done.returncode, done.stderr) == (0, "")
        assert held.waited()


def test_waits_for_those_who_fetch_lists(apt):
    with Held(apt / "lists/lock", 3) as held:
        done = install(apt, "not-there", 60)
        assert held.waited() and done.returncode and "Unable to locate package not-there" in done.stderr and "lock" not in done.stderr


@pytest.mark.parametrize("lock, package", [("dpkg/lock-frontend", "there"), ("lists/lock", "not-there")])
def test_gives_up(apt, lock, package):
    with Held(apt / lock, 60) as held:
        done = install(apt, package, 2)
        assert done.returncode and not held.waited() and "lock" in done.stderr
