import os

import runner


def pytest_addoption(parser):
    parser.addoption("--all-modes", action="store_true", help="test_fourway.py: every mode, not the fast ones only")
    parser.addoption("--switches", default="", metavar="'NAME=VALUE ...'", help="environment variables set in every run of copypatch")


def pytest_configure(config):
    for switch in config.getoption("--switches").split():
        name, _, value = switch.partition("=")
        runner.SWITCHES[name] = os.environ[name] = value


def pytest_ignore_collect(collection_path):
    """What no switch can change is not run again under switches."""
    return True if runner.SWITCHES and collection_path.name in (*runner.GENERATOR_TESTS, *runner.OTHER_TESTS) else None


def pytest_terminal_summary(terminalreporter):
    if runner.SWITCHES:
        terminalreporter.write_line(f"with {runner.SWITCHES}; not run, as no switch changes them: {', '.join((*runner.GENERATOR_TESTS, *runner.OTHER_TESTS))}")
