//! `strftime`: Python's share of it. What Python leaves to the C library is in
//! [`super::directive`].

use std::sync::Arc;

use time::Date as Day;

use crate::fault::Result;
use crate::meter::charge_text;

use super::clock::Clock;
use super::directive;
use super::zone::{Zone, offset_text};

/// What a date or a time says about when it is.
pub(super) struct Moment {
    pub(super) day: Day,
    pub(super) clock: Clock,
    pub(super) zone: Option<Arc<Zone>>,
}

/// How much text Python lets the C library make first.
const FIRST_ROOM: usize = 1024;

/// The text of a moment in a format, as Python gives it on Linux in the C locale.
///
/// # Errors
/// For `%s`, which depends on the time zone of the machine.
pub(super) fn strftime(format: &str, moment: &Moment) -> Result<String> {
    charge_text(format.len())?;
    let format = own_directives(format, moment);
    let length = format.chars().count();
    let mut room = FIRST_ROOM;
    while room < length.saturating_mul(256) {
        room *= 2;
    }
    // Python takes a text that does not fit into so much for one that is empty.
    Ok(directive::expand(&format, moment, room)?.unwrap_or_default())
}

/// Fills in the directives that Python answers itself. A NUL ends the format.
fn own_directives(format: &str, moment: &Moment) -> String {
    let mut out = String::with_capacity(format.len());
    let mut chars = format.chars().take_while(|char| *char != '\0');
    while let Some(char) = chars.next() {
        if char != '%' {
            out.push(char);
            continue;
        }
        match chars.next() {
            Some('f') => out += &format!("{:06}", moment.clock.microsecond()),
            Some('z') => out.extend(moment.zone.as_ref().map(|zone| offset_text(zone.offset(), ""))),
            Some('Z') => out.extend(moment.zone.as_ref().map(|zone| zone.name().replace('%', "%%"))),
            other => {
                out.push('%');
                out.extend(other);
            }
        }
    }
    out
}
