//! Documents of which kiln makes something else than sops, each for a reason.

use std::path::Path;

use kiln::sops::{Format, Plain, Stores};
use serde::Deserialize;

use super::super::Tally;
use super::harness::Harness;
use crate::Result;

const FILE: &str = "xtask/peers/sops-harness/differences.yaml";

#[derive(Deserialize)]
struct Difference {
    name: String,
    format: String,
    document: String,
    /// What kiln writes; nothing where it refuses.
    kiln: Option<String>,
    reason: String,
}

/// Holds every difference, and prints it.
pub(super) fn judge(root: &Path, sops: &mut Harness, tally: &mut Tally) -> Result<()> {
    let differences: Vec<Difference> = serde_yaml::from_str(&std::fs::read_to_string(root.join(FILE))?)?;
    for difference in &differences {
        let Difference { name, format, reason, .. } = difference;
        println!("sops differs: {format}: {name}: {reason}");
        tally.claim(&format!("{format}: {name}"), difference.holds(sops));
    }
    Ok(())
}

impl Difference {
    fn holds(&self, sops: &mut Harness) -> Result<()> {
        let theirs = sops.reformat(&self.format, self.document.as_bytes())?.ok();
        let format = Format::named(&self.format).ok_or("there is no such format")?;
        let ours = Plain::read(self.document.as_bytes(), format)
            .ok()
            .and_then(|plain| plain.write(format, &Stores::default()).ok())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        if ours != self.kiln {
            return Err(format!("kiln writes {ours:?}").into());
        }
        if ours.as_ref().map(String::as_bytes) == theirs.as_deref() {
            return Err("sops does the same".into());
        }
        Ok(())
    }
}
