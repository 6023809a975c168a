"""The sentence model that hears words, and the search that says only what is supported."""

import numpy as np
import pytest
import torch

from hybridcore.caption.articles import fix_articles, with_article
from hybridcore.caption.concepts import Concepts
from hybridcore.caption.decode import beam_search
from hybridcore.caption.model import decoder_inputs
from hybridcore.caption.options import DecodingOptions
from hybridcore.caption.result import Captions
from hybridcore.caption.say import NOTHING, Heard, Say, SayConfig, SayState, bucket
from hybridcore.caption.seen import SeenWord
from hybridcore.caption.speak import NOT_SURE, Speaker
from hybridcore.caption.supported import SupportedSayer
from hybridcore.caption.sureness import Sureness
from hybridcore.caption.vocabulary import END, MARKS, START, Vocabulary

WORDS = Vocabulary((*MARKS, "a", "dog", "dogs", "cat", "red", "runs", "on", "faucet", "animal"))
CONCEPTS = Concepts(
    ("dog", "cat", "red", "running", "animal"), ("thing", "thing", "colour", "other", "thing"),
    (-1, -1, -1, -1, 0, 0, 1, 2, 3, -1, -1, 4))
DOG, CAT, RED, RUNNING = range(4)


@pytest.fixture
def model() -> Say:
    torch.manual_seed(3)
    model = Say(config=SayConfig(
        vocabulary=len(WORDS), concepts=5, embedding=8, attention=6, hidden=9)).eval()
    model.of_word.copy_(torch.tensor(CONCEPTS.of_word))
    torch.nn.init.normal_(model.embedding.weight)
    return model


def hear(*groups: list[int]) -> Heard:
    concepts = torch.full((len(groups), 3), NOTHING)
    for n, group in enumerate(groups):
        concepts[n, : len(group)] = torch.tensor(group)
    blank = torch.zeros_like(concepts)
    return Heard(concepts, blank + 4, blank, torch.zeros(len(groups), dtype=torch.long))


def allowed(heard: list[str]) -> torch.Tensor:
    return torch.from_numpy(CONCEPTS.supported(heard))[None]


def never(*words: str) -> torch.Tensor:
    return torch.tensor([word in words for word in WORDS.words])


def test_decoding_word_by_word_gives_the_logits_of_training(model: Say) -> None:
    memory = model.read(hear([DOG, RUNNING], [CAT]))
    words = torch.tensor([[3, 4, 8, END], [3, 6, 7, END]])
    together = model(memory, decoder_inputs(words))
    state = model.begin(memory, 1)
    for t, word in enumerate(decoder_inputs(words).unbind(1)):
        readout, copy, _, *after = model.advance(memory, word[:, None], state)
        state = SayState(*after)
        torch.testing.assert_close(model.logits(memory, readout, copy)[:, 0], together[:, t])


def test_a_picture_is_answered_alike_alone_and_beside_one_with_more_words(model: Say) -> None:
    words = torch.tensor([[START]])
    one = Heard(*(x[:, :1] for x in vars(hear([DOG])).values() if x.dim() == 2),
                style=torch.zeros(1, dtype=torch.long))
    alone = model.read(one)
    both = model.read(hear([DOG], [CAT, RED, RUNNING]))
    torch.testing.assert_close(model(alone, words)[0], model(both, words.expand(2, 1))[0])


def test_coverage_knows_every_form_of_what_was_said(model: Say) -> None:
    memory = model.read(hear([DOG, CAT]))
    for word, said in (("dog", [1, 0, 0]), ("dogs", [1, 0, 0]), ("cat", [0, 1, 0])):
        number = torch.tensor([[WORDS.numbers[word]]])
        *_, after = model.advance(memory, number, model.begin(memory, 1))
        assert after[0, 0].tolist() == said


def test_copying_lifts_all_forms_of_a_heard_concept_and_no_other_word(model: Say) -> None:
    memory = model.read(hear([DOG]))
    readout = torch.zeros(1, 1, 8)
    plain = model.logits(memory, readout, torch.zeros(1, 1, 3))
    lifted = model.logits(memory, readout, torch.tensor([[[2.0, 0, 0]]]))
    gained = (lifted - plain)[0, 0]
    forms = {WORDS.numbers["dog"], WORDS.numbers["dogs"]}
    assert {i for i, x in enumerate(gained.tolist()) if x > 1} == forms
    assert gained.abs().sum().item() == pytest.approx(4)


