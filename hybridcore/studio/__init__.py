"""What the pages share: input picker, synced player, background jobs, exports, model cards.

This package is the only place that imports Streamlit, and it knows nothing of any particular
system: generic data in, generic events out.
"""
