"""What the pages share: input picker, synced player, progress of jobs, exports, model cards.

It knows nothing of any particular system: generic data in, generic events out. Within the library,
Streamlit is imported here and nowhere else.
"""
