"""Which words name what: the concepts that a picture can give and a sentence can take up.

A *concept* stands for all surface forms that say one thing: ``dog`` for dog, dogs; ``running`` for
run, runs, running. Its kind decides whether a sentence may say it unheard:

    thing, colour    never: something in the picture has to support it
    other            actions, states, sizes: language may add them

Nouns are told from other words by their neighbours in the text itself (after an article or number
and before a preposition, a verb or the end), so no tagger is needed; the lists below correct it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from hybridcore.caption.concepts import Kind
from hybridcore.text import listed

LEAST = 40  # times that a noun, a verb or an adjective occurs

SAME = {
    "men": "man", "women": "woman", "people": "person", "children": "child", "kids": "child",
    "kid": "child", "guy": "man", "guys": "man", "lady": "woman", "ladies": "woman",
    "male": "man", "males": "man", "female": "woman", "females": "woman", "babies": "baby",
    "infant": "baby", "bike": "bicycle", "bikes": "bicycle", "sofa": "couch",
    "television": "tv", "televisions": "tv", "cellphone": "phone", "cellphones": "phone",
    "phones": "phone", "motorbike": "motorcycle", "motorbikes": "motorcycle",
    "plane": "airplane", "planes": "airplane", "jet": "airplane", "aircraft": "airplane",
    "fridge": "refrigerator", "doughnut": "donut", "doughnuts": "donut", "road": "street",
    "roads": "street", "sea": "ocean", "racquet": "racket", "knives": "knife",
    "leaves": "leaf", "shelves": "shelf", "wolves": "wolf", "sheep": "sheep",
    "puppy": "dog", "puppies": "dog", "kitten": "cat", "kittens": "cat", "kitty": "cat",
    "bushes": "bush", "grey": "gray", "photograph": "photo", "persons": "person",
    "gentleman": "man", "gentlemen": "man", "automobile": "car", "taxi": "taxi",
    "tshirt": "t-shirt", "t-shirts": "t-shirt", "feet": "foot", "geese": "goose",
    "rocky": "rock", "stones": "stone", "grassy": "grass", "snowy": "snow", "sandy": "sand",
    "hair-drier": "hair-dryer", "remote": "remote", "vase": "vase", "vases": "vase",
    "tennis-racquet": "tennis-racket", "sailboats": "sailboat", "mobile": "phone",
    "someone": "person", "pizzas": "pizza", "buses": "bus", "glass": "glass",
    "glasses": "glasses", "surfers": "surfer", "skiers": "skier", "skis": "ski",
    "skiing": "skiing", "surf": "surfing", "ski": "ski", "bear": "bear", "bears": "bear",
}
THINGS = (
    listed(
    "person dog shirt building player train dress jeans shorts pants dirt cat t-shirt "
    "coat cap clothing clothes glasses vegetable sunglasses uniform worker sweater hat "
    "ski toddler adult police skateboarder cowboy officer zebra giraffe meat sweatshirt "
    "boot coffee broccoli teddy-bear fire-hydrant flower skier surfer costume glove "
    "umbrella family jacket baseball football soccer tennis basketball hockey hair gear "
    "outfit robe bread wine ice brick fire swing balloon musician artist chef teenager "
    "pedestrian cyclist biker soldier spectator snowboarder dancer runner performer "
    "student makeup tourist hiker athlete climber fisherman cheese rice soup pasta salad "
    "tomato potato carrot chocolate candy scissors toothbrush suitcase bowl cup remote "
    "toaster microwave sink refrigerator book clock vase hair-dryer bikini swimsuit tank "
    "bull bear cow elephant traffic-light stop-sign parking-meter baseball-bat "
    "baseball-glove tennis-racket wine-glass hotdog donut cake apple orange banana "
    "sandwich pizza bus truck boat airplane bird sheep horse backpack handbag tie frisbee "
    "ski snowboard kite skateboard surfboard bottle fork knife spoon chair couch plant "
    "bed table toilet tv laptop mouse keyboard phone oven living-room bathroom-sink "
    "polar-bear glass fence graffiti bubble juice milk tea coffee drink food toy game "
    "card paper bicyclist soccer-ball tennis-ball swimming-pool parking-lot ice-cream "
    "fire-truck stuffed-animal street-sign train-station bus-stop golf-course "
    "construction-site grocery-store motorcyclist gymnast wrestler karate rugby golf "
    "volleyball cricket surfing skiing snowboarding skateboarding fishing rodeo wedding "
    "circus parade fox rabbit frog butterfly insect spider snake turtle lizard monkey "
    "tiger lion wolf goose penguin squirrel house hydrant meter crowd audience sculpture "
    "fountain pumpkin mushroom berry strawberry lemon grape pineapple pepper corn cabbage "
    "rose sunflower palm cactus vest scarf belt curtain lamp candle pillow blanket towel "
    "carpet rug windmill lighthouse tower castle palace church temple bridge helicopter "
    "rocket tractor van taxi ambulance scooter wagon")
)
COLOURS = listed(
    "black white red blue green yellow orange brown gray pink purple tan blond beige "
    "maroon silver gold golden colorful multicolored turquoise")
STATES = listed(
    "wooden young old little large small tall big long short dark bright wet empty "
    "crowded striped plaid shirtless bald sunny cloudy foggy night metal brick concrete "
    "leather plastic stone rusty dirty clean snowy rainy indoor outdoor open closed fresh "
    "cooked sliced stuffed furry fluffy spotted shiny wild baby asian elderly older "
    "teenage middle-aged bearded african paved covered decorated sunset steep shallow "
    "round square")
NOT_NAMES = set(
    listed(
    "side front back top middle background foreground center edge bottom end left right "
    "piece part way lot pair row set group couple bunch line kind type sort style view "
    "close distance picture photo image scene air day time number couple bit moment event "
    "position direction place area spot shot head body display variety assortment length "
    "half rest turn look point space one something others other each them him it that "
    "this 2 3 4 5 day days night sun things thing item items object objects individual "
    "individuals member members state color colors size shape stop kind ride run walk "
    "jump drink show play catch run fall break touch help hold use plan try trip trick "
    "tricks action activity pose smile step race game team pile stack surface structure "
    "base interior exterior corner inside outside upside closeup fashion order process "
    "progress use case work job call name word words test matter series collection "
    "attempt routine flight motion midst daytime outdoors indoors appears appear can good "
    "sat fell seem tries"))
VERB_FORMS = {
    "sit": "sitting", "sits": "sitting", "seated": "sitting", "stand": "standing",
    "stands": "standing", "lay": "lying", "lays": "lying", "laying": "lying", "lies": "lying",
    "ran": "running", "ate": "eating", "rode": "riding", "held": "holding", "worn": "wearing",
}
_DETERMINERS = set(listed(
    "a an the two three four five several many some his her their its this that another "
    "one each other"))
_FOLLOWERS = set(listed(
    "in on at of with to by from near over under through into behind beside during while "
    "as for and is are that who which next around between along up down off across above "
    "outside inside or was"))
FUNCTION_WORDS = _DETERMINERS | _FOLLOWERS | set(
    listed(
    "being be been it he she they them him has have had not no there there's very just"))


def concepts_of(sentences: Iterable[Sequence[str]]) -> dict[str, tuple[str, Kind]]:
    """Surface form -> its concept and kind, of merged ``sentences``."""
    sentences = list(sentences)
    counts = Counter(word for sentence in sentences for word in sentence)
    nouns = {w for w in _nouns(sentences) if SAME.get(w, w) not in NOT_NAMES}
    nouns |= set(THINGS)
    found: dict[str, tuple[str, Kind]] = {}
    colours, states = set(COLOURS), set(STATES)
    for word, count in counts.items():
        if count < 5 or word in FUNCTION_WORDS:
            continue
        base = SAME.get(word) or _singular(word, nouns)
        if word in colours or base in colours:
            found[word] = (base if base in colours else word, "colour")
        elif base in NOT_NAMES or word in NOT_NAMES:
            continue
        elif base in states:
            found[word] = (base, "other")
        elif base in nouns:
            found[word] = (base, "thing")
        elif verb := _verb(word, counts):
            found[word] = (verb, "other")
    return found


def rare_names(
    sentences: Iterable[Sequence[str]], words: Iterable[str], named: set[str]
) -> list[str]:
    """Which of ``words`` may name a thing but are too rare for a concept, so nothing supports them.

    named: the words that say a concept. In doubt a word is one: it is missed less than a thing
    that is not there.
    """
    before, both, counts = _neighbours(list(sentences))
    return [
        w for w in words
        if w not in named | FUNCTION_WORDS | NOT_NAMES and not w.endswith(("ly", "ing"))
        and ((before[w] > 0.4 * counts[w] and both[w] > 0.05 * counts[w]) or w + "s" in named)
    ]


def _neighbours(
    sentences: Sequence[Sequence[str]],
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """How often each word stands where a noun ends, where one stands alone, and at all."""
    before, both, counts = Counter[str](), Counter[str](), Counter[str]()
    for sentence in sentences:
        for i, word in enumerate(sentence):
            opens = i > 0 and sentence[i - 1] in _DETERMINERS
            closes = i + 1 == len(sentence) or sentence[i + 1] in _FOLLOWERS
            before[word] += closes
            both[word] += opens and closes
            counts[word] += 1
    return before, both, counts


def _nouns(sentences: Sequence[Sequence[str]]) -> set[str]:
    before, both, counts = _neighbours(sentences)
    return {
        w for w, n in counts.items()
        if n >= LEAST and before[w] > 0.5 * n and both[w] > 0.1 * n
        and not w.endswith("ing") and w not in FUNCTION_WORDS
    } | {"ring", "building", "railing", "painting", "string", "ceiling", "clothing"}


def _singular(word: str, nouns: set[str]) -> str:
    for ending, replacement in (("ies", "y"), ("es", ""), ("s", "")):
        base = word[: -len(ending)] + replacement
        if word.endswith(ending) and len(base) > 2 and base in nouns:
            return SAME.get(base, base)
    return word


def _verb(word: str, counts: Counter[str]) -> str | None:
    if word in VERB_FORMS:
        return VERB_FORMS[word]
    stem = word[:-2] if word.endswith("es") else word[:-1] if word.endswith("s") else word
    for base in (word.removesuffix("s"), stem, word.removesuffix("ed"), word.removesuffix("d")):
        for ing in (base + "ing", base.removesuffix("e") + "ing", base + base[-1:] + "ing"):
            if counts[ing] >= LEAST:
                return ing
    return word if word.endswith("ing") and counts[word] >= LEAST else None
