"""The tables of a gallery file, and whether a file from outside holds what is written here."""

from __future__ import annotations

import sqlite3

APPLICATION_ID = 0x47414954  # "GAIT": SQLite's own mark of whose file it is
_SCHEMA = """
CREATE TABLE walks (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, network TEXT NOT NULL, embedding BLOB NOT NULL,
    energy BLOB NOT NULL, view INTEGER, enrolled TEXT NOT NULL
);
CREATE INDEX walks_name ON walks (name);
"""
# Not there in files of earlier versions, so it is made when the first walk with clothes is added.
SEEN = """
CREATE TABLE IF NOT EXISTS seen (
    walk INTEGER PRIMARY KEY, network TEXT NOT NULL, clothes BLOB NOT NULL, video TEXT NOT NULL,
    start REAL NOT NULL, stop REAL NOT NULL
)
"""
# Where a file from outside differs from what is written here. The first is for views, which could
# compute without end.
_NO_TABLE = """
SELECT 1 FROM sqlite_master WHERE name IN ('walks', 'seen') AND type != 'table' LIMIT 1
"""
_WRONG_WALK = """
SELECT 1 FROM walks WHERE typeof(name) != 'text' OR typeof(network) != 'text'
    OR typeof(embedding) != 'blob' OR length(embedding) % 4 OR length(embedding) = 0
    OR typeof(energy) != 'blob' OR typeof(view) NOT IN ('integer', 'null')
    OR typeof(enrolled) != 'text' LIMIT 1
"""
_UNEVEN = """
SELECT 1 FROM walks GROUP BY network HAVING min(length(embedding)) < max(length(embedding))
"""
_WRONG_SEEN = """
SELECT 1 FROM seen WHERE typeof(network) != 'text' OR typeof(clothes) != 'blob'
    OR length(clothes) % 4 OR length(clothes) = 0 OR typeof(video) != 'text'
    OR typeof(start) != 'real' OR typeof(stop) != 'real' LIMIT 1
"""
_UNEVEN_SEEN = """
SELECT 1 FROM seen GROUP BY network HAVING min(length(clothes)) < max(length(clothes))
"""


def make(connection: sqlite3.Connection) -> None:
    """The tables of a new file, all or none."""
    with connection:
        connection.execute("BEGIN")
        for statement in _SCHEMA.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def ours(connection: sqlite3.Connection) -> bool:
    """Whether a file says that it is a gallery."""
    return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)


def has_seen(connection: sqlite3.Connection) -> bool:
    """Whether anybody was enrolled with clothes."""
    return connection.execute(
        "SELECT 1 FROM sqlite_master WHERE name = 'seen'").fetchone() is not None


def sound(connection: sqlite3.Connection) -> bool:
    """Whether a gallery is whole and holds nothing but what is written here."""
    if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        return False
    wrong = [_NO_TABLE, _WRONG_WALK, _UNEVEN]
    if has_seen(connection):
        wrong += [_WRONG_SEEN, _UNEVEN_SEEN]
    return not any(connection.execute(query).fetchone() for query in wrong)
