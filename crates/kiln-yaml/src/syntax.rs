//! What is wrong with text that is not YAML, in our words.
//!
//! The parser names the kind of an error; its own sentences are never shown, and no
//! sentence here repeats what stands in the text.

use granit_parser::{ErrorKind as K, ScanError};

use crate::slips::{self, Slip};

/// Why a text could not be read. Holds nothing that stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The code of the diagnostic: `load.yaml-syntax`, `load.template`, or `load.too-deep`.
    pub code: &'static str,
    /// First byte of what is wrong.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The bracket or brace that is still open here, if it stands on a line above.
    pub opened: Option<usize>,
    /// What is wrong.
    pub message: &'static str,
    /// How to put it right.
    pub help: Option<&'static str>,
}

/// The nesting at `start` is too deep.
pub(crate) fn too_deep(text: &str, start: usize) -> SyntaxError {
    let end = char_end(text, start);
    SyntaxError {
        code: "load.too-deep",
        start,
        end,
        opened: None,
        message: "collections nest more than 128 levels deep",
        help: Some("flatten the structure"),
    }
}

/// Takes the parser's error apart. `read_to` is where the last event ended, `open`
/// the innermost collection that is still open, if it is written with brackets.
pub(crate) fn explain(text: &str, error: &ScanError, read_to: usize, open: Option<usize>) -> SyntaxError {
    let mark = error.marker().byte_offset().unwrap_or(0).min(text.len());
    if matches!(error.kind(), K::RecursionLimitExceeded) {
        return too_deep(text, mark);
    }
    if let Some((start, end)) = template_text(text, mark) {
        let (message, help) = (TEMPLATE, Some(TEMPLATE_HELP));
        return SyntaxError { code: "load.template", start, end, opened: None, message, help };
    }
    if let Some(Slip { start, end, message, help }) = slip(text, error.kind(), mark) {
        return SyntaxError { code: "load.yaml-syntax", start, end, opened: None, message, help: Some(help) };
    }
    let (message, help) = words(error.kind());
    let start = if unclosed_quote(error.kind()) { open_quote(text, read_to, mark) } else { mark };
    let end = char_end(text, start);
    let opened = open.filter(|open| text.get(*open..start).is_some_and(|it| it.contains('\n')));
    SyntaxError { code: "load.yaml-syntax", start, end, opened, message, help }
}

/// The slip that the parser stumbled over.
fn slip(text: &str, kind: &K, mark: usize) -> Option<Slip> {
    if let Some(blank) = slips::blank(text, mark) {
        return Some(blank);
    }
    match kind {
        K::SimpleKeyExpected => Some(slips::unfinished_key(text, mark)),
        K::MappingValueNotAllowed => slips::stray_colon(text, mark),
        K::ExpectedBlockSequenceEntry | K::ExpectedBlockMappingKey => slips::indentation(text, mark),
        K::TabNotAllowed | K::TabInBlockIndentation | K::TabInIndentation | K::TabInPlainScalar => {
            slips::tab(text, mark)
        }
        K::UnknownQuotedScalarEscape | K::InvalidQuotedScalarHexEscape => slips::escape(text, mark),
        _ => None,
    }
}

/// What is wrong with text that a template would replace.
pub(crate) const TEMPLATE: &str = "template text in a file that is no template";

/// How to put it right.
pub(crate) const TEMPLATE_HELP: &str =
    "write the value itself, or put it into quotes if it is meant to be this text";

/// The expression `#{ … }#` because of which the value at `empty` is empty: YAML takes it for a
/// comment. It stands behind the `:` or `-` of the value's line.
pub(crate) fn template_behind(text: &str, empty: usize) -> Option<(usize, usize)> {
    let line_start = text.get(..empty)?.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(line_start..)?.lines().next()?;
    let start = line.find("#{").filter(|at| line[..*at].trim_end().ends_with([':', '-']))?;
    let end = line[start..].find("}#")?;
    Some((line_start + start, line_start + start + end + 2))
}

/// The first `{{ … }}` or `{% … %}` without quotes in the line of an error.
pub(crate) fn template_text(text: &str, mark: usize) -> Option<(usize, usize)> {
    let line_start = text.get(..mark)?.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(line_start..)?.lines().next()?;
    let (start, close) =
        [("{{", "}}"), ("{%", "%}")].iter().find_map(|(open, close)| Some((line.find(open)?, close)))?;
    let is_quoted = line.get(..start)?.contains(['"', '\'', '#']);
    let end = line.get(start..)?.find(close).map_or(line.len(), |at| start + at + close.len());
    (!is_quoted).then_some((line_start + start, line_start + end))
}

