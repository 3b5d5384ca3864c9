//! `kiln secrets merge`.

use std::path::Path;
use std::process::{Command, Stdio};

use kiln::secrets::{MergeRefused, Sides};
use zeroize::Zeroizing;

use super::place::Place;
use crate::args::MergeSecrets;
use crate::exit::Exit;
use crate::report;
use crate::session;

/// Merges, and writes the outcome in the place of our version.
pub(super) fn run(args: &MergeSecrets) -> Exit {
    let read = |path: &Path| {
        kiln::live::read(path).map(Zeroizing::new).map_err(|error| {
            report::complain(&format!("`{}` cannot be read: {}", path.display(), error.reason))
        })
    };
    let versions = (read(&args.base), read(&args.ours), read(&args.theirs));
    let (Ok(base), Ok(ours), Ok(theirs)) = versions else { return Exit::Failed };
    let place = Place::here();
    let path = args.path.to_string_lossy();
    let sides = Sides { path: &path, base: &base, ours: &ours, theirs: &theirs };
    match kiln::secrets::merge(&place.files(), &sides, &place.identities(), session::now()) {
        Ok(merged) => {
            if let Err(error) = kiln::replace(&args.ours, &merged.bytes, 0o644) {
                return report::complain(&format!("the merged file cannot be written: {}", error.reason));
            }
            if merged.conflicts.is_empty() {
                return Exit::Done;
            }
            let mut words = format!("conflict in `{path}`: both sides changed\n");
            merged.conflicts.iter().for_each(|conflict| words += &format!("  {conflict}\n"));
            words += &format!(
                "what is ours stands there; see what is theirs with `git show --textconv :3:{path}`, change it with \
                 `kiln sops edit {path}`, then run `git add {path}`"
            );
            report::remark(&words);
            Exit::Errors
        }
        Err(MergeRefused::NotEncrypted) => merge_text(args),
        Err(error) => {
            report::complain(&format!("`{path}` was not merged: {error}"));
            Exit::Errors
        }
    }
}

/// Lets git merge what is not encrypted, as it would without us.
fn merge_text(args: &MergeSecrets) -> Exit {
    let status = Command::new("git")
        .args(["merge-file", "-L", "ours", "-L", "base", "-L", "theirs"])
        .arg(format!("--marker-size={}", args.marker))
        .args([&args.ours, &args.base, &args.theirs])
        .stdin(Stdio::null())
        .status();
    match status.map(|status| status.code()) {
        Ok(Some(0)) => Exit::Done,
        Ok(Some(1..=127)) => Exit::Errors,
        _ => report::complain("git could not merge a file that is not encrypted"),
    }
}
