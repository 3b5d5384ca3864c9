//! What may turn out to be a key.

use super::Scanner;
use crate::yaml::cursor::Mark;
use crate::yaml::token::{Token, TokenKind};
use crate::{DataError, Hint};

/// How far a `:` may stand behind the beginning of its key, in characters.
const LONGEST_KEY: usize = 1024;

/// Something that is a key if a `:` follows on its line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// The number of its token, of all that there have been.
    token: usize,
    /// Whether it stands where only a key may stand.
    required: bool,
    mark: Mark,
}

impl Scanner {
    /// The number of the first token that may turn out to be a key.
    pub(super) fn first_candidate(&self) -> Option<usize> {
        self.candidates.iter().flatten().map(|candidate| candidate.token).min()
    }

    /// Forgets what cannot be a key any more, because its line has ended or it is too long.
    pub(super) fn forget_stale(&mut self) -> Result<(), DataError> {
        let here = self.cursor.mark();
        for candidate in &mut self.candidates {
            let stale = candidate
                .is_some_and(|it| it.mark.line != here.line || here.index - it.mark.index > LONGEST_KEY);
            if stale {
                forget(candidate, here)?;
            }
        }
        Ok(())
    }

    /// What begins here may be a key.
    pub(super) fn note_candidate(&mut self) -> Result<(), DataError> {
        if !self.key_allowed {
            return Ok(());
        }
        self.drop_candidate()?;
        let required = !self.in_brackets() && self.indents.last() == Some(&self.cursor.column());
        let token = self.taken + self.queue.len();
        if let Some(candidate) = self.candidates.last_mut() {
            *candidate = Some(Candidate { token, required, mark: self.cursor.mark() });
        }
        Ok(())
    }

    /// What may have been a key within these brackets is none.
    pub(super) fn drop_candidate(&mut self) -> Result<(), DataError> {
        let here = self.cursor.mark();
        self.candidates.last_mut().map_or(Ok(()), |candidate| forget(candidate, here))
    }

    /// `? `
    pub(super) fn question_mark(&mut self) -> Result<(), DataError> {
        self.begin_pair("a key cannot begin here", None)?;
        self.drop_candidate()?;
        self.indicator(1, TokenKind::Key);
        Ok(())
    }

    /// `:` behind a key, or alone.
    pub(super) fn colon(&mut self) -> Result<(), DataError> {
        match self.candidates.last_mut().and_then(Option::take) {
            Some(candidate) => self.make_key(candidate)?,
            None => {
                self.begin_pair("a `:` cannot stand here", Some(Hint::StrayColon))?;
                self.drop_candidate()?;
            }
        }
        self.indicator(1, TokenKind::Value);
        Ok(())
    }

    /// Puts the token of a key in front of what has turned out to be one.
    fn make_key(&mut self, candidate: Candidate) -> Result<(), DataError> {
        let place = candidate.token - self.taken;
        let token = |kind| Token { kind, start: candidate.mark, end: candidate.mark };
        self.queue.insert(place, token(TokenKind::Key));
        if !self.in_brackets() && self.open_block(candidate.mark.column)? {
            self.queue.insert(place, token(TokenKind::BlockMappingStart));
        }
        self.key_allowed = false;
        Ok(())
    }

    /// Begins a block mapping if there is none, in front of a `?` or a `:` without a key.
    fn begin_pair(&mut self, refusal: &str, hint: Option<Hint>) -> Result<(), DataError> {
        if !self.in_brackets() {
            if !self.key_allowed {
                let help = "begin a new line, or write quotes around the value";
                return Err(DataError { hint, ..self.cursor.mark().error(refusal).help(help) });
            }
            if self.open_block(self.cursor.column())? {
                self.push_at(TokenKind::BlockMappingStart, self.cursor.mark());
            }
        }
        self.key_allowed = !self.in_brackets();
        Ok(())
    }
}

fn forget(candidate: &mut Option<Candidate>, here: Mark) -> Result<(), DataError> {
    match candidate.take() {
        Some(candidate) if candidate.required => Err(here
            .error(format!("there is no `:` behind the key that begins in line {}", candidate.mark.line + 1))
            .help("write `key: value`; what continues a value is indented further than its key")
            .hint(Hint::UnfinishedKey(candidate.mark.offset))),
        _ => Ok(()),
    }
}
