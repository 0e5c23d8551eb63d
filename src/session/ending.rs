//! The end of a session, and the [`Record`] that is made of it then.

use crate::frame::Sender;

use super::direction::TimedClose;
use super::directions::Directions;
use super::finder::Confidence;
use super::{Beginning, EndKind, EndRecord, Forgotten, Leg, Origin, Record, Session, TcpEnd};

/// Nothing takes longer that follows at once, in nanoseconds.
const AT_ONCE: i64 = 1_000_000_000;

/// No clock of a capture goes back by more for the packets' sake, in nanoseconds.
const LONGEST_JITTER: i64 = 1_000_000_000;

/// Puts the first Closes of both ends, which stand in the order of the file, in the order in which they were sent: who
/// had received the other's sent its own behind it. Gives whether that order can be relied on, which it cannot where
/// the times go back and neither is known to have received the other's.
fn order_closes(closes: &mut [TimedClose], clock_back: i64) -> bool {
    let Some(first) = closes.first() else {
        return true;
    };
    let place = closes.iter().position(|close| close.sender != first.sender);
    let Some((place, second)) = place.and_then(|place| Some((place, closes.get(place)?))) else {
        return true;
    };
    let knows = |this: &TimedClose, other: &TimedClose| {
        this.had_received
            .is_some_and(|received| received >= other.ends_at)
    };
    match (knows(first, second), knows(second, first)) {
        (true, false) => {
            if let Some(both) = closes.get_mut(..=place) {
                both.rotate_right(1);
            }
            true
        }
        (false, true) => true,
        _ => clock_back <= LONGEST_JITTER || first.origin.time <= second.origin.time,
    }
}

impl Session {
    /// Ends it. `None` where there is nothing to say about it.
    pub fn finish(mut self, forgotten: Option<Forgotten>) -> Option<Box<Record>> {
        self.end_streams();
        if self.is_contradicted() {
            self.directions = None;
            self.found = None;
        }
        let is_refused = match self.transport.beginning {
            Beginning::Refused => true,
            // Who has sent more than that was answered by somebody whom nobody captured.
            Beginning::Asked => self.transport.packets == self.transport.asked,
            _ => self.transport.failure.is_some(),
        };
        if !is_refused && !self.is_relevant() {
            return None;
        }
        Some(Box::new(self.record(forgotten)))
    }

    /// Ends it, for a source that has something to say about it in any case.
    pub fn finish_all(mut self) -> Box<Record> {
        self.end_streams();
        Box::new(self.record(None))
    }

    fn end_streams(&mut self) {
        self.take_tls_ends();
        for side in 0..2 {
            let end = &self.transport.ends[side];
            // The one byte that was acknowledged and not seen may be the FIN, or the last of a frame.
            let may_lack_byte = end.tail == 1 && !self.has_ended[side];
            let has_ended = (self.has_ended[side] || end.rst.is_some()) && !may_lack_byte;
            let origin = end.fin.or(end.rst).unwrap_or(self.transport.last);
            self.end_of(side, origin, has_ended);
        }
    }

    /// Whether what was taken for frames, without an upgrade, broke a rule that a stream of frames keeps,
    /// before enough of it was masked to be believed all the same.
    fn is_contradicted(&self) -> bool {
        let (Some(found), Some(directions)) = (self.found, &self.directions) else {
            return false;
        };
        let findings = directions.each().into_iter().flat_map(|end| &end.findings);
        // A code that may not be sent stands in a frame that is sound.
        let says_nothing = |rule| matches!(rule, "truncated-frame" | "close-code-not-allowed");
        let is_broken = findings
            .filter(|found| !says_nothing(found.finding.rule.id))
            .any(|found| found.finding.rule.closes_with.is_some());
        let mut ends = directions.each().into_iter();
        let is_broken = is_broken || ends.any(|end| end.is_retracted);
        let masked = directions.client.frames();
        is_broken && !(masked > 3 || found.confidence == Confidence::High && found.masked > 0)
    }

