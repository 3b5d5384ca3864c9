//! Formats whose meaning is checked.

use std::net::Ipv4Addr;

/// Whether a text has the format.
type Check = fn(&str) -> bool;

/// The names that `format` may have in a schema, each with its check.
pub(crate) const FORMATS: [(&str, Check); 3] =
    [("ipv4", is_ipv4), ("ipv4-cidr", is_ipv4_cidr), ("fqdn", is_fqdn)];

/// What a value of the format is, for a schema that does not say it.
pub(crate) fn expected(format: &str) -> Option<&'static str> {
    match format {
        "ipv4" => Some("an IPv4 address such as `10.0.0.1`"),
        "ipv4-cidr" => Some("an IPv4 network such as `10.0.0.0/24`"),
        "fqdn" => Some("a full host name such as `node.example.com`"),
        _ => None,
    }
}

fn is_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

/// An address and a prefix length; bits of the address behind the prefix may be set.
fn is_ipv4_cidr(text: &str) -> bool {
    let Some((address, length)) = text.split_once('/') else { return false };
    let plain = length.len() == 1 || !length.starts_with('0');
    let digits = length.bytes().all(|byte| byte.is_ascii_digit());
    is_ipv4(address) && plain && digits && length.parse::<u8>().is_ok_and(|it| it <= 32)
}

/// At least two labels of lower-case letters, digits and inner hyphens, the last one no
/// number (RFC 1123).
fn is_fqdn(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    let numeric = labels.last().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    text.len() <= 253 && labels.len() >= 2 && !numeric && labels.into_iter().all(is_label)
}

fn is_label(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(allowed)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_four_numbers_up_to_255() {
        for good in ["0.0.0.0", "10.1.2.3", "255.255.255.255"] {
            assert!(is_ipv4(good), "{good}");
        }
        for bad in ["", "1.2.3", "1.2.3.256", "999.1.1.1", "01.2.3.4", "1.2.3.4.5", "::1", " 1.2.3.4"] {
            assert!(!is_ipv4(bad), "{bad}");
        }
    }

    #[test]
    fn a_network_has_a_length_up_to_32() {
        for good in ["10.0.0.0/8", "10.0.0.1/24", "0.0.0.0/0", "1.1.1.1/32"] {
            assert!(is_ipv4_cidr(good), "{good}");
        }
        for bad in
            ["10.0.0.0", "10.0.0.0/33", "999.1.1.1/99", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/08", "/8"]
        {
            assert!(!is_ipv4_cidr(bad), "{bad}");
        }
    }

    #[test]
    fn a_full_name_has_two_labels_in_lower_case() {
        for good in ["example.com", "a-1.b2.example.com", "xn--bcher-kva.example"] {
            assert!(is_fqdn(good), "{good}");
        }
        let long = format!("{}.com", "a".repeat(64));
        for bad in [
            "localhost",
            "Example.com",
            "example.com.",
            "*.example.com",
            "-a.com",
            "a_b.com",
            "10.0.0.1",
            &long,
        ] {
            assert!(!is_fqdn(bad), "{bad}");
        }
    }
}
