//! Check: the pack's rules are held against the whole document.

mod breach;

mod fixes;

mod items;

mod place;

mod secrecy;

mod told;

mod verdict;

use kiln_jinja::{Engine, Local, Programs, Scope, Session};
use kiln_model::{Diagnostic, Diagnostics, Map, PathStep, Severity, Sources, split_path};
use kiln_pack::{AssertRule, Pack};

use self::breach::Breach;
use self::items::{Lists, Seen};
pub use self::verdict::Verdict;
use crate::expressions::{Question, extend_once};
use crate::findings;

/// The rules of a pack, to be held against the whole document by any number of threads.
pub struct Rules<'a, 'e> {
    data: &'a Map,
    pack: &'a Pack,
    programs: &'a Programs<'e>,
    sources: &'a Sources,
    compat: bool,
    session: Session<'e>,
    lists: Lists,
    found: Diagnostics,
}

/// What came of some of the rules.
pub struct Part {
    outcomes: std::vec::IntoIter<Outcome>,
}

/// What came of a rule.
struct Outcome {
    found: Diagnostics,
    verdict: Verdict,
}

impl<'a, 'e> Rules<'a, 'e> {
    /// The rules of a pack about a document. With `compat`, an error of a rule that says
    /// `compat: true` is a warning.
    pub fn new(
        data: &'a Map,
        pack: &'a Pack,
        programs: &'a Programs<'e>,
        sources: &'a Sources,
        compat: bool,
    ) -> Rules<'a, 'e> {
        let (session, mut found) = (programs.session(&Scope::new(data)), Diagnostics::new());
        let lists = Lists::new(data, pack, programs, &session, sources, &mut found);
        // The parts take over what this session has made into values of Python's.
        lists.seen(&session);
        Rules { data, pack, programs, sources, compat, session, lists, found }
    }

    /// Holds every `of`-th rule against the document, from `number` on: once per item for rules
    /// over lists.
    pub fn part(&self, number: usize, of: usize) -> Part {
        let session = self.session.another();
        let seen = self.lists.seen(&session);
        let outcome = |(id, rule): (&String, &AssertRule)| {
            let checker = Checker::new(self, id, rule, &session);
            let (mut verdict, mut found) = (Verdict::default(), Diagnostics::new());
            let is_broken = match &rule.each {
                None => checker.single(&mut verdict, &mut found),
                Some((each, name)) => {
                    let items = seen.get(&(each.text.clone(), name.clone()));
                    checker.each(items.map_or(&[][..], Vec::as_slice), &mut verdict, &mut found)
                }
            };
            if is_broken && checker.severity() == Severity::Error {
                verdict.culprits.extend(rule.at.first().and_then(|path| checker.top_level_key(&path.text)));
            }
            Outcome { found, verdict }
        };
        let outcomes: Vec<Outcome> = self.pack.checks.iter().skip(number).step_by(of).map(outcome).collect();
        Part { outcomes: outcomes.into_iter() }
    }

    /// Reports what was found by all parts, which are those of `part(0, n)` to `part(n - 1, n)`, in
    /// the order of the rules.
    ///
    /// Gives what follows for the stages after.
    pub fn report(self, mut parts: Vec<Part>, sink: &mut Diagnostics) -> Verdict {
        let mut found = self.found;
        let mut verdict = Verdict::default();
        let of = parts.len().max(1);
        let next = |rule: usize| parts.get_mut(rule % of)?.outcomes.next();
        for outcome in (0..self.pack.checks.len()).filter_map(next) {
            found.append(outcome.found);
            verdict.extend(outcome.verdict);
        }
        fixes::keep_sure(self.data, &mut found);
        sink.append(found);
        verdict
    }
}

/// One rule.
struct Checker<'a, 'e> {
    id: &'a str,
    rule: &'a AssertRule,
    when: Question<'a, 'e>,
    assert: Question<'a, 'e>,
    data: &'a Map,
    engine: &'e Engine,
    session: &'a Session<'e>,
    sources: &'a Sources,
    compat: bool,
}

