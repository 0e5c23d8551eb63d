//! What can be typed. The doc comments are the help texts.

mod values;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
#[cfg(not(target_family = "wasm"))]
use clap_complete::Shell;

use super::completions::{implementations, intermediaries, vendors};
#[cfg(feature = "probe")]
use super::probe::Probe;
use crate::input::Form;
use crate::render::Language;
pub use values::Color;
pub(super) use values::{End, color};
use values::{FormParser, LanguageParser, Offering};

/// What stands behind the help. The table is the rule of the door: `door` follows it from the top.
const LONG_HELP: &str = "Examples:
  wsclose 1006
  wsclose 'received 1011 (internal error) keepalive ping timeout'
  wsclose app.log
  journalctl -u app | wsclose
  wsclose trace.pcapng
  wsclose 88 02 03 e8
  wsclose compare 1002 1005

What is given without a command is taken for the first of these:
  a command's name                  that command
  nothing                           at a terminal a greeting, else a pipe
  an address alone: ws://, wss://   `probe`; nothing else connects anywhere
  88 02 03 e8                       `decode-frame`: pairs of hex digits
  1006                              `explain`: up to five digits are a code
  codes, names, rules, vendors      `explain`: where each word is one, or all
  names of files, `-` or a pipe     by content:
    pcap, HAR, net log, flows         `decode-capture`
    a registry of codes               `list --registry`
    frames, as they are or as text    `decode-frame`
    up to 64 KiB of text, of which at most
    two lines begin with a time       `explain`: one text
    other text                        `scan-log`: a log
  8802, 0x88 0x02, dumps            `decode-frame`: hex, or bytes as text
  anything else                     `explain`: a line of a log, an error message
A pipe that goes on is judged by its first 64 KiB, or by what came within
2 seconds.
An option that one command has chooses that command.

Environment:
  NO_COLOR         if set and not empty, no colour
  FORCE_COLOR, CLICOLOR_FORCE
                   if set and neither empty nor 0, colour even into a pipe
  COLUMNS          the width of an answer that does not go to a terminal, 100 at
                   most; 80 without it
  WSCLOSE_PAGER    what shows an answer of explain, compare or list that is
                   taller than the screen; without it PAGER, and without that
                   less -FRX, where LESS does not say otherwise. If empty or
                   cat: nothing
  WSCLOSE_LANG     the language of the answer, as --lang takes it; without it
                   LC_ALL, LC_MESSAGES or LANG says it, and LANGUAGE where
                   that is not C, as for other programs
  WSCLOSE_REGISTRY a file with application codes of your own; without it
                   wsclose/registry.toml in $XDG_CONFIG_HOME (~/.config) is
                   read, if it is there

Exit status:
  0  answered, and nothing is wrong
  1  answered, with findings: a rule is broken, a connection ended badly, the
     input is cut short
  2  could not answer: a line on standard error says why, and lines behind it
     what may be meant";

/// Why did the WebSocket connection close?
///
/// Give it what you have: a close code, an error message, a log, bytes of frames, a capture. It names
/// the cause, the section of the standard, and what to do.
#[derive(Debug, Parser)]
#[command(
    name = "wsclose",
    version,
    arg_required_else_help = false,
    subcommand_required = true,
    override_usage = "wsclose [OPTIONS] ANYTHING...\n       wsclose [OPTIONS] <COMMAND>",
    after_help = "Examples:
  wsclose 1006
  wsclose 'received 1011 (internal error) keepalive ping timeout'
  wsclose app.log
  wsclose trace.pcapng
  wsclose 88 02 03 e8

