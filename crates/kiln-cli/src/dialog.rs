//! Asks the person at the terminal, whatever standard input and output are.

use std::fs::OpenOptions;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Write as _};

use kiln::sops::Dialog;
use zeroize::Zeroizing;

const TERMINAL: &str = "/dev/tty";

/// The terminal that the program was started in, if there is one.
pub(crate) struct Terminal;

impl Dialog for Terminal {
    fn passphrase(&self, prompt: &str) -> Option<Zeroizing<String>> {
        say(&format!("{prompt} ")).ok()?;
        rpassword::read_password().ok().map(Zeroizing::new)
    }

    fn answer(&self, prompt: &str) -> Option<String> {
        say(&format!("{prompt} ")).ok()?;
        let mut line = String::new();
        BufReader::new(OpenOptions::new().read(true).open(TERMINAL).ok()?).read_line(&mut line).ok()?;
        Some(line.trim_end_matches(['\r', '\n']).to_owned())
    }

    fn show(&self, message: &str) {
        // Without a terminal there is still somebody who reads what went wrong.
        if say(&format!("{message}\n")).is_err() {
            let _ = writeln!(io::stderr().lock(), "{message}");
        }
    }

    fn confirm(&self, message: &str, yes: &str, no: Option<&str>) -> Option<bool> {
        let no = no.map(|no| format!(", or 2 for `{no}`")).unwrap_or_default();
        let answer = self.answer(&format!("{message}\nType 1 for `{yes}`{no}:"))?;
        Some(answer.trim() == "1")
    }
}

/// Whether somebody reads questions and can answer them.
pub(crate) fn is_attended() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a question on standard error that is answered with yes or no; without a terminal the
/// answer is no.
pub(crate) fn is_wanted(question: &str) -> bool {
    if !io::stdin().is_terminal() {
        return false;
    }
    let _ = write!(io::stderr(), "\n{question} (y/n): ");
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).is_ok_and(|_| matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn say(text: &str) -> io::Result<()> {
    let mut terminal = OpenOptions::new().write(true).open(TERMINAL)?;
    terminal.write_all(text.as_bytes())?;
    terminal.flush()
}
