//! What is to be known of a diagnostic code: a page for each.
//!
//! The pages of kiln's own codes are data, in `diagnostics/` of this crate; they are parsed when
//! somebody asks. The pages of a pack's rules are made from the rules.

mod read;

mod rules;

mod words;

use kiln_model::{Diagnostics, Severity, Sources, nearest};

pub(crate) use rules::found;
pub use rules::{Rules, rules};
pub use words::{keys, readable};

/// What is to be known of a diagnostic code.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page {
    /// The code, `stage.what-is-wrong`.
    pub code: String,
    /// The name of the page of `docs/diagnostics` that it stands on; `None` for a pack's rule.
    pub chapter: Option<&'static str>,
    /// What is wrong, in a few words; of a rule its message, with what it puts in in braces.
    pub title: String,
    /// How bad it is; where that depends, how bad it is at worst.
    pub severity: Severity,
    /// What it means.
    pub meaning: Option<String>,
    /// Why it matters.
    pub why: Option<String>,
    /// How to fix it.
    pub fix: Option<String>,
    /// Whether it is a warning with `--compat`.
    pub is_lenient: bool,
    /// The keys that a rule points at, such as `nodes[].address`.
    pub keys: Vec<String>,
    /// What a user may see of it.
    pub example: Option<Example>,
    /// The codes that say the same of other places; they share the page.
    pub also: Vec<String>,
}

/// A project that is wrong, and what kiln says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Example {
    /// The project that the files are laid over: a folder of `examples/`; without it, the one that
    /// the tests keep for this.
    pub project: Option<String>,
    /// The arguments of the run.
    pub run: String,
    /// The files, by path.
    pub files: Vec<(String, String)>,
    /// What it says, for people; only the findings.
    pub output: String,
}

/// The page of one of kiln's own codes.
///
/// ```
/// let page = kiln::explain::page("load.duplicate-key").unwrap();
/// assert_eq!(page.title, "A key is given twice");
/// assert_eq!(kiln::explain::page("render.undefined").unwrap().title, "There is no such value");
/// assert!(kiln::explain::page("load.nonsense").is_none());
/// ```
pub fn page(code: &str) -> Option<Page> {
    let (stage, _) = code.split_once('.')?;
    let own = read::chapter(stage).into_iter().find(|page| page.code == code);
    own.or_else(|| {
        let shared = read::chapter(read::SHARED).into_iter();
        let mut page =
            shared.into_iter().find(|page| page.code == code || page.also.contains(&code.to_owned()))?;
        let canonical = std::mem::replace(&mut page.code, code.to_owned());
        page.also.iter_mut().filter(|it| *it == code).for_each(|it| it.clone_from(&canonical));
        Some(page)
    })
}

/// The pages of all of kiln's own codes, chapter by chapter.
pub fn pages() -> Vec<Page> {
    read::CHAPTERS.iter().flat_map(|(name, _)| read::chapter(name)).collect()
}

/// The names of the chapters, in their order, with what they are about.
pub fn chapters() -> Vec<(&'static str, String)> {
    read::CHAPTERS.iter().map(|(name, text)| (*name, read::about(text))).collect()
}

/// The code that was probably meant, among kiln's own and these.
pub fn near<'a>(code: &str, rules: &'a [Page], own: &'a [Page]) -> Option<&'a str> {
    let all = || own.iter().chain(rules).flat_map(|page| std::iter::once(&page.code).chain(&page.also));
    let whole = nearest(code, all().map(String::as_str));
    // Who forgets the stage still knows what is wrong.
    whole.or_else(|| {
        let tail = code.rsplit('.').next().unwrap_or(code);
        all().map(String::as_str).find(|it| it.split_once('.').is_some_and(|(_, name)| name == tail))
    })
}

/// The rules of the project's pack, or of the built-in one where that cannot be read.
fn pack_of(
    project: &dyn kiln_model::Files,
    sources: &mut Sources,
    sink: &mut Diagnostics,
) -> Option<kiln_pack::Pack> {
    crate::init::pack_of(project, sources, sink).ok().map(|(_, pack, _)| pack)
}
