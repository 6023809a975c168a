"""Captions and what stood behind their words -> Plotly figures; pure functions.

The x axis of figures over words counts words from 0 and names them on its ticks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import cv2
import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from hybridcore import figures as shared
from hybridcore.caption.align_predict import Alignment
from hybridcore.caption.result import Caption, Inside, Node
from hybridcore.caption.vocabulary import END, MARKS
from hybridcore.contrast import ink_on
from hybridcore.figures import OTHER, PALETTE, lay_out
from hybridcore.layers.recurrent import LSTMTrace
from hybridcore.text import percent

_BLUES = [[0, "#F1F6FA"], [1, "#7DB4DA"]]
_TILE = 150  # pixels, the longer side of a picture in a strip


def spelled(word: str) -> str:
    """A word as a figure writes it: the mark at the end of a sentence in plain letters."""
    return "(end)" if word == MARKS[END] else word


def _over_words(figure: go.Figure, words: Sequence[str]) -> go.Figure:
    return figure.update_xaxes(
        tickvals=list(range(len(words))), ticktext=[spelled(word) for word in words],
        range=[-0.5, len(words) - 0.5], showgrid=False, zeroline=False,
    )


def attention_strip(
    picture: np.ndarray, words: Sequence[str], attention: np.ndarray
) -> go.Figure:
    """The picture (uint8 ``[h, w, 3]``) once a word, under the map of that word, ``[T, gh, gw]``.
    """
    height, width = picture.shape[:2]
    scale = _TILE / max(height, width)
    small = cv2.resize(picture, (max(8, round(width * scale)), max(8, round(height * scale))),
                       interpolation=cv2.INTER_AREA)
    return shared.attention_strip(
        [small] * len(words), attention, [spelled(word) for word in words], a_row=8)


def alternatives(inside: Inside) -> go.Figure:
    """The ten likeliest words at every step, the likeliest above; the one chosen is framed."""
    p = inside.alternative_probabilities.T  # [10, T]
    text = [[spelled(word) for word in row] for row in zip(*inside.alternatives, strict=True)]
    figure = go.Figure(go.Heatmap(
        z=p.astype(np.float32), text=text, texttemplate="%{text}", colorscale=_BLUES, zmin=0,
        zmax=1, showscale=False, xgap=2, ygap=2, textfont={"size": 12},
        customdata=_percents(p), hovertemplate="%{text}: %{customdata}<extra></extra>",
    ))
    for rank, row in enumerate(text):
        for t, word in enumerate(row):
            if word == spelled(inside.words[t]):
                figure.add_shape(
                    type="rect", x0=t - 0.47, x1=t + 0.47, y0=rank - 0.45, y1=rank + 0.45,
                    line={"color": PALETTE[5], "width": 2},
                )
    _over_words(figure, inside.words)
    figure.update_yaxes(
        autorange="reversed", tickvals=list(range(len(p))), title="rank", showgrid=False,
        ticktext=[str(rank + 1) for rank in range(len(p))],
    )
    return lay_out(figure, height=360)


def hearing(words: Sequence[str], names: Sequence[str], attention: np.ndarray) -> go.Figure:
    """How much the network heard each of M words before every word it said, ``[T, M]``."""
    p = attention.T
    figure = go.Figure(go.Heatmap(
        z=p.astype(np.float32), y=list(names), colorscale=_BLUES, zmin=0, zmax=1, showscale=False,
        xgap=2, ygap=2, customdata=_percents(p),
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    ))
    _over_words(figure, words)
    figure.update_yaxes(autorange="reversed", showgrid=False, automargin=True)
    return lay_out(figure, height=90 + 26 * len(names))


def certainty(inside: Inside) -> go.Figure:
    """Probability and gate of every word above, entropy of its whole distribution below."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.1)
    x = np.arange(len(inside.words))
    figure.add_bar(
        row=1, col=1, x=x, y=inside.probabilities, name="probability of the word",
        marker={"color": PALETTE[0]}, customdata=_percents(inside.probabilities),
        hovertemplate="%{customdata}",
    )
    if inside.gate is not None:
        figure.add_scatter(
            row=1, col=1, x=x, y=inside.gate, name="gate β: how much of the picture is let in",
            mode="lines+markers", line={"color": PALETTE[1], "width": 2.5},
            hovertemplate="%{y:.2f}",
        )
    figure.add_bar(
        row=2, col=1, x=x, y=inside.entropy, name="entropy, bits", marker={"color": PALETTE[3]},
        hovertemplate="%{y:.2f} bits",
    )
    figure.update_yaxes(range=[0, 1.02], row=1)
    figure.update_yaxes(title="bits", rangemode="tozero", row=2)
    return lay_out(_over_words(figure, inside.words), height=340, over_time=True)


