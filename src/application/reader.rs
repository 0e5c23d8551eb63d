//! What the messages of a known protocol say: each held against the rows of the protocol.

use std::collections::VecDeque;

use super::address::{is_in_path, is_sockjs_session};
use super::ends::Body;
use super::fields::{Words, ahead};
use super::layout::{Memory, parts};
use super::parts::Parts;
use super::tree::{Fit, Node};
use super::{Application, Asked, EndHeard, Label, Listener, Moment, Rhythm, Said, Unheard};
use crate::conversation::Heard;
use crate::facts::protocols::{Layout, Protocol, Role, Telling};
use crate::frame::{Opcode, Sender};

/// So many telling messages are kept.
const MOST_SAID: usize = 8;
/// So many timers are kept.
const MOST_TIMERS: usize = 8;

/// A connection whose protocol is known.
#[derive(Debug)]
pub(super) struct Reader {
    protocol: &'static Protocol,
    path: String,
    query: String,
    memory: [Memory; 2],
    ends: [EndHeard; 2],
    /// When one of them closed, and what was known of them then.
    closed: Option<(i64, Box<[EndHeard; 2]>)>,
    has_opened: bool,
    /// Whether the session began on another connection.
    is_continued: bool,
    /// What was asked for and did not come.
    asked: Option<Asked>,
    /// Which messages came that may come only once, and the last that came again.
    once: Vec<(Sender, &'static Telling)>,
    again: Option<(Sender, Moment, &'static Telling)>,
    /// The channels or namespaces that are open, where the protocol has such.
    open: Parts,
    /// How many parts there were.
    order: u64,
    /// Whether the last message of each end is a piece of a record that goes on.
    in_piece: [bool; 2],
    /// How many messages of each end are none of the protocol's.
    unread: [u64; 2],
    /// Whether any message was the protocol's.
    is_spoken: bool,
    /// Whether any gave it away, was one that a row names, or was of the protocol inside.
    is_told: bool,
    /// Whether a part of this message may be what a row names, and the end of a value that decides it was not kept.
    is_unsure: bool,
    /// What its messages show of the query, where no URL was seen.
    shown: Option<&'static str>,
    /// Whether all messages from the first on were seen.
    is_whole: bool,
    /// Which of them was the last ordinary one of each end.
    ordinary: [u64; 2],
    said: VecDeque<Said>,
    timers: Vec<(&'static str, Sender, f64)>,
    /// Hears the protocol that this one carries. Each one in another doubles the escapes of its quotes, so that a
    /// message, of which a kilobyte is kept, holds no more than some ten.
    inside: Option<Box<Listener>>,
}

pub(super) fn place(sender: Sender) -> usize {
    usize::from(sender == Sender::Server)
}

impl Reader {
    pub(super) fn new(protocol: &'static Protocol, path: &str, query: &str) -> Self {
        let begun = protocol
            .continued
            .is_some_and(|part| query.split('&').any(|pair| pair.starts_with(part)));
        let mut open = Parts::default();
        if begun {
            open.open(None);
        }
        Reader {
            protocol,
            is_continued: begun,
            path: path.to_owned(),
            query: query.to_owned(),
            memory: Default::default(),
            ends: Default::default(),
            closed: None,
            has_opened: begun,
            asked: None,
            once: Vec::new(),
            again: None,
            open,
            order: 0,
            in_piece: [false; 2],
            unread: [0; 2],
            is_spoken: false,
            is_told: false,
            is_unsure: false,
            shown: None,
            is_whole: !begun && !path.is_empty(),
            ordinary: [0; 2],
            said: VecDeque::new(),
            timers: Vec::new(),
            inside: None,
        }
    }

    pub(super) fn layout(&self) -> Layout {
        self.protocol.form
    }

    pub(super) fn end(&self, sender: Sender) -> &EndHeard {
        &self.ends[place(sender)]
    }

    /// Takes note that a message gave the protocol away.
    pub(super) fn give_away(&mut self) {
        self.is_told = true;
    }

    /// Whether any message was one that a row of the protocol names, or of the protocol inside.
    pub(super) fn is_told(&self) -> bool {
        self.is_told
    }

    /// Takes note that messages of an end were not seen: where a stream runs through them, its place is lost.
    pub(super) fn miss(&mut self, sender: Sender) {
        self.memory[place(sender)].lose();
        self.is_whole = false;
        if let Some(inside) = &mut self.inside {
            inside.miss(sender);
        }
    }

    /// Takes note that of the messages only these were heard: of an answer to a ping nothing is known, but where nothing
    /// at all came behind it.
    pub(super) fn is_of_last(&mut self) {
        for end in &mut self.ends {
            end.no_pong = end.ping;
        }
    }

    /// Takes note that an end closed.
    pub(super) fn close(&mut self, time: i64) {
        self.closed
            .get_or_insert_with(|| (time, Box::new(self.ends)));
        if let Some(inside) = &mut self.inside {
            inside.close(time);
        }
    }

    /// Takes note of a message that is heard behind a Close and came before it: what follows a gap is read late.
    fn hear_late(&mut self, moment: Moment) {
        if let Some((closed, ends)) = &mut self.closed {
            if moment.time.is_some_and(|time| time <= *closed) {
                **ends = self.ends;
            }
        }
    }

    /// The bytes of memory that it holds for the protocol inside.
    pub(super) fn held_bytes(&self) -> usize {
        let inside = self.inside.as_ref();
        inside.map_or(0, |inside| inside.held_bytes())
    }

    /// Passes a message by that nothing can be read of.
    pub(super) fn pass(&mut self, sender: Sender, moment: Moment) {
        let end = &mut self.ends[place(sender)];
        (end.last, end.last_word) = (Some(moment), Some(moment));
        self.order += 1;
        self.ordinary[place(sender)] = self.order;
        self.ends[1 - place(sender)].ping = None;
        self.ends[1 - place(sender)].no_pong = None;
        self.answer(sender);
    }

    /// Takes note of a message that could not be read. It may be anything, so that what came before it is not past.
    pub(super) fn hear_unreadable(&mut self, sender: Sender, moment: Moment) {
        self.miss(sender);
        let end = &mut self.ends[place(sender)];
        end.last = Some(moment);
        end.beat = Some(moment);
        end.rhythm = Rhythm::default();
        end.unheard = Some((moment, Unheard::Compressed));
        self.ends[1 - place(sender)].ping = None;
        self.ends[1 - place(sender)].no_pong = None;
        self.answer(sender);
        self.hear_late(moment);
    }

    /// Takes note that an end said something: what was asked of it is answered. What a server goes on to say shows that
    /// it does not wait.
    fn answer(&mut self, sender: Sender) {
        let is_over = |asked: &Asked| asked.sender != sender || sender == Sender::Server;
        self.asked = self.asked.take().filter(|asked| !is_over(asked));
        self.again = self.again.take().filter(|again| again.0 == sender);
    }

    /// Sets how many messages of each end there were, where not all were heard.
    pub(super) fn count(&mut self, ends: &[EndHeard; 2]) {
        for (own, known) in self.ends.iter_mut().zip(ends) {
            own.messages = known.messages;
        }
    }

    /// Takes the next message. Gives the last that it tells.
    pub(super) fn hear(
        &mut self,
        sender: Sender,
        is_text: bool,
        body: Body<'_>,
        moment: Moment,
    ) -> Option<Label> {
        let mut memory = std::mem::take(&mut self.memory[place(sender)]);
        // The version that the client asked for is the server's too.
        let version = self.memory[1 - place(sender)].mqtt.version;
        memory.mqtt.version = memory.mqtt.version.or(version);
        let is_begun = memory.stomp.is_nothing();
        let mut told = None;
        let mut is_any = false;
        // What is binary may be of an application, and what is cut may be whole.
        let is_binary = !is_text || body.length > body.bytes.len() as u64;
        let is_read = parts(
            self.protocol.form,
            is_text,
            body,
            &mut memory,
            &mut |node| {
                is_any = true;
                told = self.take(sender, node, moment).or(told.take());
            },
        );
        let is_read = is_read && !std::mem::take(&mut self.is_unsure);
        if !is_read {
            // The answer to a ping may stand there.
            self.ends[1 - place(sender)].no_pong = None;
        }
        let is_of_none = match self.protocol.form {
            Layout::Mqtt => is_text || memory.mqtt.are_broken(),
            Layout::Stomp => is_begun && memory.stomp.is_nothing(),
            Layout::Channels => is_text,
            _ => false,
        };
        self.memory[place(sender)] = memory;
        let end = &mut self.ends[place(sender)];
        end.messages += 1;
        end.last = Some(moment);
        let why = match body.is_cut() {
            true => Unheard::Long,
            false => Unheard::Piece,
        };
        end.unheard = (!is_read).then_some((moment, why));
        if !is_any && !body.bytes.is_empty() {
            // It cannot be read: an ordinary message, or a part of a packet.
            if self.protocol.form != Layout::Mqtt {
                end.last_word = Some(moment);
                self.order += 1;
                self.ordinary[place(sender)] = self.order;
            }
            self.answer(sender);
        }
        self.is_spoken |= is_any;
        let end = &mut self.ends[place(sender)];
        let is_empty = body.bytes.is_empty();
        // A frame of STOMP, a packet, a line, and a record in pieces, may run through several messages.
        let (is_each_whole, is_piece) = match self.protocol.form {
            Layout::Json | Layout::Engine | Layout::Sockjs | Layout::Xml => (true, false),
            Layout::Records => (
                !self.in_piece[place(sender)],
                is_text && body.last() != Some(0x1e),
            ),
            _ => (false, false),
        };
        self.in_piece[place(sender)] = is_piece;
        let is_unread = !is_any && !is_binary && is_each_whole && !is_empty;
        end.unread = Some(moment).filter(|_| is_unread);
        let is_of_none = is_of_none && !is_any && !is_empty;
        self.unread[place(sender)] += u64::from(is_unread || is_of_none);
        // Whatever comes shows that its sender is there.
        self.ends[1 - place(sender)].ping = None;
        self.hear_late(moment);
        told
    }

    /// The row of a part: the first that it fits, or may fit in what was not kept of it, and whether it does.
    fn row(&self, sender: Sender, node: &Node) -> Option<(&'static Telling, Fit)> {
        self.protocol.messages.iter().find_map(|row| {
            let is_here = row.sender.is(sender)
                && row.query.is_none_or(|query| self.query.contains(query))
                && row.path.is_none_or(|path| is_in_path(&self.path, path));
            let fit = is_here.then(|| node.fitness(row.when))?;
            (fit != Fit::No).then_some((row, fit))
        })
    }

    /// Lets the protocol inside hear its message. Gives whether there is one, and what it tells.
    fn unwrap(&mut self, sender: Sender, node: &Node, moment: Moment) -> Option<Option<Label>> {
        let value = node.get(self.protocol.wraps?)?;
        let text = value.text_so_far()?;
        let end = node.get("inside_end");
        let end = end.as_ref().and_then(|end| end.word()).unwrap_or_default();
        let is_cut = node
            .get("is_cut")
            .is_some_and(|is_cut| is_cut.is_something());
        let is_whole = self.is_whole;
        let heard = Heard {
            sender,
            opcode: Opcode::Text,
            at: moment.at,
            bytes: text.as_bytes(),
            tail: end.as_bytes(),
            // How much of it was not kept does not matter.
            length: (text.len() + end.len()) as u64 + u64::from(is_cut),
            skipped: 0,
            is_readable: true,
        };
        let inside = self
            .inside
            .get_or_insert_with(|| Box::new(Listener::within(is_whole)));
        let told = inside.hear(heard, moment.packet, moment.time);
        if inside.is_word(sender, moment) {
            self.ordinary[place(sender)] = self.order;
            self.ends[place(sender)].last_word = Some(moment);
        }
        Some(told)
    }

    fn take(&mut self, sender: Sender, node: &Node, moment: Moment) -> Option<Label> {
        self.order += 1;
        if let Some(told) = self.unwrap(sender, node, moment) {
            self.is_told = true;
            self.answer(sender);
            return told;
        }
        let order = self.order;
        self.show(sender, node);
        let found = self.row(sender, node);
        let end = &mut self.ends[place(sender)];
        if let Some((_, Fit::Perhaps)) = found {
            // It may be anything, so that what came before it is not past.
            self.is_unsure = true;
            end.last_word = Some(moment);
            self.answer(sender);
            return None;
        }
        let row = found.map(|(row, _)| row);
        self.is_told |= row.is_some();
        let Some(row) = row else {
            self.ordinary[place(sender)] = order;
            end.last_word = Some(moment);
            self.answer(sender);
            return None;
        };
        if !row.role.is_beat() {
            self.answer(sender);
        }
        if let (Some(answer), None) = (row.asks, &self.asked) {
            self.asked = Some(Asked {
                sender,
                moment,
                name: row.name,
                answer,
            });
        }
        if row.is_once {
            match self.once.contains(&(sender, row)) {
                true => self.again = Some((sender, moment, row)),
                false => self.once.push((sender, row)),
            }
        }
        self.announce(sender, row, node);
        self.is_continued |= row.is_continuing;
        let end = &mut self.ends[place(sender)];
        match row.role {
            Role::Ping | Role::Beat => end.rhythm.beat(moment),
            Role::Opening => end.rhythm.begin(moment),
            _ => {}
        }
        match row.role {
            Role::Ping => {
                (end.ping, end.beat) = (Some(moment), Some(moment));
                end.no_pong = end.no_pong.or(Some(moment));
                end.has_pinged = true;
            }
            Role::Pong => {
                end.beat = Some(moment);
                self.ends[1 - place(sender)].no_pong = None;
            }
            Role::Beat => end.beat = Some(moment),
            Role::Opening => {
                end.beat = end.beat.or(Some(moment));
                self.has_opened |= row.is_for_unopened;
                if let Some(part) = row.part {
                    self.open.open(node.get(part).as_deref());
                }
                self.ordinary[place(sender)] = order;
                end.last_word = Some(moment);
            }
            _ => {
                end.last_word = Some(moment);
                let said = self.said_by(sender, row, node, moment);
                let text = said.text.clone();
                if self.said.len() == MOST_SAID {
                    self.said.pop_front();
                }
                self.said.push_back(said);
                return Some(Label {
                    kind: row.kind,
                    text,
                });
            }
        }
        Some(Label {
            kind: row.kind,
            text: None,
        })
    }

    /// Takes note of what a message shows of the query, where no URL was seen.
    fn show(&mut self, sender: Sender, node: &Node) {
        if self.shown.is_some() || !self.query.is_empty() || self.protocol.shown.is_empty() {
            return;
        }
        let mut all = self.protocol.shown.iter();
        let shown = all.find(|shown| shown.sender.is(sender) && node.fits(shown.when));
        self.shown = shown.map(|shown| shown.query);
    }

    /// Takes note of the timers that a message announces.
    fn announce(&mut self, sender: Sender, row: &Telling, node: &Node) {
        for timer in self.protocol.timers {
            if timer.kind != row.kind || self.timers.len() >= MOST_TIMERS {
                continue;
            }
            let value = node.get(timer.path);
            let number = value.and_then(|value| value.word()?.parse::<f64>().ok());
            let seconds = number.map(|number| number / f64::from(timer.per_second));
            if let Some(seconds) = seconds.filter(|seconds| (0.0..=1e7).contains(seconds)) {
                self.timers.retain(|(name, _, _)| *name != timer.name);
                self.timers.push((timer.name, sender, seconds));
            }
        }
    }

    fn said_by(
        &mut self,
        sender: Sender,
        row: &'static Telling,
        node: &Node,
        moment: Moment,
    ) -> Said {
        let words = Words::of(row, node);
        let mut is_of_part = row.is_for_unopened && self.has_opened;
        if let Some(part) = row.part {
            self.open.close(node.get(part).as_deref());
            is_of_part |= self.open.is_any();
        }
        let role = match is_of_part {
            true => Role::Complaint,
            false => row.role,
        };
        Said {
            sender,
            moment,
            row: Some(row),
            role,
            called: words.called,
            code: words.code,
            text: words.text,
            is_last: false,
            ahead: ahead(row, node),
            is_sentence: false,
            order: self.order,
        }
    }

    /// Whether a message of an end that is none of the protocol's is a fault: what is like the protocol at an endpoint
    /// of its name, or what it carries without its own messages, may be of another one.
    fn is_unread_fault(&self, sender: Sender) -> bool {
        let [of_client, of_server] = self.unread;
        match self.protocol.form {
            Layout::Engine => {
                let mut paths = self.protocol.paths.iter();
                self.is_spoken
                    && self.inside.is_none()
                    && paths.any(|part| is_in_path(&self.path, part))
            }
            // A server that goes on in another form speaks another one.
            Layout::Sockjs => {
                let of_others = of_server - u64::from(sender == Sender::Server && of_server > 0);
                of_others == 0 && of_client <= 1 && is_sockjs_session(&self.path)
            }
            _ => true,
        }
    }

    pub(super) fn finish(self) -> Application {
        let mut ends = self.ends;
        if let Some((_, closed)) = &self.closed {
            let messages = ends.map(|end| end.messages);
            ends = **closed;
            for (end, messages) in ends.iter_mut().zip(messages) {
                end.messages = messages;
            }
        }
        for sender in [Sender::Client, Sender::Server] {
            let is_fault = self.is_unread_fault(sender);
            let unread = &mut ends[place(sender)].unread;
            *unread = unread.filter(|_| is_fault);
        }
        let mut said: Vec<Said> = self.said.into();
        // A goodbye, or another error, may follow an error; an ordinary message makes it past.
        for said in &mut said {
            said.is_last = said.order > self.ordinary[place(said.sender)];
        }
        // What the URL names and no message of either end is, is another one at such a path.
        let is_other = !self.is_spoken && self.unread.iter().all(|count| *count > 0);
        let inside = self.inside.and_then(|inside| inside.finish());
        let mut application = Application {
            protocol: Some(self.protocol).filter(|_| !is_other),
            said,
            timers: self.timers,
            ends,
            has_opened: self.has_opened,
            is_continued: self.is_continued,
            query: self.query,
            shown: self.shown,
            late: None,
            inside: None,
            asked: self.asked,
            again: self.again,
            ..Application::default()
        };
        if let Some(inside) = inside {
            application.contain(inside);
        }
        application
    }
}
