"""What a system is: one object that says all that the rest of the house needs to know of it.

A room ``hybridcore/KEY`` with a ``system.py`` that holds ``SYSTEM`` is a system; nothing else
lists it (:mod:`hybridcore.systems`). Its page, address, home card, command, stored results,
exports, benchmark lines and tests derive from that object:

    file -> Reader.open -> Input -> Model.run -> Outputs -> Model.finish -> Result
                                                                 -> view, charts, states, exports

``run`` is what takes long: it looks at the input with the networks of every kind, once; their
outputs are stored. ``finish`` is what follows at once from it under options that do not need the
networks to look again, such as a threshold. An :class:`Answer` is all of that for one input.

Describing a system loads nothing: functions that need a network are named by :func:`lazy`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from hybridcore.cards import load_card
from hybridcore.options import Option
from hybridcore.progress import Progress

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import plotly.graph_objects as go

    from hybridcore.layers.dot_product import DotProduct
    from hybridcore.layers.flow import Step
    from hybridcore.layers.recurrent import LSTMTrace
    from hybridcore.media.formats import Kind as FileKind
    from hybridcore.media.inputs import Input
    from hybridcore.teach.features import Features
    from hybridcore.view import Event, PlayerView, SentenceView
    from hybridcore.why import Why

InputT_contra = TypeVar("InputT_contra", bound="Input", contravariant=True)
OutputsT = TypeVar("OutputsT")
ResultT_co = TypeVar("ResultT_co", covariant=True)
InputT = TypeVar("InputT", bound="Input")
ResultT = TypeVar("ResultT")


class Lazy:
    """A function or type that is imported when it is first used; made by :func:`lazy`."""

    def __init__(self, target: str) -> None:
        self.target = target

    @cached_property
    def value(self) -> Any:
        """What the name stands for."""
        module, _, name = self.target.partition(":")
        return attrgetter(name)(import_module(module))

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.value(*args, **kwargs)

    def __repr__(self) -> str:
        return f"lazy({self.target!r})"


def lazy(target: str) -> Lazy:
    """The function ``"package.module:name"`` (or ``"...:Class.method"``), imported when called."""
    return Lazy(target)


class Model(Protocol[InputT_contra, OutputsT, ResultT_co]):
    """The networks of a system, ready to run on one device."""

    def run(
        self, source: InputT_contra, progress: Progress | None = None, **options: Any
    ) -> OutputsT:
        """Look at an input with the networks of every kind.

        Args:
            progress: is called with (done, total) after every chunk; it stops the run by raising.
                A model that calls it by :func:`hybridcore.progress.report` also gives the outputs
                so far, as of an input that ends there: the page shows them while it waits.
            options: those that the system marks ``rerun``, and the results of the systems that the
                reader ``needs``, by their keys. None given: as the system's defaults.

        Raises:
            MediaError: the input cannot be used; one sentence says why.
        """
        ...

    def finish(
        self, outputs: OutputsT, source: InputT_contra, kind: str, **options: Any
    ) -> ResultT_co:
        """What the networks of one kind say under the options that need no second look.

        Raises:
            NotYet: outputs so far hold nothing of this kind.
        """
        ...


@dataclass(frozen=True)
class Reader:
    """A kind of file that a system reads.

    kind: of :mod:`hybridcore.media.formats`, such as ``"video"``; `System.reader_of` says which
    reader a file gets. open: is called with the path
    and the keywords ``name`` and ``digest``. needs: keys of the systems whose result for the same
    input ``Model.run`` is given.
    """

    kind: FileKind
    open: Callable[..., Any]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A model that can be chosen.

    card: name of its weights and card, "" where it has none. memory: whether it has any; the twin
    without shows what memory gives.
    """

    key: str
    title: str
    card: str = ""
    memory: bool = True


@dataclass(frozen=True)
class Sample:
    """A file that is there from the beginning.

    caption: one or two sentences on what is in it and where it comes from. file: its path, or a
    function that makes it in a folder when it is first asked for. thumbnail: the same for a small
    JPEG; None: made from the file. fails: it is there to show where the system fails, and its
    caption says why; such samples come last.
    """

    key: str
    title: str
    caption: str
    file: Path | Callable[[Path], Path]
    thumbnail: Path | Callable[[Path], Path] | None = None
    fails: bool = False

    @property
    def name(self) -> str:
        """Its title, which says so where it shows a failure."""
        return f"Where it fails: {self.title[0].lower()}{self.title[1:]}" if self.fails \
            else self.title

    def path(self, folder: Path) -> Path:
        """The file, made in ``folder`` if it has to be made.

        Raises:
            MediaError: what it is made from is not installed.
        """
        return self.file if isinstance(self.file, Path) else self.file(folder)


