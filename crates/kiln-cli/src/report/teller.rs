//! The news of one run after another.

use std::collections::BTreeSet;

use crate::args::Format;
use crate::exit::Exit;
use crate::report::{Outcome, human, publish, snippet, tell};

/// Says of each run what was not so in the one before.
pub(crate) struct Teller {
    format: Format,
    findings: BTreeSet<String>,
}

impl Teller {
    /// Nothing was said yet.
    pub(crate) fn new(format: Format) -> Teller {
        Teller { format, findings: BTreeSet::new() }
    }

    /// Says which files changed, what is found that was not, and how much of it is no more;
    /// nothing at all of a run that is like the one before.
    pub(crate) fn tell(&mut self, outcome: &Outcome) {
        let findings = snippet::each(outcome);
        let new: String =
            findings.iter().filter(|it| !self.findings.contains(*it)).map(String::as_str).collect();
        let now: BTreeSet<String> = findings.into_iter().collect();
        let mended = self.findings.difference(&now).count();
        let has_changed = outcome.written && !outcome.changes.is_empty();
        self.findings = now;
        if new.is_empty() && mended == 0 && !has_changed {
            return;
        }
        if self.format != Format::Human {
            publish(outcome, self.format);
            return;
        }
        let _ = tell(&mut anstream::stderr(), log(outcome, new, mended).as_bytes());
        if has_changed {
            let _ = tell(&mut anstream::stdout(), human::result(outcome).as_bytes());
        }
    }
}

/// What is found now, and what is no longer so.
fn log(outcome: &Outcome, new: String, mended: usize) -> String {
    let mut log = new;
    if mended > 0 {
        let findings = if mended == 1 { "finding is" } else { "findings are" };
        log.push_str(&format!("{mended} {findings} no more\n"));
    }
    let is_kept_out = matches!(outcome.exit, Exit::Errors | Exit::Refused | Exit::Failed);
    log.extend(human::verdict(outcome).filter(|_| is_kept_out).map(|verdict| verdict + "\n"));
    log
}
