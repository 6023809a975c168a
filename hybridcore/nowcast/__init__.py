"""Nowcasting: the rain of the next hour, from radar fields."""
