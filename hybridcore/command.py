"""The command of a system: ``python -m hybridcore KEY FILE...``, made from its description.

Its exports are those of the page, each by ``--as KEY`` (a file beside the others in ``--to``) or
by ``--KEY OUT``; its options are those of the page. Without an export the answer is printed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from mimetypes import guess_type
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hybridcore.cores import core_count
from hybridcore.errors import HybridCoreError, MediaError, OptionError
from hybridcore.options import Choice, Choices, Option
from hybridcore.progress import progress_bar
from hybridcore.system import Answer, Export, Failure, Kind, Reader, System

if TYPE_CHECKING:
    from hybridcore.teach.head import Head

Commands = argparse._SubParsersAction
_LABEL_FILES = {".csv": "to_csv", ".vtt": "to_vtt", ".json": "to_json"}  # methods of Labelled
_TOGETHER = 16  # inputs that go through a network at once, where it can take several


def add_command(
    commands: Commands[argparse.ArgumentParser], system: System
) -> argparse.ArgumentParser:
    """Add the command of a system."""
    parser = commands.add_parser(
        system.key, aliases=list(system.aliases), help=system.sentence,
        description=system.sentence)
    kinds = " or ".join(reader.kind for reader in system.reads)
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE|FOLDER", help=kinds)
    if len(system.kinds) > 1:
        parser.add_argument(
            "--model", choices=[kind.key for kind in system.kinds], default=system.kinds[0].key,
            help="; ".join(f"{kind.key}: {kind.title}" for kind in system.kinds))
    else:
        parser.set_defaults(model=system.kinds[0].key)
    parser.add_argument(
        "--as", dest="formats", metavar="KEY,...", default=[],
        type=lambda text: _exports(system, text),
        help=f"write files, any of {', '.join(export.key for export in system.exports)}")
    parser.add_argument("--to", type=Path, default=Path(), metavar="FOLDER",
                        help="folder that --as writes into (default: the current one)")
    for export in system.exports:
        flags = [f"--{export.key}", *export.flags]
        parser.add_argument(*flags, dest=f"out {export.key}", type=Path, metavar="OUT",
                            help=f"write {export.title} to this file")
    for option in system.options:
        parser.add_argument(
            option.flag, dest=f"set {option.key}", type=_parser_of(option), metavar=metavar(option),
            help=_help(option, system.kinds[0]))
    if system.teaching is not None:
        ready = " or ".join(("HEAD.safetensors", *system.teaching.heads))
        parser.add_argument(
            "--head", type=Path, metavar="HEAD",
            help=f"labels of your own, by a head that the page taught: {ready}")
        parser.add_argument(
            "--labels", type=Path, metavar="OUT",
            help=f"write what the head says to this file: {', '.join(_LABEL_FILES)}")
    parser.add_argument("--device", help="cpu or cuda (default: cuda if available)")
    parser.set_defaults(run=lambda arguments: run_command(system, arguments))
    return parser


def metavar(option: Option) -> str:
    """How the value of an option is written in a usage line."""
    if isinstance(option, Choice):
        return "|".join(option.choices)
    if isinstance(option, Choices):
        return ",".join(option.choices)
    return getattr(option, "metavar", option.key.upper())


def run_command(system: System, arguments: argparse.Namespace) -> int:
    """Answer every file; a bad one is named and the rest go on.

    Returns:
        The exit code: 1 if no file could be used.

    Raises:
        MediaError: a folder holds nothing that is read.
        OptionError: options that do not go together.
    """
    files = find_files(system, arguments.files)
    with _joined(system, files) as names:
        return _run_inputs(system, arguments, files, names)


def _run_inputs(
    system: System, arguments: argparse.Namespace, files: Sequence[Path], names: Mapping[Path, str]
) -> int:
    """The same for files that were found, and the inputs that they make, with their names."""
    from hybridcore.media.files import whole_file

    values, paths = vars(arguments), list(names)
    chosen = {
        option.key: values[f"set {option.key}"] for option in system.options
        if values[f"set {option.key}"] is not None
    }
    for option in system.options:
        if option.key in chosen and option.kinds and arguments.model not in option.kinds:
            raise OptionError(f"{option.flag} is for --model {' or '.join(option.kinds)}.")
    options = system.defaults(arguments.model) | chosen
    single = {e.key: out for e in system.exports if (out := values[f"out {e.key}"]) is not None}
    for export in system.exports:
        if export.key in single and len(paths) > 1 and export.write_all is None:
            raise OptionError(
                f"--{export.key} writes one file, but there are {len(paths)} inputs; use "
                f"--as {export.key} --to FOLDER.")
    head, labels = _head(system, values, paths)
    outputs = [*single.values(), *([labels] if labels else []), *(
        arguments.to / f"{path.stem}-{export.file_name}"
        for path in paths for export in arguments.formats)]
    check_outputs(outputs, [*files, *(v for v in chosen.values() if isinstance(v, Path))])
    for key, out in single.items():
        check_ending(_export(system, key), out)
    answers: list[Answer[Any, Any] | Failure] = []
    keep = bool(single) and len(paths) > 1
    for path, answer in answer_all(
            system, paths, arguments.model, options, arguments.device, names):
        name = names[path]
        if isinstance(answer, Failure):
            where = f"{name}: " if len(paths) > 1 else ""
            print(f"{arguments.command}: {where}{answer.error}", file=sys.stderr)
        else:
            for note in answer.notes:
                print(note, file=sys.stderr)
            if len(paths) == 1:
                for key, out in single.items():
                    write(_export(system, key), answer, out)
            for export in arguments.formats:
                if export.fits(answer):
                    write(export, answer, arguments.to / f"{path.stem}-{export.file_name}")
            if head is not None:
                _print_labels(head, answer, name if len(paths) > 1 else None, labels)
            elif not (single or arguments.formats):
                print(system.text(answer) if len(paths) == 1
                      else f"{name}: {system.headline(answer)}")
        if keep or isinstance(answer, Failure):
            answers.append(answer)
    if keep:
        for key, out in single.items():
            together = _export(system, key).write_all
            assert together is not None
            with whole_file(out) as partial:
                together(answers, partial)
    return 1 if sum(isinstance(answer, Failure) for answer in answers) == len(paths) else 0


def _head(
    system: System, values: dict[str, Any], paths: Sequence[Path]
) -> tuple[Head | None, Path | None]:
    """The head that was named, and the file for what it says.

    Raises:
        OptionError: ``--labels`` cannot be written.
        WeightsError: it is no head of this system.
    """
    head, labels = values.get("head"), values.get("labels")
    if labels is not None and head is None:
        raise OptionError("--labels writes what a head says; name one with --head.")
    if labels is not None and len(paths) > 1:
        raise OptionError(f"--labels writes one file, but there are {len(paths)} inputs.")
    if labels is not None and labels.suffix.lower() not in _LABEL_FILES:
        raise OptionError(f"{labels} must end in {' or '.join(_LABEL_FILES)}.")
    if head is None:
        return None, None
    from hybridcore.own_labels import open_head

    return open_head(system, head), labels


def _print_labels(
    head: Head, answer: Answer[Any, Any], name: str | None, out: Path | None
) -> None:
    """What a head says of one answer, under the name of its input if there are several; or written
    to ``out``."""
    from hybridcore.media.files import whole_file
    from hybridcore.own_labels import label_answer

    with progress_bar(head.title) as progress:
        labelled = label_answer(head, answer, progress)
    if out is None:
        print(f"{name}:\n{labelled.to_text()}" if name else labelled.to_text())
        return
    with whole_file(out) as partial:
        partial.write_text(getattr(labelled, _LABEL_FILES[out.suffix.lower()])(), encoding="utf-8")


def check_outputs(outputs: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Raise unless every output is a file of its own and none is a file that is read.

    Raises:
        OptionError, MediaError: two outputs have one name, or one is an input.
    """
    from hybridcore.media.files import refuse_input

    twice = [path for k, path in enumerate(outputs) if path in outputs[:k]]
    if twice:
        raise OptionError(f"{twice[0]} would be written twice; name another file or folder.")
    for path in outputs:
        for source in inputs:
            if source.exists():
                refuse_input(source, path)


