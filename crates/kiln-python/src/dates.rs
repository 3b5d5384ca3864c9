//! `date`, `datetime`, `time` and `timedelta`.
