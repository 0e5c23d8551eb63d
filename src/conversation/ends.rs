//! The ends of a connection, each of which is there from its first frame on.

use super::Options;
use crate::frame::Sender;
use crate::inspect::{End, History, Unseen};

/// What an end has sent that has sent nothing.
static NOTHING: History = History::empty();

/// The ends of a connection. A caller that knows the senders has a conversation for each end, in which the other never
/// speaks, and a capture has thousands of them.
#[derive(Debug)]
pub(super) struct Ends {
    options: Options,
    /// The one that spoke first.
    first: Option<End>,
    /// The other, and one for a header that was cut before its mask bit.
    others: Vec<End>,
    are_heard: bool,
    may_try: bool,
    unseen: Unseen,
    /// Where the last Close stands.
    closed_at: Option<u64>,
}

impl Ends {
    pub(super) fn new(options: Options) -> Self {
        Ends {
            options,
            first: None,
            others: Vec::new(),
            are_heard: false,
            may_try: true,
            unseen: Unseen::default(),
            closed_at: None,
        }
    }

    fn all(&self) -> impl Iterator<Item = &End> {
        self.first.iter().chain(&self.others)
    }

    fn all_mut(&mut self) -> impl Iterator<Item = &mut End> {
        self.first.iter_mut().chain(&mut self.others)
    }

    /// The end that sends the next frame, the one without a name for a header that does not tell it.
    pub(super) fn of(&mut self, sender: Option<Sender>) -> &mut End {
        let is_first = self.first.as_ref().is_none_or(|end| end.sender() == sender);
        let place = match is_first {
            true => None,
            false => Some(self.place_among_others(sender)),
        };
        let end = || {
            let mut end = End::new(sender, &self.options);
            end.allow_trial(self.may_try);
            end.begin_unseen(self.unseen);
            if self.are_heard {
                end.hear();
            }
            // The one without a name may be the end that closed.
            if let (None, Some(at)) = (sender, self.closed_at) {
                end.close_at(at);
            }
            end
        };
        match place {
            None => self.first.get_or_insert_with(end),
            Some(place) => {
                if place == self.others.len() {
                    let end = end();
                    self.others.reserve_exact(1);
                    self.others.push(end);
                }
                &mut self.others[place]
            }
        }
    }

    /// Where an end stands among the others, or shall stand.
    fn place_among_others(&self, sender: Option<Sender>) -> usize {
        let place = self.others.iter().position(|end| end.sender() == sender);
        place.unwrap_or(self.others.len())
    }

    /// An end, where it has spoken.
    pub(super) fn get(&self, sender: Sender) -> Option<&End> {
        self.all().find(|end| end.sender() == Some(sender))
    }

    /// What an end has sent.
    pub(super) fn history(&self, sender: Sender) -> &History {
        self.get(sender).map_or(&NOTHING, End::history)
    }

    /// The complete messages of all.
    pub(super) fn messages(&self) -> u64 {
        self.all().map(End::messages).sum()
    }

    /// Keeps the beginning of each message.
    pub(super) fn hear(&mut self) {
        self.are_heard = true;
        self.all_mut().for_each(End::hear);
    }

    /// Says what was not seen before the first frame.
    pub(super) fn begin_unseen(&mut self, unseen: Unseen) {
        self.unseen = unseen;
        for end in self.all_mut() {
            end.begin_unseen(unseen);
        }
    }

    /// Says who sends the frames that follow, where somebody knows.
    #[cfg(feature = "cli")]
    pub(super) fn declare(&mut self, sender: Option<Sender>) {
        self.options.from = sender;
        for end in self.all_mut() {
            end.declare(sender.is_some());
        }
    }

    /// Takes note of a Close at `at`.
    pub(super) fn close_at(&mut self, at: u64) {
        self.closed_at = Some(at);
        for end in self.all_mut().filter(|end| end.sender().is_none()) {
            end.close_at(at);
        }
    }

    /// Says whether there is memory to try to inflate.
    pub(super) fn allow_trial(&mut self, is_allowed: bool) {
        // It is asked for each piece, and the ends lie elsewhere in memory.
        if self.may_try == is_allowed {
            return;
        }
        self.may_try = is_allowed;
        for end in self.all_mut() {
            end.allow_trial(is_allowed);
        }
    }

    /// Whether there was not when it was needed.
    pub(super) fn is_untried(&self) -> bool {
        self.all().any(End::is_untried)
    }

    /// The bytes of memory that it takes to inflate messages.
    pub(super) fn inflating_bytes(&self) -> usize {
        self.all().map(End::inflating_bytes).sum()
    }
}
