"""Where a player stands, for a fragment that does not hold it: the fragment runs again when the
player comes to rest somewhere else."""

from __future__ import annotations

from hybridcore.studio.component import declare, nothing
from hybridcore.studio.player import position

_component = declare("follow", "mounts.js", "following.js", "follow.js")


def frame_followed(player: str) -> int:
    """The frame at which the player of that key rests, as :func:`~.player.synced_player` says."""
    _component(key=f"{player}.follow", data={"player": player}, default={"time": None},
               on_time_change=nothing)
    return position(player)
