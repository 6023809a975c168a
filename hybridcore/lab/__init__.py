"""The lab: every recurrent network of the family on one bench."""
