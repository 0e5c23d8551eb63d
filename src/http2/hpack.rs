//! HPACK: the fields of a header block.
//!
//! A witness may have missed blocks that changed the table. It then goes on: what entered the table since is
//! known by its place in it, for places count from the newest, and what refers to older entries is a field
//! of which the name or the value is not known.
//!
//! Own, and not a crate: those that are kept up stop at the first place in the table that they do not know.
//!
//! Source: RFC 7541.
//!
//! ```
//! use wsclose::http2::hpack::Decoder;
//!
//! let mut decoder = Decoder::default();
//! // `:status: 200`, from the static table.
//! let fields = decoder.decode(&[0x88]).unwrap();
//! assert_eq!(fields[0].value.as_deref(), Some(&b"200"[..]));
//! // A block was missed: an entry that it may have made is a field of which nothing is known.
//! decoder.lose();
//! let fields = decoder.decode(&[0xbe]).unwrap();
//! assert_eq!(fields[0].name, None);
//! ```

use std::collections::VecDeque;

use super::huffman;

/// What an entry costs beside its bytes (4.1).
const OVERHEAD: usize = 32;
/// The size of a table before somebody changes it (SETTINGS_HEADER_TABLE_SIZE, RFC 9113 section 6.5.2).
const USUAL: usize = 4096;
/// No table is kept larger; what lies beyond counts as unknown.
const LARGEST: usize = 64 * 1024;
/// A longer text is not kept in the table.
const LONGEST_KEPT: usize = 4096;

/// A field: what is known of its name and its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// The name.
    pub name: Option<Vec<u8>>,
    /// The value.
    pub value: Option<Vec<u8>>,
}

#[derive(Clone, Debug)]
struct Entry {
    field: Field,
    size: usize,
}

/// Reads the header blocks of one end.
#[derive(Debug)]
pub struct Decoder {
    /// The newest first.
    table: VecDeque<Entry>,
    size: usize,
    limit: usize,
    /// Whether there may be entries behind those that are known.
    is_unknown: bool,
}

impl Default for Decoder {
    fn default() -> Self {
        Decoder {
            table: VecDeque::new(),
            size: 0,
            limit: USUAL,
            is_unknown: false,
        }
    }
}

impl Decoder {
    /// Takes note that blocks were missed: nothing of the table is known any more.
    pub fn lose(&mut self) {
        self.table = VecDeque::new();
        self.size = 0;
        self.limit = LARGEST;
        self.is_unknown = true;
    }

    /// The bytes of its table.
    pub fn held_bytes(&self) -> usize {
        self.size
    }

    /// Reads a block. `None` where it breaks the rules; nothing of the table is known then.
    pub fn decode(&mut self, block: &[u8]) -> Option<Vec<Field>> {
        let fields = self.fields(block);
        if fields.is_none() {
            self.lose();
        }
        fields
    }

    fn fields(&mut self, block: &[u8]) -> Option<Vec<Field>> {
        let mut rest = block;
        let mut fields = Vec::new();
        while let Some(&first) = rest.first() {
            match first {
                0x80.. => fields.push(self.get(integer(&mut rest, 7)?)?),
                0x40.. => {
                    let field = self.literal(&mut rest, 6)?;
                    self.insert(field.clone());
                    fields.push(field);
                }
                0x20.. => {
                    let limit = integer(&mut rest, 5)?;
                    self.is_unknown |= limit > LARGEST;
                    self.limit = limit.min(LARGEST);
                    self.evict();
                }
                _ => fields.push(self.literal(&mut rest, 4)?),
            }
        }
        Some(fields)
    }

    fn literal(&mut self, rest: &mut &[u8], bits: u32) -> Option<Field> {
        let name = match integer(rest, bits)? {
            0 => Some(string(rest)?),
            index => self.get(index)?.name,
        };
        let value = Some(string(rest)?);
        Some(Field { name, value })
    }

    /// The field at a place, which begins at 1.
    fn get(&self, index: usize) -> Option<Field> {
        let index = index.checked_sub(1)?;
        if let Some((name, value)) = STATIC.get(index) {
            return Some(Field {
                name: Some(name.as_bytes().to_vec()),
                value: Some(value.as_bytes().to_vec()),
            });
        }
        match self.table.get(index - STATIC.len()) {
            Some(entry) => Some(entry.field.clone()),
            None => self.is_unknown.then(Field::default),
        }
    }

    fn insert(&mut self, mut field: Field) {
        let length = |text: &Option<Vec<u8>>| text.as_ref().map_or(0, Vec::len);
        let size = length(&field.name) + length(&field.value) + OVERHEAD;
        field.value = field.value.filter(|value| value.len() <= LONGEST_KEPT);
        field.name = field.name.filter(|name| name.len() <= LONGEST_KEPT);
        self.table.push_front(Entry { field, size });
        self.size += size;
        self.evict();
    }

    fn evict(&mut self) {
        while self.size > self.limit {
            let Some(oldest) = self.table.pop_back() else {
                return;
            };
            self.size -= oldest.size;
        }
    }
}

