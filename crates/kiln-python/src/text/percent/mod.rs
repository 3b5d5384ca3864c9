//! `format % values`, of `str`, `Markup` and `bytes`.

mod convert;
mod directive;
mod supply;

use super::subject::{Subject, charge, push_repeated};
use crate::Py;
use crate::fault::Result;
use convert::converted;
use directive::{Directive, next_piece};
use supply::Supply;

/// `format % values`.
///
/// # Errors
/// `TypeError` if there are too few or too many values or one is of the wrong type,
/// `ValueError` if the format is none, and what converting a value raises.
pub(crate) fn percent(format: &Py, values: &Py) -> Result<Py> {
    let subject = Subject::of(format)?;
    let mut supply = Supply::of(values, subject.kind);
    let (mut out, mut rest) = (String::new(), &*subject.text);
    while let Some((literal, directive)) = next_piece(&mut rest, &mut supply)? {
        out.push_str(literal);
        if let Some(directive) = directive {
            let text = converted(&directive, &supply.next()?, subject.kind)?;
            charge(Some(text.body.len()))?;
            text.layout(&directive, &mut out)?;
        }
    }
    supply.finish()?;
    Ok(subject.give(&out))
}

/// A value as it is written, before it is padded.
struct Text {
    /// The sign, or the blank that stands for it.
    sign: &'static str,
    /// `0x` and its like.
    prefix: &'static str,
    body: String,
    /// Whether zeros may fill the width.
    number: bool,
}

impl Text {
    /// What is no number.
    fn plain(body: String) -> Text {
        Text { sign: "", prefix: "", body, number: false }
    }

    fn layout(&self, directive: &Directive, out: &mut String) -> Result<()> {
        let length = self.sign.len() + self.prefix.len() + self.body.chars().count();
        let missing = directive.width.saturating_sub(length);
        let zeros = self.number && directive.zeros && !directive.left;
        if !directive.left && !zeros {
            push_repeated(out, ' ', missing)?;
        }
        out.push_str(self.sign);
        out.push_str(self.prefix);
        if zeros {
            push_repeated(out, '0', missing)?;
        }
        out.push_str(&self.body);
        if directive.left {
            push_repeated(out, ' ', missing)?;
        }
        Ok(())
    }
}
