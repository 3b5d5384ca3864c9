//! Encrypted files without what is random in them, and texts without what sops moves.

/// A file with the length of each ciphertext in its place, and without data keys and time.
pub(super) fn form(file: &[u8]) -> String {
    let text = String::from_utf8_lossy(file);
    let text = between(&text, "ENC[AES256_GCM,", "]", |inside| {
        let (data, rest) = inside.split_once(",iv:").unwrap_or((inside, ""));
        let kind = rest.rsplit_once(",type:").map_or("", |(_, kind)| kind);
        format!("{} {kind}", data.len())
    });
    let text = between(&text, "-----BEGIN AGE ENCRYPTED FILE-----", "-----END", |_| String::new());
    text.lines()
        .map(|line| line.split_inclusive("lastmodified").next().unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n")
}

/// How many values are encrypted; comments and the MAC are not counted.
pub(super) fn count_encrypted(file: &[u8]) -> usize {
    let text = String::from_utf8_lossy(file);
    let parts: Vec<_> = text.split("ENC[AES256_GCM,data:").collect();
    let is_value = |pair: &&[&str]| {
        let is_mac = pair[0].trim_end_matches([' ', '"', ':', '=']).ends_with("mac");
        let kind = pair[1].split_once(']').and_then(|(inside, _)| inside.rsplit_once(",type:"));
        !is_mac && kind.is_some_and(|(_, kind)| kind != "comment")
    };
    parts.windows(2).filter(is_value).count()
}

/// Whether two texts are the same without their comments, and sops has no comment that kiln
/// has not.
pub(super) fn is_alike(ours: &[u8], theirs: &[u8]) -> bool {
    let (ours, theirs) = (String::from_utf8_lossy(ours), String::from_utf8_lossy(theirs));
    let is_there = |comment: &str| ours.lines().any(|line| line.contains(comment));
    // One that it lost track of stays encrypted.
    let is_lost = |comment: &str| comment.starts_with("#ENC[");
    bare(&ours) == bare(&theirs)
        && theirs.lines().all(|line| match line.trim() {
            line if line.starts_with('#') => is_lost(line) || is_there(line),
            line => line.rsplit_once(" #").is_none_or(|(_, comment)| is_there(comment)),
        })
}

/// A text without comments: `-` is on the line of what it stands before again.
fn bare(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut open = String::new();
    let is_text = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    for line in text.lines().filter(is_text) {
        let line = line.split(" #").next().unwrap_or(line).trim_end();
        let line = if open.is_empty() { line.to_owned() } else { format!("{open} {}", line.trim_start()) };
        open.clear();
        if line.ends_with('-') && line.trim_matches(['-', ' ']).is_empty() {
            open = line;
        } else {
            lines.push(line);
        }
    }
    lines
}

/// The text with something else between every such pair of marks.
fn between(text: &str, open: &str, close: &str, inside: impl Fn(&str) -> String) -> String {
    let mut parts = text.split(open);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (old, rest) = part.split_once(close).unwrap_or((part, ""));
        out.push_str(&format!("{open}{}{close}{rest}", inside(old)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_types_stay() {
        let file = b"a: ENC[AES256_GCM,data:abcd,iv:x,tag:y,type:str]\n  lastmodified: \"2026\"\nb: 1\n";
        assert_eq!(form(file), "a: ENC[AES256_GCM,9 str]\n  lastmodified\nb: 1");
        assert_eq!(count_encrypted(file), 1);
        assert_eq!(count_encrypted(b"mac: ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]"), 0);
    }

    #[test]
    fn comments_do_not_count_in_a_loose_comparison() {
        assert!(is_alike(b"a:\n  - # x\n    - b # y\n", b"a:\n  # x\n  - - b\n"));
        assert!(!is_alike(b"a: 1\n", b"a: 1 # lost\n"));
        assert!(!is_alike(b"a: 1\n", b"a: 2\n"));
    }
}
