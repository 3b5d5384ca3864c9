//! Times in the five fields of cron.

/// What a field counts: its least and greatest number, and names for the numbers from the least on.
struct Unit {
    least: u32,
    most: u32,
    names: &'static [&'static str],
}

const MINUTE: Unit = Unit { least: 0, most: 59, names: &[] };
const HOUR: Unit = Unit { least: 0, most: 23, names: &[] };
const DAY: Unit = Unit { least: 1, most: 31, names: &[] };
const MONTH: Unit = Unit {
    least: 1,
    most: 12,
    names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
};
const WEEKDAY: Unit = Unit { least: 0, most: 6, names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] };

/// How many days each month can have.
const LENGTHS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// `text is cron`: whether Kubernetes takes the text for a schedule, and its time ever comes.
///
/// With `cyclic`, Sunday may also be 7, and a range may go on after the end, as in `fri-mon`.
pub(super) fn is_cron(text: &str, cyclic: bool) -> bool {
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields[..] else { return false };
    let read = |field, unit| Times::of(field, unit, cyclic);
    if read(minute, &MINUTE).is_none() || read(hour, &HOUR).is_none() {
        return false;
    }
    let [Some(days), Some(months), Some(weekdays)] =
        [read(day, &DAY), read(month, &MONTH), read(weekday, &WEEKDAY)]
    else {
        return false;
    };
    let comes = |(month, length)| months.has(month) && (1..=length).any(|day| days.has(day));
    // A day is one of the month or of the week, where both are given.
    !weekdays.all || (1..=12).zip(LENGTHS).any(comes)
}

/// What a field selects.
struct Times {
    /// One bit for each number.
    bits: u64,
    /// Whether the field leaves the choice to the others.
    all: bool,
}

impl Times {
    fn of(field: &str, unit: &Unit, cyclic: bool) -> Option<Times> {
        let mut times = Times { bits: 0, all: false };
        for part in field.split(',') {
            let (range, step) = match part.split_once('/') {
                Some((range, step)) => (range, Some(number(step)?)),
                None => (part, None),
            };
            let is_star = matches!(range, "*" | "?");
            let (first, last) = match range.split_once('-') {
                _ if is_star => (unit.least, unit.most),
                Some((first, last)) => (unit.number(first, cyclic)?, unit.number(last, cyclic)?),
                None => {
                    let first = unit.number(range, cyclic)?;
                    (first, if step.is_some() { unit.most } else { first })
                }
            };
            times.all |= is_star && step.is_none_or(|step| step == 1);
            times.add(first, last, step.unwrap_or(1), unit, cyclic)?;
        }
        Some(times)
    }

    /// Adds every `step`-th number of a range.
    fn add(&mut self, first: u32, last: u32, step: u32, unit: &Unit, cyclic: bool) -> Option<()> {
        let size = unit.most - unit.least + 1;
        if first > last && !cyclic {
            return None;
        }
        let end = if first > last { last + size } else { last };
        let step = usize::try_from(step).ok().filter(|step| *step > 0)?;
        for number in (first..=end).step_by(step) {
            self.bits |= 1 << (unit.least + (number - unit.least) % size);
        }
        Some(())
    }

    fn has(&self, number: u32) -> bool {
        self.bits & (1 << number) != 0
    }
}

impl Unit {
    /// The number that a text stands for.
    fn number(&self, text: &str, cyclic: bool) -> Option<u32> {
        let named = self.names.iter().position(|name| name.eq_ignore_ascii_case(text));
        if let Some(place) = named {
            return u32::try_from(place).ok().map(|place| self.least + place);
        }
        // Days of the week are the only numbers that begin with 0 and have names.
        let is_weekday = self.least == 0 && !self.names.is_empty();
        let most = if cyclic && is_weekday { self.most + 1 } else { self.most };
        number(text).filter(|number| (self.least..=most).contains(number))
    }
}

fn number(text: &str) -> Option<u32> {
    text.bytes().all(|it| it.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(texts: &[&str], cyclic: bool, expected: bool) {
        for text in texts {
            assert_eq!(is_cron(text, cyclic), expected, "{text}");
        }
    }

    #[test]
    fn numbers_ranges_steps_lists_and_names_are_times() {
        let texts =
            ["* * * * *", "0 */6 * * *", "5/15 0-23/2 1,15 jan-Mar,12 SUN", "59 23 31 12 6", "0 0 ? * ?"];
        check(&texts, false, true);
        check(&texts, true, true);
    }

    #[test]
    fn a_number_out_of_its_range_is_no_time() {
        let texts =
            ["60 * * * *", "0 24 * * *", "0 0 0 * *", "0 0 32 * *", "0 0 1 0 *", "0 0 1 13 *", "0 0 * * 8"];
        check(&texts, false, false);
        check(&texts, true, false);
    }

    #[test]
    fn what_is_not_five_fields_of_numbers_is_no_time() {
        let texts =
            ["", "* * * *", "0 * * * * *", "@daily", "a * * * *", "-1 * * * *", "+1 * * * *", "1, * * * *"];
        check(&texts, false, false);
        check(&["*/0 * * * *", "1-2-3 * * * *", "1/2/3 * * * *", "*-5 * * * *", "1/ * * * *"], false, false);
    }

    #[test]
    fn a_day_that_no_month_has_never_comes() {
        check(&["0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 31 feb *"], false, false);
        check(&["0 0 29 2 *", "0 0 31 4-5 *", "0 0 30 */2 *"], false, true);
    }

    #[test]
    fn a_day_of_the_week_comes_whatever_the_day_of_the_month() {
        check(&["0 0 30 2 1", "0 0 30 2 */2"], false, true);
        check(&["0 0 30 2 */1"], false, false);
    }

    #[test]
    fn only_cyclic_fields_go_on_after_their_end() {
        let texts = ["0 2 * * 7", "0 22-2 * * *", "0 0 * * fri-mon", "0 0 1 11-2 *", "0 0 * * 5-7"];
        check(&texts, false, false);
        check(&texts, true, true);
    }
}
