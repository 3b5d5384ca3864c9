//! Says where a located tree violates a JSON Schema, and applies the schema's defaults.
