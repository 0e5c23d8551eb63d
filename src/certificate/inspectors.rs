//! Products that open TLS on the way and show the client a certificate of their own.

/// What a product writes into the name of its authority, and what it is called. The names are the
/// defaults that its maker documents, or that were reported; a company may have given its own.
const INSPECTORS: &[(&str, &str)] = &[
    ("zscaler", "Zscaler"),
    ("netskope", "Netskope"),
    ("goskope", "Netskope"),
    ("fortinet", "Fortinet FortiGate"),
    ("fortigate", "Fortinet FortiGate"),
    ("palo alto networks", "Palo Alto Networks"),
    ("blue coat", "Symantec ProxySG (Blue Coat)"),
    ("bluecoat", "Symantec ProxySG (Blue Coat)"),
    ("sophos", "Sophos"),
    ("check point", "Check Point"),
    ("barracuda", "Barracuda"),
    ("sonicwall", "SonicWall"),
    ("watchguard", "WatchGuard"),
    ("forcepoint", "Forcepoint"),
    ("websense", "Forcepoint (Websense)"),
    ("mcafee web gateway", "McAfee Web Gateway"),
    ("skyhigh", "Skyhigh Secure Web Gateway"),
    ("cisco umbrella", "Cisco Umbrella"),
    ("cisco secure access", "Cisco Secure Access"),
    ("cato networks", "Cato Networks"),
    ("iboss", "iboss"),
    ("gateway ca - cloudflare managed", "Cloudflare Gateway"),
    ("cloudflare for teams", "Cloudflare Gateway"),
    ("kaspersky", "Kaspersky"),
    ("eset ssl filter", "ESET"),
    ("avast", "Avast"),
    ("avg web", "AVG"),
    ("bitdefender", "Bitdefender"),
    ("adguard", "AdGuard"),
    ("mitmproxy", "mitmproxy"),
    ("charles proxy", "Charles"),
    ("do_not_trust_fiddler", "Fiddler"),
    ("portswigger", "Burp Suite"),
    ("proxyman", "Proxyman"),
    ("http toolkit", "HTTP Toolkit"),
    ("owasp root ca", "ZAP"),
    ("zed attack proxy", "ZAP"),
    ("superfish", "Superfish"),
    ("squid", "Squid"),
    ("pfsense", "pfSense"),
    ("untangle", "Untangle"),
    ("smoothwall", "Smoothwall"),
    ("lightspeed rocket", "Lightspeed"),
    ("securly", "Securly"),
    ("covenant eyes", "Covenant Eyes"),
    ("qustodio", "Qustodio"),
];

/// The product whose authority is called like this, where it is one that is known.
pub fn inspector(issuer: &str) -> Option<&'static str> {
    let issuer = issuer.to_lowercase();
    let known = INSPECTORS.iter().find(|(word, _)| issuer.contains(word))?;
    Some(known.1)
}
