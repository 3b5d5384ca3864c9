//! `urlize`.

use std::collections::BTreeSet;
use std::sync::Arc;

use kiln_python::letters::is_space;
use kiln_python::{Args, Comparison, Fault, Py, Result, escape, meter};

use super::convert::{count, given, is_set};
use super::letters::split_spaces;
use super::links::{is_email, is_scheme, is_url};
use crate::Policies;
use crate::ambient::{Here, filter_argument_error};

/// `urlize(trim_url_limit=none, nofollow=false, target=none, rel=none, extra_schemes=none)`:
/// makes links of the addresses in a text.
pub(super) fn urlize(here: &Here, value: Py, args: Args) -> Result<Py> {
    let [limit, nofollow, target, rel, schemes] =
        args.bind("urlize", ["trim_url_limit", "nofollow", "target", "rel", "extra_schemes"])?;
    let rel = relations(rel, nofollow, &here.policies())?;
    let target = match given(target) {
        Some(target) => target,
        None => here.policies().urlize_target.as_deref().map_or(Py::None, Py::str),
    };
    let links = Links {
        schemes: extra_schemes(given(schemes), &here.policies())?,
        text: escape(&value)?,
        attributes: attribute("rel", &rel)? + &attribute("target", &target)?,
        limit: given(limit),
    };
    let linked = links.link_all()?;
    Ok(if here.autoescape() { Py::Markup(linked.into()) } else { Py::str(linked) })
}

/// The words of `rel`, sorted: those asked for and those of the policy.
fn relations(rel: Option<Py>, nofollow: Option<Py>, policies: &Policies) -> Result<Py> {
    let mut words = BTreeSet::new();
    if let Some(rel) = rel
        && rel.truth()?
    {
        let Some(text) = rel.as_str() else {
            return Err(Fault::type_error(format!("`rel` needs text, not `{}`", rel.type_name())));
        };
        words.extend(text.split(is_space).filter(|word| !word.is_empty()).map(Arc::from));
    }
    if is_set(nofollow.as_ref())? {
        words.insert(Arc::from("nofollow"));
    }
    words.extend(policies.urlize_rel.iter().flat_map(|rel| rel.split_whitespace()).map(Arc::from));
    let words: Vec<&str> = words.iter().map(|word: &Arc<str>| &**word).collect();
    Ok(Py::str(words.join(" ")))
}

/// The schemes that make links besides those known anyway, each checked.
fn extra_schemes(schemes: Option<Py>, policies: &Policies) -> Result<Vec<Arc<str>>> {
    let schemes = schemes.unwrap_or_else(|| {
        Py::list(policies.urlize_extra_schemes.iter().map(|scheme| Py::str(scheme.as_str())).collect())
    });
    for scheme in schemes.iter()? {
        if !scheme?.as_str().is_some_and(is_scheme) {
            return Err(filter_argument_error("`extra_schemes` needs schemes such as `tel:`"));
        }
    }
    // Checking uses a generator up, and then there are none.
    schemes.collect()?.iter().map(Py::to_str).collect()
}

fn attribute(name: &str, value: &Py) -> Result<String> {
    Ok(if value.truth()? { format!(" {name}=\"{}\"", escape(value)?) } else { String::new() })
}

/// A text whose links are to be found, and how they are written.
struct Links {
    text: Arc<str>,
    attributes: String,
    limit: Option<Py>,
    schemes: Vec<Arc<str>>,
}

impl Links {
    fn link_all(&self) -> Result<String> {
        let mut linked = String::with_capacity(self.text.len());
        for (index, part) in split_spaces(&self.text).enumerate() {
            let is_word = index % 2 == 0;
            meter::charge_text(part.len())?;
            if is_word { self.link_word(part, &mut linked)? } else { linked.push_str(part) }
        }
        Ok(linked)
    }

    /// Writes a word, as a link if it is one but for the punctuation around it.
    fn link_word(&self, word: &str, linked: &mut String) -> Result<()> {
        let (head, middle, tail) = split_punctuation(word);
        linked.push_str(head);
        if is_url(middle) {
            let has_scheme = middle.starts_with("https://") || middle.starts_with("http://");
            let scheme = if has_scheme { "" } else { "https://" };
            let shown = self.trim(middle)?;
            self.link(scheme, middle, &self.attributes, &shown, linked)?;
        } else if let Some(mailbox) = middle.strip_prefix("mailto:")
            && is_email(mailbox)
        {
            self.link("", middle, "", mailbox, linked)?;
        } else if !middle.starts_with("www.")
            && !middle.starts_with('@')
            && !middle.contains(':')
            && is_email(middle)
        {
            self.link("mailto:", middle, "", middle, linked)?;
        } else if self.schemes.iter().any(|scheme| middle != &**scheme && middle.starts_with(&**scheme)) {
            self.link("", middle, &self.attributes, middle, linked)?;
        } else {
            linked.push_str(middle);
        }
        linked.push_str(tail);
        Ok(())
    }

    fn link(
        &self,
        scheme: &str,
        target: &str,
        attributes: &str,
        shown: &str,
        linked: &mut String,
    ) -> Result<()> {
        meter::charge_text(target.len() + attributes.len() + shown.len())?;
        linked.push_str(&format!("<a href=\"{scheme}{target}\"{attributes}>{shown}</a>"));
        Ok(())
    }

    /// An address, cut off behind the limit.
    fn trim(&self, url: &str) -> Result<Arc<str>> {
        let Some(limit) = &self.limit else { return Ok(Arc::from(url)) };
        if !count(url.chars().count()).compare(Comparison::Gt, limit)? {
            return Ok(Arc::from(url));
        }
        let cut = Py::str(url).slice(&Py::None, limit, &Py::None)?.to_str()?;
        Ok(format!("{cut}...").into())
    }
}

/// A word between the punctuation that does not belong to it. A closing bracket does, if its
/// opening one does.
fn split_punctuation(word: &str) -> (&str, &str, &str) {
    let start = word.len() - strip_opening(word).len();
    let (head, rest) = word.split_at(start);
    let mut end = strip_closing(rest).len();
    for (open, close) in [("(", ")"), ("<", ">"), ("&lt;", "&gt;")] {
        let (middle, tail) = rest.split_at(end);
        let opened = middle.matches(open).count();
        if opened > middle.matches(close).count() {
            // As many as were opened at most, whatever stands between them.
            end += tail.match_indices(close).take(opened).last().map_or(0, |(at, _)| at + close.len());
        }
    }
    let (middle, tail) = rest.split_at(end);
    (head, middle, tail)
}

fn strip_opening(mut word: &str) -> &str {
    while let Some(rest) = word.strip_prefix(['(', '<']).or_else(|| word.strip_prefix("&lt;")) {
        word = rest;
    }
    word
}

fn strip_closing(mut word: &str) -> &str {
    while let Some(rest) = word.strip_suffix([')', '>', '.', ',']).or_else(|| word.strip_suffix("&gt;")) {
        word = rest;
    }
    word
}
