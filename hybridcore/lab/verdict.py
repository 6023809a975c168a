"""What a race has shown, in sentences that follow from its numbers."""

from __future__ import annotations

from hybridcore.lab.raced import Finish, Raced
from hybridcore.text import enumerated, percent, quantity

LEARNED = 0.5  # of the loss of guessing, below which something was learned
_ALIKE = 1.1  # times as much is as good as the same


def verdict(raced: Raced) -> str:
    """Who did best, and what a new frame costs whom; of a race that is over."""
    titles = {runner.racer.key: runner.racer.title for runner in raced.runners}
    finishes = {titles[key]: finish for key, finish in raced.finishes.items()}
    guess = raced.task.guess(raced.config.length)
    ranked = sorted(finishes, key=lambda title: finishes[title].loss)
    best = finishes[ranked[0]]
    if best.loss > LEARNED * guess:
        first = (f"Nobody has learned it yet: the best loss, {number(best.loss)} of {ranked[0]}, "
                 f"is near that of guessing, {number(guess)}")
    else:
        behind = [title for title in ranked if finishes[title].loss > LEARNED * guess]
        first = (f"**{ranked[0]}** did best: loss {number(best.loss)} where guessing has "
                 f"{number(guess)}, {percent(best.right)} right")
        if behind:
            be = "is" if len(behind) == 1 else "are"
            first += f"; {enumerated(behind)} {be} not much better than guessing"
    return f"{first}. {_costs(finishes)}"


def _costs(finishes: dict[str, Finish]) -> str:
    """What a new frame costs, from the cheapest on."""
    ranked = sorted(finishes, key=lambda title: finishes[title].cost.step)
    cheap, dear = ranked[0], ranked[-1]
    least, most = finishes[cheap].cost.step, finishes[dear].cost.step
    if len(ranked) == 1 or most < _ALIKE * least:
        return f"A new frame of a stream costs {quantity(round(1e6 * least))} µs."
    return (f"A new frame of a stream costs {cheap} {quantity(round(1e6 * least))} µs and {dear} "
            f"{most / least:.0f} times as much.")


def number(loss: float) -> str:
    """A loss with two digits that count: ``0.17``, ``5.3e-05``."""
    return f"{loss:.2g}"
