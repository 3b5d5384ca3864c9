//! Renders templates and evaluates expressions over kiln's values.
