//! The trials: what was done to an implementation to see what it does. They stand in `trials.toml`.

use super::TRIALS;
use crate::words::Text;

/// The part of a row that a trial belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// A Close frame is received.
    Close,
    /// Bytes that break a rule are received.
    Fault,
    /// The application closes.
    Send,
    /// TCP ends without a Close.
    End,
    /// Time, signals and errors of the application.
    Life,
    /// What a proxy does between two ends.
    Proxy,
}

impl Section {
    /// The word for it in the tables and in JSON.
    pub fn id(self) -> &'static str {
        match self {
            Section::Close => "close",
            Section::Fault => "fault",
            Section::Send => "send",
            Section::End => "end",
            Section::Life => "life",
            Section::Proxy => "proxy",
        }
    }
}

/// One thing that was done to every implementation.
#[derive(Debug)]
pub struct Trial {
    /// The part of a row that it belongs to.
    pub section: Section,
    /// The word for it in the tables: a code, or a name.
    pub id: &'static str,
    /// The code that was received or sent, where it is about one.
    pub code: Option<u16>,
    /// The rules that it breaks.
    pub rules: &'static [&'static str],
    /// What was done, in a few words, where the code does not say it.
    pub what: Option<Text>,
}

/// The place in [`TRIALS`] of the trial that stands for `code` in `section`, and the code that was tried.
///
/// Not every number was tried: one without a trial takes the next lower one of its range.
pub fn trial_of(section: Section, code: u16) -> Option<(usize, u16)> {
    let ranges: [(u16, u16); 6] = [
        (0, 999),
        (1000, 1015),
        (1016, 2999),
        (3000, 3999),
        (4000, 4999),
        (5000, u16::MAX),
    ];
    let (from, to) = *ranges
        .iter()
        .find(|(from, to)| (*from..=*to).contains(&code))?;
    TRIALS
        .iter()
        .enumerate()
        .filter(|(_, trial)| trial.section == section)
        .filter_map(|(index, trial)| Some((index, trial.code?)))
        .filter(|(_, tried)| (from..=to).contains(tried) && *tried <= code)
        .rfind(|(_, tried)| *tried == code || !(1000..=1015).contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_without_a_trial_takes_the_next_lower_of_its_range() {
        let tried = |code| trial_of(Section::Close, code).map(|(_, tried)| tried);
        assert_eq!(tried(1014), Some(1014));
        assert_eq!(tried(4404), Some(4000));
        assert_eq!(tried(3008), Some(3003));
        assert_eq!(tried(22373), Some(5000));
        assert_eq!(tried(404), Some(0));
        assert_eq!(trial_of(Section::Send, 1013), None);
    }
}