def check_ending(export: Export, path: Path) -> None:
    """Raise unless the ending of an output says what it will hold.

    Raises:
        OptionError: it is that of another format, or missing.
    """
    if guess_type(path.name)[0] != guess_type(export.file_name)[0]:
        ending = PurePath(export.file_name).suffix
        raise OptionError(f"{path} is to hold {export.title}, so its name must end in {ending}.")


def answer_all(
    system: System, paths: Sequence[Path], kind: str, options: dict[str, Any],
    device: str | None = None, names: Mapping[Path, str] | None = None,
) -> Iterator[tuple[Path, Answer[Any, Any] | Failure]]:
    """The answer for every file, in order; what is wrong with one is a failure.

    names: what inputs are called; without one, by their paths.
    """
    from hybridcore.answers import finish, run, shared_model

    model: Any = None
    names = names or {path: str(path) for path in paths}
    for opened in _opened_ahead(system, names, _TOGETHER if system.many else 1):
        if model is None and any(not isinstance(s, Failure) for _, s in opened.values()):
            model = shared_model(system, device)  # not before there is something to look at
        together = [
            source for reader, source in opened.values()
            if not isinstance(source, Failure) and not reader.needs
        ] if system.many and len(opened) > 1 else []
        ready = {
            id(source): both for source, both in zip(
                together, system.many(model, together, kind, options), strict=True)
        } if system.many and together else {}
        for path, (reader, source) in opened.items():
            if isinstance(source, Failure):
                yield path, source
            elif id(source) in ready:
                outputs, result = ready[id(source)]
                yield path, Answer(system, source, kind, result, options, model, outputs)
            else:
                try:
                    with progress_bar(system.title) as progress:
                        outputs = run(system, reader, source, options, progress, device=device)
                    yield path, finish(system, model, outputs, source, kind, options)
                except MediaError as error:
                    yield path, Failure(names[path], str(error))


