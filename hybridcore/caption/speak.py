"""From the words that were seen to sentences that say them, or to the words alone.

Where too little supports a sentence (:mod:`hybridcore.caption.sureness`), the words that are sure
are the answer ("a ladybug; a plant"), and the sentences follow as guesses. What was heard as a more
general word is said by its own name again: ``ladybug``, not ``insect``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from hybridcore.caption.articles import fix_articles, with_article
from hybridcore.caption.concepts import Concepts
from hybridcore.caption.decode import beam_search, sample
from hybridcore.caption.hear import Hearer
from hybridcore.caption.model import decoder_inputs
from hybridcore.caption.options import DecodingOptions
from hybridcore.caption.result import Caption, Captions, Inside, Node
from hybridcore.caption.say import COUNTS, NOTHING, Heard, Say, SayConfig, bucket
from hybridcore.caption.seen import SeenWord
from hybridcore.caption.steps import inside
from hybridcore.caption.supported import Support, SupportedSayer
from hybridcore.caption.sureness import Sureness, things_said
from hybridcore.caption.transcript import transcribe
from hybridcore.caption.vocabulary import END, MARKS, Vocabulary
from hybridcore.cards import load_card
from hybridcore.layers.flow import FlowRecorder
from hybridcore.layers.half import halve
from hybridcore.layers.recurrent import lstm_trace
from hybridcore.text import listed
from hybridcore.weights import load_into

NAME = "caption_say"
STYLES = ("flickr", "coco")
COLOUR_WORTH = 0.3  # of saying a colour, beside a thing's 1
OWN_WORTH = 4.0  # of saying what a person asks for
SURE_WORD = 0.5  # probability from which a word that stands alone is said without "perhaps"
OFTEN = frozenset(listed(
    "<end> a an the of in on and with to is are at by that his her their its it 's two one"))
MOST_ALONE = 3  # words
NOT_SURE = "not sure"


class Speaker:
    """Seen words -> sentences.

    >>> speaker = Speaker.load()
    >>> heard = speaker.hearer.choose(seer.see([picture.array])[0])
    >>> speaker.speak([heard], [contrast(cells)], DecodingOptions())[0].best.text
    """

    def __init__(
        self, model: Say, vocabulary: Vocabulary, concepts: Concepts, sureness: Sureness,
        never: Sequence[str] = (),
    ) -> None:
        self.model, self.vocabulary, self.concepts = model, vocabulary, concepts
        self.hearer, self.sureness = Hearer(concepts, vocabulary), sureness
        banned = frozenset(never)
        self.sayer = SupportedSayer(model, *(
            torch.tensor([word in names for word in vocabulary.words])
            for names in (banned, OFTEN)))

    @classmethod
    def load(cls) -> Speaker:
        """Read the weights.

        Raises:
            WeightsError: if they are missing or are not the ones that the card names.
        """
        card = load_card(NAME)
        model = load_into(Say(config=SayConfig(**card["config"])), NAME)
        of_word = tuple(card["of_word"])
        model.of_word.copy_(torch.tensor(of_word))
        halve(model)
        return cls(
            model, Vocabulary(tuple(card["vocabulary"])),
            Concepts(tuple(card["concepts"]), tuple(card["kinds"]), of_word),
            Sureness(**card["sureness"]), card["never_said"])

    @torch.inference_mode()
    def speak(
        self, heard: Sequence[Sequence[SeenWord]], contrasts: Sequence[float],
        options: DecodingOptions, *, sampling: bool = False, style: str = "coco",
    ) -> list[Captions]:
        """The sentences of pictures of which these words are heard.

        Args:
            contrasts: of each picture (:func:`hybridcore.caption.sureness.contrast`).
            style: whose sentences, of :data:`STYLES`.
        """
        decode = sample if sampling else beam_search
        support = self.read(heard, style, options.prefix)
        options = replace(options, prefix=support.places(options.prefix))
        decoded = decode(self.sayer, support, options).numbered(support.numbers.numpy())
        return [
            self._answer(
                tuple(words), contrast, transcribe(decoded, n, self._spelling(words)),
                asked=bool(options.prefix) or any(word.own for word in words))
            for n, (words, contrast) in enumerate(zip(heard, contrasts, strict=True))]

    @torch.inference_mode()
    def look_inside(
        self, heard: Sequence[SeenWord], numbers: Sequence[int], *, given: int = 0
    ) -> Inside:
        """What stood behind every word of a sentence made of ``heard``.

        given: how many words at the beginning a person said.
        """
        support = self.read([heard], free=numbers[:given])
        said = torch.tensor(support.places(numbers))
        words = decoder_inputs(said)
        first = going = self.sayer.begin(support, 1)
        log_p, attention, hidden = [], [], []
        for t, word in enumerate(words):
            row, going = self.sayer.next_words(support, word[None, None], going, free=t < given)
            assert going.attention is not None
            log_p.append(row[0, 0])
            attention.append(going.attention[0, 0])
            hidden.append(going.state.h[0, 0])
        paid, h, p = torch.stack(attention), torch.stack(hidden), torch.stack(log_p)
        inputs = self.model.lstm_inputs(support.memory, support.numbers[words], paid)
        flow = FlowRecorder()
        flow.note("words heard", support.features[0], symbol="m")
        flow.note("attention", paid, symbol="alpha")
        flow.note("LSTM input", inputs, symbol="x_t")
        flow.note("LSTM", h, symbol="h_t")
        flow.note("softmax", p, symbol="p")
        trace = lstm_trace(self.model.lstm, inputs, h,
                           first_h=first.state.h[0, 0], first_c=first.state.c[0, 0])
        spelling = self._spelling(heard).words
        found = inside(
            Vocabulary(tuple(spelling[number] for number in support.numbers)), said.tolist(),
            p.numpy(), trace, flow.steps, hearing=paid.numpy() if heard else None)
        return replace(found, words=tuple(fix_articles(found.words)))

    def read(
        self, heard: Sequence[Sequence[SeenWord]], style: str = "coco", free: Sequence[int] = ()
    ) -> Support:
        """What the model hears, the concepts that it may say, and what saying them is worth."""
        shape = (len(heard), max(1, *map(len, heard)))
        concepts = torch.full(shape, NOTHING)
        counts = torch.zeros(shape, dtype=torch.long)
        probability, worth = torch.zeros(shape), torch.zeros(shape)
        allowed = np.zeros((len(heard), len(self.concepts.names)), bool)
        for n, words in enumerate(heard):
            names = [self.hearer.hears(word.name) or "" for word in words]
            for m, (word, name) in enumerate(zip(words, names, strict=True)):
                number = self.concepts.numbers[name]
                concepts[n, m], probability[n, m] = number, word.probability
                if word.many is not None:
                    counts[n, m] = COUNTS.index("many" if word.many else "one")
                kind = self.concepts.kinds[number]
                share = {"thing": 1.0, "colour": COLOUR_WORTH, "other": 0.0}[kind]
                worth[n, m] = OWN_WORTH if word.own else share * (2 * word.probability - 1)
            allowed[n] = self.concepts.supported(names)
        styles = torch.full((len(heard),), STYLES.index(style))
        return self.sayer.read(
            Heard(concepts, bucket(probability), counts, styles), torch.from_numpy(allowed), worth,
            free)

    def _spelling(self, heard: Sequence[SeenWord]) -> Vocabulary:
        """The vocabulary with every heard word by its own name."""
        own = {name: word.name for word in heard
               if (name := self.hearer.hears(word.name)) not in (None, word.name)}
        if not own:
            return self.vocabulary
        words = list(self.vocabulary.words)
        for number, concept in enumerate(self.concepts.of_word):
            name = self.concepts.names[concept] if concept >= 0 else None
            if name in own:
                words[number] = own[name] + "s" * (words[number] != name)
        return Vocabulary(tuple(words))

    def _answer(
        self, heard: tuple[SeenWord, ...], contrast: float, said: Captions, *, asked: bool
    ) -> Captions:
        """asked: a sentence is wanted however little supports it."""
        names = {self.hearer.hears(word.name): word.name for word in heard}
        captions = tuple(self._sentence(one, names) for one in said.captions)
        confidence = self.sureness.of(
            things_said(heard, captions[0].supports, self.hearer.is_thing), contrast)
        sure = confidence.not_wrong >= self.sureness.least
        if not (sure or asked):
            captions = (self._words_alone(heard, contrast), *(captions if heard else ()))
        tree: tuple[Node, ...] = said.tree if heard or asked else ()
        return Captions(captions, tree, heard, sure, confidence)

    def _sentence(self, caption: Caption, names: dict[str | None, str]) -> Caption:
        """With what supports each word, and as one writes it."""
        supports = tuple(
            names.get(self.concepts.names[concept]) if concept >= 0 else None
            for concept in (self.concepts.of_word[number] for number in caption.numbers))
        words = tuple(fix_articles(caption.words))
        text = " ".join(words).removesuffix(MARKS[END]).rstrip().replace("-", " ")
        return replace(
            caption, text=text.replace(" 's", "'s"), words=words, supports=supports)

    def _words_alone(self, heard: Sequence[SeenWord], contrast: float) -> Caption:
        named = [
            word for word in heard if self.hearer.is_thing(word.name)
            and self.sureness.of([word.probability], contrast).not_wrong
            >= self.sureness.least_alone][:MOST_ALONE]
        if not named:
            return Caption(NOT_SURE, (NOT_SURE,), (), (1.0,), 0.0, (None,))
        words = tuple(with_article(word.name.replace("-", " ")) for word in named)
        p = tuple(word.probability for word in named)
        text = "; ".join(words)
        return Caption(
            text if max(p) >= SURE_WORD else f"perhaps {text}", words, (), p,
            float(np.log(p).sum()), tuple(word.name for word in named))
