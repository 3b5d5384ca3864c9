//! Shamir's secret sharing, byte by byte over GF(2⁸), as SOPS shares data keys.
//!
//! The field is that of AES (x⁸+x⁴+x³+x+1). A share is one byte per byte of the secret
//! and at its end the point at which the polynomials were evaluated. The points are
//! 1, 2, 3 … in the order of the groups. The format is that of HashiCorp Vault, from which
//! SOPS has it: <https://github.com/getsops/sops/tree/main/shamir>.

use zeroize::Zeroizing;

use crate::cipher::{self, NoRandomness};

/// One share.
pub(crate) type Share = Zeroizing<Vec<u8>>;

/// Splits a secret into `parts` shares, any `threshold` of which give it back.
///
/// `threshold` is at least 1 and at most `parts`, which is at most 255.
pub(crate) fn split(secret: &[u8], parts: u8, threshold: u8) -> Result<Vec<Share>, NoRandomness> {
    let mut shares: Vec<Share> =
        (1..=parts).map(|_| Zeroizing::new(Vec::with_capacity(secret.len() + 1))).collect();
    for byte in secret {
        let coefficients = coefficients(*byte, threshold)?;
        for (share, point) in shares.iter_mut().zip(1..=parts) {
            share.push(evaluate(&coefficients, point));
        }
    }
    for (share, point) in shares.iter_mut().zip(1..=parts) {
        share.push(point);
    }
    Ok(shares)
}

/// The secret of these shares; `None` if they do not belong together.
///
/// Too few shares give another secret: what was shared must be recognised otherwise.
pub(crate) fn combine(shares: &[Share]) -> Option<Zeroizing<Vec<u8>>> {
    let length = shares.first()?.len().checked_sub(1)?;
    let mut points = Vec::with_capacity(shares.len());
    for share in shares {
        let point = *share.last()?;
        if share.len() != length + 1 || point == 0 || points.contains(&point) {
            return None;
        }
        points.push(point);
    }
    let weights: Vec<u8> = points.iter().map(|point| weight(*point, &points)).collect();
    let byte = |at: usize| {
        let terms = shares.iter().zip(&weights).map(|(share, weight)| multiply(share[at], *weight));
        terms.fold(0, |sum, term| sum ^ term)
    };
    Some(Zeroizing::new((0..length).map(byte).collect()))
}

/// A random polynomial whose value at 0 is `secret`, lowest coefficient first.
fn coefficients(secret: u8, threshold: u8) -> Result<Zeroizing<Vec<u8>>, NoRandomness> {
    let mut all = Zeroizing::new(vec![0; usize::from(threshold.max(1))]);
    cipher::fill(&mut all)?;
    all[0] = secret;
    Ok(all)
}

fn evaluate(coefficients: &[u8], point: u8) -> u8 {
    coefficients.iter().rev().fold(0, |value, coefficient| multiply(value, point) ^ coefficient)
}

/// What the share at `point` counts at 0: the basis polynomial of Lagrange.
fn weight(point: u8, points: &[u8]) -> u8 {
    let others = points.iter().filter(|other| **other != point);
    others.fold(1, |weight, other| multiply(weight, multiply(*other, invert(*other ^ point))))
}

/// Without a branch on its operands, which are secret.
fn multiply(mut a: u8, mut b: u8) -> u8 {
    let mut product = 0;
    for _ in 0..8 {
        product ^= a & 0_u8.wrapping_sub(b & 1);
        let carry = 0_u8.wrapping_sub(a >> 7);
        a = (a << 1) ^ (0x1b & carry);
        b >>= 1;
    }
    product
}

/// `a` to the power of 254.
fn invert(a: u8) -> u8 {
    let mut power = a;
    let mut inverse = 1;
    for _ in 0..7 {
        power = multiply(power, power);
        inverse = multiply(inverse, power);
    }
    inverse
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_field_is_that_of_aes() {
        // FIPS 197, 4.2: {57} • {83} = {c1}; {53} and {ca} are inverse to each other.
        assert_eq!(multiply(0x57, 0x83), 0xc1);
        assert_eq!(invert(0x53), 0xca);
        assert!((1..=255).all(|it| multiply(it, invert(it)) == 1));
    }

    #[test]
    fn shares_that_do_not_belong_together_give_nothing() {
        let shares = split(&[1, 2, 3], 3, 2).unwrap();
        let twice = [shares[0].clone(), shares[0].clone()];
        assert!(combine(&twice).is_none());
        let short = [shares[0].clone(), Zeroizing::new(vec![1, 2])];
        assert!(combine(&short).is_none());
        assert!(combine(&[]).is_none());
    }

    proptest! {
        #[test]
        fn enough_shares_give_the_secret_back(
            secret in prop::collection::vec(any::<u8>(), 1..40),
            (parts, threshold) in (2..9_u8).prop_flat_map(|parts| (Just(parts), 2..=parts)),
            order in any::<prop::sample::Index>(),
        ) {
            let mut shares = split(&secret, parts, threshold).unwrap();
            shares.rotate_left(order.index(usize::from(parts)));
            let enough = &shares[..usize::from(threshold)];
            prop_assert_eq!(combine(enough).unwrap().to_vec(), secret.clone());
            prop_assert_eq!(combine(&shares).unwrap().to_vec(), secret);
        }
    }
}
