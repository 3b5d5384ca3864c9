//! The comments of a text, handed out in order.

use kiln_yaml::events::{Event, EventKind};

use crate::document::Comment;

/// The comments that no item has taken yet.
pub(super) struct Comments<'a> {
    source: &'a str,
    all: Vec<Found<'a>>,
    next: usize,
    /// Everything before this offset has been read.
    reached: usize,
    /// Where the comments begin that stand by themselves at the end of the text.
    tail: usize,
}

struct Found<'a> {
    start: usize,
    end: usize,
    column: usize,
    text: &'a str,
    inline: bool,
}

impl<'a> Comments<'a> {
    pub(super) fn new(source: &'a str, events: &'a [Event]) -> Comments<'a> {
        let all: Vec<_> = events
            .iter()
            .filter_map(|event| match &event.kind {
                EventKind::Comment { text, inline } => Some(Found {
                    start: event.start,
                    end: event.end,
                    column: event.column,
                    text: text.trim_end_matches('\r'),
                    inline: *inline,
                }),
                _ => None,
            })
            .collect();
        let tail = tail(source, &all);
        Comments { source, all, next: 0, reached: 0, tail }
    }

    /// Marks what lies before `offset` as read.
    pub(super) fn reach(&mut self, offset: usize) {
        self.reached = self.reached.max(offset);
    }

    pub(super) fn reached(&self) -> usize {
        self.reached
    }

    /// Takes the comments before `offset`.
    pub(super) fn before(&mut self, offset: usize) -> Vec<Comment> {
        self.take_while(|comment| comment.start < offset)
    }

    /// Takes the comments before `offset` up to the first that is indented less than
    /// `column`. Those at the end of the text, behind an empty line, belong to no block.
    pub(super) fn indented(&mut self, column: usize, offset: usize) -> Vec<Comment> {
        let end = offset.min(self.tail);
        self.take_while(|comment| comment.start < end && comment.column >= column)
    }

    /// Takes the comments at `column` that follow on the next line and have an empty line or
    /// the end of the text behind them; what is indented deeper is taken too.
    pub(super) fn foot(&mut self, column: usize, offset: usize) -> Vec<Comment> {
        let source = self.source;
        let mut taken = self.indented(column + 1, offset);
        let rest = self.all.get(self.next..).unwrap_or_default();
        let run = rest
            .iter()
            .take_while(|it| it.start < offset && it.column == column && !is_behind_gap(source, it.start));
        if let Some(last) = run.last().filter(|last| is_before_gap(source, last.end)) {
            let end = last.end;
            taken.extend(self.take_while(|comment| comment.start < end));
        }
        taken
    }

    /// Takes the comment on the line of the key or dash that was just read, before `offset`.
    pub(super) fn on_key_line(&mut self, offset: usize) -> Option<Comment> {
        self.take_inline(|comment, between| comment.start < offset && !between.contains('\n'))
    }

    /// Takes the comment right behind the value that was just read.
    pub(super) fn behind(&mut self) -> Option<Comment> {
        // An empty value has the `:` of its key before it, one in a flow a `,` behind it.
        self.take_inline(|_, between| between.chars().all(|it| matches!(it, ' ' | '\t' | ':' | ',')))
    }

    /// Takes the comment on the line of what was just read if nothing stands between but
    /// indicators, tags and anchors: those of a value that is not written.
    pub(super) fn behind_nothing(&mut self) -> Option<Comment> {
        self.take_inline(|_, between| is_nothing(between))
    }

    /// The first `-` of a list item between what was read and `offset`.
    pub(super) fn dash(&self, offset: usize) -> Option<usize> {
        let mut from = self.reached;
        let upcoming = self.all.get(self.next..).unwrap_or_default();
        for comment in upcoming.iter().take_while(|comment| comment.start < offset) {
            if let Some(dash) = dash_in(self.source, from, comment.start) {
                return Some(dash);
            }
            from = from.max(comment.end);
        }
        dash_in(self.source, from, offset)
    }

    fn take_inline(&mut self, fits: impl Fn(&Found<'_>, &str) -> bool) -> Option<Comment> {
        let comment = self.all.get(self.next).filter(|comment| comment.inline)?;
        let between = self.source.get(self.reached..comment.start)?;
        if !fits(comment, between) {
            return None;
        }
        self.next += 1;
        self.reached = self.reached.max(comment.end);
        Some(Comment::new(comment.text, false))
    }

    fn take_while(&mut self, fits: impl Fn(&Found<'_>) -> bool) -> Vec<Comment> {
        let rest = self.all.get(self.next..).unwrap_or_default();
        let taken = rest.iter().take_while(|comment| fits(comment)).count();
        self.next += taken;
        self.reached = rest[..taken].last().map_or(self.reached, |last| self.reached.max(last.end));
        rest[..taken].iter().map(|comment| Comment::new(comment.text, false)).collect()
    }
}

/// Whether a text is one line of indicators, tags and anchors.
fn is_nothing(text: &str) -> bool {
    let mut before = ' ';
    for it in text.chars() {
        let begins = matches!(before, ' ' | '\t');
        if it == '\n' || (begins && !matches!(it, ' ' | '\t' | ':' | '-' | '?' | '!' | '&')) {
            return false;
        }
        before = if begins && matches!(it, ':' | '-' | '?') { ' ' } else { it };
    }
    true
}

/// Where the last comments begin, if nothing but an empty line stands before them and
/// nothing at all behind them.
fn tail(source: &str, all: &[Found<'_>]) -> usize {
    let is_last = |it: &Found<'_>| source[it.end..].trim().is_empty();
    if !all.last().is_some_and(|it| !it.inline && is_last(it)) {
        return usize::MAX;
    }
    let mut start = usize::MAX;
    for (index, comment) in all.iter().enumerate().rev() {
        start = comment.start;
        let is_run = index > 0 && source[all[index - 1].end..start].trim().is_empty();
        if is_behind_gap(source, start) {
            return start;
        }
        if !is_run || comment.inline {
            return usize::MAX;
        }
    }
    start
}

/// Whether the line before this one is empty.
fn is_behind_gap(source: &str, at: usize) -> bool {
    let mut lines = source[..at].rsplit('\n');
    lines.next();
    lines.next().is_none_or(|line| line.trim().is_empty())
}

/// Whether the next line is empty, or there is none.
fn is_before_gap(source: &str, at: usize) -> bool {
    let mut lines = source[at..].split('\n');
    lines.next();
    lines.next().is_none_or(|line| line.trim().is_empty())
}

fn dash_in(source: &str, from: usize, to: usize) -> Option<usize> {
    let gap = source.get(from..to)?;
    let is_space = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_whitespace);
    let bytes = source.as_bytes();
    gap.match_indices('-')
        .map(|(at, _)| from + at)
        .find(|at| is_space(bytes.get(at + 1)) && (*at == from || is_space(bytes.get(at - 1))))
}
