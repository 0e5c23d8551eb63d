//! What the segments of a connection tell beside their bytes: that an end is there, that a FIN was not captured, that
//! a RST was made up, that the file stands from the last packet to the first.

use super::Connection;
use crate::capture::packet::Segment;
use crate::session::{Acknowledged, Beginning, Origin};

/// A SYN is of the same connection as what reached no farther behind it.
const MOST_BEFORE: u32 = 1 << 24;
/// Nobody sends a SYN again sooner, in nanoseconds (RFC 6298 section 2 asks for a second).
const SOONEST_AGAIN: u64 = 200_000_000;

impl Connection {
    /// Says that what was sent after it stands before it.
    pub(in crate::capture) fn set_backwards(&mut self) {
        self.stack.session.transport.is_backwards = true;
    }

    /// Takes note of a SYN that stands in the file behind what, by its time and number, was sent after it.
    pub(super) fn note_backwards(&mut self, side: usize, segment: &Segment<'_>, origin: Origin) {
        let transport = &mut self.stack.session.transport;
        let begins = segment.sequence.wrapping_add(1);
        let stream = &self.streams[side];
        let ahead = stream.reached().map(|reached| reached.wrapping_sub(begins));
        let is_near = ahead.is_some_and(|ahead| ahead < MOST_BEFORE);
        let is_behind = stream
            .offset_of(begins)
            .is_none_or(|at| at < stream.offset());
        let is_earlier = origin.time < transport.first.time;
        transport.is_backwards |= is_near && is_behind && is_earlier;
    }

    /// Whether a SYN is the one before once more, captured twice: who gets no answer does not ask again so soon.
    pub(super) fn is_copy_of_syn(
        &self,
        side: usize,
        segment: &Segment<'_>,
        origin: Origin,
    ) -> bool {
        let session = &self.stack.session;
        let is_same = segment.acknowledges.is_none() && self.initial == Some(segment.sequence);
        let is_asking = session.transport.beginning == Beginning::Asked;
        let apart = origin.time.abs_diff(session.transport.last.time);
        is_same && is_asking && session.client == Some(side) && apart < SOONEST_AGAIN
    }

    /// Whether its packets stand in the file from the last to the first.
    pub(in crate::capture) fn is_backwards(&self) -> bool {
        self.stack.session.transport.is_backwards
    }

    /// Takes note that an end is there, as all but a RST shows, and how long its answers take.
    pub(super) fn note_heard(&mut self, side: usize, segment: &Segment<'_>, origin: Origin) {
        if segment.rst {
            return;
        }
        self.heard[side] = (origin.turn, origin.time);
        self.probed[1 - side] = 0;
        let session = &mut self.stack.session;
        let transport = &mut session.transport;
        // Each further place in memory is waited for, with ten thousand connections that take turns.
        if transport.trip.is_some() || session.client != Some(side) || segment.syn {
            return;
        }
        // What was seen first is the SYN then.
        if transport.opened.is_some() && transport.asked == 1 && session.has_beginning {
            transport.trip = Some(origin.time.saturating_sub(transport.first.time));
        }
    }

    /// Takes note of the FIN that an end sent and nobody captured: the other one, which ended then, had received one
    /// byte more than was seen. What waits behind a hole is counted once the hole is given up.
    pub(super) fn note_unseen_fins(&mut self) {
        for side in 0..2 {
            let far = &self.streams[1 - side];
            let is_behind = self.received_at_fin[side] == Some(far.offset() + 1);
            let ends = &mut self.stack.session.transport.ends;
            let fin = ends[side].fin;
            let end = &mut ends[1 - side];
            let was_last = |fin: &Origin| end.last_data.is_none_or(|last| last.turn < fin.turn);
            let is_unseen = is_behind && end.fin.is_none() && end.is_captured;
            // It was there when it was acknowledged first, whatever came between that and the FIN of the other end.
            let ahead = self.ahead[side].as_deref();
            let ahead = ahead.filter(|(reached, _)| *reached > far.offset());
            let acknowledged = ahead.map(|(_, origin)| *origin);
            end.unseen_fin = fin
                .filter(was_last)
                .filter(|_| is_unseen && far.waiting_bytes() == 0)
                .map(|fin| acknowledged.filter(|at| at.turn < fin.turn).unwrap_or(fin));
        }
    }

    /// Takes note of how much each end said to have of what the other one sent.
    pub(super) fn note_acknowledged(&mut self) {
        for side in 0..2 {
            let acknowledged = self.streams[side].acknowledged();
            let is_torn = self.streams[side].torn() > acknowledged;
            let (turn, heard) = self.heard[1 - side];
            let bytes = self.stack.received(side, Some(acknowledged));
            let end = &mut self.stack.session.transport.ends[side];
            let acknowledged = bytes.filter(|_| turn > 0).map(|bytes| Acknowledged {
                bytes,
                heard,
                is_torn,
            });
            end.acknowledged = acknowledged.map(Box::new);
        }
    }

    /// Takes note of a RST that an end did not send and the other one heeded: it said nothing more, though more was
    /// sent to it again and again, or its system knew nothing of the connection.
    pub(super) fn note_forged(&mut self) {
        for side in 0..2 {
            let stream = &self.streams[side];
            let is_in_vain = self.resent[side] >= 2 && stream.acknowledged() < stream.offset();
            let is_heeded = is_in_vain || self.is_unaware[1 - side];
            let (heard, _) = self.heard[1 - side];
            let end = &mut self.stack.session.transport.ends[side];
            end.forged_rst = self.disowned[side].filter(|rst| is_heeded && heard < rst.turn);
        }
    }
}
