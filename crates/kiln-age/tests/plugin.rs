//! A plugin of age is found, asked and answered.
//!
//! The program plays three parts. As a test it links itself under the name of a plugin and
//! starts itself once more with that folder as its path; as that child it wraps and unwraps;
//! and age starts it as the plugin, which speaks the language of
//! [age-plugin](https://c2sp.org/age-plugin) by itself.

#![allow(clippy::print_stdout, reason = "it has no harness that would print")]

use std::env;
use std::error::Error;
use std::io::{self, BufRead, Lines, StdinLock, Write};
use std::process::{Command, ExitCode};
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use kiln_age::{
    Dialog, Identities, KeyError, Kind, NoDialog, PluginError, Recipient, UnwrapError, WrapError,
};
use kiln_model::Secret;
use zeroize::Zeroizing;

const RECIPIENT: &str = "age1kilntest1w3jhxaqvjt8dh";
const IDENTITY: &str = "AGE-PLUGIN-KILNTEST-1W3JHXAQGV59YM";
const ABSENT: &str = "age1kilnmissing1w3jhxaqzjm0n2";
const PIN: &str = "1234";

fn main() -> ExitCode {
    let part = env::args().nth(1).unwrap_or_default();
    let played = match part.strip_prefix("--age-plugin=") {
        Some(machine) => plugin(machine).map_err(Box::from),
        None if part == "--as-user" => user(),
        None => test(),
    };
    match played {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("plugin: {error}");
            ExitCode::FAILURE
        }
    }
}

fn test() -> Result<(), Box<dyn Error>> {
    let folder = env::temp_dir().join(format!("kiln-age-plugin-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let name = format!("age-plugin-kilntest{}", env::consts::EXE_SUFFIX);
    std::fs::copy(env::current_exe()?, folder.join(name))?;
    let status = Command::new(env::current_exe()?).arg("--as-user").env("PATH", &folder).status();
    std::fs::remove_dir_all(&folder)?;
    if status?.success() { Ok(()) } else { Err("the user is not content".into()) }
}

fn user() -> Result<(), Box<dyn Error>> {
    let recipient = Recipient::parse(RECIPIENT)?;
    assert_eq!(recipient.kind(), Kind::Plugin);
    let person = Person::default();
    let armored = recipient.wrap(&[9; 33], &person)?;
    assert_eq!(*person.heard.lock().expect("one thread"), ["wrapping"]);

    let mut identities = Identities::new();
    identities.add_keys("plugin.txt", &Secret::new("test", IDENTITY));
    assert_eq!(identities.failures(), []);
    let secret = identities.unwrap(&armored, RECIPIENT, &person)?;
    assert_eq!(*secret, [9; 33]);
    assert_eq!(identities.attest(b"i", b"m"), None, "a plugin keeps its secret");

    // Without an answer the plugin refuses, and its words come through, but for what looks
    // like a key.
    let Err(UnwrapError::NoMatch(failures)) = identities.unwrap(&armored, RECIPIENT, &NoDialog) else {
        return Err("it opened without a PIN".into());
    };
    let KeyError::Plugin(PluginError::Refused(program, words)) = &failures[0].error else {
        return Err(format!("{failures:?}").into());
    };
    assert_eq!(program, "age-plugin-kilntest");
    assert!(words.contains("no PIN for …") && !words.contains(IDENTITY), "{words}");

    let absent = Recipient::parse(ABSENT)?.wrap(&[9; 33], &person);
    let missing = PluginError::Missing("age-plugin-kilnmissing".to_owned());
    assert_eq!(absent, Err(WrapError::Plugin(missing)));
    println!("plugin: found, asked and answered");
    Ok(())
}

/// Knows the PIN, says yes, and remembers what it was shown.
#[derive(Default)]
struct Person {
    heard: Mutex<Vec<String>>,
}

impl Dialog for Person {
    fn passphrase(&self, _: &str) -> Option<Zeroizing<String>> {
        Some(Zeroizing::new(PIN.to_owned()))
    }

    fn answer(&self, _: &str) -> Option<String> {
        Some("slot 1".to_owned())
    }

    fn show(&self, message: &str) {
        self.heard.lock().expect("one thread").push(message.to_owned());
    }

    fn confirm(&self, _: &str, _: &str, _: Option<&str>) -> Option<bool> {
        Some(true)
    }
}

/// The other side: hides the key of a file by flipping its bits.
fn plugin(machine: &str) -> io::Result<()> {
    let mut talk = Talk { lines: io::stdin().lock().lines() };
    let (mut keys, mut stanzas) = (Vec::new(), Vec::new());
    loop {
        let (words, body) = talk.hear()?;
        match words.first().map(String::as_str) {
            Some("done") => break,
            Some("wrap-file-key") => keys.push(body),
            Some("recipient-stanza") if words.get(2).is_some_and(|it| it == "kilntest") => stanzas.push(body),
            _ => {}
        }
    }
    let flipped = |bytes: &[u8]| bytes.iter().map(|byte| byte ^ 0x5a).collect::<Vec<u8>>();
    if machine == "recipient-v1" {
        talk.ask("msg", b"wrapping")?;
        for key in &keys {
            talk.ask("recipient-stanza 0 kilntest", &flipped(key))?;
        }
    }
    for stanza in stanzas.iter().filter(|_| machine == "identity-v1") {
        let (slot, _) = talk.ask("request-public", b"which slot?")?;
        let (sure, _) = talk.ask(&format!("confirm {}", STANDARD_NO_PAD.encode("yes")), b"sure?")?;
        let (given, pin) = talk.ask("request-secret", b"PIN?")?;
        if slot == ["ok"] && sure == ["ok", "yes"] && given == ["ok"] && pin == PIN.as_bytes() {
            talk.ask("file-key 0", &flipped(stanza))?;
        } else {
            talk.ask("error identity 0", format!("no PIN for {IDENTITY}").as_bytes())?;
        }
    }
    talk.say("done", b"")
}

struct Talk {
    lines: Lines<StdinLock<'static>>,
}

impl Talk {
    fn hear(&mut self) -> io::Result<(Vec<String>, Vec<u8>)> {
        let mut next = || self.lines.next().unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()));
        let words = next()?.split(' ').skip(1).map(str::to_owned).collect();
        let mut encoded = String::new();
        loop {
            let line = next()?;
            encoded.push_str(&line);
            if line.len() < 64 {
                break;
            }
        }
        let body = STANDARD_NO_PAD.decode(encoded).map_err(|_| io::ErrorKind::InvalidData)?;
        Ok((words, body))
    }

    fn say(&mut self, words: &str, body: &[u8]) -> io::Result<()> {
        // None of these bodies fills a line.
        let mut out = io::stdout().lock();
        writeln!(out, "-> {words}\n{}", STANDARD_NO_PAD.encode(body))?;
        out.flush()
    }

    fn ask(&mut self, words: &str, body: &[u8]) -> io::Result<(Vec<String>, Vec<u8>)> {
        self.say(words, body)?;
        self.hear()
    }
}
