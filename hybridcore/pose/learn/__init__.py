"""Data, training and measuring of the pose networks; never imported by the running application."""