    /// Takes over what TLS tells of the ends: which said that it ends, and what was no word of theirs.
    fn take_tls_ends(&mut self) {
        let Some(tls) = &self.tls else {
            return;
        };
        let stream = self.transport.stream.as_ref();
        // The streams of HTTP/2 have ends of their own.
        if stream.is_some_and(|stream| !stream.is_of_connection) {
            return;
        }
        let is_stream = stream.is_some();
        let ended = self.tcp_end().map(|end| end.origin.time);
        for side in 0..2 {
            let sender = self.sender(side);
            let end = &mut self.transport.ends[side];
            end.notified = tls.ended(sender);
            if is_stream {
                continue;
            }
            let part = tls.end(sender);
            // What nothing opened and is as long as an alert is one where the end of TCP follows.
            let is_at_end =
                |at: &Origin| ended.is_some_and(|ended| ended.saturating_sub(at.time) <= AT_ONCE);
            let said = part.perhaps_alerted.filter(|at| !is_at_end(at));
            end.last_data = said.or(part.said).or(end.last_data);
        }
    }

    /// Who ended it first, and how. Who says close_notify has ended it, for no more comes of it, whoever lets TCP
    /// go then. Behind a Close of its own it is no news; who lets TCP go, too, is told of by that.
    pub fn end(&self) -> Option<TcpEnd> {
        let notified = |side: usize| {
            let origin = self.transport.ends[side].notified?;
            let by = self.sender(side);
            let directions = self.directions.as_ref();
            let mut closes = directions.iter().flat_map(|both| &both.of(by).closes);
            let has_closed = closes.any(|close| close.origin.turn <= origin.turn);
            (!has_closed).then_some(TcpEnd {
                kind: EndKind::Notify,
                by,
                origin,
                is_seen: true,
                is_forged: false,
            })
        };
        let tcp_end = self.tcp_end();
        let both = [notified(0), notified(1)].into_iter().flatten();
        let Some(first) = both.min_by_key(|end| end.origin.turn) else {
            return tcp_end;
        };
        match tcp_end {
            Some(end) if end.by == first.by || end.origin.turn < first.origin.turn => tcp_end,
            _ => Some(first),
        }
    }

    /// Which side had received the FIN of the other one when it sent its own, whatever stands first in the file.
    fn answers_fin(&self) -> Option<usize> {
        let knows = |side: usize| {
            let [this, other] = [side, 1 - side].map(|side| &self.transport.ends[side]);
            let is_plain = this.rst.is_none() && this.fin.is_some() && other.fin.is_some();
            is_plain
                && this
                    .had_received
                    .is_some_and(|received| received > other.bytes)
        };
        match [knows(0), knows(1)] {
            [true, false] => Some(0),
            [false, true] => Some(1),
            _ => None,
        }
    }

    /// Who ended TCP first, and how.
    pub fn tcp_end(&self) -> Option<TcpEnd> {
        let answers = self.answers_fin();
        let mut first: Option<TcpEnd> = None;
        for (side, end) in self.transport.ends.iter().enumerate() {
            let by = self.sender(side);
            let kinds = [
                (
                    EndKind::Fin,
                    end.fin.filter(|_| answers != Some(side)),
                    true,
                    false,
                ),
                (EndKind::Rst, end.rst, true, false),
                (EndKind::Rst, end.forged_rst, true, true),
                (EndKind::Fin, end.unseen_fin, false, false),
            ];
            for (kind, origin, is_seen, is_forged) in kinds {
                let Some(origin) = origin else {
                    continue;
                };
                // A FIN was received before it was acknowledged with another one.
                let is_earlier =
                    |first: TcpEnd| (origin.turn, is_seen) < (first.origin.turn, first.is_seen);
                if first.is_none_or(is_earlier) {
                    first = Some(TcpEnd {
                        kind,
                        by,
                        origin,
                        is_seen,
                        is_forged,
                    });
                }
            }
        }
        first
    }

