//! What can be typed behind `wsclose probe`. The doc comments are the help texts.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;

use crate::cli::args::RegistryOptions;

#[derive(Debug, Args)]
pub(in crate::cli) struct Probe {
    /// The endpoint: ws://HOST[:PORT]/PATH or wss://…; without a scheme it is taken as wss://
    #[arg(value_name = "URL")]
    pub(super) url: String,

    /// Send this header too, or those in a file, one a line; may be given more than once
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE | @FILE")]
    pub(super) headers: Vec<String>,

    /// The Origin to send; without it that of the URL itself
    #[arg(long, value_name = "ORIGIN", conflicts_with = "no_origin")]
    pub(super) origin: Option<String>,

    /// Send no Origin
    #[arg(long)]
    pub(super) no_origin: bool,

    /// Offer these subprotocols, the preferred one first
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(super) subprotocol: Vec<String>,

    /// Do not offer permessage-deflate
    #[arg(long)]
    pub(super) no_compression: bool,

    /// Go through this proxy: http://HOST:PORT, socks5:// or socks5h:// (the proxy looks the name up);
    /// without it HTTPS_PROXY or ALL_PROXY says it, unless NO_PROXY names the host
    #[arg(long, value_name = "URL", conflicts_with = "no_proxy")]
    pub(super) proxy: Option<String>,

    /// Use no proxy, whatever the environment says
    #[arg(long)]
    pub(super) no_proxy: bool,

    /// Try IPv4 addresses alone
    #[arg(short = '4', conflicts_with = "ipv6")]
    pub(super) ipv4: bool,

    /// Try IPv6 addresses alone
    #[arg(short = '6')]
    pub(super) ipv6: bool,

    /// Connect to this address and look nothing up
    #[arg(long, value_name = "ADDRESS")]
    pub(super) resolve: Option<IpAddr>,

    /// Trust the authorities in this PEM file, and no others
    #[arg(long, value_name = "FILE")]
    pub(super) cafile: Option<PathBuf>,

    /// The client's certificate, with those that lead to its root, as PEM
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(super) cert: Option<PathBuf>,

    /// The key of the client's certificate, as PEM
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(super) key: Option<PathBuf>,

    /// The name to ask for in TLS, where it is not the host
    #[arg(long, value_name = "NAME")]
    pub(super) sni: Option<String>,

    /// Go on where the certificate is not to be trusted; what is wrong with it is said
    #[arg(long)]
    pub(super) insecure: bool,

    /// Send this message first, or what is in a file; may be given more than once
    #[arg(long, value_name = "TEXT | @FILE", allow_hyphen_values = true)]
    pub(super) send: Vec<String>,

    /// Listen for so long [default: 3s]
    #[arg(long = "for", value_name = "TIME")]
    pub(super) listen: Option<String>,

    /// Leave three connections idle for so long (one silent, one with pings, one with TCP keep-alive), to
    /// find the timer that ends them
    #[arg(long, value_name = "TIME")]
    pub(super) idle: Option<String>,

    /// How often to ping one of those [default: the lesser of 20s and a fifth of --idle]
    #[arg(long, value_name = "TIME", requires = "idle")]
    pub(super) ping: Option<String>,

    /// Try again with one thing changed at a time, at most four times: compression, Origin, ALPN, IPv4 or
    /// IPv6, TLS
    #[arg(long)]
    pub(super) compare: bool,

    /// Write what travelled into this file as pcapng, decrypted and without secrets
    #[arg(long, value_name = "FILE")]
    pub(super) save: Option<PathBuf>,

    /// Draw the last exchanges like a ladder
    #[arg(long)]
    pub(super) timeline: bool,

    #[command(flatten)]
    pub(super) registries: RegistryOptions,
}
