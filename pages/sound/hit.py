"""One hit: hear it alone, and change its sound."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from hybridcore.sound import parametric
from hybridcore.sound.cochleagram import RATE, Sound
from hybridcore.sound.events import UNSURE, Onset
from hybridcore.sound.exemplar import nearest, ranked
from hybridcore.sound.materials import MATERIALS
from hybridcore.studio.page import Page
from hybridcore.studio.seeking import seek
from hybridcore.studio.widget_state import choice, listed_choice, nearest_position

SetOnsets = Callable[[Page, Sequence[Onset]], None]


def edit_hit(page: Page, onsets: Sequence[Onset], set_onsets: SetOnsets) -> None:
    """Choose a hit, hear what is pasted there, take another sound or material.

    Args:
        onsets: those of the table, in order of time.
        set_onsets: puts changed ones into it.
    """
    if not onsets:
        st.info("No hits at this threshold. Lower it, or add an onset to the table.",
                icon=":material/volume_off:")
        return
    at = _choose(page, onsets)
    if page.options["method"] == "parametric":
        st.caption("Shaped noise: the predicted cochleagram, inverted.")
        st.audio(_noise(page, onsets, at), sample_rate=RATE)
    else:
        _choose_sound(page, onsets, at, set_onsets)


def _choose(page: Page, onsets: Sequence[Onset]) -> int:
    """The position of the hit, which is also the one that is chosen beside the player."""
    item, state = page.name("item"), st.session_state
    state[item] = nearest_position(item, len(onsets))
    titles = [f"{k} · {o.time:.2f} s · {o.material}" for k, o in enumerate(onsets, 1)]
    return listed_choice("Hit to edit", titles, key=page.name("hit"), kept=item,
                         then=lambda: seek(page.system.key, onsets[state[item]].time))


def _choose_sound(
    page: Page, onsets: Sequence[Onset], at: int, set_onsets: SetOnsets
) -> None:
    onset, bank = onsets[at], page.options["bank"]
    cochleagram = page.outputs.by_kind[page.kind].cochleagram
    (names,) = ranked(bank, cochleagram, [onset])
    chosen = nearest(bank, cochleagram, onsets)[at]
    names = names if chosen in names else [chosen, *names]

    def put(changed: Onset) -> None:
        st.session_state[page.name("item")] = at
        set_onsets(page, [*onsets[:at], changed, *onsets[at + 1 :]])

    def take_sound() -> None:
        taken = choice(sound, names)
        if st.session_state[drawn] == sound and taken not in (None, chosen):
            put(replace(onset, exemplar=taken))

    def take_material() -> None:
        taken = choice(material, materials)
        if st.session_state[drawn] == sound and taken not in (None, onset.material):
            put(replace(onset, material=taken, exemplar=""))

    # Each hit, as it is, has widgets of its own: they begin with what it is. What a browser still
    # says of those of another hit is of onsets that are no longer there.
    sound, material = (page.name(f"{what}.{at}.{onset}") for what in ("sound", "material"))
    drawn = page.name("hit.drawn")
    st.session_state[drawn] = sound
    left, right = st.columns(2)
    left.selectbox("Another sound, nearest first", names, index=names.index(chosen), key=sound,
                   on_change=take_sound)
    own = [] if onset.material in MATERIALS else [onset.material]
    materials = list(dict.fromkeys([*own, *MATERIALS, UNSURE]))
    right.selectbox("Another material", materials, index=materials.index(onset.material),
                    key=material, on_change=take_material)
    st.audio(bank[chosen].sound, sample_rate=RATE)


def _noise(page: Page, onsets: Sequence[Onset], at: int) -> Sound:
    """What is pasted at a hit, as :func:`hybridcore.sound.parametric.pieces` makes it."""
    end = onsets[at + 1].time if at + 1 < len(onsets) else float("inf")
    cochleagram = page.outputs.by_kind[page.kind].cochleagram
    return parametric.piece(cochleagram, onsets[at], end, page.options["seed"] + at).sound