    /// What the other leg of a proxied connection needs to know of it.
    pub fn leg(&self) -> Leg {
        let client = self.client_or_guess();
        let ends = &self.transport.ends;
        let last = ends.iter().filter_map(|end| end.last_data);
        let mut directions = self.directions.iter().flat_map(|both| both.each());
        Leg {
            client: ends[client].address,
            server: ends[1 - client].address,
            asked: self.handshake.asked,
            answered: self.handshake.answered,
            end: self.end(),
            last_data: last
                .map(|origin| origin.time)
                .max()
                .unwrap_or(self.transport.first.time),
            is_client_side: false,
            has_close: directions.any(|end| !end.closes.is_empty()),
        }
    }

    fn record(mut self, forgotten: Option<Forgotten>) -> Record {
        let end = self.end();
        let tcp_end = self.tcp_end();
        let confidence = self.confidence();
        let is_not_inflated = self.is_not_inflated();
        self.correct_events();
        let guess = self.guess.filter(|_| self.client.is_none());
        let guessed = guess.and_then(|client| self.transport.ends.get(1 - client));
        let guessed = guessed.and_then(|server| Some(server.address?.port()));
        // From here on the client's end is the first.
        if self.client_or_guess() == 1 {
            self.transport.ends.reverse();
            if let Some(stream) = &mut self.transport.stream {
                stream.resets.reverse();
                if let Some(goaway) = &mut stream.goaway {
                    goaway.side = 1 - goaway.side.min(1);
                }
            }
        }
        let of = |sender: Sender| EndRecord {
            endpoint: self.transport.ends[usize::from(sender == Sender::Server)].clone(),
            history: self.history(sender).cloned().unwrap_or_default(),
            ..EndRecord::default()
        };
        let mut ends = [of(Sender::Client), of(Sender::Server)];
        let mut closes = Vec::new();
        let mut findings = Vec::new();
        let mut finding_count = 0;
        let mut hints = Vec::new();
        let mut application = None;
        if let Some(directions) = self.directions {
            let Directions {
                client,
                server,
                listener,
            } = *directions;
            application = listener.finish();
            self.handshake.has_body = server.has_body;
            let senders = [Sender::Client, Sender::Server];
            let both = [client, server].into_iter().zip(&mut ends).zip(senders);
            for ((direction, end), sender) in both {
                end.frames = direction.frames();
                end.messages = direction.messages();
                end.pings = direction.pings;
                end.pongs = direction.pongs;
                end.cut = direction.cut;
                end.hidden = direction.hidden;
                end.is_headless = direction.is_headless;
                end.hidden_since = direction.hidden_since;
                end.unread = direction.unread;
                end.first_close = direction.first_close;
                closes.extend(direction.closes);
                findings.extend(direction.findings);
                finding_count += direction.finding_count;
                hints.extend(direction.hints.into_iter().map(|hint| (sender, hint)));
            }
        }
        for (end, sender) in ends.iter_mut().zip([Sender::Client, Sender::Server]) {
            // Records of TLS that nothing opened hide what lost ones hide.
            let tls = self.tls.as_ref().filter(|tls| tls.is_read());
            let is_unread = tls.is_some_and(|tls| tls.end(sender).unread > 0);
            let has_unseen = end.endpoint.oddities.lost > 0 || is_unread;
            if !end.endpoint.is_captured || end.frames == 0 && has_unseen {
                end.hidden = Some(0);
                end.is_headless = true;
                end.hidden_since = Some(self.transport.last);
            }
        }
        closes.sort_by_key(|close| close.origin.turn);
        let is_order_known = order_closes(&mut closes, self.transport.clock_back);
        if self.transport.is_backwards || !is_order_known {
            for end in &mut ends {
                end.hidden = Some(0);
                end.is_headless = true;
                end.hidden_since = Some(self.transport.last);
            }
        }
        findings.sort_by_key(|found| found.origin.turn);
        let [client_end, server_end] = ends;
        Record {
            transport: self.transport,
            handshake: self.handshake,
            tls: self.tls.map(|tls| *tls),
            is_http_on_tls: self.is_http_on_tls,
            confidence,
            found: self.found,
            guessed,
            client_end,
            server_end,
            closes,
            findings,
            finding_count,
            hints,
            unanswered: self.unanswered.into(),
            end,
            tcp_end,
            forgotten,
            is_not_inflated,
            application,
            leg: None,
            events: self.events.into(),
        }
    }
}
