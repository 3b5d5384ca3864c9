//! `rotate`.

use kiln::sops::{FileKey, Recipient, Sealed};

use super::context::{Context, dialog, open};
use super::failure::{Failure, code};
use super::files::{self, Subject};
use super::options::Options;
use super::{terms, wording};
use crate::session;

/// Encrypts a file anew under a fresh data key, with recipients added and removed.
///
/// # Errors
/// If it cannot be opened or nobody would be left to open it; nothing is written then.
pub(super) fn run(context: &Context, options: &Options) -> Result<(), Failure> {
    files::insist_on_argument(options)?;
    files::refuse_two_outputs(options)?;
    let subject = Subject::of(options);
    refuse_without_file(&subject, options, "the `edit` subcommand")?;
    let shape = context.shape(options, &subject.name)?;
    let added = changes(options, "add-age")?;
    let removed = changes(options, "rm-age")?;
    terms::refuse_foreign(options)?;
    let sealed = subject.read_sealed(&shape)?;
    let opened = open(&sealed, options)?;
    let mut groups = groups(&sealed)?;
    if let Some(first) = groups.first_mut() {
        let new = added.into_iter().filter(|it| !first.contains(it)).collect::<Vec<_>>();
        first.extend(new);
    }
    groups.iter_mut().for_each(|group| group.retain(|recipient| !removed.contains(recipient)));
    let rotated = opened
        .rotate(&groups, sealed.threshold(), session::now(), dialog())
        .map_err(|error| wording::not_encrypted(&error))?;
    subject.put(&shape.write(&rotated)?, options)
}

/// Refuses to change the recipients of a file that is not there.
///
/// # Errors
/// If that was asked.
pub(super) fn refuse_without_file(
    subject: &Subject,
    options: &Options,
    instead: &str,
) -> Result<(), Failure> {
    let changes = ["add-age", "rm-age"].iter().any(|name| !options.text(name).is_empty());
    if subject.is_there() || !(changes || options.foreign().is_some_and(|(flag, _)| is_change(flag.name))) {
        return Ok(());
    }
    Err(Failure::new(
        code::KEYS_WITHOUT_FILE,
        format!(
            "Error: cannot add or remove keys on non-existent file {:?}, use {instead} instead.",
            subject.path()
        ),
    ))
}

fn is_change(name: &str) -> bool {
    name.starts_with("add-") || name.starts_with("rm-")
}

fn changes(options: &Options, name: &str) -> Result<Vec<Recipient>, Failure> {
    match options.text(name) {
        "" => Ok(Vec::new()),
        list => terms::recipients(list),
    }
}

/// The recipients of each group of a file. Keys of other kinds are left out: whoever changes the
/// data key has to refuse because of them.
///
/// # Errors
/// If one cannot be read.
pub(super) fn groups(sealed: &Sealed) -> Result<Vec<Vec<Recipient>>, Failure> {
    let of_group = |group: Vec<FileKey>| {
        let age = group.into_iter().filter_map(|key| match key {
            FileKey::Age(text) => Some(text),
            FileKey::Other(_) => None,
        });
        age.map(|text| Recipient::parse(&text).map_err(|error| wording::not_a_recipient(&text, &error)))
            .collect()
    };
    sealed.groups().into_iter().map(of_group).collect()
}
