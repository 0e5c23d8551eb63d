//! A chain of certificates as a server sent it, and everything that is wrong with it.
//!
//! A TLS library stops at the first fault and names that one, often by another name. Here all faults
//! are found: a certificate that has expired may be for another name as well, and renewing it alone
//! would not help. What is not judged here is trust, for that depends on the machine that connects:
//! [`Certificates::unsent_issuer`] names whom it would have to know.
//!
//! Source: RFC 5280, RFC 9525, CA/Browser Forum Baseline Requirements 6.1.5.
//!
//! ```
//! use wsclose::certificate::{from_pem, judge};
//!
//! let pem = std::fs::read("tests/certificates/weak.pem").unwrap();
//! let certificates = judge(&from_pem(&pem), Some("example.org"), 1_790_000_000);
//! for fault in &certificates.faults {
//!     println!("{}: {}", fault.id(), fault.message());
//! }
//! assert!(!certificates.faults.is_empty());
//! ```

mod chain;
mod fault;
mod inspectors;
mod names;
mod read;

pub use chain::judge;
pub use fault::Fault;
pub(crate) use fault::date;
pub use inspectors::inspector;
pub use names::is_for;
pub use read::{from_pem, read};

/// A chain of certificates, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Certificates {
    /// The certificates that could be read, in the order in which they were sent: first that of the
    /// server itself.
    pub sent: Vec<Certificate>,
    /// Everything that is wrong, what a person has to mend first coming first.
    pub faults: Vec<Fault>,
    /// The issuer that the chain leads to and that was not sent; `None` where the chain ends in a
    /// certificate that is signed by itself. A root need not be sent: whether it is known is for the
    /// machine that connects to say.
    pub unsent_issuer: Option<Issuer>,
}

impl Certificates {
    /// The certificate of the server itself.
    pub fn leaf(&self) -> Option<&Certificate> {
        self.sent.first()
    }

    /// The product that opens TLS on the way and shows a certificate of its own, where the names in
    /// the chain are those of one.
    pub fn inspector(&self) -> Option<&'static str> {
        let issuers = self.sent.iter().map(|certificate| &certificate.issuer);
        issuers.into_iter().find_map(|issuer| inspector(issuer))
    }

    /// Takes back that an issuer was not sent, for a machine that knows it as a root.
    pub fn trust_unsent_issuer(&mut self) {
        self.faults
            .retain(|fault| !matches!(fault, Fault::IssuerNotSent { .. }));
    }
}

/// One certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Certificate {
    /// Whose it is, as `CN=example.org, O=Example`. From the wire: to be escaped.
    pub subject: String,
    /// Who issued it, in the same form.
    pub issuer: String,
    /// The common name of the subject.
    pub common_name: Option<String>,
    /// The common name of the issuer, or its organization where it has none.
    pub issuer_name: Option<String>,
    /// From when on it is valid, in seconds since 1970.
    pub not_before: i64,
    /// Until when it is valid, in seconds since 1970.
    pub not_after: i64,
    /// The names and addresses that it is for: its subjectAltName. The first hundred.
    pub names: Vec<String>,
    /// What its key is.
    pub key: Key,
    /// How it is signed: `ecdsa-with-SHA256`.
    pub signature: String,
    /// Whether it may issue others.
    pub is_authority: bool,
    /// Whether it is signed with its own key; where that cannot be computed, whether it names itself
    /// as its issuer.
    pub is_self_signed: bool,
    /// Whether it may be used by a server, as far as it says for what it may be used.
    pub is_for_servers: bool,
    /// The bytes of the issuer's name.
    pub issuer_der: Vec<u8>,
    /// The bytes of the subject's name.
    pub subject_der: Vec<u8>,
}

/// The key of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Key {
    /// Its kind: `RSA`, `EC`.
    pub kind: &'static str,
    /// Its size in bits; 0 where that is not known.
    pub bits: usize,
}

/// An issuer that a chain leads to and does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issuer {
    /// The place of the certificate that it issued.
    pub of: usize,
    /// What it is called: its common name, or all of its name. From the wire: to be escaped.
    pub name: String,
    /// The bytes of its name.
    pub der: Vec<u8>,
}

impl Certificate {
    /// What a person calls it: the common name, or the first name that it is for, or all of its subject.
    pub fn title(&self) -> &str {
        let first = self.names.first().map(String::as_str);
        let common = self.common_name.as_deref().filter(|name| !name.is_empty());
        common.or(first).unwrap_or(&self.subject)
    }

    /// What a person calls its issuer.
    pub fn issuer_title(&self) -> &str {
        self.issuer_name.as_deref().unwrap_or(&self.issuer)
    }
}

#[cfg(test)]
mod tests;