/// An integer that begins in the low bits of a byte.
fn integer(rest: &mut &[u8], bits: u32) -> Option<usize> {
    let mut take = || {
        let (first, behind) = rest.split_first()?;
        *rest = behind;
        Some(*first)
    };
    let most = (1usize << bits) - 1;
    let mut value = usize::from(take()?) & most;
    if value < most {
        return Some(value);
    }
    for shift in [0, 7, 14, 21] {
        let byte = take()?;
        value += usize::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

fn string(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let is_coded = *rest.first()? >= 0x80;
    let length = integer(rest, 7)?;
    let (text, behind) = rest.split_at_checked(length)?;
    *rest = behind;
    match is_coded {
        true => huffman::decode(text),
        false => Some(text.to_vec()),
    }
}

/// The static table (appendix A).
const STATIC: [(&str, &str); 61] = [
    (":authority", ""),
    (":method", "GET"),
    (":method", "POST"),
    (":path", "/"),
    (":path", "/index.html"),
    (":scheme", "http"),
    (":scheme", "https"),
    (":status", "200"),
    (":status", "204"),
    (":status", "206"),
    (":status", "304"),
    (":status", "400"),
    (":status", "404"),
    (":status", "500"),
    ("accept-charset", ""),
    ("accept-encoding", "gzip, deflate"),
    ("accept-language", ""),
    ("accept-ranges", ""),
    ("accept", ""),
    ("access-control-allow-origin", ""),
    ("age", ""),
    ("allow", ""),
    ("authorization", ""),
    ("cache-control", ""),
    ("content-disposition", ""),
    ("content-encoding", ""),
    ("content-language", ""),
    ("content-length", ""),
    ("content-location", ""),
    ("content-range", ""),
    ("content-type", ""),
    ("cookie", ""),
    ("date", ""),
    ("etag", ""),
    ("expect", ""),
    ("expires", ""),
    ("from", ""),
    ("host", ""),
    ("if-match", ""),
    ("if-modified-since", ""),
    ("if-none-match", ""),
    ("if-range", ""),
    ("if-unmodified-since", ""),
    ("last-modified", ""),
    ("link", ""),
    ("location", ""),
    ("max-forwards", ""),
    ("proxy-authenticate", ""),
    ("proxy-authorization", ""),
    ("range", ""),
    ("referer", ""),
    ("refresh", ""),
    ("retry-after", ""),
    ("server", ""),
    ("set-cookie", ""),
    ("strict-transport-security", ""),
    ("transfer-encoding", ""),
    ("user-agent", ""),
    ("vary", ""),
    ("via", ""),
    ("www-authenticate", ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn read(decoder: &mut Decoder, block: &str) -> Vec<String> {
        let block = hex::decode(block.replace(' ', "")).unwrap();
        let shown = |text: Option<Vec<u8>>| {
            text.map_or("?".to_owned(), |text| String::from_utf8(text).unwrap())
        };
        let fields = decoder.decode(&block).unwrap().into_iter();
        fields
            .map(|field| format!("{}: {}", shown(field.name), shown(field.value)))
            .collect()
    }

    const REQUEST: [&str; 4] = [
        ":method: GET",
        ":scheme: http",
        ":path: /",
        ":authority: www.example.com",
    ];

    #[test]
    fn requests_of_the_appendix() {
        // C.3 without and C.4 with the Huffman code.
        let plain = [
            "828684410f7777772e6578616d706c652e636f6d",
            "828684be58086e6f2d6361636865",
            "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
        ];
        let coded = [
            "828684418cf1e3c2e5f23a6ba0ab90f4ff",
            "828684be5886a8eb10649cbf",
            "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
        ];
        for blocks in [plain, coded] {
            let mut decoder = Decoder::default();
            assert_eq!(read(&mut decoder, blocks[0]), REQUEST);
            let second = read(&mut decoder, blocks[1]);
            assert_eq!(second[3], ":authority: www.example.com");
            assert_eq!(second[4], "cache-control: no-cache");
            let third = read(&mut decoder, blocks[2]);
            assert_eq!(third[1..3], [":scheme: https", ":path: /index.html"]);
            assert_eq!(third[3], ":authority: www.example.com");
            assert_eq!(third[4], "custom-key: custom-value");
            assert_eq!(decoder.held_bytes(), 164);
        }
    }

    #[test]
    fn responses_of_the_appendix_with_evictions() {
        // C.6: a table of 256 bytes.
        let mut decoder = Decoder {
            limit: 256,
            ..Decoder::default()
        };
        let first = "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff\
            6e919d29ad171863c78f0b97c8e9ae82ae43d3";
        assert_eq!(
            read(&mut decoder, first),
            [
                ":status: 302",
                "cache-control: private",
                "date: Mon, 21 Oct 2013 20:13:21 GMT",
                "location: https://www.example.com"
            ]
        );
        assert_eq!(decoder.held_bytes(), 222);
        let second = read(&mut decoder, "4883640effc1c0bf");
        assert_eq!(second[0], ":status: 307");
        assert_eq!(second[3], "location: https://www.example.com");
        let third = "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7\
            821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed\
            4ee5b1063d5007";
        let third = read(&mut decoder, third);
        assert_eq!(third[4], "content-encoding: gzip");
        assert_eq!(
            third[5],
            "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"
        );
        assert_eq!(decoder.held_bytes(), 215);
    }

    #[test]
    fn an_unknown_table_is_gone_on_from() {
        let mut decoder = Decoder::default();
        decoder.lose();
        // The second of two requests of C.3: its host entered the table before.
        let second = read(&mut decoder, "828684be58086e6f2d6361636865");
        assert_eq!(second[2..], [":path: /", "?: ?", "cache-control: no-cache"]);
        // That entry is the newest now, and known; the one before is not.
        assert_eq!(
            read(&mut decoder, "bebf"),
            ["cache-control: no-cache", "?: ?"]
        );
        // In a table that is known there is no such place.
        assert_eq!(Decoder::default().decode(&[0xbe]), None);
    }

    #[test]
    fn what_breaks_the_code_is_refused() {
        for coded in [&[0xff; 4][..], &[0x00], &[0xff]] {
            let decoded = huffman::decode(coded);
            assert!(decoded.is_none(), "{coded:?}");
        }
        assert_eq!(huffman::decode(&[0x07]), Some(b"0".to_vec()));
    }
}
