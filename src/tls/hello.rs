//! What handshake messages say, as far as they are whole: a cut one is read to its end.
//!
//! Source: RFC 8446 section 4, RFC 5246 section 7.4, RFC 6066 section 3, RFC 7301.

/// The random of a ServerHello that is none: it asks for another ClientHello.
pub(super) const RETRY: [u8; 32] = [
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
];
/// So much of a name is kept.
const LONGEST_NAME: usize = 255;
/// So many certificates are looked at, and so many bytes of them.
const MOST_CERTIFICATES: usize = 16;

/// Takes fields off the front of bytes.
#[derive(Clone, Copy)]
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self, width: usize) -> Option<usize> {
        let bytes = self.take(width)?.iter();
        Some(bytes.fold(0, |number, byte| number << 8 | usize::from(*byte)))
    }

    /// A field behind its length, or what there is of it.
    fn vector(&mut self, width: usize) -> Option<Fields<'a>> {
        let length = self.number(width)?;
        Some(Fields(
            self.take(length.min(self.0.len())).unwrap_or_default(),
        ))
    }

    /// The extensions: their numbers and bodies.
    fn extensions(self) -> impl Iterator<Item = (usize, Fields<'a>)> {
        let mut rest = self;
        std::iter::from_fn(move || Some((rest.number(2)?, rest.vector(2)?)))
    }
}

fn name(bytes: &[u8]) -> String {
    let bytes = bytes.get(..LONGEST_NAME).unwrap_or(bytes);
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a client offers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ClientHello {
    pub(super) random: [u8; 32],
    pub(super) session: Vec<u8>,
    pub(super) ticket: Vec<u8>,
    pub(super) server_name: Option<String>,
    /// Whether data follows before the handshake.
    pub(super) has_early_data: bool,
}

impl ClientHello {
    pub(super) fn of(body: &[u8]) -> Option<Self> {
        let mut fields = Fields(body);
        fields.take(2)?;
        let mut hello = ClientHello {
            random: fields.take(32)?.try_into().ok()?,
            ..ClientHello::default()
        };
        hello.rest(fields);
        Some(hello)
    }

    fn rest(&mut self, mut fields: Fields<'_>) -> Option<()> {
        self.session = fields.vector(1)?.0.to_vec();
        fields.vector(2)?;
        fields.vector(1)?;
        for (number, mut body) in fields.vector(2)?.extensions() {
            match number {
                0 => {
                    let mut names = body.vector(2)?;
                    if names.number(1)? == 0 {
                        self.server_name = Some(name(names.vector(2)?.0));
                    }
                }
                35 => self.ticket = body.0.to_vec(),
                42 => self.has_early_data = true,
                _ => {}
            }
        }
        Some(())
    }
}

/// What a server chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ServerHello {
    pub(super) version: u16,
    pub(super) random: [u8; 32],
    pub(super) session: Vec<u8>,
    pub(super) suite: u16,
    pub(super) encrypts_then_macs: bool,
    pub(super) protocol: Option<String>,
}

impl ServerHello {
    pub(super) fn of(body: &[u8]) -> Option<Self> {
        let mut fields = Fields(body);
        let mut hello = ServerHello {
            version: fields.number(2)? as u16,
            random: fields.take(32)?.try_into().ok()?,
            session: fields.vector(1)?.0.to_vec(),
            suite: fields.number(2)? as u16,
            ..ServerHello::default()
        };
        hello.rest(fields);
        Some(hello)
    }

    fn rest(&mut self, mut fields: Fields<'_>) -> Option<()> {
        fields.number(1)?;
        for (number, mut body) in fields.vector(2)?.extensions() {
            match number {
                16 => self.protocol = protocol(body),
                22 => self.encrypts_then_macs = true,
                43 => self.version = body.number(2)? as u16,
                _ => {}
            }
        }
        Some(())
    }
}

/// The protocol that an extension chose.
fn protocol(mut body: Fields<'_>) -> Option<String> {
    let mut names = body.vector(2)?;
    Some(name(names.vector(1)?.0))
}

/// What EncryptedExtensions say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct EncryptedExtensions {
    pub(super) protocol: Option<String>,
    /// Whether the server takes the early data.
    pub(super) takes_early_data: bool,
}

impl EncryptedExtensions {
    pub(super) fn of(body: &[u8]) -> Self {
        let mut found = EncryptedExtensions::default();
        let extensions = Fields(body).vector(2).into_iter();
        for (number, body) in extensions.flat_map(Fields::extensions) {
            match number {
                16 => found.protocol = protocol(body),
                42 => found.takes_early_data = true,
                _ => {}
            }
        }
        found
    }
}

/// The certificates of a Certificate message, whole ones alone.
pub(super) fn certificates(body: &[u8], is_13: bool) -> Vec<Vec<u8>> {
    let mut fields = Fields(body);
    let mut found = Vec::new();
    let mut read = || {
        if is_13 {
            fields.vector(1)?;
        }
        let mut list = fields.vector(3)?;
        while found.len() < MOST_CERTIFICATES {
            let length = list.number(3)?;
            found.push(list.take(length)?.to_vec());
            if is_13 {
                list.vector(2)?;
            }
        }
        Some(())
    };
    read();
    found
}

/// The ticket of a NewSessionTicket, before TLS 1.3.
pub(super) fn ticket(body: &[u8]) -> Option<&[u8]> {
    let mut fields = Fields(body);
    fields.number(4)?;
    Some(fields.vector(2)?.0)
}
