"""One script a page, and a folder of its pieces: what they are made of, one a file.

A page lays its pieces out. Only here are a system and Streamlit both known.
"""