Exit status: 0 answered and nothing wrong, 1 answered with findings, 2 could not answer.",
    after_long_help = LONG_HELP
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,

    /// Answer in JSON Lines, for programs
    #[arg(long, short = 'j', global = true)]
    pub(super) json: bool,

    /// Answer in Markdown, to be pasted into an issue or a chat
    #[arg(long, global = true, conflicts_with = "json")]
    pub(super) markdown: bool,

    /// Answer in HTML, with links to the pages of a site that lie behind this prefix
    #[arg(long, global = true, hide = true, value_name = "PREFIX", conflicts_with_all = ["json", "markdown"])]
    pub(super) html: Option<String>,

    /// When to use colour
    #[arg(
        long,
        visible_alias = "colour",
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t
    )]
    pub(super) color: Color,

    /// Show an answer that is taller than the screen as it is, not through a pager
    #[arg(long, global = true)]
    pub(super) no_pager: bool,

    /// Answer in this language; without it the environment says which: WSCLOSE_LANG, LANGUAGE, LANG
    ///
    /// A regional form is taken for its language: fr_CA for fr. Help, the keys and ids of JSON, and what
    /// vendors say of their codes stay English.
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = LanguageParser)]
    pub(super) lang: Option<Language>,
}

impl Cli {
    /// Whether a long answer may go through a pager: one that is read, and that is whole before it is shown.
    pub(super) fn is_paged(&self) -> bool {
        let is_read = matches!(
            self.command,
            Command::Explain(_) | Command::Compare { .. } | Command::List { .. }
        );
        is_read && !self.no_pager && !self.json
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Explain codes, names, ranges, rules, implementations, vendors, or a line of a log
    ///
    /// What it means for the end that received it, when it is seen, likeliest cause first, and how
    /// to fix each. Names match in any spelling; numbers that are no close code are diagnosed.
    #[command(after_help = "Examples:
  wsclose explain 1006
  wsclose explain \"policy violation\" NOT_CONSISTENT
  wsclose explain 22373
  wsclose explain 4xxx
  wsclose explain reserved-opcode
  wsclose explain discord-gateway:4014
  wsclose explain 4014 --vendor discord-gateway
  wsclose explain 'websocket: close 1006 (abnormal closure): unexpected EOF'
  wsclose explain tungstenite
  wsclose explain 1014 --implementations
  wsclose explain 1006 --from-api python-websockets
  wsclose explain 1006 --after 60s")]
    Explain(Explain),

    /// Compare two or more codes: how they differ, what each means, its causes and fixes, when to use which
    #[command(after_help = "Examples:
  wsclose compare 1002 1005
  wsclose compare --short 1002 1005
  wsclose compare 1000 1001 1006
  wsclose compare going-away service-restart
  wsclose compare 1000 4xxx
  wsclose compare discord-gateway:4014 discord-voice:4014")]
    Compare {
        /// A code, a name, a range or a vendor's code (discord-gateway:4014); two or more
        #[arg(required = true, num_args = 1.., value_name = "CODE", allow_negative_numbers = true)]
        codes: Vec<String>,
        /// Show the table of facts alone, in text
        #[arg(long)]
        short: bool,
        #[command(flatten)]
        registries: RegistryOptions,
    },

    /// Decode WebSocket frames: every field, every broken rule, and why the connection closed
    #[command(after_help = "Examples:
  wsclose decode-frame 88 02 03 e8
  wsclose decode-frame --file frames.bin
  xxd -p frames.bin | wsclose decode-frame --summary
  wsclose decode-frame --from client 81 02 68 69
  wsclose decode-frame --extensions \"permessage-deflate\" c1 07 f2 48 cd c9 c9 07 00
  wsclose decode-frame --json 88 00")]
    DecodeFrame(DecodeFrame),

    /// Count the closes in a log: codes, reasons, producers, times, the likely cause and the fix
    ///
    /// Reads logs of any size as a stream, and finds the lines that libraries, browsers and proxies
    /// write about a close. The most frequent comes first. Of several files one answer is made.
    ///
    /// Exit status: 0 no close was found, or only 1000, 1001 and 1005; 1 others were found; 2 a file
    /// could not be read.
    #[command(after_help = "Examples:
  wsclose scan-log app.log /var/log/nginx/error.log
  journalctl -u app | wsclose scan-log
  zcat app.log.*.gz | wsclose scan-log --unread
  wsclose scan-log --json app.log")]
    ScanLog(ScanLog),

    /// Read a packet capture: how each WebSocket connection in it ended, why, and what to change
    ///
    /// Reads pcap and pcapng, also compressed with gzip, HAR files of browsers, net logs of Chromium
    /// and flows of mitmproxy. From a live pipe each connection is reported as it ends.
    ///
    /// Exit status: 0 every connection ended cleanly; 1 there is something to report, also that the
    /// capture is cut short; 2 it could not be read.
    #[command(after_help = "Examples:
  wsclose decode-capture trace.pcapng
  wsclose decode-capture --connection 3 --timeline trace.pcapng
  wsclose decode-capture --only 1006 trace.pcap.gz
  wsclose decode-capture --only idle-timeout --json trace.pcapng
  tcpdump -U -i any -w - port 8080 | wsclose decode-capture")]
    DecodeCapture(DecodeCapture),

    /// Ask a live endpoint once: how far it gets, layer by layer, why it closes, and what to do
    ///
    /// One look-up, one connection, one TLS handshake, one upgrade; then it listens for three seconds,
    /// sends a ping and closes with 1000. It sends no message, follows no redirect and tries nothing
    /// again, unless an option says so; what was sent is said.
    ///
    /// Exit status: 0 healthy; 1 there is something to report; 2 it could not be tried.
    #[cfg(feature = "probe")]
    #[command(after_help = "Examples:
  wsclose probe wss://example.org/ws
  wsclose probe ws://localhost:8080/ --send '{\"type\":\"hello\"}' --for 10s
  wsclose probe wss://example.org/ws --header @headers.txt --subprotocol graphql-transport-ws
  wsclose probe wss://example.org/ws --idle 130s
  wsclose probe wss://example.org/ws --compare --save trace.pcapng
  wsclose probe --json wss://example.org/ws")]
    Probe(Box<Probe>),

    /// List all topics, one line each
    ///
    /// Codes, ranges, rules and vendors. With words, only the topics that mention all of them,
    /// vendors' codes too. With --vendor or --registry, only the codes of that vendor or file.
    #[command(after_help = "Examples:
  wsclose list
  wsclose list utf8
  wsclose list --range 3xxx
  wsclose list --vendor pusher
  wsclose list --registry our-codes.toml
  wsclose list --json proxy")]
    List {
        /// Only codes and ranges in this range: 1xxx, 3000-3999
        #[arg(long, value_name = "RANGE")]
        range: Option<String>,
        /// The implementations that `explain` knows, in place of the topics
        #[arg(long, conflicts_with = "range")]
        implementations: bool,
        /// Words that a topic must mention
        words: Vec<String>,
        #[command(flatten)]
        registries: RegistryOptions,
    },

    /// Print the JSON schema of all that `--json` prints
    ///
    /// It describes one line. What it names keeps its name, type and meaning as long as `"schema"` is 1.
    #[command(after_help = "Examples:
  wsclose schema > wsclose.json
  wsclose schema | jq -r '.[\"$defs\"] | keys[]'")]
    #[cfg(not(target_family = "wasm"))]
    Schema,

    /// Print a completion script for a shell
    #[command(after_help = "Examples:
  wsclose completions bash > ~/.local/share/bash-completion/completions/wsclose
  wsclose completions zsh > ~/.zfunc/_wsclose
  wsclose completions fish > ~/.config/fish/completions/wsclose.fish")]
    #[cfg(not(target_family = "wasm"))]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
}

impl Command {
    /// Whether it prints a text for programs as it is. In a browser nobody asks for one.
    pub(super) fn is_script(&self) -> bool {
        #[cfg(not(target_family = "wasm"))]
        return matches!(self, Command::Completions { .. } | Command::Schema);
        #[cfg(target_family = "wasm")]
        false
    }
}

/// Which registries of application codes are asked.
#[derive(Clone, Debug, Args)]
pub(super) struct RegistryOptions {
    /// Answer for this vendor alone, such as discord-gateway; `wsclose list vendor` shows all
    #[arg(long, value_name = "VENDOR", value_parser = Offering(vendors), hide_possible_values = true)]
    pub(super) vendor: Option<String>,