@dataclass(frozen=True, eq=False)
class Answer(Generic[InputT, ResultT]):
    """What a system says of one input.

    system: whose answer. source: the input. kind: key of the model chosen. result: what
    ``finish`` gave. options: all of them, by key. model: for what is computed only when it is
    looked at. outputs: what ``run`` gave.
    """

    system: System
    source: InputT
    kind: str
    result: ResultT
    options: Mapping[str, Any]
    model: Any
    outputs: Any

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of the input and of the answer, a sentence each."""
        return (*self.source.notes, *self.system.notes(self))


@dataclass(frozen=True)
class At:
    """Where somebody looks: frame of the player, item chosen, word of the sentence; and whether the
    screen is narrow, as that of a phone."""

    frame: int = 0
    item: int = 0
    word: int = 0
    narrow: bool = False


@dataclass(frozen=True)
class Item:
    """A part of a result that can be looked at by itself: a walker, a segment, a sentence.

    start, end: s, when it is on; choosing it takes the player to its start. picture: uint8 RGB
    ``[h, w, 3]`` to choose it by.
    """

    title: str
    start: float | None = None
    end: float | None = None
    picture: np.ndarray | None = None


@dataclass(frozen=True)
class Items:
    """The parts of a result. name: what one is called; follow: the player chooses the one that is
    on."""

    name: str
    entries: tuple[Item, ...]
    follow: bool = False


@dataclass(frozen=True)
class Fact:
    """A number worth a place of its own, as text."""

    title: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class States:
    """An LSTM from inside, for the chart that every system has of it.

    trace: ``[T, H]`` arrays. x: ``[T]``, seconds, or texts where it runs over words. units: int
    ``[H]``, the most telling first. order: says how they are ordered. names: of unit numbers.
    note: what a person should know of them. signals: ``[T]`` each, what this answer says at every
    step, such as the probability of a label; units are compared with them.
    """

    trace: LSTMTrace
    x: np.ndarray | Sequence[str]
    units: np.ndarray
    order: str
    names: Callable[[int], str] = "unit {}".format
    note: str = ""
    over_time: bool = True
    signals: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Chart:
    """A figure or a table of an answer.

    draw: a pure function of answer and place, to a Plotly figure or to a table; None where there
    is nothing to show for this answer. Choosing a row of a table with a column ``start`` takes the
    player there. inside: belongs to "Look inside". over_time: x is seconds, so that it follows the
    player. at_frame: depends on where the player stands. empty: the sentence that stands in its
    place where there is nothing to show; without one, a chart beside the player is left out.
    """

    key: str
    title: str
    alt: str
    draw: Callable[[Answer[Any, Any], At], go.Figure | pd.DataFrame | None]
    inside: bool = False
    over_time: bool = False
    at_frame: bool = False
    note: str = ""
    empty: str = ""


@dataclass(frozen=True, kw_only=True)
class Export:
    """A file to download, or to write from the command line.

    key: ``--as KEY`` and ``--KEY OUT`` on the command line. flags: other names of ``--KEY`` there.
    write: writes one answer; write_all: several answers, and failures, as one file. slow: worth a
    job with progress. fits: whether there is such a file for an answer.
    """

    key: str
    title: str
    file_name: str
    mime: str
    write: Callable[[Answer[Any, Any], Path, Progress | None], object]
    write_all: Callable[[Sequence[Answer[Any, Any] | Failure], Path], object] | None = None
    slow: bool = False
    fits: Callable[[Answer[Any, Any]], bool] = lambda answer: True
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TourCard:
    """A stop of the tour that "Present" gives: what is shown, and what to look at in it.

    key: its name in the address. title, text: said beside the picture; a text of one or two
    sentences, which a test holds to the numbers. sample: key of a sample. kind: of the model; "":
    the first one. frame: where the player stands. until: the frame up to which it plays from there,
    again and again; None: it stands still. item, word: as in :class:`At`. tab: key of what is open
    of "Look inside"; "": nothing. unit: of the LSTM. options: values that are not the default, by
    key.
    """

    key: str
    title: str
    text: str
    sample: str
    kind: str = ""
    frame: int = 0
    until: int | None = None
    item: int | None = None
    word: int | None = None
    tab: str = ""
    unit: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """A file that could not be used, and the sentence that says why."""

    file: str
    error: str


@dataclass(frozen=True)
class Aspect:
    """A part of what features tell, which a head may learn from alone.

    title: as it is chosen. parts: of the features. when: a sentence on when to take it.
    """

    title: str
    parts: tuple[str, ...]
    when: str


@dataclass(frozen=True)
class Teaching:
    """What heads learn labels of somebody's own from (:mod:`hybridcore.teach`).

    features: those of an answer over time; as long work, it reports progress. Under another recipe
    they come under another name. recipe: that name. cards: of the weights that they depend on.
    aspects: what of the features can be learned from, at least one; the first one is taken where
    too little is marked to compare them. heads: names of heads that ship.
    """

    features: Callable[[Answer[Any, Any], Progress | None], Features]
    recipe: str
    cards: tuple[str, ...]
    aspects: tuple[Aspect, ...]
    heads: tuple[str, ...] = ()

    @property
    def basis(self) -> str:
        """One hash over the weights that the features depend on."""
        hashes = (load_card(name).get("sha256", "") for name in self.cards)
        return hashlib.sha256(" ".join(hashes).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class System:
    """A system, whole.

    key: room, page, address, command, and how its weights begin. sentence: on its card and at the
    head of its page. rank: its place among the others. aliases: older names of its command.
    outputs: the type of what ``run`` returns, a dataclass of arrays and plain values that the
    store can keep. cards: weights that it uses beside those of its kinds. load: device (None: the
    best there is) -> model. many: several inputs faster than one by one, as (model, inputs, kind,
    options) -> what ``run`` and ``finish`` give of each. view: answer and number of the item ->
    what the player shows, None where there is nothing to play. sentence_view: a sentence over its
    picture; pick: options that are set when a label on a word's card is chosen. headline: the
    answer in a line. why: what its networks read, to be asked which frames carried a label; None
    where there is nothing at that frame. joins: kinds of files of which several that are given
    together are one input, such as one radar field each; the reader is given a zip of them, in
    the order of their names. teaching: what people can teach it labels of their own
    from; None: nothing. text: what the command prints. parts: places of the page (``options``,
    ``edit``, ``below``) -> widgets that no other system has, ``"pages.sound.onsets:edit"``. tour:
    what "Present" goes through by itself, four to six cards. version: of what no card tells apart;
    results of another one are not read.
    """

    key: str
    title: str
    icon: str
    sentence: str
    papers: tuple[str, ...]
    limits: tuple[str, ...]
    reads: tuple[Reader, ...]
    kinds: tuple[Kind, ...]
    samples: tuple[Sample, ...]
    outputs: type | Lazy
    load: Callable[[str | None], Model[Any, Any, Any]]
    text: Callable[[Answer[Any, Any]], str]
    headline: Callable[[Answer[Any, Any]], str]
    exports: tuple[Export, ...]
    charts: tuple[Chart, ...] = ()
    options: tuple[Option, ...] = ()
    cards: tuple[str, ...] = ()
    view: Callable[[Answer[Any, Any], int], PlayerView | None] = lambda answer, item: None
    sentence_view: Callable[[Answer[Any, Any], At], SentenceView | None] = lambda answer, at: None
    pick: Callable[[Answer[Any, Any], At, str], Mapping[str, Any]] = lambda answer, at, label: {}
    items: Callable[[Answer[Any, Any]], Items | None] = lambda answer: None
    facts: Callable[[Answer[Any, Any], At], Sequence[Fact]] = lambda answer, at: ()
    notes: Callable[[Answer[Any, Any]], Sequence[str]] = lambda answer: ()
    events: Callable[[Answer[Any, Any]], Sequence[Event]] = lambda answer: ()
    states: Callable[[Answer[Any, Any], At], States | None] | None = None
    flow: Callable[[Answer[Any, Any], At], Sequence[Step]] | None = None
    worked: Callable[[Answer[Any, Any], At], DotProduct | None] | None = None
    why: Callable[[Answer[Any, Any], At], Why | None] | None = None
    many: Callable[
        [Any, Sequence[Any], str, Mapping[str, Any]], Iterator[tuple[Any, Any]]] | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    joins: tuple[FileKind, ...] = ()
    teaching: Teaching | None = None
    tour: tuple[TourCard, ...] = ()
    aliases: tuple[str, ...] = ()
    rank: int = 100
    version: str = ""

    @property
    def output_type(self) -> type:
        """The type of what ``run`` returns, imported now."""
        outputs: type = self.outputs.value if isinstance(self.outputs, Lazy) else self.outputs
        return outputs

    @property
    def all_cards(self) -> tuple[str, ...]:
        """Names of the cards of everything that it runs, each once."""
        names = (*(kind.card for kind in self.kinds), *self.cards)
        return tuple(dict.fromkeys(name for name in names if name))

    def kind(self, key: str) -> Kind:
        """The kind with that key."""
        return next(kind for kind in self.kinds if kind.key == key)

    def option(self, key: str) -> Option:
        """The option with that key."""
        return next(option for option in self.options if option.key == key)

    def reader(self, kind: str) -> Reader | None:
        """What opens files of a kind of :mod:`hybridcore.media.formats`; None: they are not
        read."""
        return next((reader for reader in self.reads if reader.kind == kind), None)

    def reader_of(self, path: Path) -> Reader | None:
        """What opens a file or folder: the reader of the kind that it is, or else of one that its
        ending leaves open, such as radar in a GIF; None: it is not read."""
        from hybridcore.media.formats import kinds_of

        readers = (self.reader(kind) for kind in kinds_of(path))
        return next((reader for reader in readers if reader is not None), None)

    def inputs_of(self, paths: Sequence[Path]) -> list[tuple[Path, ...]]:
        """Files that are given together, as inputs: those that it ``joins`` are one, in the place
        of the first of them; each of the others is one by itself."""
        from hybridcore.media.formats import kind_of

        joined = tuple(path for path in paths if self.joins and kind_of(path) in self.joins)
        inputs: list[tuple[Path, ...]] = []
        for path in paths:
            if path not in joined:
                inputs.append((path,))
            elif path == joined[0]:
                inputs.append(joined)
        return inputs

    def defaults(self, kind: str) -> dict[str, Any]:
        """Every option at its default for the model of that kind."""
        return {option.key: option.default_for(kind) for option in self.options}
