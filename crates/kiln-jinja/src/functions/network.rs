//! Arithmetic on IPv4 networks and addresses.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;
use kiln_python::{Fault, Result};

/// `cidr | nthhost(n)`: the `n`-th address of the network; 0 is the network address, and
/// host bits in `cidr` are ignored.
pub(super) fn nth_host(cidr: &str, n: i64) -> Result<String> {
    let network = network(cidr)?.trunc();
    let size = 1_i64 << (32 - network.prefix_len());
    if !(0..size).contains(&n) {
        let message = format!("the network `{cidr}` has {size} addresses, so it has no address number {n}");
        return Err(Fault::value_error(message)
            .or_discreetly("the network has no address of this number")
            .coded("host-outside-network")
            .help("use a larger network or a smaller number"));
    }
    let offset = u32::try_from(n).unwrap_or(u32::MAX);
    Ok(Ipv4Addr::from(u32::from(network.addr()) + offset).to_string())
}

/// `cidr | cidr_prefix`: the prefix length.
pub(super) fn prefix(cidr: &str) -> Result<u8> {
    network(cidr).map(|network| network.prefix_len())
}

/// `cidr is cidr_contains(other)`: whether an address or network lies inside `cidr`.
pub(super) fn contains(cidr: &str, other: &str) -> Result<bool> {
    let outer = network(cidr)?.trunc();
    match other.parse::<Ipv4Addr>() {
        Ok(address) => Ok(outer.contains(&address)),
        Err(_) => network(other).map(|inner| outer.contains(&inner.trunc())),
    }
}

/// `cidr is cidr_overlaps(other)`: whether two networks share an address.
pub(super) fn overlaps(cidr: &str, other: &str) -> Result<bool> {
    let (one, two) = (network(cidr)?.trunc(), network(other)?.trunc());
    Ok(one.contains(&two) || two.contains(&one))
}

/// `cidr is cidr_canonical`: whether no host bit is set.
pub(super) fn is_canonical(cidr: &str) -> Result<bool> {
    network(cidr).map(|network| network == network.trunc())
}

/// A text on one line, as much of it as a message holds.
fn shown(text: &str) -> String {
    let mut letters = text.trim().chars().map(|it| if it.is_control() { '?' } else { it });
    let shown: String = letters.by_ref().take(60).collect();
    if letters.next().is_some() { shown + "…" } else { shown }
}

fn network(text: &str) -> Result<Ipv4Net> {
    text.parse().map_err(|_| {
        Fault::value_error(format!("`{}` is not an IPv4 network", shown(text)))
            .about(text)
            .or_discreetly("this is not an IPv4 network")
            .coded("not-a-network")
            .help("write an address and a prefix length, such as `10.0.0.0/24`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_counted_from_the_network_address() {
        assert_eq!(nth_host("10.0.0.0/24", 1).unwrap(), "10.0.0.1");
        assert_eq!(nth_host("10.0.0.77/24", 10).unwrap(), "10.0.0.10");
        assert_eq!(nth_host("0.0.0.0/0", 4_294_967_295).unwrap(), "255.255.255.255");
        assert!(nth_host("10.0.0.0/29", 10).is_err());
        assert!(nth_host("10.0.0.0/29", -1).is_err());
        assert!(nth_host("10.0.0.0", 1).is_err());
    }

    #[test]
    fn containment_takes_addresses_and_networks() {
        assert!(contains("10.0.0.0/16", "10.0.255.255").unwrap());
        assert!(!contains("10.0.0.0/16", "10.1.0.0").unwrap());
        assert!(contains("10.0.0.0/16", "10.0.4.0/24").unwrap());
        assert!(!contains("10.0.4.0/24", "10.0.0.0/16").unwrap());
        assert!(contains("10.0.0.0/16", "fd00::1").is_err());
    }

    #[test]
    fn overlap_is_symmetric() {
        assert!(overlaps("10.42.128.0/17", "10.42.0.0/16").unwrap());
        assert!(overlaps("10.42.0.0/16", "10.42.128.0/17").unwrap());
        assert!(!overlaps("10.42.0.0/16", "10.43.0.0/16").unwrap());
    }

    #[test]
    fn a_canonical_network_has_no_host_bits() {
        assert!(is_canonical("10.0.0.0/24").unwrap());
        assert!(!is_canonical("10.0.0.1/24").unwrap());
        assert_eq!(prefix("10.0.0.0/24").unwrap(), 24);
    }
}