    /// Read codes of your own from this file; without it from the one that WSCLOSE_REGISTRY names
    #[arg(long, value_name = "FILE")]
    pub(super) registry: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// A code (1007), a name (policy-violation), a range (4xxx, 3000-3999), a rule
    /// (reserved-opcode), an implementation (tungstenite), a vendor (discord-gateway) or its code
    /// (discord-gateway:4014), or a line of a log or an error message; `-`, or a pipe, is a text of
    /// any number of lines
    #[arg(value_name = "TOPIC", allow_negative_numbers = true)]
    pub(super) topics: Vec<String>,

    /// Show what real implementations do with it: who shows what, who answers what, who sends it
    #[arg(long, conflicts_with_all = ["from_api", "after", "behind", "never_opened", "was_open"])]
    implementations: bool,

    /// Trace the number back: what makes this library, browser or server show it
    #[arg(long, value_name = "IMPLEMENTATION", value_parser = Offering(implementations), hide_possible_values = true)]
    from_api: Option<String>,

    /// Show the default timers that end a connection after this time, counted from when it opened
    /// or from its last traffic: 60, 60s, 1m30s
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    after: Option<String>,

    /// Rank the causes for a connection that goes through this proxy, load balancer or service
    #[arg(long, value_name = "INTERMEDIARY", value_parser = Offering(intermediaries), hide_possible_values = true)]
    behind: Option<String>,

