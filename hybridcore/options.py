"""What can be set: each option becomes a widget of the page and an option of the command."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hybridcore.errors import OptionError


@dataclass(frozen=True, kw_only=True)
class Option:
    """One thing that can be set.

    Attributes:
        key: keyword of ``run`` or ``finish``; ``--KEY`` on the command line, with hyphens.
        title: of the widget.
        default: its value, or a function from a kind's key to that.
        help: one sentence.
        rerun: whether the networks have to look again; otherwise ``finish`` takes it.
        widget: False: a part of the page sets it, or only the command line has it.
        only: (key, value) of another option; it matters only where that one has this value.
        kinds: keys of the models that take it into account; empty: all of them.
        of_input: it says something of one input, and is forgotten with it.
    """

    key: str
    title: str
    default: Any | Callable[[str], Any] = None
    help: str = ""
    rerun: bool = False
    widget: bool = True
    only: tuple[str, Any] | None = None
    kinds: tuple[str, ...] = ()
    of_input: bool = False

    @property
    def flag(self) -> str:
        """Its name on the command line."""
        return "--" + self.key.replace("_", "-")

    def default_for(self, kind: str) -> Any:
        """Its value for the model of a kind where nobody sets it."""
        return self.default(kind) if callable(self.default) else self.default

    def applies(self, values: Mapping[str, Any], kind: str) -> bool:
        """Whether it matters to the model of that kind, given the values of the others."""
        return (not self.kinds or kind in self.kinds) and (
            self.only is None or values.get(self.only[0]) == self.only[1])

    def parse(self, text: str) -> Any:
        """A value from the command line.

        Raises:
            OptionError: it is none; the sentence says what is taken.
        """
        return text

    def text(self, value: Any) -> str:
        """What :meth:`parse` reads as this value."""
        return f"{value:g}" if isinstance(value, float) else str(value)

    def shown(self, value: Any) -> str:
        """The value as the page names it."""
        return str(value)


@dataclass(frozen=True, kw_only=True)
class Choice(Option):
    """One of a few values; ``choices``: each with its title."""

    choices: Mapping[str, str]

    def parse(self, text: str) -> str:
        """One of the choices."""
        if text not in self.choices:
            raise OptionError(f"takes one of {', '.join(self.choices)}, not {text}.")
        return text

    def shown(self, value: str) -> str:
        """Its title."""
        return self.choices[value]


@dataclass(frozen=True, kw_only=True)
class Choices(Option):
    """Any of a few values, or none of them; ``choices``: each with its title. On the command line
    and in an address commas stand between them."""

    default: list[str] = field(default_factory=list)
    choices: Mapping[str, str]

    def parse(self, text: str) -> list[str]:
        """Some of the choices, each once, in their order."""
        named = {part.strip() for part in text.split(",")} - {""}
        if unknown := sorted(named - set(self.choices)):
            raise OptionError(f"takes any of {', '.join(self.choices)}, with commas between them, "
                              f"not {', '.join(unknown)}.")
        return self.ordered(named)

    def text(self, value: Collection[str]) -> str:
        """Those chosen, with commas between them."""
        return ",".join(self.ordered(value))

    def shown(self, value: Collection[str]) -> str:
        """The titles of those chosen."""
        return ", ".join(self.choices[key] for key in self.ordered(value))

    def ordered(self, value: Collection[str]) -> list[str]:
        """Those chosen, in the order of the choices."""
        return [key for key in self.choices if key in value]


@dataclass(frozen=True, kw_only=True)
class Number(Option):
    """A number from ``low`` to ``high``; whole if ``step`` is."""

    low: float
    high: float
    step: float

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are taken."""
        return isinstance(self.step, int)

    def parse(self, text: str) -> float | int:
        """A number within the bounds."""
        try:
            value = int(text) if self.whole else float(text)
        except ValueError:
            value = float("nan")
        if not self.low <= value <= self.high:
            what = "a whole number" if self.whole else "a number"
            raise OptionError(
                f"takes {what} from {self.low:g} to {self.high:g}, not {text}.")
        return value


@dataclass(frozen=True, kw_only=True)
class Text(Option):
    """Words; ``placeholder`` shows what could be written."""

    default: str | None = ""
    placeholder: str = ""


@dataclass(frozen=True, kw_only=True)
class File(Option):
    """A file or a folder, ``metavar`` on the command line; the page has a part for it.

    made: whether it is made where it is not there yet.
    """

    metavar: str = "FILE"
    widget: bool = False
    made: bool = False

    def parse(self, text: str) -> Path:
        """Its path."""
        path = Path(text)
        if not self.made and not path.exists():
            raise OptionError(f"there is no {text}; check the path.")
        return path
