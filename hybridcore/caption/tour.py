"""The tour of image captioning. What each card claims, tests/systems/test_tours.py holds to the
numbers."""

from __future__ import annotations

from hybridcore.system import TourCard

TOUR = (
    TourCard(
        key="words", title="A sentence, word by word",
        text="Before each word the network looks again: at the man for “man”, at the tripod for "
             "“camera”. The line under a word is how sure it is.",
        sample="cameraman", kind="attend", word=5),
    TourCard(
        key="beam", title="It could have gone another way",
        text="A column a place, the likeliest word on top. “holding” was only just ahead of "
             "“standing”: then it would be another sentence.",
        sample="cameraman", kind="attend", word=3, tab="alternatives"),
    TourCard(
        key="once", title="The same picture, seen once",
        text="Show and Tell reads the picture once, before the first word. Here it runs down a "
             "street; the wall is lost.",
        sample="brick-wall", kind="tell", word=7),
    TourCard(
        key="seen", title="First see, then say",
        text="The other way round: words are seen first, each with its place, and the sentence "
             "may name no other thing. The cat is seen; “object” is language alone.",
        sample="cat", kind="say", word=1),
    TourCard(
        key="cat", title="Where it fails: a cat",
        text="It says dog and is sure of it. Dogs are in a quarter of the photographs that it "
             "learned from, cats in hardly any.",
        sample="cat", kind="attend", word=4),
    TourCard(
        key="people", title="Where it fails: nobody is there",
        text="Four landscapes without a soul, and a person in every sentence: nearly all that it "
             "learned from was photographs of people.",
        sample="rendered-tour", kind="attend", frame=30, until=190),
)