def units_by_word(trace: LSTMTrace, word: int) -> np.ndarray:
    """LSTM units, those first whose cell state the word at position ``word`` changed most."""
    before = trace.c[word - 1] if word else np.zeros_like(trace.c[0])
    return np.argsort(-np.abs(trace.c[word] - before), kind="stable")


def beam_tree(tree: Sequence[Node]) -> go.Figure:
    """Every word that beam search followed, step by step; the path to the best sentence is thick.

    A larger dot is a likelier word, given the ones before it.
    """
    height = _heights(tree)
    figure = go.Figure()
    for best in (False, True):
        x: list[float | None] = []
        y: list[float | None] = []
        for k, node in enumerate(tree):
            if node.best == best:
                x += [node.step - 1, node.step, None]
                y += [height[node.parent] if node.parent >= 0 else height[-1], height[k], None]
        figure.add_scatter(
            x=x, y=y, mode="lines", hoverinfo="skip", showlegend=False,
            line={"color": PALETTE[0] if best else OTHER, "width": 3 if best else 1},
        )
    figure.add_scatter(
        x=[-1, *(node.step for node in tree)],
        y=[height[-1], *(height[k] for k in range(len(tree)))],
        mode="markers+text", showlegend=False, textposition="top center",
        text=["", *(f"<b>{spelled(n.word)}</b>" if n.best else spelled(n.word) for n in tree)],
        textfont={"size": 11},
        marker={
            "size": [8, *(5 + 11 * node.probability for node in tree)], "opacity": 1,
            "color": [OTHER, *(PALETTE[0] if node.best else OTHER for node in tree)],
        },
        customdata=[("start", percent(1), 0.0),
                    *((spelled(n.word), percent(n.probability), n.score) for n in tree)],
        hovertemplate="%{customdata[0]}: %{customdata[1]}<br>sentence so far "
                      "%{customdata[2]:.2f} nats<extra></extra>",
    )
    steps = max((node.step for node in tree), default=0)
    figure.update_xaxes(visible=False, range=[-1.4, steps + 0.6])
    figure.update_yaxes(visible=False)
    rows = len({height[k] for k in range(len(tree))} | {0.0})
    return lay_out(figure, height=int(np.clip(80 + 22 * rows, 240, 760)))


def _heights(tree: Sequence[Node]) -> dict[int, float]:
    """Where each node stands so that branches do not cross: leaves in rows, parents between their
    children; -1 is the root."""
    children: dict[int, list[int]] = {}
    for k, node in enumerate(tree):
        children.setdefault(node.parent, []).append(k)
    height: dict[int, float] = {}
    leaf = 0
    order = [(-1, False)]
    while order:  # depth first, children before their parent
        k, below_placed = order.pop()
        inside = children.get(k, [])
        if not inside:
            height[k] = -float(leaf)
            leaf += 1
        elif below_placed:
            height[k] = float(np.mean([height[child] for child in inside]))
        else:
            order += [(k, True), *((child, False) for child in reversed(inside))]
    return height


def side_by_side(captions: Mapping[str, Caption]) -> go.Figure:
    """The sentence of every model; the darker a word, the higher its probability."""
    names = list(captions)
    longest = max(len(caption.words) for caption in captions.values())
    p = np.full((len(names), longest), np.nan, np.float32)
    text = [[""] * longest for _ in names]
    for row, caption in enumerate(captions.values()):
        p[row, : len(caption.words)] = caption.probabilities
        text[row][: len(caption.words)] = [spelled(word) for word in caption.words]
    figure = go.Figure(go.Heatmap(
        z=p, y=names, text=text, texttemplate="%{text}", colorscale=_BLUES, zmin=0, zmax=1,
        showscale=False, xgap=3, ygap=6, textfont={"size": 13}, hoverongaps=False,
        customdata=_percents(p), hovertemplate="%{text}: %{customdata}<extra>%{y}</extra>",
    ))
    figure.update_xaxes(visible=False)
    figure.update_yaxes(autorange="reversed", showgrid=False, automargin=True)
    return lay_out(figure, height=40 + 62 * len(names))


