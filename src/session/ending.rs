//! The end of a session, and the [`Record`] that is made of it then.

use crate::frame::Sender;

use super::directions::Directions;
use super::finder::Confidence;
use super::{Beginning, EndKind, EndRecord, Forgotten, Leg, Record, Session, TcpEnd};

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
        let is_broken = findings
            .filter(|found| found.finding.rule.id != "truncated-frame")
            .any(|found| found.finding.rule.closes_with.is_some());
        let mut ends = directions.each().into_iter();
        let is_broken = is_broken || ends.any(|end| end.is_retracted);
        let masked = directions.client.frames();
        is_broken && !(masked > 3 || found.confidence == Confidence::High && found.masked > 0)
    }

    /// Who ended it first, and how.
    pub fn end(&self) -> Option<TcpEnd> {
        let mut first: Option<TcpEnd> = None;
        for (side, end) in self.transport.ends.iter().enumerate() {
            let by = self.sender(side);
            let kinds = [
                (EndKind::Fin, end.fin, true),
                (EndKind::Rst, end.rst, true),
                (EndKind::Fin, end.unseen_fin, false),
            ];
            for (kind, origin, is_seen) in kinds {
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
            forgotten,
            is_not_inflated,
            application,
            leg: None,
            events: self.events.into(),
        }
    }
}
