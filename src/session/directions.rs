//! The streams of frames of both ends, with whoever hears their messages.

use crate::application::Listener;
use crate::frame::Sender;
use crate::upgrade::Upgrade;

use super::direction::{Direction, Reading};

/// What both ends send once there are frames. One piece of memory: with ten thousand connections that take turns each
/// further one is waited for.
#[derive(Debug)]
pub(super) struct Directions {
    pub(super) client: Direction,
    pub(super) server: Direction,
    pub(super) listener: Listener,
}

impl Directions {
    /// Frames behind an upgrade, of each end at its offset, where that is known. `target`: what was asked for, where
    /// the request hides a part of it.
    pub(super) fn new(
        at: [Option<u64>; 2],
        reading: Reading,
        upgrade: &Upgrade,
        target: Option<&str>,
    ) -> Box<Self> {
        let [client, server] = at;
        let mut listener = Listener::default();
        listener.upgrade_to(upgrade, target);
        Box::new(Directions {
            client: Direction::new(Sender::Client, client, reading),
            server: Direction::new(Sender::Server, server, reading),
            listener,
        })
    }

    /// Frames that were found, of each end at its offset.
    pub(super) fn found(at: [Option<u64>; 2], reading: Reading) -> Box<Self> {
        let [client, server] = at;
        Box::new(Directions {
            client: Direction::found(Sender::Client, client, reading),
            server: Direction::found(Sender::Server, server, reading),
            listener: Listener::default(),
        })
    }

    /// Both of them, the client's first.
    pub(super) fn each(&self) -> [&Direction; 2] {
        [&self.client, &self.server]
    }

    pub(super) fn each_mut(&mut self) -> [&mut Direction; 2] {
        [&mut self.client, &mut self.server]
    }

    pub(super) fn of(&self, sender: Sender) -> &Direction {
        match sender {
            Sender::Client => &self.client,
            Sender::Server => &self.server,
        }
    }

    /// What an end sends, what the other one does, and who hears it.
    pub(super) fn of_mut(&mut self, sender: Sender) -> (&mut Direction, &Direction, &mut Listener) {
        let (own, other) = match sender {
            Sender::Client => (&mut self.client, &self.server),
            Sender::Server => (&mut self.server, &self.client),
        };
        (own, other, &mut self.listener)
    }
}
