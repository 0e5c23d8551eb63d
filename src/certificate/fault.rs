//! The faults that a chain can have, and their words.

use x509_parser::time::ASN1Time;

use crate::escape::escape;
use crate::words::{Message, Value, all_of, say};

/// Something that is wrong with a chain of certificates. Names are as they came from the wire;
/// [`Fault::message`] escapes them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The server sent none.
    NoCertificate,
    /// The bytes at this place of the chain are no certificate.
    Unreadable {
        /// Its place, the server's own being 0.
        place: usize,
    },
    /// One has expired.
    Expired {
        /// Its place.
        place: usize,
        /// What it is called.
        name: String,
        /// When it ended, in seconds since 1970.
        since: i64,
        /// How many seconds ago.
        ago: i64,
    },
    /// One is not valid yet.
    NotYetValid {
        /// Its place.
        place: usize,
        /// What it is called.
        name: String,
        /// When it begins, in seconds since 1970.
        from: i64,
        /// In how many seconds.
        ahead: i64,
    },
    /// It is for other names than the one that was asked for.
    WrongName {
        /// What was asked for.
        host: String,
        /// What it is for.
        names: Vec<String>,
    },
    /// The name stands in the common name alone, where no client looks any more.
    NameInCommonNameOnly {
        /// What was asked for.
        host: String,
    },
    /// The server's own certificate is signed with its own key.
    SelfSigned {
        /// Whether it calls itself an authority, as OpenSSL's usual ones do.
        is_authority: bool,
    },
    /// Nothing that was sent issued the server's certificate. It is missing, or a root.
    IssuerNotSent {
        /// What the issuer is called.
        issuer: String,
    },
    /// What was sent under the name of an issuer has another key.
    WrongIssuer {
        /// What the issuer is called.
        issuer: String,
    },
    /// The certificate that issued another is not allowed to.
    IssuerNoAuthority {
        /// What it is called.
        issuer: String,
    },
    /// The server's certificate is not meant for servers.
    NotForServers,
    /// A key is too short.
    WeakKey {
        /// The place of its certificate.
        place: usize,
        /// What that is called.
        name: String,
        /// The kind of the key.
        kind: &'static str,
        /// Its size.
        bits: usize,
    },
    /// One is signed with a hash that nobody takes any more.
    WeakSignature {
        /// Its place.
        place: usize,
        /// What it is called.
        name: String,
        /// The hash.
        hash: &'static str,
    },
}

/// So many names are told.
const MOST_TOLD: usize = 4;

impl Fault {
    /// Its word in JSON.
    pub fn id(&self) -> &'static str {
        match self {
            Fault::NoCertificate => "no-certificate",
            Fault::Unreadable { .. } => "unreadable-certificate",
            Fault::Expired { .. } => "expired",
            Fault::NotYetValid { .. } => "not-yet-valid",
            Fault::WrongName { .. } => "wrong-name",
            Fault::NameInCommonNameOnly { .. } => "name-in-cn-only",
            Fault::SelfSigned { .. } => "self-signed",
            Fault::IssuerNotSent { .. } => "issuer-not-sent",
            Fault::WrongIssuer { .. } => "wrong-issuer",
            Fault::IssuerNoAuthority { .. } => "issuer-no-authority",
            Fault::NotForServers => "not-for-servers",
            Fault::WeakKey { .. } => "weak-key",
            Fault::WeakSignature { .. } => "weak-signature",
        }
    }

    /// Which comes first where there are several.
    pub(super) fn rank(&self) -> usize {
        match self {
            Fault::NoCertificate | Fault::Unreadable { .. } => 0,
            Fault::Expired { place, .. } | Fault::NotYetValid { place, .. } => 1 + place,
            Fault::WrongName { .. } | Fault::NameInCommonNameOnly { .. } => 20,
            Fault::SelfSigned { .. } => 21,
            Fault::IssuerNotSent { .. } => 22,
            Fault::WrongIssuer { .. } => 23,
            Fault::IssuerNoAuthority { .. } => 24,
            Fault::NotForServers => 25,
            Fault::WeakKey { .. } | Fault::WeakSignature { .. } => 26,
        }
    }

    /// What is wrong, as a clause.
    pub fn message(&self) -> Message {
        let quoted = |name: &str| escape(name);
        match self {
            Fault::NoCertificate => say!(certificate.none),
            Fault::Unreadable { place } => say!(certificate.unreadable, number = place + 1),
            Fault::Expired {
                place: 0,
                since,
                ago,
                ..
            } => {
                say!(certificate.expired, date = date(*since), days = days(*ago))
            }
            Fault::Expired {
                name, since, ago, ..
            } => {
                let (name, date) = (quoted(name), date(*since));
                say!(certificate.issuer_expired, name, date, days = days(*ago))
            }
            Fault::NotYetValid {
                place: 0,
                from,
                ahead,
                ..
            } => {
                say!(
                    certificate.not_yet_valid,
                    date = date(*from),
                    days = days(*ahead)
                )
            }
            Fault::NotYetValid {
                name, from, ahead, ..
            } => {
                let (name, date) = (quoted(name), date(*from));
                say!(
                    certificate.issuer_not_yet_valid,
                    name,
                    date,
                    days = days(*ahead)
                )
            }
            Fault::WrongName { host, names } if names.is_empty() => {
                say!(certificate.no_name, host = quoted(host))
            }
            Fault::WrongName { host, names } => {
                let told = names
                    .iter()
                    .take(MOST_TOLD)
                    .map(|name| Value::from(quoted(name)));
                let more = names.len().saturating_sub(MOST_TOLD) as u64;
                let rest =
                    (more > 0).then(|| say!(count.more_names, n = Value::Number(more)).into());
                let names = all_of(told.chain(rest));
                say!(certificate.wrong_name, names, host = quoted(host))
            }
            Fault::NameInCommonNameOnly { host } => {
                say!(certificate.common_name_only, host = quoted(host))
            }
            Fault::SelfSigned { .. } => say!(certificate.self_signed),
            Fault::IssuerNotSent { issuer } => {
                say!(certificate.issuer_not_sent, issuer = quoted(issuer))
            }
            Fault::WrongIssuer { issuer } => {
                say!(certificate.wrong_issuer, issuer = quoted(issuer))
            }
            Fault::IssuerNoAuthority { issuer } => {
                say!(certificate.issuer_no_authority, issuer = quoted(issuer))
            }
            Fault::NotForServers => say!(certificate.not_for_servers),
            Fault::WeakKey {
                name, kind, bits, ..
            } => {
                say!(
                    certificate.weak_key,
                    name = quoted(name),
                    kind = *kind,
                    bits
                )
            }
            Fault::WeakSignature { name, hash, .. } => {
                say!(
                    certificate.weak_signature,
                    name = quoted(name),
                    hash = *hash
                )
            }
        }
    }
}

fn days(seconds: i64) -> Message {
    match seconds / 86_400 {
        0 => say!(
            count.hours,
            n = Value::Number(seconds.unsigned_abs() / 3600)
        ),
        days => say!(count.days, n = Value::Number(days.unsigned_abs())),
    }
}

/// A day as `2026-01-01`; `seconds` count from 1970.
pub(crate) fn date(seconds: i64) -> String {
    match ASN1Time::from_timestamp(seconds) {
        Ok(time) => time.to_datetime().date().to_string(),
        Err(_) => seconds.to_string(),
    }
}
