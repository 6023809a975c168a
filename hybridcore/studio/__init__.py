"""What the pages share: input picker, synced player, background jobs, exports, model cards.

It knows nothing of any particular system: generic data in, generic events out. Streamlit is
imported here and on the floor above, in ``views``, and nowhere else.
"""
