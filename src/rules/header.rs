//! Rules that a header breaks by itself.

use super::finding::opcode_word;
use super::{Check, Evidence, Example, Rule, too_short_for};
use crate::facts::rules::rule;
use crate::facts::source::Source;
use crate::frame::{CONTROL_PAYLOAD_MAX, Header, LengthForm, Opcode, Sender, minimal_form};
use crate::words::{Text, Value, say, text};

const TOP_BIT: u64 = 1 << 63;

/// How `reserved-bits` says that RSV1 alone is set: what compression looks like.
pub(crate) const RSV1: Text = text!(rule_value.rsv1);

/// The rules, in the order of the header's fields.
pub(super) static RULES: &[Rule] = &[
    // "MUST be 0 unless an extension is negotiated that defines meanings for non-zero values" (5.2)
    Rule::of(
        rule::RESERVED_BITS,
        Example::of("c1 02 68 69"),
        Check::Header(|header, context| {
            let is_first_of_data = matches!(header.opcode, Opcode::Text | Opcode::Binary);
            let is_legal = context.is_deflate_agreed && is_first_of_data;
            let bits = match (header.rsv1 && !is_legal, header.rsv2, header.rsv3) {
                (false, false, false) => return None,
                (true, false, false) => RSV1,
                (false, true, false) => text!(rule_value.rsv2),
                (false, false, true) => text!(rule_value.rsv3),
                (true, true, false) => text!(rule_value.rsv1_rsv2),
                (true, false, true) => text!(rule_value.rsv1_rsv3),
                (false, true, true) => text!(rule_value.rsv2_rsv3),
                (true, true, true) => text!(rule_value.rsv1_rsv2_rsv3),
            };
            let evidence = Evidence::at(header.first_byte_span()).value("bits", bits);
            if bits == RSV1 && context.is_deflate_agreed {
                // "MUST NOT set the 'Per-Message Compressed' bit" (RFC 7692 section 6)
                let why = text!(rule_value.only_first_frame);
                return Some(evidence.by(Source::Rfc(7692, "6")).value("why", why));
            }
            Some(evidence.value("why", text!(rule_value.no_extension)))
        }),
    ),
    // "If an unknown opcode is received, the receiving endpoint MUST _Fail the WebSocket Connection_" (5.2)
    Rule::of(
        rule::RESERVED_OPCODE,
        Example::of("83 00"),
        Check::Header(|header, _| {
            header.opcode.is_reserved().then(|| {
                Evidence::at(header.first_byte_span()).value("opcode", header.opcode.number())
            })
        }),
    ),
    // "All control frames ... MUST NOT be fragmented" (5.5)
    Rule::of(
        rule::FRAGMENTED_CONTROL_FRAME,
        Example::of("09 00"),
        Check::Header(|header, _| {
            (header.opcode.is_control() && !header.fin).then(|| {
                Evidence::at(header.first_byte_span()).value("opcode", opcode_word(header.opcode))
            })
        }),
    ),
    // "The server MUST close the connection upon receiving a frame that is not masked." (5.1)
    Rule::of(
        rule::UNMASKED_CLIENT_FRAME,
        Example {
            bytes: "81 02 68 69",
            from: Some(Sender::Client),
            max_message_size: None,
            extensions: None,
        },
        Check::Header(|header, context| {
            (context.declared == Some(Sender::Client) && header.masked == Some(false))
                .then(|| Evidence::at(header.second_byte_span()))
        }),
    ),
    // "A client MUST close a connection if it detects a masked frame." (5.1)
    Rule::of(
        rule::MASKED_SERVER_FRAME,
        Example {
            bytes: "81 82 37 fa 21 3d 5f 93",
            from: Some(Sender::Server),
            max_message_size: None,
            extensions: None,
        },
        Check::Header(|header, context| {
            (context.declared == Some(Sender::Server) && header.masked == Some(true))
                .then(|| Evidence::at(header.second_byte_span()))
        }),
    ),
    // "the minimal number of bytes MUST be used to encode the length" (5.2)
    Rule::of(
        rule::NON_MINIMAL_LENGTH,
        Example::of("82 7e 00 05 01 02 03 04 05"),
        Check::Header(|header, _| {
            let form = header.length_form?;
            let bound = too_short_for(form)?;
            (header.length_at_most <= bound).then(|| {
                let length = match header.length() {
                    Some(length) => Value::Number(length),
                    None => {
                        let length = Value::Number(header.length_at_most);
                        say!(rule_value.at_most, length).into()
                    }
                };
                Evidence::at(header.length_span())
                    .value("length", length)
                    .value("needed", minimal_form(header.length_at_most).bits())
                    .value("used", form.bits())
            })
        }),
    ),
    // "the most significant bit MUST be 0" (5.2)
    Rule::of(
        rule::LENGTH_TOP_BIT_SET,
        Example::of("82 7f 80 00 00 00 00 00 00 00"),
        Check::Header(|header, _| {
            (header.length_form == Some(LengthForm::SixtyFour) && header.length_at_least >= TOP_BIT)
                .then(|| Evidence::at(header.length_span()))
        }),
    ),
    // "All control frames MUST have a payload length of 125 bytes or less" (5.5)
    Rule::of(
        rule::CONTROL_FRAME_TOO_LONG,
        Example::of("8a 7e 00 7e"),
        Check::Header(|header, _| {
            let is_long = header.length_at_least > CONTROL_PAYLOAD_MAX as u64;
            // Where the length is cut, its form tells already: whatever follows, a longer form is
            // for a longer payload, or not the shortest.
            let form = header.length_form.filter(|_| header.length().is_none());
            let is_in_long_form = form.is_some_and(|form| form != LengthForm::Seven);
            (header.opcode.is_control() && (is_long || is_in_long_form)).then(|| {
                let length = match (header.length(), form) {
                    (Some(length), _) => Value::Number(length),
                    (None, Some(form)) if !is_long => {
                        say!(rule_value.in_bits, bits = form.bits()).into()
                    }
                    (None, _) => {
                        let length = Value::Number(header.length_at_least);
                        say!(rule_value.at_least, length).into()
                    }
                };
                Evidence::at(header.length_span())
                    .value("opcode", opcode_word(header.opcode))
                    .value("length", length)
            })
        }),
    ),
];

/// Whether the top bit of a 64-bit length is set.
pub(super) fn has_top_bit(header: &Header) -> bool {
    header.length_at_least >= TOP_BIT
}
