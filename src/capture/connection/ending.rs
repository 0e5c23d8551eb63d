//! The end of a connection, and the [`Record`] that is made of it then.

use crate::frame::Sender;

use super::{Beginning, Connection, EndKind, EndRecord, Forgotten, Leg, Record, TcpEnd, told};

impl Connection {
    /// Ends it. `None` where there is nothing to say about it.
    pub(in crate::capture) fn finish(
        mut self,
        forgotten: Option<Forgotten>,
    ) -> Option<Box<Record>> {
        let last = self.last;
        let Connection { sides, session, .. } = &mut self;
        // The one that ended first is finished last, so that the other's answer is there.
        for (side, place) in sides.iter_mut().enumerate() {
            place
                .stream
                .give_up(|piece| told(session, side, piece, false));
        }
        for (side, place) in sides.iter_mut().enumerate() {
            let has_ended = place.stream.has_ended() || place.rst.is_some();
            session.finish(side, place.fin.or(place.rst).unwrap_or(last), has_ended);
        }
        let is_refused = match self.beginning {
            Beginning::Refused => true,
            Beginning::Asked => self.sides.iter().filter(|side| side.is_captured).count() == 1,
            _ => false,
        };
        if !is_refused && !self.session.is_relevant() {
            return None;
        }
        Some(Box::new(self.record(forgotten)))
    }

    /// Who ended it first, and how.
    pub(in crate::capture) fn end(&self) -> Option<TcpEnd> {
        let mut first: Option<TcpEnd> = None;
        for (side, place) in self.sides.iter().enumerate() {
            let by = self.session.sender(side);
            for (kind, origin) in [(EndKind::Fin, place.fin), (EndKind::Rst, place.rst)] {
                let Some(origin) = origin else {
                    continue;
                };
                if first.is_none_or(|first| origin.packet < first.origin.packet) {
                    first = Some(TcpEnd { kind, by, origin });
                }
            }
        }
        first
    }

    /// What the other leg of a proxied connection needs to know of it.
    pub(in crate::capture) fn leg(&self) -> Leg {
        let client = self.session.client.unwrap_or(0);
        let last = self.sides.iter().filter_map(|side| side.last_data);
        Leg {
            client: self.ends[client],
            server: self.ends[1 - client],
            end: self.end(),
            last_data: last
                .map(|origin| origin.time)
                .max()
                .unwrap_or(self.first.time),
            is_client_side: false,
            has_close: self
                .session
                .directions
                .iter()
                .flat_map(|both| both.iter())
                .any(|end| !end.closes.is_empty()),
        }
    }

    fn record(self, forgotten: Option<Forgotten>) -> Record {
        let end = self.end();
        let confidence = self.session.confidence();
        let is_not_inflated = self.session.is_not_inflated();
        let client = self.session.client.unwrap_or(0);
        let mut records = [EndRecord::default(), EndRecord::default()];
        for (side, place) in self.sides.into_iter().enumerate() {
            let sender = self.session.sender(side);
            let is_acknowledged = place.stream.acknowledged() >= place.stream.offset();
            let record = EndRecord {
                is_captured: place.is_captured,
                bytes: place.stream.offset(),
                oddities: place.stream.oddities(),
                last_data: place.last_data,
                unacknowledged: if is_acknowledged { 0 } else { place.resent },
                fin: place.fin,
                rst: place.rst,
                history: self.session.history(sender).cloned().unwrap_or_default(),
                ..EndRecord::default()
            };
            records[usize::from(sender == Sender::Server)] = record;
        }
        let mut closes = Vec::new();
        let mut findings = Vec::new();
        let mut finding_count = 0;
        let mut hints = Vec::new();
        if let Some(directions) = self.session.directions {
            let senders = [Sender::Client, Sender::Server];
            let both = directions.into_iter().zip(&mut records).zip(senders);
            for ((direction, record), sender) in both {
                record.frames = direction.frames();
                record.messages = direction.messages();
                record.pings = direction.pings;
                record.pongs = direction.pongs;
                record.cut = direction.cut;
                record.unread = direction.unread;
                record.closed_by = direction.closed_by;
                closes.extend(direction.closes);
                findings.extend(direction.findings);
                finding_count += direction.finding_count;
                hints.extend(direction.hints.into_iter().map(|hint| (sender, hint)));
            }
        }
        closes.sort_by_key(|close| close.origin.packet);
        findings.sort_by_key(|found| found.origin.packet);
        let [client_end, server_end] = records;
        Record {
            client: self.ends[client],
            server: self.ends[1 - client],
            beginning: self.beginning,
            syns: self.syns,
            first: self.first,
            last: self.last,
            packets: self.packets,
            upgrade: self.session.upgrade,
            tls: self.session.tls.map(|tls| *tls),
            is_http_on_tls: self.session.is_http_on_tls,
            confidence,
            client_end,
            server_end,
            closes,
            findings,
            finding_count,
            hints,
            unanswered: self.session.unanswered.into(),
            end,
            forgotten,
            is_capped: self.is_capped,
            is_not_inflated,
            leg: None,
            events: self.session.events.into(),
        }
    }
}