def region_colours(alignment: Alignment) -> dict[int, str]:
    """A colour for each region that a phrase describes; the whole picture is grey."""
    order = dict.fromkeys(phrase.region for phrase in alignment.phrases)
    parts = [region for region in order if region != 0]
    return {0: OTHER, **{r: PALETTE[k % (len(PALETTE) - 1)] for k, r in enumerate(parts)}}


def phrase_text(alignment: Alignment) -> str:
    """The sentence as HTML, a square in the colour of its region before each phrase. Words are
    letters, digits and hyphens: nothing to escape."""
    colours = region_colours(alignment)
    return " ".join(
        f'<span style="color:{colours[p.region]}">■</span> '
        f'<b>{" ".join(alignment.words[p.start : p.end])}</b>'
        for p in alignment.phrases
    )


def alignment_picture(picture: np.ndarray, alignment: Alignment) -> go.Figure:
    """The picture with a frame for each region that a phrase describes, in the phrase's colour;
    above it the sentence, and the words of it that the model does not know."""
    height, width = picture.shape[:2]
    figure = go.Figure(go.Image(z=picture, hoverinfo="skip"))
    colours, corners = region_colours(alignment), Counter[tuple[float, float]]()
    texts_of: dict[int, list[str]] = {}
    for phrase in alignment.phrases:
        words = " ".join(alignment.words[phrase.start : phrase.end])
        texts_of.setdefault(phrase.region, []).append(words)
    for rank, (region, texts) in enumerate(texts_of.items()):
        pad = 0.008 * (rank + 1) * max(height, width)  # so that no frame covers another's side
        x0, y0, x1, y1 = (float(v) * s for v, s in zip(
            alignment.boxes[region], (width, height, width, height), strict=True))
        figure.add_shape(type="rect", x0=x0 + pad, y0=y0 + pad, x1=x1 - pad, y1=y1 - pad,
                         line={"color": colours[region], "width": 4})
        figure.add_annotation(
            x=x0 + pad, y=y0 + pad, yshift=-26 * corners[x0, y0], xanchor="left", yanchor="top",
            text=" … ".join(texts), bgcolor=colours[region], showarrow=False, borderpad=3,
            font={"color": ink_on(colours[region]), "size": 13},
        )
        corners[x0, y0] += 1
    figure.update_xaxes(visible=False, range=[0, width])
    figure.update_yaxes(visible=False, range=[height, 0], scaleanchor="x")
    lines = [phrase_text(alignment)]
    if alignment.unknown:
        lines.append("<sub>Not among the words that this model knows: "
                     f"{', '.join(alignment.unknown)}</sub>")
    figure = lay_out(figure, height=460)
    return figure.update_layout(
        margin={"t": 36 * len(lines)}, title={"text": "<br>".join(lines), "x": 0.01, "y": 0.98})


def alignment_scores(alignment: Alignment) -> go.Figure:
    """How much each word is about each region; the chain's choice is framed."""
    bound = float(np.abs(alignment.scores).max()) or 1.0
    names = ["whole", *(f"{k} {name}".strip() for k, name in enumerate(alignment.names[1:], 1))]
    figure = go.Figure(go.Heatmap(
        z=alignment.scores.T, y=names, zmin=-bound, zmax=bound, colorscale="RdBu_r",
        xgap=1, ygap=1, colorbar={"title": "score", "thickness": 12},
        hovertemplate="region %{y}: %{z:.2f}<extra></extra>",
    ))
    for t, region in enumerate(alignment.regions):
        figure.add_shape(type="rect", x0=t - 0.48, x1=t + 0.48, y0=region - 0.48, y1=region + 0.48,
                         line={"color": "#111111", "width": 2})
    figure.update_yaxes(title="region", type="category", autorange="reversed", showgrid=False,
                        automargin=True)
    return lay_out(_over_words(figure, alignment.words), height=430)


def _percents(shares: np.ndarray) -> np.ndarray:
    """Shares of any shape as texts; "" where there is none."""
    texts = ["" if np.isnan(share) else percent(float(share)) for share in shares.ravel()]
    return np.array(texts, object).reshape(shares.shape)
