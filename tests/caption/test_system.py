"""The description of image captioning."""

import subprocess
import sys
from dataclasses import fields

import pytest

from hybridcore.caption.model import KINDS
from hybridcore.caption.networks import NETWORKS
from hybridcore.caption.options import OPTIONS, DecodingOptions
from hybridcore.caption.predict import SAY
from hybridcore.caption.system import SYSTEM
from hybridcore.errors import OptionError


def test_describing_the_system_loads_no_network() -> None:
    code = ("import sys, hybridcore.caption.system; print(*(m for m in ('torch', 'plotly', 'cv2', "
            "'streamlit') if m in sys.modules))")
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not run.stdout.strip()


def test_every_network_can_be_chosen() -> None:
    assert tuple(kind.key for kind in SYSTEM.kinds) == (SAY, *KINDS)
    assert tuple(NETWORKS) == KINDS


def test_everything_that_decodes_can_be_set() -> None:
    keys = {option.key for option in OPTIONS}
    assert {field.name for field in fields(DecodingOptions)} <= keys
    assert not any(option.rerun for option in OPTIONS)


@pytest.mark.parametrize(("key", "text"), [
    ("beam", "0"), ("beam", "51"), ("beam", "2.5"), ("decoding", "greedy"), ("nucleus", "0")])
def test_what_makes_no_sense_is_refused(key: str, text: str) -> None:
    with pytest.raises(OptionError, match="takes "):
        SYSTEM.option(key).parse(text)


def test_sampling_is_set_where_words_are_drawn() -> None:
    drawn = {o.key for o in OPTIONS if o.applies({"decoding": "sampling"}, "say")}
    searched = {o.key for o in OPTIONS if o.applies({"decoding": "beam"}, "say")}
    assert drawn - searched == {"temperature", "nucleus", "seed"}
    assert searched - drawn == {"alpha", "most_words"}
