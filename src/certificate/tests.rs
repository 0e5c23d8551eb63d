use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, date_time_ymd,
};

use super::*;

/// 2026-11-30.
const NOW: i64 = 1_795_996_800;
const WEAK: &[u8] = include_bytes!("../../tests/certificates/weak.pem");

type Authority = CertifiedIssuer<'static, KeyPair>;

fn parameters(name: &str, names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut parameters = CertificateParams::new(names).expect("names");
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.not_before = date_time_ymd(2026, 1, 1);
    parameters.not_after = date_time_ymd(2049, 1, 1);
    parameters
}

fn root(name: &str) -> Authority {
    let mut parameters = parameters(name, &[]);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(parameters, KeyPair::generate().expect("a key")).expect("a root")
}

fn intermediate(name: &str, by: &Authority) -> Authority {
    let mut parameters = parameters(name, &[]);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::signed_by(parameters, key, by).expect("an intermediate")
}

fn leaf(parameters: &CertificateParams, by: &Authority) -> Vec<u8> {
    let key = KeyPair::generate().expect("a key");
    let signed = parameters.signed_by(&key, by).expect("a leaf");
    signed.der().to_vec()
}

fn der(authority: &Authority) -> Vec<u8> {
    authority.der().to_vec()
}

fn faults(chain: &[Vec<u8>], host: &str) -> Vec<&'static str> {
    let found = judge(chain, Some(host), NOW);
    found.faults.iter().map(Fault::id).collect()
}

#[test]
fn a_whole_chain_has_no_fault_and_names_its_root() {
    let root = root("Root");
    let middle = intermediate("Middle", &root);
    let leaf = leaf(
        &parameters("example.org", &["example.org", "*.example.org"]),
        &middle,
    );
    let chain = [leaf.clone(), der(&middle)];
    let found = judge(&chain, Some("a.example.org"), NOW);
    assert_eq!(found.faults, []);
    let issuer = found.unsent_issuer.expect("the root is not sent");
    assert_eq!((issuer.of, issuer.name.as_str()), (1, "Root"));
    let whole = [leaf, der(&root), der(&middle)];
    let found = judge(&whole, Some("example.org."), NOW);
    assert_eq!((found.faults, found.unsent_issuer), (vec![], None));
}

#[test]
fn all_faults_are_found() {
    let root = root("Root");
    let middle = intermediate("Middle", &root);
    let mut bad = parameters("other.example", &["other.example"]);
    bad.not_before = date_time_ymd(2025, 1, 1);
    bad.not_after = date_time_ymd(2026, 1, 1);
    bad.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let chain = [leaf(&bad, &middle)];
    assert_eq!(
        faults(&chain, "localhost"),
        [
            "expired",
            "wrong-name",
            "issuer-not-sent",
            "not-for-servers"
        ]
    );
    let mut found = judge(&chain, None, NOW);
    let said = found.faults[0].message().to_string();
    assert_eq!(said, "the certificate expired on 2026-01-01, 333 days ago");
    found.trust_unsent_issuer();
    assert_eq!(found.faults.len(), 2);
}

#[test]
fn what_is_not_valid_yet_is_not_expired() {
    let root = root("Root");
    let mut early = parameters("a.example", &["a.example"]);
    early.not_before = date_time_ymd(2040, 1, 1);
    let chain = [leaf(&early, &root), der(&root)];
    assert_eq!(faults(&chain, "a.example"), ["not-yet-valid"]);
}

#[test]
fn an_issuer_of_the_right_name_and_another_key_is_told() {
    let [one, two] = [root("Root"), root("Root")];
    let chain = [
        leaf(&parameters("a.example", &["a.example"]), &one),
        der(&two),
    ];
    let found = faults(&chain, "a.example");
    assert_eq!(found, ["issuer-not-sent", "wrong-issuer"]);
}

#[test]
fn a_certificate_alone_may_be_signed_by_itself() {
    for authority in [IsCa::NoCa, IsCa::Ca(BasicConstraints::Unconstrained)] {
        let mut own = parameters("localhost", &["localhost", "127.0.0.1", "::1"]);
        own.is_ca = authority;
        let key = KeyPair::generate().expect("a key");
        let chain = [own.self_signed(&key).expect("it signs").der().to_vec()];
        for host in ["localhost", "127.0.0.1", "[::1]", "::1"] {
            assert_eq!(faults(&chain, host), ["self-signed"]);
        }
        assert_eq!(faults(&chain, "127.0.0.2"), ["wrong-name", "self-signed"]);
    }
}

#[test]
fn a_common_name_is_no_name() {
    let root = root("Root");
    let chain = [leaf(&parameters("a.example", &[]), &root), der(&root)];
    assert_eq!(faults(&chain, "a.example"), ["name-in-cn-only"]);
    assert_eq!(faults(&chain, "b.example"), ["wrong-name"]);
}

#[test]
fn weak_ones_are_told() {
    let chain = from_pem(WEAK);
    assert_eq!(chain.len(), 1);
    let found = faults(&chain, "weak.example");
    assert_eq!(found, ["self-signed", "weak-key", "weak-signature"]);
}

#[test]
fn a_wildcard_is_one_label() {
    assert!(is_for("*.example.org", "a.example.org"));
    assert!(!is_for("*.example.org", "a.b.example.org"));
    assert!(!is_for("*.example.org", "example.org"));
    assert!(!is_for("*.org", "example.org"));
    assert!(!is_for("*.1", "127.0.0.1"));
    assert!(is_for("EXAMPLE.org", "example.ORG."));
}

#[test]
fn bytes_that_are_no_certificate_are_told_and_harm_nothing() {
    let root = der(&root("Root"));
    for end in 0..root.len() {
        let found = judge(&[root[..end].to_vec()], Some("a"), NOW);
        assert_eq!(found.faults[0].id(), "unreadable-certificate");
    }
    assert_eq!(faults(&[], "a"), ["no-certificate"]);
    assert!(from_pem(b"-----BEGIN CERTIFICATE-----\nAAAA").is_empty());
}

#[test]
fn the_names_of_a_product_that_inspects_are_known() {
    let fake = root("Zscaler Intermediate Root CA (zscalerthree.net)");
    let chain = [leaf(&parameters("a.example", &["a.example"]), &fake)];
    let found = judge(&chain, None, NOW);
    assert_eq!(found.inspector(), Some("Zscaler"));
    assert_eq!(inspector("CN=R10, O=Let's Encrypt, C=US"), None);
}