/// Whether the kind usually means that the closing quote is missing.
fn unclosed_quote(kind: &K) -> bool {
    matches!(
        kind,
        K::UnclosedQuotedScalar | K::InvalidQuotedScalarIndent | K::DocumentIndicatorInQuotedScalar
    )
}

/// The quote that was never closed: the first one after the last event.
fn open_quote(text: &str, read_to: usize, mark: usize) -> usize {
    let between = text.get(read_to..mark).unwrap_or_default();
    between.find(['"', '\'']).map_or(mark, |at| read_to + at)
}

/// The end of the character at `start`, so that there is something to underline.
fn char_end(text: &str, start: usize) -> usize {
    let char = text.get(start..).and_then(|rest| rest.chars().next());
    start + char.filter(|it| !matches!(it, '\n' | '\r')).map_or(0, char::len_utf8)
}

/// Message and help for a kind of error.
fn words(kind: &K) -> (&'static str, Option<&'static str>) {
    collections(kind)
        .or_else(|| quotes(kind))
        .or_else(|| layout(kind))
        .or_else(|| properties(kind))
        .unwrap_or(("this is not YAML", Some("check indentation, quotes and brackets around this place")))
}

type Words = Option<(&'static str, Option<&'static str>)>;

/// Brackets, braces, mappings and sequences.
fn collections(kind: &K) -> Words {
    let (message, help) = match kind {
        K::UnclosedFlowCollection { open: '[' } | K::UnexpectedEofFlowSequence => {
            ("this `[` is never closed", "write the missing `]`")
        }
        K::UnclosedFlowCollection { .. } | K::UnexpectedEofFlowMapping => {
            ("this `{` is never closed", "write the missing `}`")
        }
        K::MismatchedFlowCollectionEnd { open: '[', .. } => {
            ("a list opened with `[` is closed with `}`", "close it with `]`")
        }
        K::MismatchedFlowCollectionEnd { .. } => {
            ("a mapping opened with `{` is closed with `]`", "close it with `}`")
        }
        K::MisplacedFlowCollectionEnd => ("a closing bracket without an opening one", "remove it"),
        K::ExpectedFlowSequenceSeparator => (
            "expected `,` or `]` in a list",
            "separate the items with `,`, or quote text that has special characters",
        ),
        K::ExpectedFlowMappingSeparator => (
            "expected `,` or `}` in a mapping",
            "separate the keys with `,`, or quote text that has special characters",
        ),
        K::MappingValueNotAllowed => {
            ("a `:` where no key can be", "quote the value if the `:` belongs to it, or begin a new line")
        }
        K::MappingKeyNotAllowed => ("a key where none can be", "begin a new line for it"),
        K::ExpectedBlockMappingKey => ("expected a key", "indent the line like the keys it belongs to"),
        K::InvalidSimpleKey => ("expected `:` after a key", "write `key: value`, with a space after the `:`"),
        K::InvalidMappingValueWhitespace
        | K::InvalidColonPlacement
        | K::FlowMappingValueAdjacentCollection => {
            ("a misplaced `:`", "write `key: value`, with a space after the `:`")
        }
        K::ExpectedBlockSequenceEntry => (
            "expected `- `",
            "write `- ` before it if an item begins here, or indent it like the keys of the item above",
        ),
        K::BlockSequenceEntryNotAllowed | K::BlockEntryInFlowCollection => {
            ("a `- ` where no list item can be", "begin a new line for the list, or write it as `[a, b]`")
        }
        K::InvalidBlockEntryWhitespace => ("a `-` without a space after it", "write `- item`"),
        _ => return None,
    };
    Some((message, Some(help)))
}

