//! Integers and floating-point numbers.
