"""Walkers that somebody enrolled: one SQLite file, which the person keeps.

A gait is biometric data. Nothing is written before :meth:`Gallery.enrol`; looking into a file
that is not there does not make it. Each walk is enrolled in one transaction: after a crash in the
middle of it the file holds what it held before. A walk keeps its name, its embedding, its gait
energy image and the day, what the person wore as an embedding, and in which video and when that was
seen; no picture of the person.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from hybridcore.errors import HybridCoreError
from hybridcore.gait import gallery_tables as tables
from hybridcore.gait.energy import energy_picture
from hybridcore.gait.identification import KnownWalks
from hybridcore.gait.seen_before import Sighting

MAX_NAME = 80


class GalleryError(HybridCoreError):
    """A gallery cannot be read or written, or a name cannot be enrolled."""


@dataclass(frozen=True)
class Enrolled:
    """One name: how many walks, and the days of the first and the last."""

    name: str
    walks: int
    first: str
    last: str


class Gallery:
    """Enrolled walks, in a file or in memory only.

    path: the file; None keeps everything in memory, to be lost with the object.
    network: names the weights that made the embeddings (their hash): others cannot be compared.
    threshold: the greatest distance that is accepted.
    clothes_network: likewise of the embeddings of clothes.

    Raises:
        GalleryError: there is such a file and it is damaged, or is not a gallery.
    """

    def __init__(
        self, path: str | Path | None, *, network: str, threshold: float, clothes_network: str = "",
    ) -> None:
        self.path = None if path is None else Path(path)
        self.network = network
        self.threshold = threshold
        self.clothes_network = clothes_network
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._enrolled: tuple[tuple[int, int], list[str], np.ndarray] | None = None
        if self._stored:
            self._open()

    def __len__(self) -> int:
        """Walks enrolled."""
        with self._reading() as connection:
            if connection is None:
                return 0
            return int(connection.execute("SELECT count(*) FROM walks").fetchone()[0])

    def enrol(
        self, name: str, embedding: np.ndarray, energy: np.ndarray, view: int | None = None,
        seen: Sighting | None = None,
    ) -> None:
        """Add one walk under a name; the file is made now if it was not there.

        embedding: float ``[D]``, unit length; energy: float ``[64, 44]``, 0..1; view: degrees.
        seen: in which clothes, where and when.

        Raises:
            GalleryError: the name is empty or too long, or the file cannot be written.
        """
        names = _clean([name])
        with self._writing() as connection:
            self._add(connection, names, embedding[None], energy, view)
            if seen is not None:
                connection.execute(tables.SEEN)
                connection.execute(
                    "INSERT INTO seen SELECT max(id), ?, ?, ?, ?, ? FROM walks",
                    (self.clothes_network, seen.clothes.astype("<f4").tobytes(), seen.video,
                     float(seen.start), float(seen.end)))

    def enrol_all(
        self, names: Sequence[str], embeddings: np.ndarray, energy: np.ndarray,
        view: int | None = None,
    ) -> None:
        """:meth:`enrol` for several walks ``[n, D]`` at once: all of them, or after an error none.

        Raises:
            GalleryError: as :meth:`enrol`.
        """
        names = _clean(names)
        with self._writing() as connection:
            self._add(connection, names, embeddings, energy, view)

    def names(self) -> list[Enrolled]:
        """Who is enrolled, by name."""
        with self._reading() as connection:
            if connection is None:
                return []
            return [Enrolled(*row) for row in connection.execute(
                "SELECT name, count(*), min(enrolled), max(enrolled) FROM walks "
                "GROUP BY name ORDER BY name")]

    def known(self) -> KnownWalks:
        """The walks that this network enrolled, as they are now."""
        names, embeddings = self._embeddings()
        return KnownWalks(tuple(names), embeddings, self.threshold)

    def sightings(self) -> tuple[Sighting, ...]:
        """In which clothes, where and when somebody was enrolled, if that is known."""
        with self._reading() as connection:
            if connection is None or not tables.has_seen(connection):
                return ()
            rows = connection.execute(
                "SELECT name, video, start, stop, clothes FROM seen JOIN walks ON id = walk "
                "WHERE seen.network = ? ORDER BY id", (self.clothes_network,)).fetchall()
        found = tuple(
            Sighting(name, video, start, end, np.frombuffer(clothes, "<f4"))
            for name, video, start, end, clothes in rows)
        if not all(np.isfinite([one.start, one.end, *one.clothes]).all() for one in found):
            raise GalleryError(self._damaged())
        return found

    def strangers(self) -> int:
        """Walks that another version of the network enrolled, which cannot be compared."""
        with self._reading() as connection:
            if connection is None:
                return 0
            return int(connection.execute(
                "SELECT count(*) FROM walks WHERE network != ?", (self.network,)).fetchone()[0])

    def forget(self, name: str) -> None:
        """Delete all walks of a name; their bytes are overwritten."""
        if not len(self):
            return
        with self._writing() as connection:
            if tables.has_seen(connection):
                connection.execute(
                    "DELETE FROM seen WHERE walk IN (SELECT id FROM walks WHERE name = ?)", (name,))
            connection.execute("DELETE FROM walks WHERE name = ?", (name,))

    def delete(self) -> None:
        """Delete everything, the file too."""
        with self._lock:
            self.close()
            if self.path is not None:
                for path in (self.path, Path(f"{self.path}-journal")):
                    path.unlink(missing_ok=True)

    def export(self) -> bytes:
        """The whole gallery as the content of a file that :class:`Gallery` opens.

        Raises:
            GalleryError: nobody is enrolled.
        """
        with self._reading() as connection:
            if connection is None:
                raise GalleryError("The gallery is empty: there is nothing to export.")
            return connection.serialize()

    def restored(self, content: bytes) -> Gallery:
        """A gallery in memory, for the same network, from what :meth:`export` gave.

        Raises:
            GalleryError: the content is damaged or is not a gallery.
        """
        gallery = Gallery(None, network=self.network, threshold=self.threshold,
                          clothes_network=self.clothes_network)
        if not content.startswith(b"SQLite format 3\0"):
            raise GalleryError(gallery._damaged())
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.deserialize(content)
            gallery._check(connection)
        except sqlite3.Error as error:
            connection.close()
            raise GalleryError(gallery._damaged()) from error
        except GalleryError:
            connection.close()
            raise
        gallery._connection = connection
        return gallery

    def fingerprint(self) -> str:
        """Equal for galleries that give equal answers."""
        names, embeddings = self._embeddings()
        content = "\n".join((self.network, str(self.threshold), *names)).encode()
        with self._reading() as connection:
            seen = [] if connection is None or not tables.has_seen(connection) else \
                connection.execute("SELECT * FROM seen ORDER BY walk").fetchall()
        return hashlib.sha256(content + embeddings.tobytes() + repr(seen).encode()).hexdigest()

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = self._enrolled = None

    def _add(
        self, connection: sqlite3.Connection, names: Sequence[str], embeddings: np.ndarray,
        energy: np.ndarray, view: int | None,
    ) -> None:
        vectors = np.ascontiguousarray(embeddings, "<f4")
        picture = energy_picture(energy).tobytes()
        today = date.today().isoformat()
        connection.executemany(
            "INSERT INTO walks (name, network, embedding, energy, view, enrolled) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            ((name, self.network, vector.tobytes(), picture, view, today)
             for name, vector in zip(names, vectors, strict=True)))

    def _embeddings(self) -> tuple[list[str], np.ndarray]:
        """Names and float32 ``[walks, D]`` of the walks that this network enrolled."""
        with self._reading() as connection:
            if connection is None:
                return [], np.empty((0, 0), np.float32)
            # Other connections change the first of these, this one the second.
            state = (
                int(connection.execute("PRAGMA data_version").fetchone()[0]),
                connection.total_changes,
            )
            if self._enrolled is None or self._enrolled[0] != state:
                rows = connection.execute(
                    "SELECT name, embedding FROM walks WHERE network = ? ORDER BY id",
                    (self.network,)).fetchall()
                vectors = b"".join(row[1] for row in rows)
                matrix = np.frombuffer(vectors, "<f4").reshape(len(rows), -1) if rows \
                    else np.empty((0, 0), np.float32)
                if not np.isfinite(matrix).all():
                    raise GalleryError(self._damaged())
                self._enrolled = state, [row[0] for row in rows], matrix
            return self._enrolled[1], self._enrolled[2]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """The connection, or None while nothing was ever enrolled."""
        with self._lock:
            if self._connection is None and self._stored:
                self._open()
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise GalleryError(self._damaged()) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is kept as a whole or not at all."""
        with self._lock:
            try:
                connection = self._connection or self._open()
                with connection:
                    yield connection
            except sqlite3.Error as error:
                raise GalleryError(
                    f"{self._name} could not be written ({error}); check that the folder exists, "
                    "is writable and has space.") from error

    def _open(self) -> sqlite3.Connection:
        """Open the file, or make it."""
        new = not self._stored
        connection = sqlite3.connect(
            ":memory:" if self.path is None else self.path, check_same_thread=False, timeout=5.0)
        try:
            if new:
                tables.make(connection)
            else:
                self._check(connection)
            connection.execute("PRAGMA secure_delete = ON")
        except sqlite3.DatabaseError as error:
            connection.close()
            if new:
                raise
            raise GalleryError(self._damaged()) from error
        except GalleryError:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _check(self, connection: sqlite3.Connection) -> None:
        if not tables.ours(connection):
            raise GalleryError(
                f"{self._name} is another program's database, not a gallery; choose another file. "
                "It was not changed.")
        if not tables.sound(connection):
            raise GalleryError(self._damaged())

    @property
    def _stored(self) -> bool:
        """Whether there is a file with something in it."""
        return self.path is not None and self.path.exists() and self.path.stat().st_size > 0

    @property
    def _name(self) -> str:
        return "This gallery" if self.path is None else self.path.name

    def _damaged(self) -> str:
        return (f"{self._name} is damaged or is not a gallery of walks; choose another file, or a "
                "copy that you exported. It was not changed.")


def _clean(names: Sequence[str]) -> list[str]:
    names = [" ".join(name.split()) for name in names]
    if not all(0 < len(name) <= MAX_NAME for name in names):
        raise GalleryError(f"Give a name of 1 to {MAX_NAME} characters to enrol this walk.")
    return names
