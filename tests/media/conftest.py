import pytest


@pytest.fixture
def in_thread(monkeypatch):
    """Files are decoded in this process, where what a test puts in place is found."""
    monkeypatch.setenv("HYBRIDCORE_DECODE", "thread")
