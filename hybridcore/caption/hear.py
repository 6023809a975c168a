"""Which of the words that were seen a sentence is made from, and as what it hears them.

A word that the sentence model never learned is heard as the more general one that it did:
``ladybug`` as ``insect``. A person may add words, of which there is no doubt, and take some away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hybridcore.caption.compounds import merge
from hybridcore.caption.concepts import GENERAL, Concepts, Kind
from hybridcore.caption.see import NEVER_SEEN
from hybridcore.caption.seen import SeenWord
from hybridcore.caption.vocabulary import UNKNOWN, Vocabulary, tokenise

LEAST_OF = {"thing": 0.35, "colour": 0.35, "other": 0.45}  # probability from which one is heard
LEAST = {"person": 0.6}  # heard wrongly more often than others
_LEAST_OF_ALL = min(*LEAST_OF.values(), *LEAST.values())
MOST_THINGS, MOST_OTHERS = 8, 4
CONFIRMS, SHOWS = 0.3, 0.8  # a word allows a sentence to say it; asks for it to be said
_MORE_GENERAL = {
    "animal": "kangaroo koala hyena cougar lynx leopard cheetah meerkat hamster porcupine beaver "
              "pig hippo antelope llama otter skunk lemur panda seal whale buffalo",
    "bird": "ostrich vulture eagle owl parrot swan flamingo pelican",
    "insect": "beetle ladybug bee ant dragonfly scorpion",
    "fish": "shark ray", "lizard": "crocodile dinosaur", "sandwich": "hamburger burrito",
    "bread": "pretzel waffle", "vegetable": "cucumber", "couch": "throne", "balloon": "blimp",
    "guitar": "harp", "building": "mosque greenhouse", "mountain": "volcano",
    "computer": "printer typewriter", "pot": "teapot wok frying-pan", "bed": "crib",
    "chair": "rocking-chair", "table": "billiard-table",
}
SPECIAL = 0.5  # probability of a special word from which the general one is left out
_SPECIAL = {general: words.split() for general, words in GENERAL.items()}
GENERAL_OF = {word: general for general, words in _MORE_GENERAL.items() for word in words.split()}


class Hearer:
    """Seen words -> those that are heard, in the concepts of the sentence model."""

    def __init__(self, concepts: Concepts, vocabulary: Vocabulary) -> None:
        self.concepts, self.vocabulary = concepts, vocabulary

    def hears(self, name: str) -> str | None:
        """The concept as which a word is heard, None if it is not known."""
        if name in self.concepts.numbers:
            return name
        general = GENERAL_OF.get(name)
        return general if general in self.concepts.numbers else None

    def kind_of(self, name: str) -> Kind:
        """What it is heard as; "other" where it is not known."""
        number = self.concepts.numbers.get(self.hears(name) or "")
        return "other" if number is None else self.concepts.kinds[number]

    def is_thing(self, name: str) -> bool:
        """Whether it is heard as something that can be pointed at."""
        return self.kind_of(name) == "thing"

    def choose(
        self, seen: Iterable[SeenWord], *, add: Sequence[str] = (), without: Sequence[str] = ()
    ) -> tuple[SeenWord, ...]:
        """The words that a sentence is made from: sure enough, known, the surest first.

        Args:
            add: words that are in the picture whatever was seen; they come first.
            without: words that are not.
        """
        things: list[SeenWord] = []
        others: list[SeenWord] = []
        taken: set[str] = set()
        given = [SeenWord(name, 1.0, own=True) for name in add]
        left_out = set(without)
        rest = [word for word in seen if word.probability >= _LEAST_OF_ALL
                and not {self.hears(word.name), word.name} & left_out]
        for word in (*given, *sorted(self._special(rest), key=lambda word: -word.probability)):
            concept = self.hears(word.name)
            if concept is None or concept in taken:
                continue
            kind = self.concepts.kinds[self.concepts.numbers[concept]]
            if word.probability >= LEAST.get(concept, LEAST_OF[kind]):
                taken.add(concept)
                (others if kind == "other" else things).append(word)
        return (*things[:MOST_THINGS], *others[:MOST_OTHERS])

    def _special(self, seen: Sequence[SeenWord]) -> list[SeenWord]:
        """Without the words that say once more, in general, what another says: no ``sign`` beside a
        stop sign. Of the words for a person one is kept, as there is only one unless several are
        seen: otherwise a girl becomes a person and a girl."""
        p = {word.name: word.probability for word in seen if self.is_thing(word.name)}
        several = {word.name for word in seen if word.many}
        left_out: set[str] = set()
        for general, names in _SPECIAL.items():
            if general in p and general not in several:
                surest = max(names, key=lambda name: p.get(name, 0.0))
                left_out |= {general} if p.get(surest, 0.0) >= SPECIAL else set()
        if "person" in p:
            people = p.keys() & set(_SPECIAL["person"])
            kept = max(people, key=p.__getitem__) if "person" in left_out else ""
            left_out |= people - several - {kept}
        return [word for word in seen if word.name not in left_out]

    def named(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The words that a person names, ``"dogs, traffic light"``, as they are heard, and those
        that are not known."""
        names: list[str] = []
        unknown: list[str] = []
        for part in text.split(","):
            tokens = merge(tokenise(part))
            joined = "-".join(tokens)
            for token in [joined] if self.hears(joined) else tokens:
                name = self._name(token)
                (unknown if name is None else names).append(name or token)
        return tuple(dict.fromkeys(names)), tuple(dict.fromkeys(unknown))

    def _name(self, token: str) -> str | None:
        """A token as a word that is heard, whatever its form."""
        for form in (token, token.removesuffix("s"), token.removesuffix("es")):
            if self.hears(form):
                return form
        concept = self.concepts.of_word[self.vocabulary.numbers.get(token, UNKNOWN)]
        return self.concepts.names[concept] if concept >= 0 else None

    def confirms(self, seen: Sequence[SeenWord], sentence: Sequence[str]) -> bool:
        """Whether the words of a picture bear out another model's sentence about it.

        Everything that it names has to be among them, and it has to name the surest thing other
        than a person, if that is sure: so it is neither wrong nor beside the point.
        """
        numbers = [self.vocabulary.numbers.get(word, UNKNOWN) for word in sentence]
        said = [
            name for name in self.concepts.said(numbers)
            if self.is_thing(name) and name not in NEVER_SEEN]
        heard = {w.name for w in seen if w.probability >= CONFIRMS}
        allowed = self.concepts.supported(heard)
        shown = [
            w.name for w in sorted(seen, key=lambda w: -w.probability)
            if w.probability >= SHOWS and self.is_thing(w.name) and w.name != "person"][:1]
        people = set(GENERAL["person"].split())
        return (
            bool(said) and all(allowed[self.concepts.numbers[name]] for name in said)
            and all(w in said or (w in people and people & set(said)) for w in shown))
