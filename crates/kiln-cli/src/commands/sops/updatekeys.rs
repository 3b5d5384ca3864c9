//! `updatekeys`.

use std::io::{self, BufRead as _};
use std::path::Path;

use kiln::live::{self, EntryKind};
use kiln::sops::{FileKey, MacCheck, Recipient, Sealed};

use super::config::Config;
use super::context::{Context, dialog};
use super::failure::{Failure, code};
use super::files::{self, Subject};
use super::options::Options;
use super::{log, wording};
use crate::identities;

/// Gives files the recipients of their creation rule. Values, MAC and data key stay.
///
/// # Errors
/// If there is no configuration or no file, or if any file could not be changed.
pub(super) fn run(context: &Context, options: &Options) -> Result<(), Failure> {
    if context.config()?.is_none() {
        return Err(Failure::generic("config file not found"));
    }
    files::insist_on_argument(options)?;
    let mut failed = 0;
    for file in &options.arguments {
        let outcome = update(context, options, &Subject::at(file, options));
        match outcome {
            Err(failure) if options.arguments.len() == 1 => return Err(failure),
            Err(failure) => {
                failed += 1;
                log::error(failure.message(), &[]);
            }
            Ok(()) => {}
        }
    }
    if failed > 0 { Err(Failure::generic(format!("failed updating {failed} key(s)"))) } else { Ok(()) }
}

fn update(context: &Context, options: &Options, subject: &Subject) -> Result<(), Failure> {
    let path = subject.path();
    let shown = path.display();
    match live::kind(path) {
        None => return Err(Failure::generic(format!("stat {shown}: no such file or directory"))),
        Some(EntryKind::Folder) => return Err(Failure::generic("can't operate on a directory")),
        Some(_) => {}
    }
    let shape = context.shape(options, path)?;
    log::stamped(&format!("Syncing keys for file {shown}"));
    let sealed = subject.read_sealed(&shape)?;
    let groups = groups_of_rule(context, path)?;
    let threshold = sealed.threshold().min(groups.len());
    let changes = changes(&sealed, &groups, threshold);
    if !changes.iter().any(|line| line.is_change) {
        log::stamped(&format!("File {shown} already up to date"));
        return Ok(());
    }
    let mut text = "The following changes will be made to the file's groups:\n".to_owned();
    changes.iter().for_each(|line| text.push_str(&line.text));
    files::print(text.as_bytes())?;
    if !options.is("yes") && !agrees()? {
        log::stamped(&format!("File {shown} left unchanged"));
        return Ok(());
    }
    // It takes all of several groups, where nobody says otherwise.
    let threshold = if threshold == 0 && groups.len() > 1 { groups.len() } else { threshold };
    // Values are not looked at, so that the MAC need not be right.
    let opened =
        identities::open(&sealed, MacCheck::Ignore, dialog()).map_err(|not| wording::not_opened(&not))?;
    let updated = opened
        .rewrap(&sealed, &groups, threshold, dialog())
        .map_err(|error| wording::not_encrypted(&error))?;
    let bytes = shape.write(&updated)?;
    subject.replace(&bytes)?;
    log::stamped(&format!("File {shown} synced with new keys"));
    Ok(())
}

fn groups_of_rule(context: &Context, path: &Path) -> Result<Vec<Vec<Recipient>>, Failure> {
    let Some(config) = context.config()? else { return Err(Failure::generic("config file not found")) };
    if !config.has_rules() {
        let config = config.path().display();
        return Err(Failure::generic(format!("The config file {config} does not contain any creation rule")));
    }
    Ok(Config::groups(config.rule(path)?)?.to_vec())
}

/// A line of what will change.
struct Line {
    is_change: bool,
    text: String,
}

fn changes(sealed: &Sealed, groups: &[Vec<Recipient>], threshold: usize) -> Vec<Line> {
    let line =
        |sign: &str, text: &str| Line { is_change: sign.trim() != "", text: format!("{sign} {text}\n") };
    let mut lines = Vec::new();
    let old = sealed.threshold();
    match (old, threshold) {
        (0, 0) => {}
        (old, new) if old == new => {
            lines.push(Line { is_change: false, text: format!("shamir_threshold: {new}\n") })
        }
        (old, new) => {
            let both = [("+++", new), ("---", old)].into_iter().filter(|(_, number)| *number > 0);
            lines.extend(both.map(|(sign, number)| line(sign, &format!("shamir_threshold: {number}"))));
        }
    }
    let known = sealed.groups();
    for at in 0..known.len().max(groups.len()) {
        lines.push(Line { is_change: false, text: format!("Group {}\n", at + 1) });
        let old: Vec<&str> = known.get(at).into_iter().flatten().map(name).collect();
        let new: Vec<&str> = groups.get(at).into_iter().flatten().map(Recipient::as_str).collect();
        lines.extend(new.iter().filter(|it| old.contains(it)).map(|it| line("   ", it)));
        lines.extend(new.iter().filter(|it| !old.contains(it)).map(|it| line("+++", it)));
        lines.extend(old.iter().filter(|it| !new.contains(it)).map(|it| line("---", it)));
    }
    lines
}

fn name(key: &FileKey) -> &str {
    match key {
        FileKey::Age(recipient) => recipient,
        FileKey::Other(kind) => kind,
    }
}

/// Asks until there is an answer.
fn agrees() -> Result<bool, Failure> {
    loop {
        files::print(b"Is this okay? (y/n):")?;
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer);
        match (read, answer.trim()) {
            (Err(_) | Ok(0), _) => return Err(Failure::new(code::GENERIC, "EOF")),
            (Ok(_), "y") => return Ok(true),
            (Ok(_), "n") => return Ok(false),
            _ => {}
        }
    }
}
