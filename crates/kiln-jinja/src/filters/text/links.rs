//! What `urlize` takes for a link.

use kiln_python::letters::{is_digit, is_space, is_word};

use super::letters::fold;

/// Endings of a host that make a link of it without a scheme.
const KNOWN_ENDINGS: [&str; 8] = ["com", "net", "int", "edu", "gov", "org", "info", "mil"];

/// Whether the word is the address of a page, with its scheme or without.
pub(super) fn is_url(word: &str) -> bool {
    let with_scheme = strip_prefix(word, "https://").or_else(|| strip_prefix(word, "http://"));
    if let Some(rest) = with_scheme {
        return has_authority(rest, |host| is_name(host) || is_ipv4(host)) || has_ipv6(rest);
    }
    let after_www = strip_prefix(word, "www.");
    after_www.is_some_and(|rest| has_authority(rest, is_name)) || has_authority(word, is_known_name)
}

/// Whether the word is the address of a mailbox.
pub(super) fn is_email(word: &str) -> bool {
    let Some((mailbox, host)) = word.rsplit_once('@') else { return false };
    let Some((name, ending)) = host.rsplit_once('.') else { return false };
    !mailbox.is_empty()
        && !mailbox.contains(is_space)
        && name.starts_with(is_word)
        && name.chars().all(|letter| is_word(letter) || matches!(letter, '.' | '-'))
        && !ending.is_empty()
        && ending.chars().all(is_word)
}

/// Whether the text can be the scheme of links, such as `tel:`.
pub(super) fn is_scheme(text: &str) -> bool {
    let name = text.strip_suffix("//").or_else(|| text.strip_suffix('/')).unwrap_or(text);
    name.strip_suffix(':').is_some_and(|name| {
        name.chars().nth(1).is_some()
            && name.chars().all(|letter| is_word(letter) || matches!(letter, '.' | '+' | '-'))
    })
}

/// Whether the text begins with a host that `is_host` knows, then at most a port, and then
/// ends or goes on with a path, query or fragment.
fn has_authority(text: &str, is_host: impl Fn(&str) -> bool) -> bool {
    let authority = text.split(['/', '?', '#']).next().unwrap_or_default();
    match authority.split_once(':') {
        Some((host, port)) => is_host(host) && is_port(port),
        None => is_host(authority),
    }
}

fn is_port(text: &str) -> bool {
    is_run(text, 1, 5, is_digit)
}

/// Labels and a top-level domain behind them.
fn is_name(host: &str) -> bool {
    let (labels, top) = host.rsplit_once('.').map_or((None, host), |(labels, top)| (Some(labels), top));
    let is_top = is_run(top, 2, 63, is_ascii_letter)
        || strip_prefix(top, "xn--")
            .is_some_and(|rest| is_run(rest, 2, 59, |letter| is_word(letter) || letter == '%'));
    is_top
        && labels.is_none_or(|labels| labels.split('.').all(|label| is_run(label, 1, usize::MAX, is_label)))
}

/// Labels and one of the top-level domains that are known by name.
fn is_known_name(host: &str) -> bool {
    let Some((labels, top)) = host.rsplit_once('.') else { return false };
    KNOWN_ENDINGS.iter().any(|known| strip_prefix(top, known) == Some(""))
        && labels.split('.').all(|label| is_run(label, 2, 63, is_label))
}

fn is_ipv4(host: &str) -> bool {
    host.split('.').count() == 4 && host.split('.').all(|part| is_run(part, 1, 3, is_digit))
}

/// An address of IPv6 in brackets, and behind it what may follow a host.
fn has_ipv6(text: &str) -> bool {
    let Some((address, rest)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) else {
        return false;
    };
    let rest_is_fine = rest.is_empty()
        || rest.starts_with(['/', '?', '#'])
        || rest.starts_with(':') && has_authority(rest, str::is_empty);
    rest_is_fine && is_ipv6(address)
}

/// Two groups of at most four digits that end in a colon, then groups whose colon may be
/// missing: as many as fit into six.
fn is_ipv6(address: &str) -> bool {
    let groups: Vec<&str> = address.split(':').collect();
    let Some(([first, second], rest)) = groups.split_first_chunk::<2>() else { return false };
    let Some((last, closed)) = rest.split_last() else { return false };
    let is_hex = |letter: char| is_digit(letter) || letter.is_ascii_hexdigit();
    let fours = |group: &str| group.chars().count().div_ceil(4);
    groups.iter().all(|group| group.chars().all(is_hex))
        && fours(first) <= 1
        && fours(second) <= 1
        && closed.iter().map(|group| fours(group).max(1)).sum::<usize>() + fours(last) <= 6
}

fn is_label(letter: char) -> bool {
    is_word(letter) || matches!(letter, '%' | '-')
}

fn is_ascii_letter(letter: char) -> bool {
    fold(letter).is_ascii_lowercase()
}

/// Whether the text is `min` to `max` characters that all are `of` a class.
fn is_run(text: &str, min: usize, max: usize, of: impl Fn(char) -> bool) -> bool {
    (min..=max).contains(&text.chars().count()) && text.chars().all(of)
}

/// What follows `prefix`, which is in small letters, in whatever case.
fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let mut letters = text.chars();
    let begins = prefix.chars().all(|expected| letters.next().is_some_and(|letter| fold(letter) == expected));
    begins.then_some(letters.as_str())
}
