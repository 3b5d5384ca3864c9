//! What a run of libFuzzer says.

use std::fmt;

use crate::Result;
use crate::command::Outcome;

/// What a run came to.
pub(super) struct Report {
    /// How many inputs were run.
    inputs: u64,
    /// How many edges of the program were reached.
    edges: u64,
    /// How many inputs are kept because each reaches something else.
    corpus: u64,
    /// What went wrong, and where the input lies.
    pub(super) finding: Option<String>,
}

impl Report {
    /// Reads what libFuzzer wrote.
    ///
    /// # Errors
    /// If it did not get as far as to run an input.
    pub(super) fn of(outcome: &Outcome) -> Result<Report> {
        let said = String::from_utf8_lossy(&outcome.stderr);
        let statistic =
            |line: &str| line.strip_prefix("stat::number_of_executed_units:")?.trim().parse().ok();
        let inputs = said.lines().find_map(statistic).ok_or_else(|| outcome.complaint())?;
        let state = |name: &str| said.lines().rev().find_map(|line| after(line, name)).unwrap_or(0);
        let finding = (!outcome.succeeded()).then(|| outcome.complaint());
        Ok(Report { inputs, edges: state("cov:"), corpus: state("corp:"), finding })
    }
}

/// The number after a word of a line such as `#2 NEW cov: 3 ft: 4 corp: 1/2b`.
fn after(line: &str, name: &str) -> Option<u64> {
    let words = line.strip_prefix('#')?.split_whitespace();
    let value = words.skip_while(|word| *word != name).nth(1)?;
    value.split('/').next()?.parse().ok()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} inputs, {} edges, {} inputs kept", self.inputs, self.edges, self.corpus)?;
        match &self.finding {
            Some(finding) => write!(f, "; FOUND\n{finding}"),
            None => write!(f, "; nothing found"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Run;

    fn report(script: &str) -> Result<Report> {
        Report::of(&Run::new("sh").args(["-c", script]).outcome().unwrap())
    }

    #[test]
    fn figures_are_read_from_the_last_line_that_has_them() {
        let log = "#2\tNEW    cov: 3 ft: 4 corp: 1/2b\n#9\tDONE   cov: 31 ft: 40 corp: 12/2Kb\n\
                   stat::number_of_executed_units: 99\n";
        let report = report(&format!("printf '{log}' >&2")).unwrap();
        assert_eq!(report.to_string(), "99 inputs, 31 edges, 12 inputs kept; nothing found");
    }

    #[test]
    fn a_bad_end_is_a_finding_and_no_inputs_are_an_error() {
        let log = "panicked at x.rs\\nstat::number_of_executed_units: 7\\n";
        let found = report(&format!("printf '{log}' >&2; exit 77")).unwrap().finding.unwrap();
        assert!(found.contains("panicked at x.rs"), "{found}");
        assert!(report("echo no such dictionary >&2; exit 1").is_err());
    }
}