impl<'a, 'e> Checker<'a, 'e> {
    fn new(rules: &Rules<'a, 'e>, id: &'a str, rule: &'a AssertRule, session: &'a Session<'e>) -> Self {
        let Rules { data, programs, sources, compat, .. } = *rules;
        let item = rule.each.as_ref().map(|(_, name)| name.as_str());
        let question = |expr| Question::new(expr, item, programs, "check", sources);
        let (when, assert) = (question(&rule.when), question(&rule.assert));
        Checker { id, rule, when, assert, data, engine: programs.engine(), session, sources, compat }
    }
}

impl Checker<'_, '_> {
    /// A rule without a list; whether it is broken.
    fn single(&self, verdict: &mut Verdict, sink: &mut Diagnostics) -> bool {
        let is_broken = self.is_broken(None, sink);
        if is_broken {
            let breach = Breach::of(self, None);
            verdict.wanted.extend(breach.eased());
            let finding = breach.finding(sink);
            finding.into_iter().for_each(|it| sink.push(it));
        }
        is_broken
    }

    /// A rule over a list; whether any of the items breaks it.
    fn each(&self, items: &[Seen<'_>], verdict: &mut Verdict, sink: &mut Diagnostics) -> bool {
        let mut failures = Diagnostics::new();
        let is_broken = |(_, local): &&Seen<'_>| self.is_broken(Some(local), &mut failures);
        let broken: Vec<&Seen<'_>> = items.iter().filter(is_broken).collect();
        let mut found = Vec::with_capacity(broken.len());
        for seen in &broken {
            let breach = Breach::of(self, Some(seen));
            verdict.wanted.extend(breach.eased());
            found.extend(breach.finding(&mut failures));
        }
        extend_once(sink, failures);
        let is_common = broken.len() > 1 && broken.len() == items.len() && found.len() == broken.len();
        match self.common_cause().filter(|_| is_common) {
            Some(paths) => sink.extend(self.merged(found, &paths)),
            None => sink.extend(found),
        }
        !broken.is_empty()
    }

    fn is_broken(&self, local: Option<&Local<'_>>, sink: &mut Diagnostics) -> bool {
        self.when.holds(self.session, local, sink) == Some(true)
            && self.assert.holds(self.session, local, sink) == Some(false)
    }

    /// The keys outside of the list that the rule points at: if all items break it, the mistake is
    /// probably there.
    fn common_cause(&self) -> Option<Vec<&str>> {
        let (each, name) = self.rule.each.as_ref().filter(|_| self.rule.fix.is_none())?;
        let is_outside = |path: &&str| match split_path(path).as_deref() {
            Some([PathStep::Key(first), ..]) => first != name && *first != each.text,
            _ => false,
        };
        let paths: Vec<&str> = self.rule.at.iter().map(|path| &*path.text).filter(is_outside).collect();
        (!paths.is_empty()).then_some(paths)
    }

    /// One finding for all items of the list.
    fn merged(&self, found: Vec<Diagnostic>, paths: &[&str]) -> Option<Diagnostic> {
        let count = found.len();
        let list = self.rule.each.as_ref().map_or("", |(each, _)| &each.text);
        let mut found = found.into_iter();
        let mut first = found.next()?;
        for other in found.take(MAX_MERGED) {
            first.labels.extend(other.labels.into_iter().next());
        }
        Some(first.note(findings::all_items(list, count, paths)))
    }

    /// How bad a breach is in this run.
    fn severity(&self) -> Severity {
        match self.rule.severity {
            Severity::Error if self.is_eased() => Severity::Warning,
            severity => severity,
        }
    }

    /// Whether an error is a warning in this run.
    fn is_eased(&self) -> bool {
        self.compat && self.rule.compat && self.rule.severity == Severity::Error
    }

    /// The key of the data that a path leads into; that of the list, for a path into an item.
    fn top_level_key(&self, path: &str) -> Option<String> {
        // What follows may be computed.
        let first = path.split(['.', '[']).next().filter(|first| !first.is_empty())?;
        match &self.rule.each {
            Some((each, name)) if *name == first => Some(each.text.clone()),
            _ => Some(first.to_owned()),
        }
    }
}

/// How many other items the finding about all of them points at.
const MAX_MERGED: usize = 9;
