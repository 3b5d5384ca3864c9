//! `json.dumps`.
