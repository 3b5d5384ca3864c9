//! Reads files, compares artifacts with the disk, and commits a plan.
