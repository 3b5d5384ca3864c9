//! The type of a scalar, its tag considered.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::document::Scalar;
use crate::read::ProblemKind;
use crate::resolve::{self, Resolved};

const CORE: &str = "tag:yaml.org,2002:";

/// The scalar of this text. `plain` says that it is not quoted.
///
/// # Errors
/// If it cannot be of the type its tag names, or is a number that cannot be kept exact.
pub(crate) fn typed(text: &str, plain: bool, tag: Option<&str>) -> Result<Scalar, ProblemKind> {
    // go-yaml takes a lone `!` for no tag.
    let Some(tag) = tag.filter(|tag| *tag != "!") else {
        return if plain { resolved(text) } else { Ok(Scalar::text(text)) };
    };
    let scalar = match tag.strip_prefix(CORE) {
        Some("int" | "bool" | "null" | "float" | "timestamp") => resolved(text)?,
        Some("binary") => binary(text)?,
        _ => return Ok(Scalar::text(text)),
    };
    match (&tag[CORE.len()..], &scalar) {
        ("int", Scalar::Int(_))
        | ("bool", Scalar::Bool(_))
        | ("null", Scalar::Null)
        | ("float", Scalar::Float(_))
        | ("timestamp", Scalar::Time(_))
        | ("binary", _) => Ok(scalar),
        #[expect(clippy::cast_precision_loss, reason = "the tag asks for it, and SOPS does the same")]
        ("float", Scalar::Int(it)) => Ok(Scalar::Float(*it as f64)),
        _ => Err(ProblemKind::WrongTag),
    }
}

fn resolved(text: &str) -> Result<Scalar, ProblemKind> {
    match resolve::plain(text) {
        Resolved::Scalar(scalar) => Ok(scalar),
        Resolved::TooLarge => Err(ProblemKind::NumberTooLarge),
    }
}

/// Binary data is a text as any other.
fn binary(text: &str) -> Result<Scalar, ProblemKind> {
    let packed: String = text.split_whitespace().collect();
    let bytes = STANDARD.decode(packed).map_err(|_| ProblemKind::WrongTag)?;
    Ok(Scalar::bytes(&Zeroizing::new(bytes)))
}