def said_words(
    model: Say, heard: list[str], worth: float = 0.0, *, barred: str = "", beam: int = 5,
    most_words: int = 20, reward: float = 0.5, least_words: int = 5, free: bool = False,
    prefix: tuple[int, ...] = (),
) -> list[str]:
    """What is said of a dog, if the words ``heard`` support it."""
    often = torch.tensor([word not in ("dog", "dogs") for word in WORDS.words])
    sayer = SupportedSayer(model, never(barred), often, reward=reward, least_words=least_words)
    may = torch.ones(1, 5, dtype=torch.bool) if free else allowed(heard)
    support = sayer.read(hear([DOG]), may, torch.tensor([[worth, 0.0, 0.0]]), prefix)
    options = DecodingOptions(beam=beam, most_words=most_words, prefix=support.places(prefix))
    decoded = beam_search(sayer, support, options).numbered(support.numbers.numpy())
    return WORDS.decode(decoded.sentence(0)[0].tolist()).split()


def test_what_nothing_supports_is_not_said_however_likely_it_is(model: Say) -> None:
    with torch.no_grad():
        model.bias[WORDS.numbers["cat"]] = 50
        model.bias[WORDS.numbers["faucet"]] = 60
        model.bias[WORDS.numbers["red"]] = 40
    held = said_words(model, ["dog"], barred="faucet")
    assert said_words(model, ["dog"], free=True)[0] == "faucet"
    assert held
    assert not {"cat", "red", "faucet"} & set(held)


def test_a_person_says_what_nothing_supports_and_the_model_goes_on(model: Say) -> None:
    with torch.no_grad():
        model.bias[WORDS.numbers["cat"]] = 50
    given = (WORDS.numbers["cat"], WORDS.numbers["faucet"])
    words = said_words(model, ["dog"], barred="faucet", prefix=given, most_words=8)
    assert words[:2] == ["cat", "faucet"]
    assert not {"cat", "faucet"} & set(words[2:])


def test_a_heard_thing_is_named_once(model: Say) -> None:
    with torch.no_grad():
        model.bias[WORDS.numbers["dog"]] = 30
        model.bias[WORDS.numbers["dogs"]] = 30
    words = said_words(model, ["dog"], least_words=6)
    assert sum(word in ("dog", "dogs") for word in words) == 1


def test_the_reward_decides_between_sentences(model: Say) -> None:
    def named(reward: float) -> bool:
        words = said_words(model, ["dog"], 1.0, reward=reward, beam=12, least_words=1,
                           most_words=4)
        return bool({"dog", "dogs"} & set(words))

    assert named(100)
    assert not named(-100)


def test_a_persons_own_word_is_likelier_until_it_is_said(model: Say) -> None:
    often = torch.ones(len(WORDS), dtype=torch.bool)
    sayer = SupportedSayer(model, never(), often)
    ahead = []
    for worth in (1.0, 4.0):
        support = sayer.read(hear([DOG]), allowed(["dog"]), torch.tensor([[worth, 0.0, 0.0]]))
        dog, runs = support.places([WORDS.numbers["dog"], WORDS.numbers["runs"]])
        log_p, going = sayer.next_words(
            support, torch.tensor([[START]]), sayer.begin(support, 1))
        ahead.append((log_p[..., dog] - log_p[..., runs]).item())
        log_p, _ = sayer.next_words(support, torch.tensor([[dog]]), going)
        assert log_p[0, 0, dog] < -1000
    assert ahead[1] - ahead[0] == pytest.approx(3, abs=1e-4)


def test_general_words_are_supported_by_special_ones() -> None:
    rows = {name: CONCEPTS.supported([name]) for name in ("dog", "animal")}
    assert rows["dog"][[DOG, 4]].all()
    assert not rows["dog"][CAT]
    assert not rows["animal"][DOG]
    assert rows["animal"][RUNNING], "language may add what is neither thing nor colour"


def test_sureness_buckets() -> None:
    assert bucket(torch.tensor([0.1, 0.5, 0.7, 0.9, 0.99])).tolist() == [0, 1, 2, 3, 4]


SURENESS = Sureness(  # a sentence from a probability of 0.8, a word alone from one of 0.6
    highest=10.0, contrast=1.0, limit=1.0, right=-20.0, not_wrong=-9.0, least=0.5, least_alone=0.12)


def speaker_of(model: Say) -> Speaker:
    return Speaker(model, WORDS, CONCEPTS, SURENESS, ["faucet"])


def say_of(model: Say, *seen: SeenWord, contrast: float = 1.0, **options: object) -> Captions:
    speaker = speaker_of(model)
    heard = speaker.hearer.choose(seen)
    return speaker.speak([heard], [contrast], DecodingOptions(beam=3, **options))[0]  # type: ignore[arg-type]


def test_words_stand_alone_where_too_little_supports_a_sentence(model: Say) -> None:
    answer = say_of(model, SeenWord("dog", 0.7), SeenWord("cat", 0.4))
    assert (answer.best.text, answer.sure) == ("a dog", False)
    assert answer.best.supports == ("dog",)
    assert [word.name for word in answer.heard] == ["dog", "cat"]
    guesses = answer.captions[1:]
    assert len(guesses) == 3
    assert not any(guess.alone for guess in guesses)
    sure = say_of(model, SeenWord("dog", 0.95))
    assert sure.sure
    assert not sure.best.alone
    assert len(sure.best.supports) == len(sure.best.words) == len(sure.best.numbers)


