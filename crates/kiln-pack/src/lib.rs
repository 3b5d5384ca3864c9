//! Reads packs and the layers over them.