/// Quotes, escapes and block scalars.
fn quotes(kind: &K) -> Words {
    let (message, help) = match kind {
        K::UnclosedQuotedScalar | K::InvalidQuotedScalarIndent | K::DocumentIndicatorInQuotedScalar => {
            ("this quote is never closed", "write the missing quote at the end of the value")
        }
        K::InvalidTrailingSingleQuotedScalar | K::InvalidTrailingDoubleQuotedScalar => {
            ("text after a closing quote", "put the whole value into the quotes")
        }
        K::UnknownQuotedScalarEscape => {
            ("an escape that YAML does not have", "write `\\\\` for a backslash, or use single quotes")
        }
        K::InvalidQuotedScalarHexEscape
        | K::InvalidLowSurrogateHexEscape
        | K::InvalidLowSurrogate
        | K::MissingLowSurrogate
        | K::UnpairedLowSurrogate
        | K::InvalidUnicodeEscape => ("an escape that stands for no character", "write the character itself"),
        K::ZeroBlockScalarIndent => ("a block text with indentation 0", "write a digit from 1 to 9, or none"),
        K::InvalidBlockScalarHeader => {
            ("text after the `|` or `>` of a block text", "begin the text on the next line")
        }
        K::TabAtBlockScalarStart => ("a block text that begins with a tab", "indent with spaces"),
        K::InvalidBlockScalarIndent => {
            ("a line of a block text is indented less than its first", "indent all its lines alike")
        }
        _ => return None,
    };
    Some((message, Some(help)))
}

/// Indentation, tabs, comments and characters.
fn layout(kind: &K) -> Words {
    let (message, help) = match kind {
        K::InvalidIndentation | K::InvalidFlowScalarIndent => {
            ("this indentation fits no line above", "indent the line like its neighbours")
        }
        K::TabNotAllowed | K::TabInBlockIndentation | K::TabInIndentation | K::TabInPlainScalar => {
            ("a tab where YAML wants spaces", "replace the tab with spaces")
        }
        K::CommentInterceptedScalar => {
            ("a comment inside a text of several lines", "move the comment above it")
        }
        K::CommentNotSeparated => ("a comment without a space before it", "write a space before `#`"),
        K::ExpectedWhitespace => ("a space is missing", "write a space here"),
        K::BomInsideDocument => ("a byte-order mark inside the text", "remove it"),
        K::UnexpectedCharacter { .. } => {
            ("a character that cannot begin a value", "put the value into quotes")
        }
        K::PlainScalarStartsWithDashFlowIndicator | K::UnexpectedEndOfPlainScalar => {
            ("a value that must be quoted", "put the value into quotes")
        }
        K::ExpectedNodeContent => ("a value is missing", "write a value here"),
        K::UnexpectedEof
        | K::UnexpectedEofBlockMapping
        | K::UnexpectedEofBlockSequence
        | K::UnexpectedEofImplicitFlowMapping => ("the text ends too early", "write what is missing"),
        _ => return None,
    };
    Some((message, Some(help)))
}

/// Anchors, tags, directives and document marks.
fn properties(kind: &K) -> Words {
    let (message, help) = match kind {
        K::MissingAnchorOrAliasName => {
            ("a `&` or `*` without a name", "quote the value if it begins with this character")
        }
        K::ExpectedTagBang
        | K::InvalidGlobalTagCharacter
        | K::InvalidTagTerminator
        | K::MissingTagUri
        | K::UnclosedVerbatimTag
        | K::InvalidTagEscape
        | K::InvalidTagUtf8LeadingByte
        | K::InvalidTagUtf8TrailingByte
        | K::InvalidTagUtf8
        | K::UndeclaredTagHandle => ("a tag that cannot be read", "quote the value if it begins with `!`"),
        K::ExpectedDocumentStart | K::InvalidDocumentEnd | K::MissingDocumentEndBeforeDirective => {
            ("text outside a document", "write `---` on its own line before it, or remove it")
        }
        K::DuplicateVersionDirective
        | K::UnsupportedYamlMajorVersion
        | K::DuplicateTagDirective
        | K::ExpectedTagDirectiveBang
        | K::InvalidDirectiveTerminator
        | K::MissingYamlVersionSeparator
        | K::MissingDirectiveName
        | K::InvalidDirectiveName
        | K::DirectiveByteLimitExceeded { .. }
        | K::TooManyReservedDirectiveParams { .. }
        | K::YamlVersionTooLong
        | K::MissingYamlVersion
        | K::InvalidTagDirectiveTerminator => {
            ("a line that begins with `%` and is no directive", "remove it, or quote the value")
        }
        _ => return None,
    };
    Some((message, Some(help)))
}
