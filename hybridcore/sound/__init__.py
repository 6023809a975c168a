"""Silent video to sound: when something is struck, how hard, and how it sounds."""
