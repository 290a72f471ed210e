def pytest_addoption(parser):
    parser.addoption("--all-modes", action="store_true", help="test_fourway.py: every mode, not the fast ones only")
