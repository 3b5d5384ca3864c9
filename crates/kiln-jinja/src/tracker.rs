//! What a render brought into its text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kiln_model::Secret;

use crate::trace::Trace;

/// The log of one render or evaluation.
///
/// It follows operators, filters, macros, includes and imports because it is written at
/// the only place where a secret turns into text.
#[derive(Default)]
pub(crate) struct Tracker {
    revealed: Mutex<BTreeMap<String, Vec<Secret>>>,
    passed_over: AtomicBool,
    templates: Mutex<BTreeSet<String>>,
    macros: Mutex<BTreeSet<(String, String)>>,
    lookups: Mutex<BTreeSet<(String, String)>>,
    trace: Option<Mutex<Trace>>,
}

impl Tracker {
    pub(crate) fn new() -> Arc<Tracker> {
        Arc::default()
    }

    /// A log that also says where each part of the text comes from.
    pub(crate) fn tracing() -> Arc<Tracker> {
        Arc::new(Tracker { trace: Some(Mutex::default()), ..Tracker::default() })
    }

    /// What is known of where text comes from, if somebody asked for that.
    pub(crate) fn trace(&self) -> Option<MutexGuard<'_, Trace>> {
        self.trace.as_ref().map(|trace| trace.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes that the text of a secret was used.
    pub(crate) fn reveal(&self, secret: &Secret) {
        let mut revealed = self.revealed.lock().unwrap_or_else(PoisonError::into_inner);
        let same_label = revealed.entry(secret.label().to_owned()).or_default();
        // Values computed from one secret share its label; the texts are compared so that each
        // of them is noted, and noted once.
        if same_label.iter().all(|known| known.expose() != secret.expose()) {
            same_label.push(secret.clone());
        }
    }

    /// Whether the text of a secret was used.
    pub(crate) fn is_revealing(&self) -> bool {
        !self.revealed.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Notes that a value was asked for that is known to be wrong.
    pub(crate) fn pass_over(&self) {
        self.passed_over.store(true, Ordering::Relaxed);
    }

    /// Whether a value was asked for that is known to be wrong.
    pub(crate) fn is_passed_over(&self) -> bool {
        self.passed_over.load(Ordering::Relaxed)
    }

    /// Forgets that a wrong value was asked for and which secrets were used.
    pub(crate) fn begin_again(&self) {
        self.passed_over.store(false, Ordering::Relaxed);
        self.revealed.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The texts of secrets that were used, sorted by label.
    pub(crate) fn finish(&self) -> Vec<Secret> {
        let mut revealed = self.revealed.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *revealed).into_values().flatten().collect()
    }

    /// Notes that a template was included, imported or extended.
    pub(crate) fn use_template(&self, name: &str) {
        self.templates.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned());
    }

    /// Notes that a macro was called; the caller of a call block has no name.
    pub(crate) fn call_macro(&self, template: &str, name: Option<&str>) {
        if let Some(name) = name {
            let mut macros = self.macros.lock().unwrap_or_else(PoisonError::into_inner);
            macros.insert((template.to_owned(), name.to_owned()));
        }
    }

    /// Notes that a table was asked for a key.
    pub(crate) fn look_up(&self, table: &str, key: &str) {
        let mut lookups = self.lookups.lock().unwrap_or_else(PoisonError::into_inner);
        lookups.insert((table.to_owned(), key.to_owned()));
    }

    /// The tables that were asked, with the keys, sorted.
    pub(crate) fn lookups(&self) -> BTreeSet<(String, String)> {
        self.lookups.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The templates that were included, imported or extended, sorted.
    pub(crate) fn templates(&self) -> BTreeSet<String> {
        self.templates.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The macros that were called, with the templates that define them, sorted.
    pub(crate) fn macros(&self) -> BTreeSet<(String, String)> {
        self.macros.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
