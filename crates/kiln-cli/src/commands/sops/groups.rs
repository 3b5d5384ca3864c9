//! `groups add` and `groups delete`.

use std::path::Path;

use kiln::sops::{MacCheck, Opened, Recipient, Sealed};

use super::context::{Context, Shape, dialog};
use super::failure::Failure;
use super::files::{self, Subject};
use super::options::Options;
use super::{log, rotate, terms, wording};
use crate::identities;

/// Adds a group of recipients to a file.
///
/// # Errors
/// If that is not possible; nothing is written then.
pub(super) fn add(context: &Context, options: &Options) -> Result<(), Failure> {
    if !options.arguments.is_empty() {
        return Err(Failure::generic("error: no positional arguments allowed"));
    }
    terms::refuse_foreign(options)?;
    let mut group = Vec::new();
    for list in options.texts("age").iter().filter(|list| !list.is_empty()) {
        group.extend(terms::recipients(list)?);
    }
    let work = Work::begin(context, options)?;
    let mut groups = rotate::groups(&work.sealed)?;
    groups.push(group);
    let threshold = threshold(&work.sealed, options, groups.len())?;
    work.end(options, &groups, threshold)
}

/// Removes a group from a file.
///
/// # Errors
/// As [`add`].
pub(super) fn delete(context: &Context, options: &Options) -> Result<(), Failure> {
    let [index] = options.arguments.as_slice() else {
        return Err(Failure::generic("error: exactly one positional argument (index) required"));
    };
    let index: usize = index.parse().map_err(|_| {
        Failure::logged(format!(
            "failed to parse [index] argument: strconv.ParseUint: parsing {index:?}: invalid syntax"
        ))
    })?;
    let work = Work::begin(context, options)?;
    let mut groups = rotate::groups(&work.sealed)?;
    if index >= groups.len() {
        return Err(Failure::logged(format!("there is no group {index}; the first is 0")));
    }
    groups.remove(index);
    let wanted = match options.number("shamir-secret-sharing-threshold") {
        0 => work.sealed.threshold(),
        wanted => terms::count(wanted)?,
    };
    if groups.len() < wanted {
        return Err(Failure::logged(format!(
            "removing this key group will make the Shamir threshold impossible to satisfy: Shamir threshold is \
             {wanted}, but we only have {} key groups",
            groups.len()
        )));
    }
    let threshold = threshold(&work.sealed, options, groups.len())?;
    work.end(options, &groups, threshold)
}

/// How many of several groups it is to take: all, where nobody says.
fn threshold(sealed: &Sealed, options: &Options, groups: usize) -> Result<usize, Failure> {
    let wanted = match options.number("shamir-secret-sharing-threshold") {
        0 => sealed.threshold(),
        wanted => terms::count(wanted)?,
    };
    Ok(if wanted == 0 && groups > 1 { groups } else { wanted })
}

/// A file that was opened.
struct Work {
    subject: Subject,
    shape: Shape,
    sealed: Sealed,
    opened: Opened,
}

impl Work {
    fn begin(context: &Context, options: &Options) -> Result<Work, Failure> {
        let file = options.text("file");
        let subject = Subject::at(file, options);
        let shape = context.shape(options, Path::new(file))?;
        let bytes = files::read(Path::new(file))?;
        let sealed = Sealed::read(&bytes, shape.input)
            .map_err(|error| wording::not_sealed(&error, shape.input.name()).into_logged())?;
        // Values are not looked at, so that the MAC need not be right.
        let opened = identities::open(&sealed, MacCheck::Ignore, dialog())
            .map_err(|not| wording::without_key_in_short(&not))?;
        Ok(Work { subject, shape, sealed, opened })
    }

    fn end(self, options: &Options, groups: &[Vec<Recipient>], threshold: usize) -> Result<(), Failure> {
        let rewrapped = self.opened.rewrap(&self.sealed, groups, threshold, dialog());
        let rewrapped = rewrapped.map_err(|error| wording::not_encrypted(&error).into_logged())?;
        if groups.len() < self.sealed.groups().len() {
            log::warn("the data key stays: who had the removed group can open older versions of the file");
        }
        self.subject.put(&self.shape.write(&rewrapped)?, options)
    }
}
