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
}