def test_nothing_is_sure_of_what_is_no_photograph_or_not_seen(model: Say) -> None:
    flat = say_of(model, SeenWord("dog", 0.95), contrast=-5.0)
    nothing = say_of(model)
    assert flat.best.text == nothing.best.text == NOT_SURE
    assert len(flat.captions) == 4
    assert len(nothing.captions) == 1
    assert nothing.confidence is not None
    assert nothing.confidence.wrong == 1


def test_first_words_ask_for_a_sentence(model: Say) -> None:
    answer = say_of(model, prefix=(WORDS.numbers["runs"],))
    assert answer.sure is False
    assert answer.best.words[0] == "runs"


def test_confidence_grows_with_what_supports_and_sums_to_one() -> None:
    weak, strong = (SURENESS.of([p, 0.1], 1.0) for p in (0.5, 0.9))
    assert strong.right > weak.right
    assert strong.wrong < weak.wrong
    for one in (weak, strong):
        assert one.right + one.partly + one.wrong == pytest.approx(1)
    assert SURENESS.of([0.9], 0.2).wrong > strong.wrong


def test_looking_inside_says_what_the_search_said(model: Say) -> None:
    speaker = speaker_of(model)
    seen = [SeenWord("dog", 0.95), SeenWord("cat", 0.9), SeenWord("red", 0.8)]
    prefix = (WORDS.numbers["faucet"],)
    (answer,) = speaker.speak([seen], [1.0], DecodingOptions(beam=3, prefix=prefix))
    for caption in answer.captions:
        inside = speaker.look_inside(seen, caption.numbers, given=1)
        assert inside.words == caption.words
        assert inside.probabilities == pytest.approx(caption.probabilities, abs=1e-5)
        assert inside.hearing is not None
        assert inside.hearing.shape == (len(caption.words), 3)
        assert inside.hearing.sum(1) == pytest.approx(1, abs=1e-5)
        trace = inside.trace
        assert trace.h == pytest.approx(trace.o * np.tanh(trace.c), abs=1e-5)


def test_pictures_are_answered_alike_alone_and_together(model: Say) -> None:
    speaker = speaker_of(model)
    heard = [[SeenWord("dog", 0.95)], [SeenWord("cat", 0.9), SeenWord("red", 0.8)]]
    options = DecodingOptions(beam=3, prefix=(WORDS.numbers["dogs"],))
    together = speaker.speak(heard, [1.0, 1.0], options)
    for words, both in zip(heard, together, strict=True):
        (alone,) = speaker.speak([words], [1.0], options)
        assert [c.text for c in alone.captions] == [c.text for c in both.captions]
        assert alone.best.log_probability == pytest.approx(both.best.log_probability, abs=1e-4)


def test_an_unknown_word_is_heard_as_a_general_one_and_put_back(model: Say) -> None:
    with torch.no_grad():
        model.bias[WORDS.numbers["animal"]] = 30
        model.bias[WORDS.numbers["a"]] = 20
    best = say_of(model, SeenWord("otter", 0.95)).best
    assert "otter" in best.words
    assert "animal" not in best.text
    assert "otter" in best.supports


def test_a_person_adds_words_and_takes_some_away(model: Say) -> None:
    hearer = speaker_of(model).hearer
    assert hearer.named("Dogs, cats and otters") == (("dog", "cat", "otter"), ("and",))
    seen = [SeenWord("dog", 0.9), SeenWord("cat", 0.8), SeenWord("otter", 0.7)]
    chosen = hearer.choose(seen, add=["cat"], without=["dog", "animal"])
    assert chosen == (SeenWord("cat", 1.0, own=True),)


@pytest.mark.parametrize(("sentence", "seen", "confirmed"), [
    ("a dog runs", {"dog": 0.9}, True),
    ("a dog runs", {"dog": 0.2}, False),  # nothing supports it
    ("a dog runs", {"dog": 0.9, "cat": 0.95}, False),  # beside the point
    ("a dog runs", {"dog": 0.9, "cat": 0.5}, True),
    ("runs on", {"dog": 0.9}, False),  # names nothing
])
def test_a_sentence_is_confirmed_by_words(
    model: Say, sentence: str, seen: dict[str, float], confirmed: bool
) -> None:
    words = [SeenWord(name, p) for name, p in seen.items()]
    assert speaker_of(model).hearer.confirms(words, sentence.split()) is confirmed


def test_articles() -> None:
    assert " ".join(fix_articles(["a", "otter", "and", "an", "dog", "under", "a", "umbrella"])) == (
        "an otter and a dog under an umbrella")
    assert [with_article(name) for name in ("otter", "grass", "rocks", "bus")] == [
        "an otter", "grass", "rocks", "a bus"]
