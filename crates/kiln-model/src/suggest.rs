//! The nearest name, for "did you mean".

/// The candidate that is most like `name`, if one is close enough to be a slip of the
/// hand: at most a third of the letters, and never more than three, differ. Capital and small
/// letters count as the same.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = name.chars().count();
    // A single letter that is another one is no slip.
    let allowed = if length < 2 { 0 } else { (length / 3).clamp(1, 3) };
    candidates
        .into_iter()
        .map(|candidate| (distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, candidate)| (*distance, *candidate))
        .map(|(_, candidate)| candidate)
}

/// The candidate that somebody who wrote `name` may have had in mind: the [`nearest`], else the one
/// whose words are these, some of them shortened or written out, or in another order, or that has
/// more or fewer of them at its beginning or end, if there is no second one.
pub fn meant<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    nearest(name, candidates.iter().copied())
        .or_else(|| only(&candidates, |it| is_shortened(name, it)))
        .or_else(|| only(&candidates, |it| words(it, true) == words(name, true)))
        .or_else(|| only(&candidates, |it| is_part(name, it) || is_part(it, name)))
}

/// The one candidate of which something holds.
fn only<'a>(candidates: &[&'a str], holds: impl Fn(&str) -> bool) -> Option<&'a str> {
    let mut found = candidates.iter().filter(|candidate| holds(candidate));
    found.next().filter(|_| found.next().is_none()).copied()
}

/// Whether the words of two names are the same, but for some that are short for another one.
fn is_shortened(a: &str, b: &str) -> bool {
    let (a, b) = (words(a, false), words(b, false));
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a == b || is_short_for(a, b) || is_short_for(b, a))
}

/// Whether a word is another one without some of its letters, such as `addr`. Letters count once
/// where they are doubled.
fn is_short_for(short: &str, long: &str) -> bool {
    let single = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.dedup();
        letters
    };
    let (short, long) = (single(short), single(long));
    let mut rest = long.iter();
    short.len() >= 3 && short.first() == long.first() && short.iter().all(|it| rest.any(|other| other == it))
}

/// Whether `whole` begins or ends with the words of `part`.
fn is_part(part: &str, whole: &str) -> bool {
    let (part, whole) = (words(part, false), words(whole, false));
    !part.is_empty() && (whole.starts_with(&part) || whole.ends_with(&part))
}

/// The words of a name such as `node_cidr`; sorted, if their order does not count.
fn words(name: &str, sorted: bool) -> Vec<String> {
    let words = name.split(['_', '-', '.']).filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
    if sorted {
        words.sort_unstable();
    }
    words
}

/// Edits (insert, remove, replace, swap of neighbours) that turn `a` into `b`: the
/// optimal string alignment distance.
fn distance(a: &str, b: &str) -> usize {
    let folded = |text: &str| text.chars().map(|it| it.to_ascii_lowercase()).collect();
    let (a, b): (Vec<char>, Vec<char>) = (folded(a), folded(b));
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_is_found() {
        assert_eq!(nearest("node_cdir", ["node_cidr", "node_dns"]), Some("node_cidr"));
        assert_eq!(nearest("nodecidr", ["node_cidr"]), Some("node_cidr"));
        assert_eq!(nearest("nodeCidr", ["node_cidr"]), Some("node_cidr"));
        assert_eq!(nearest("BGP", ["arp", "bgp"]), Some("bgp"));
        assert_eq!(nearest("X", ["x"]), Some("x"));
        assert_eq!(nearest("2", ["1", "3"]), None);
        assert_eq!(nearest("zebra", ["node_cidr"]), None);
        assert_eq!(nearest("", ["node"]), None);
    }

    #[test]
    fn words_that_are_short_for_others_are_found() {
        assert_eq!(meant("cluster_api_adress", ["cluster_api_addr"]), Some("cluster_api_addr"));
        assert_eq!(meant("cluster_service_cidr", ["cluster_svc_cidr"]), Some("cluster_svc_cidr"));
        assert_eq!(meant("cluster_domains_list", ["cluster_token_list"]), None);
    }

    #[test]
    fn words_too_many_too_few_or_in_another_order_are_found() {
        assert_eq!(meant("mac", ["mac_addr", "name"]), Some("mac_addr"));
        assert_eq!(meant("install_disk", ["disk", "name"]), Some("disk"));
        assert_eq!(meant("cidr_node", ["node_cidr", "pod_cidr"]), Some("node_cidr"));
        assert_eq!(meant("gateway-addr-cluster", ["cluster_gateway_addr"]), Some("cluster_gateway_addr"));
        // Of several that are as near, none is meant.
        assert_eq!(meant("token", ["dns_token", "api_token"]), None);
        assert_eq!(meant("_", ["dns_token"]), None);
    }
}
