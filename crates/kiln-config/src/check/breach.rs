//! The finding about a rule that is broken.

use std::collections::BTreeSet;

use kiln_jinja::{Evaluated, Scope};
use kiln_model::{Diagnostic, Diagnostics, Fix, Origin, Span, Value};
use kiln_pack::Expr;
use kiln_yaml::Language;

use super::Checker;
use super::items::{Item, Seen};
use super::place::{self, Place};
use super::secrecy::{encrypted_in, is_secret};
use super::told::{set_here, told};
use crate::findings;
use crate::load::is_sealed_name;

/// A rule that is broken: by the document, or by one item of a list.
pub(super) struct Breach<'a, 'e> {
    of: &'a Checker<'a, 'e>,
    item: Option<&'a Item>,
    /// What its words see.
    scope: Scope,
}

impl<'a, 'e> Breach<'a, 'e> {
    pub(super) fn of(checker: &'a Checker<'a, 'e>, seen: Option<&'a Seen<'a>>) -> Breach<'a, 'e> {
        let scope = checker.session.scope_with(seen.map(|(_, local)| local));
        Breach { of: checker, item: seen.map(|(item, _)| *item), scope }
    }

    /// What is to be said; `None` if its words cannot be printed, which is reported.
    pub(super) fn finding(&self, sink: &mut Diagnostics) -> Option<Diagnostic> {
        let finding = match self.encrypted_file() {
            Some(file) => self.discreet(&file, sink),
            None => self.open(sink)?,
        };
        Some(if self.of.is_eased() { finding.note(findings::EASED) } else { finding })
    }

    fn open(&self, sink: &mut Diagnostics) -> Option<Diagnostic> {
        let rule = self.of.rule;
        let message = self.text(&rule.message, sink)?;
        let mut label = rule.label.as_ref().and_then(|label| self.text(label, sink));
        let help = rule.help.as_ref().and_then(|help| self.text(help, sink));
        let mut finding = Diagnostic::new(self.of.severity(), self.code(), message);
        for path in &rule.at {
            let Some(path) = self.path(path, sink) else { continue };
            let Some(place) = self.find(&path) else { continue };
            // A key that nobody wrote is in the message; there is nothing to point at.
            if place.span.is_none() && matches!(place.node.origin, Origin::Absent) {
                continue;
            }
            // The rule's own words are about the first path that is left, and no other.
            let own = label.take();
            match (told(&place, self.of.sources), place.span.is_none()) {
                (_, false) if own.is_some() => finding = finding.label(place.span, own.unwrap_or_default()),
                (Some(told), false) => finding = finding.label(place.span, told),
                (Some(told), true) => finding = finding.note(told),
                (None, _) => {}
            }
        }
        if finding.labels.is_empty() {
            // The beginning of the file says at least which one it is about.
            finding = finding.label(self.first_key(sink), "in this file");
        }
        finding.help = help;
        Some(finding.fix(self.fix(sink)))
    }

    /// The first key of the data file that the first path of the rule leads into.
    fn first_key(&self, sink: &mut Diagnostics) -> Span {
        let path = self.of.rule.at.first().and_then(|path| self.path(path, sink));
        let key = path.and_then(|path| self.of.top_level_key(&path)).unwrap_or_default();
        let mut first = Span::NONE;
        // The keys of a file stand together, those that nobody wrote behind the others.
        for (name, entry) in self.of.data.iter() {
            if !entry.key.is_none() && entry.key.source != first.source {
                first = entry.key;
            }
            if name == key {
                return first;
            }
        }
        Span::NONE
    }

    /// The path that an eased rule is about, and what it wants to stand there.
    pub(super) fn eased(&self) -> Option<(String, String)> {
        if !self.of.is_eased() {
            return None;
        }
        // What cannot be printed is reported with the finding.
        let (place, text) = self.wanted(&mut Diagnostics::new())?;
        Some((place.name, text))
    }

    fn fix(&self, sink: &mut Diagnostics) -> Option<Fix> {
        let sources = self.of.sources;
        let (place, text) = self.wanted(sink)?;
        let Origin::At(span) = &place.node.origin else { return None };
        let old = sources.slice(*span);
        let text = kiln_yaml::rewrite(old, &text, Language::of(sources.path(span.source)))?;
        (text != old).then_some(Fix { span: *span, text })
    }

    /// What the rule wants to stand at its first path, if that is text in a file in clear.
    fn wanted(&self, sink: &mut Diagnostics) -> Option<(Place<'_>, String)> {
        let Checker { rule, engine, sources, .. } = self.of;
        let wanted = rule.fix.as_ref()?;
        let path = self.path(rule.at.first()?, sink)?;
        let place = self.find(&path).filter(|place| place.is_given && !is_secret(place.node, sources))?;
        let (Origin::At(span), Value::String(_)) = (&place.node.origin, &place.node.value) else {
            return None;
        };
        if is_sealed_name(sources.path(span.source)) {
            return None;
        }
        match engine.eval(&wanted.text, &self.scope) {
            Ok(Evaluated { value: Value::String(text), reveals }) if reveals.is_empty() => {
                Some((place, text))
            }
            Ok(_) => None,
            Err(failure) => {
                failure.report("check", wanted.span, sources, sink);
                None
            }
        }
    }

    /// Without the rule's words, which may repeat what is encrypted, and without any value.
    fn discreet(&self, file: &str, sink: &mut Diagnostics) -> Diagnostic {
        let message = findings::silent_rule(self.of.id, file);
        let mut finding = Diagnostic::new(self.of.severity(), self.code(), message);
        for path in &self.of.rule.at {
            let place = self.path(path, sink).and_then(|path| Some((self.find(&path)?.span, path)));
            if let Some((span, path)) = place {
                finding = finding.label(span, set_here(&path));
            }
        }
        finding.help(findings::look_up(self.of.id))
    }

    fn code(&self) -> String {
        format!("check.{}", self.of.id)
    }

    fn find(&self, path: &str) -> Option<Place<'_>> {
        place::find(path, self.of.data, self.item)
    }

    /// A path of `at`, which may be a template.
    fn path(&self, path: &Expr, sink: &mut Diagnostics) -> Option<String> {
        let is_plain = |it: char| it.is_alphanumeric() || "_-.[]".contains(it);
        if path.text.chars().all(is_plain) { Some(path.text.clone()) } else { self.text(path, sink) }
    }

    /// The encrypted data file that a value comes from which the rule's words may repeat.
    fn encrypted_file(&self) -> Option<String> {
        let Checker { rule, engine, data, sources, .. } = self.of;
        let words = [Some(&rule.message), rule.label.as_ref(), rule.help.as_ref()];
        let mut names: BTreeSet<String> =
            words.into_iter().flatten().flat_map(|words| engine.names_in_text(&words.text)).collect();
        // The item of a list is a name of its own.
        names.extend(rule.each.iter().flat_map(|(each, _)| engine.names_in(&each.text)));
        let mut found = names.iter().filter_map(|name| data.get(name));
        found.find_map(|node| encrypted_in(node, sources))
    }

    fn text(&self, template: &Expr, sink: &mut Diagnostics) -> Option<String> {
        let Checker { id, engine, sources, .. } = self.of;
        match engine.render_text(&template.text, &self.scope) {
            Ok(printed) if printed.reveals.is_empty() => Some(printed.text.trim().to_owned()),
            Ok(printed) => {
                let label = printed.reveals[0].label();
                sink.error(findings::secret_in_message(id, label, template.span));
                None
            }
            Err(failure) => {
                failure.report("check", template.span, sources, sink);
                None
            }
        }
    }
}
