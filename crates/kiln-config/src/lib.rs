//! Loads, validates, derives and checks a project's data.
