import os

import runner


def pytest_addoption(parser):
    parser.addoption("--all-modes", action="store_true", help="test_fourway.py: every mode, not the fast ones only")
    parser.addoption("--switches", default="", metavar="'NAME=VALUE ...'", help="environment variables set in every run of copypatch")


def pytest_configure(config):
    for switch in config.getoption("--switches").split():
        name, _, value = switch.partition("=")
        runner.SWITCHES[name] = os.environ[name] = value