    /// Leave out what happens to connections that were open
    #[arg(long, conflicts_with_all = ["was_open", "after"])]
    never_opened: bool,

    /// Leave out what happens before a connection is open
    #[arg(long)]
    was_open: bool,

    #[command(flatten)]
    pub(super) registries: RegistryOptions,
}

/// What of a topic is asked for, where it is not the explanation.
pub(super) enum View<'a> {
    /// What implementations do with it.
    Implementations,
    /// What makes this implementation show it.
    FromApi(&'a str),
    /// Which timers end a connection with it after this time.
    After(&'a str),
    /// Which causes several facts leave.
    Narrowed(Circumstances<'a>),
}

/// What is known beside a code, as it was typed.
#[derive(Clone, Copy)]
pub(super) struct Circumstances<'a> {
    pub(super) from_api: Option<&'a str>,
    pub(super) behind: Option<&'a str>,
    pub(super) after: Option<&'a str>,
    pub(super) opened: Option<bool>,
}

impl Explain {
    pub(super) fn view(&self) -> Option<View<'_>> {
        let opened = match (self.never_opened, self.was_open) {
            (true, _) => Some(false),
            (false, true) => Some(true),
            (false, false) => None,
        };
        match (&self.from_api, &self.after, &self.behind, opened) {
            (None, None, None, None) => self.implementations.then_some(View::Implementations),
            // One fact alone is told in full.
            (Some(name), None, None, None) => Some(View::FromApi(name)),
            (None, Some(time), None, None) => Some(View::After(time)),
            (from_api, after, behind, opened) => Some(View::Narrowed(Circumstances {
                from_api: from_api.as_deref(),
                behind: behind.as_deref(),
                after: after.as_deref(),
                opened,
            })),
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct DecodeFrame {
    /// The bytes as text: hex in any spacing, 0x88, \x88, base64; `-` reads standard input
    ///
    /// Without it, and without --file, standard input is read: raw bytes, or text in any of the
    /// forms of --input.
    #[arg(
        value_name = "BYTES",
        allow_hyphen_values = false,
        conflicts_with = "file"
    )]
    pub(super) bytes: Vec<String>,

    /// Read this file: raw bytes, or text in any of the forms
    #[arg(long, value_name = "PATH")]
    pub(super) file: Option<PathBuf>,

    /// Take the input to be in this form, whatever it looks like
    ///
    /// Without it, the form is the one that reads the text; what can be read in two ways is refused.
    #[arg(long, value_name = "FORM", value_parser = FormParser)]
    pub(super) input: Option<&'static Form>,

    /// Who sent the frames; without it the mask bit tells, and no mask rule is judged
    #[arg(long, value_name = "END", value_enum)]
    pub(super) from: Option<End>,

    /// The Sec-WebSocket-Extensions header of the 101 response, as pasted: compressed messages are
    /// inflated
    #[arg(long, value_name = "HEADER", allow_hyphen_values = true)]
    pub(super) extensions: Option<String>,

    /// Report a message larger than this; of a compressed one the inflated bytes count
    #[arg(long, value_name = "BYTES", allow_negative_numbers = true)]
    pub(super) max_message_size: Option<u64>,

    /// Show only closes, findings and the summary
    #[arg(long)]
    pub(super) summary: bool,

    /// Print the bytes that were read as one line of hex, and stop
    #[arg(long, conflicts_with_all = ["summary", "json", "max_message_size", "extensions"])]
    pub(super) to_hex: bool,

    #[command(flatten)]
    pub(super) registries: RegistryOptions,
}

#[derive(Debug, Args)]
pub(super) struct ScanLog {
    /// The logs; `-`, or none, reads standard input
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,

    /// Show the lines that look like a close and have no code that can be read, each kind once
    #[arg(long)]
    pub(super) unread: bool,

    /// Read on as the logs grow, also where they are rotated; print each new kind of close as it comes
    ///
    /// Ctrl-C, or the end of a pipe, prints what was found.
    #[arg(long)]
    pub(super) follow: bool,

    /// Count only closes from this time on: 2026-11-20T17:39:02Z, '2026-11-20 17:39', 17:39, 15m (ago)
    ///
    /// A time without a zone is compared with the log's clock as it is printed.
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub(super) since: Option<String>,

    /// Count only closes up to this time
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub(super) until: Option<String>,

    /// Keep at most so many kinds of closes; further ones are only counted [default: 1000]
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub(super) max_groups: Option<usize>,

    #[command(flatten)]
    pub(super) registries: RegistryOptions,
}

#[derive(Clone, Debug, Args)]
pub(super) struct DecodeCapture {
    /// The capture; without it, or with `-`, standard input is read
    #[arg(value_name = "FILE")]
    pub(super) file: Option<PathBuf>,

    /// Further captures; packet captures are read as one, in the order of time, others each for itself
    #[arg(value_name = "FILE")]
    pub(super) more: Vec<PathBuf>,

    /// Read TLS with the keys in this file, a key log as browsers write it (SSLKEYLOGFILE)
    #[cfg(feature = "tls")]
    #[arg(long, value_name = "KEYS")]
    pub(super) keylog: Option<PathBuf>,

    /// Draw the last exchanges of each connection like a ladder
    #[arg(long)]
    pub(super) timeline: bool,

    /// Only the connection with this index, in full
    #[arg(long, value_name = "N")]
    pub(super) connection: Option<u64>,

    /// Only connections with this cause (peer-gone), code (1006), end (10.0.0.7, 10.0.0.7:443, :443) or
    /// URL, a part of which is enough (example.org, /chat)
    #[arg(long, value_name = "WHAT")]
    pub(super) only: Option<String>,

    /// Report a message larger than this; of a compressed one the inflated bytes count
    #[arg(long, value_name = "BYTES")]
    pub(super) max_message_size: Option<u64>,

    /// Follow at most so many connections at a time; the one that was silent longest gives way
    #[arg(long, value_name = "COUNT", default_value_t = 10_000, value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..))]
    pub(super) max_connections: usize,

    /// Hold at most so many bytes of one connection that wait for others before them
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20)]
    pub(super) max_connection_bytes: usize,

    /// Hold at most so many bytes of all connections together, half of them to inflate messages
    #[arg(long, value_name = "BYTES", default_value_t = 256 << 20)]
    pub(super) max_bytes: usize,

    /// Forget a connection after so many seconds without a packet
    #[arg(long, value_name = "SECONDS", default_value_t = 7200, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) forget_after: u32,

    #[command(flatten)]
    pub(super) registries: RegistryOptions,
}
