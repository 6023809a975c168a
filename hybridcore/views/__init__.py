"""What the page of one system is made of: the only floor that knows both a system and Streamlit.

One room a system, and in it one piece of the page a file. The pages lay the pieces out.
"""
