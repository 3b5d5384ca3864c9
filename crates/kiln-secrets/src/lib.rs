//! Reads each key file once and hands out secrets.