def write(export: Export, answer: Answer[Any, Any], path: Path) -> None:
    """Write one export.

    Raises:
        OptionError: there is no such file for this answer.
    """
    from hybridcore.media.files import whole_file

    if not export.fits(answer):
        raise OptionError(f"There is no {export.title} for {answer.source.name}.")
    with progress_bar(f"writing {export.title}") as progress, whole_file(path) as partial:
        export.write(answer, partial, progress)


def find_files(system: System, paths: Sequence[Path]) -> list[Path]:
    """The files named, and what the system reads of the folders named, in order of their names.

    A folder is one input by itself for a system that reads it as it reads a zip.

    Raises:
        MediaError: a folder holds nothing that is read.
    """
    files: list[Path] = []
    for path in paths:
        if not path.is_dir() or system.reader_of(path):
            files.append(path)
            continue
        inside = sorted(
            p for p in path.rglob("*")
            if p.is_file() and system.reader_of(p))
        if not inside:
            kinds = " and no ".join(reader.kind for reader in system.reads)
            raise MediaError(f"The folder {path} holds no {kinds}.")
        files += inside
    return files


@contextmanager
def _joined(system: System, files: Sequence[Path]) -> Iterator[dict[Path, str]]:
    """What files are as inputs, and what these are called: those that the system joins are one, a
    zip that is there while the block runs."""
    from hybridcore.media.joining import join, joined_name

    with ExitStack() as made:
        names: dict[Path, str] = {}
        for together in system.inputs_of(files):
            path, name = together[0], str(together[0])
            if len(together) > 1:
                folder = Path(made.enter_context(TemporaryDirectory()))
                path = folder / f"{path.stem}.zip"
                name = joined_name([file.name for file in together])
                with path.open("wb") as whole:
                    join({file: file.name for file in together}, whole)
            names[path] = name
        yield names


def _opened_ahead(
    system: System, names: Mapping[Path, str], size: int
) -> Iterator[dict[Path, tuple[Reader, Any]]]:
    """``size`` files at a time, opened while the networks work on those before them."""
    paths = list(names)
    with ThreadPoolExecutor(core_count()) as beside:
        def opening(at: int) -> dict[Path, Future[tuple[Reader, Any]]]:
            return {path: beside.submit(_opened, system, path, names[path])
                    for path in paths[at : at + size]}

        coming = opening(0)
        for at in range(0, len(paths), size):
            group = {path: opened.result() for path, opened in coming.items()}
            coming = opening(at + size)
            yield group


def _opened(system: System, path: Path, name: str) -> tuple[Reader, Any]:
    """The reader of a file, and what it opened, or what is wrong with it."""
    from hybridcore.media.formats import kind_of

    kind = kind_of(path)
    # A file of an unknown kind is tried all the same: its content decides.
    reader = system.reader_of(path) if kind else system.reads[0]
    if reader is None:
        kinds = " or ".join(reader.kind for reader in system.reads)
        return system.reads[0], Failure(
            name, f"{path.name} is of the wrong kind ({kind}); choose a {kinds} file.")
    try:
        return reader, reader.open(path, name=name)
    except HybridCoreError as error:
        return reader, Failure(name, str(error))


def _export(system: System, key: str) -> Export:
    return next(export for export in system.exports if export.key == key)


def _exports(system: System, text: str) -> list[Export]:
    keys = [key.strip() for key in text.split(",") if key.strip()]
    by_key = {export.key: export for export in system.exports}
    if unknown := [key for key in keys if key not in by_key]:
        raise argparse.ArgumentTypeError(
            f"{', '.join(unknown)}: choose from {', '.join(by_key)}")
    return [by_key[key] for key in keys]


def _parser_of(option: Option) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        try:
            return option.parse(text)
        except OptionError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return parse


def _help(option: Option, kind: Kind) -> str:
    default = option.default_for(kind.key)
    shown = "" if default in (None, "", []) else f" (default: {option.text(default)})"
    return f"{option.help or option.title}{shown}".replace("%", "%%")
