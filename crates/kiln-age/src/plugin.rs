//! Recipients and identities that a program called `age-plugin-…` stands behind.
//!
//! age starts the program and speaks with it. It wants callbacks that outlive the call,
//! which a [`Dialog`] does not; so age works in a thread of its own, and its questions come
//! back over a channel to the thread that has the dialog.

use std::fmt::Display;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use age::plugin::{IdentityPluginV1, RecipientPluginV1, ResolveError};
use age::secrecy::SecretString;
use age::{Callbacks, DecryptError};
use age_core::format::{FileKey, Stanza};
use zeroize::Zeroizing;

use crate::armor;
use crate::dialog::Dialog;
use crate::error::{PluginError, WrapError};

/// How much of what a plugin says is passed on.
const MAX_WORDS: usize = 400;

/// A recipient, `age1NAME1…`.
#[derive(Clone)]
pub(crate) struct Recipient(age::plugin::Recipient);

impl Recipient {
    pub(crate) fn parse(text: &str) -> Option<Recipient> {
        text.parse().ok().map(Recipient)
    }

    pub(crate) fn wrap(&self, secret: &[u8], dialog: &dyn Dialog) -> Result<String, WrapError> {
        converse(dialog, |questions| {
            let recipients = [self.0.clone()];
            let plugin = RecipientPluginV1::new(self.0.plugin(), &recipients, &[], questions)
                .map_err(|error| WrapError::Plugin(unresolved(error)))?;
            armor::seal(&plugin, secret, Some(&program(self.0.plugin())))
        })
        .unwrap_or_else(|| Err(WrapError::Plugin(PluginError::Broken(program(self.0.plugin())))))
    }
}

/// An identity, `AGE-PLUGIN-NAME-1…`: what the program needs to find the key.
pub(crate) struct Identity(Zeroizing<String>);

impl Identity {
    pub(crate) fn parse(text: &str) -> Option<Identity> {
        let identity = Identity(Zeroizing::new(text.to_owned()));
        identity.parsed().map(|_| identity)
    }

    fn parsed(&self) -> Option<age::plugin::Identity> {
        self.0.parse().ok()
    }

    /// The key of a file with these stanzas; `None` if the plugin does not know it.
    pub(crate) fn unwrap(
        &self,
        stanzas: &[Stanza],
        dialog: &dyn Dialog,
    ) -> Result<Option<FileKey>, PluginError> {
        let Some(identity) = self.parsed() else { return Ok(None) };
        let program = program(identity.plugin());
        let asked = converse(dialog, |questions| {
            let plugin = IdentityPluginV1::new(identity.plugin(), std::slice::from_ref(&identity), questions)
                .map_err(unresolved)?;
            match age::Identity::unwrap_stanzas(&plugin, stanzas) {
                None => Ok(None),
                Some(Ok(key)) => Ok(Some(key)),
                Some(Err(DecryptError::Plugin(errors))) => Err(refusal(&program, &errors)),
                Some(Err(_)) => Err(PluginError::Broken(program.clone())),
            }
        });
        asked.unwrap_or(Err(PluginError::Broken(program)))
    }
}

fn program(plugin: &str) -> String {
    format!("age-plugin-{plugin}")
}

fn unresolved(error: ResolveError) -> PluginError {
    match error {
        ResolveError::MissingPlugin { binary_name } => PluginError::Missing(binary_name),
        ResolveError::InvalidPluginName { name } => PluginError::Missing(program(&name)),
        _ => PluginError::Missing("age-plugin".to_owned()),
    }
}

/// The words of a plugin that refuses, without control characters and without anything that
/// looks like a key.
pub(crate) fn refusal(program: &str, errors: &[impl Display]) -> PluginError {
    let said = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let shown = said.split_whitespace().map(|word| {
        let upper = word.to_ascii_uppercase();
        if upper.contains("AGE-SECRET-KEY-") || upper.contains("AGE-PLUGIN-") && upper.contains("-1") {
            "…".to_owned()
        } else {
            // age puts names between marks of direction, which terminals show as boxes.
            word.chars().filter(|it| !it.is_control() && !('\u{2066}'..='\u{2069}').contains(it)).collect()
        }
    });
    let words: String = shown.collect::<Vec<_>>().join(" ").chars().take(MAX_WORDS).collect();
    PluginError::Refused(program.to_owned(), words)
}

/// What age asks while it works, and where the answer goes.
enum Question {
    Show(String),
    Answer(String, Sender<Option<String>>),
    Passphrase(String, Sender<Option<Zeroizing<String>>>),
    Confirm(String, String, Option<String>, Sender<Option<bool>>),
    /// The work is done: nothing more will be asked.
    Done,
}

/// Lets `work` ask its questions of the dialog; `None` if it panicked.
fn converse<T: Send>(dialog: &dyn Dialog, work: impl FnOnce(Questions) -> T + Send) -> Option<T> {
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        let worker = scope.spawn(move || {
            let done = Done(sender.clone());
            let result = work(Questions(sender));
            drop(done);
            result
        });
        answer(&receiver, dialog);
        worker.join().ok()
    })
}

fn answer(questions: &Receiver<Question>, dialog: &dyn Dialog) {
    // A receiver that is gone gave up waiting; there is nothing to do about it.
    while let Ok(question) = questions.recv() {
        let _ = match question {
            Question::Show(message) => {
                dialog.show(&message);
                Ok(())
            }
            Question::Answer(prompt, to) => to.send(dialog.answer(&prompt)).map_err(drop),
            Question::Passphrase(prompt, to) => to.send(dialog.passphrase(&prompt)).map_err(drop),
            Question::Confirm(message, yes, no, to) => {
                to.send(dialog.confirm(&message, &yes, no.as_deref())).map_err(drop)
            }
            Question::Done => return,
        };
    }
}

/// Says that the work is done, also when it ends in a panic. Waiting for the channel to close
/// would not do: age leaves a thread behind that holds it open for a while.
struct Done(Sender<Question>);

impl Drop for Done {
    fn drop(&mut self) {
        let _ = self.0.send(Question::Done);
    }
}

#[derive(Clone)]
struct Questions(Sender<Question>);

impl Questions {
    fn ask<T>(&self, question: impl FnOnce(Sender<Option<T>>) -> Question) -> Option<T> {
        let (sender, receiver) = mpsc::channel();
        self.0.send(question(sender)).ok()?;
        receiver.recv().ok()?
    }
}

impl Callbacks for Questions {
    fn display_message(&self, message: &str) {
        let _ = self.0.send(Question::Show(message.to_owned()));
    }

    fn confirm(&self, message: &str, yes: &str, no: Option<&str>) -> Option<bool> {
        let (message, yes, no) = (message.to_owned(), yes.to_owned(), no.map(str::to_owned));
        self.ask(|to| Question::Confirm(message, yes, no, to))
    }

    fn request_public_string(&self, prompt: &str) -> Option<String> {
        self.ask(|to| Question::Answer(prompt.to_owned(), to))
    }

    fn request_passphrase(&self, prompt: &str) -> Option<SecretString> {
        let given = self.ask(|to| Question::Passphrase(prompt.to_owned(), to))?;
        Some(SecretString::from(given.as_str()))
    }
}
