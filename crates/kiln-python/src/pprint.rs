//! `pprint.pformat`.
