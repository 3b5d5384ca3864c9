//! Decides the set of outputs and renders them.
