//! Choices that are the same for the same seed.

/// A source of choices.
pub(super) struct Random(fastrand::Rng);

impl Random {
    /// The source for a case of a run.
    pub(super) fn new(seed: u64, index: usize) -> Random {
        // Neighbouring seeds and cases must have nothing in common.
        let mixed =
            seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (index as u64).wrapping_mul(0xd1b5_4a32_d192_ed03);
        Random(fastrand::Rng::with_seed(mixed))
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0.usize(..end.max(1))
    }

    /// True in `percent` of a hundred calls.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub(super) fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }

    /// One of several kinds, functions or numbers.
    pub(super) fn choose<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}
