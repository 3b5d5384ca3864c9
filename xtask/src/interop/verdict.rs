//! What a peer program of ours says: one JSON object per line, a claim and its fault.

use serde::Deserialize;

use super::Tally;
use crate::Result;

#[derive(Deserialize)]
struct Verdict {
    claim: String,
    fault: Option<String>,
}

/// Counts every claim of a peer's output about something.
///
/// # Errors
/// If a line is no verdict, or there is none.
pub(super) fn count(about: &str, output: &[u8], tally: &mut Tally) -> Result<()> {
    let text = std::str::from_utf8(output)?;
    let verdicts: Vec<Verdict> =
        text.lines().map(serde_json::from_str).collect::<std::result::Result<_, _>>()?;
    if verdicts.is_empty() {
        return Err("the peer judged nothing".into());
    }
    for Verdict { claim, fault } in verdicts {
        tally.claim(&format!("{about}: {claim}"), fault.map_or(Ok(()), |fault| Err(fault.into())));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_counted() {
        let mut tally = Tally::default();
        let output = b"{\"claim\":\"a\",\"fault\":null}\n{\"claim\":\"b\",\"fault\":\"no\"}\n";
        count("x", output, &mut tally).unwrap();
        assert_eq!((tally.passed, tally.failed), (1, 1));
        assert!(count("x", b"", &mut tally).is_err());
        assert!(count("x", b"PASS\n", &mut tally).is_err());
    }
}
