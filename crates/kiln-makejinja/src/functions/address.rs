//! Addresses of networks, as `ipaddress` of Python counts them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address of this number in a network, counted from the network address. Bits beyond the
/// prefix are passed over; an address alone is a network of one. None if there is no such
/// network or address.
pub(super) fn nth_host(network: &str, number: i64) -> Option<String> {
    let (address, prefix) = match network.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (network, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let number = u128::try_from(number).ok()?;
    match address {
        IpAddr::V4(address) => {
            let hosts = 32 - prefix.map_or(Some(32), prefix_v4)?;
            let base = (u64::from(u32::from(address)) >> hosts) << hosts;
            let offset = u64::try_from(number).ok().filter(|number| *number < 1 << hosts)?;
            u32::try_from(base + offset).ok().map(|it| Ipv4Addr::from(it).to_string())
        }
        IpAddr::V6(address) => {
            let hosts = 128 - prefix.map_or(Some(128), |prefix| prefix_length(prefix, 128))?;
            let size = 1_u128.checked_shl(hosts);
            let base = if size.is_none() { 0 } else { (u128::from(address) >> hosts) << hosts };
            let fits = size.is_none_or(|size| number < size);
            fits.then(|| Ipv6Addr::from(base + number).to_string())
        }
    }
}

fn prefix_length(text: &str, most: u32) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?.filter(|length| *length <= most)
}

/// A length, a netmask, or the mask of the hosts.
fn prefix_v4(text: &str) -> Option<u32> {
    if let Some(length) = prefix_length(text, 32) {
        return Some(length);
    }
    let mask = u32::from(text.parse::<Ipv4Addr>().ok()?);
    let is_prefix = |mask: u32| mask.leading_ones() + mask.trailing_zeros() == 32 || mask == 0;
    if is_prefix(mask) {
        return Some(mask.leading_ones());
    }
    is_prefix(!mask).then(|| mask.leading_zeros())
}

#[cfg(test)]
mod tests {
    use super::nth_host;

    #[test]
    fn hosts_are_counted_as_python_counts_them() {
        // What `str(ipaddress.ip_network(network, strict=False)[number])` gives.
        for (network, number, expected) in [
            ("192.168.1.0/24", 1, "192.168.1.1"),
            ("192.168.1.77/24", 0, "192.168.1.0"),
            ("192.168.1.0/24", 255, "192.168.1.255"),
            ("10.0.0.0/255.255.255.0", 5, "10.0.0.5"),
            ("10.0.0.0/0.0.0.255", 5, "10.0.0.5"),
            ("0.0.0.0/0", 4_294_967_295, "255.255.255.255"),
            ("10.0.0.1", 0, "10.0.0.1"),
            ("fd00::/64", 1, "fd00::1"),
            ("fd00::5/120", 255, "fd00::ff"),
            ("::/0", 65_536, "::1:0"),
        ] {
            assert_eq!(nth_host(network, number).as_deref(), Some(expected), "{network} {number}");
        }
    }

    #[test]
    fn what_is_no_host_is_none() {
        let cases =
            [("192.168.1.0/24", 256), ("192.168.1.0/24", -1), ("10.0.0.1", 1), ("10.0.0.0/33", 1), ("x", 1)];
        for (network, number) in cases {
            assert_eq!(nth_host(network, number), None, "{network} {number}");
        }
    }
}
