//! What can be typed. The doc comments are the help texts.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::completions::topics;
use crate::frame::Sender;
use crate::input::{Form, forms};

/// Why did the WebSocket connection close?
///
/// wsclose explains close codes, compares them, and decodes frames byte by byte: it names the
/// cause, the section of the standard, and what to do.
#[derive(Debug, Parser)]
#[command(
    name = "wsclose",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = false,
    subcommand_required = true,
    after_help = "Examples:
  wsclose explain 1006
  wsclose compare 1002 1005
  wsclose decode-frame 88 02 03 e8
  wsclose list timeout

Exit status: 0 answered and nothing wrong, 1 answered with findings, 2 could not answer.",
    after_long_help = "Examples:
  wsclose explain 1006
  wsclose compare 1002 1005
  wsclose decode-frame 88 02 03 e8
  wsclose list timeout

Environment:
  NO_COLOR         if set and not empty, no colour
  CLICOLOR_FORCE   if set and not 0, colour even into a pipe
  COLUMNS          the width of an answer that does not go to a terminal; 80 without it

Exit status:
  0  answered, and nothing is wrong
  1  answered, with findings: a rule is broken, or the input is cut short
  2  could not answer: one line on standard error says why"
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,

    /// Answer in JSON Lines, for programs
    #[arg(long, global = true)]
    pub(super) json: bool,

    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    pub(super) color: Color,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Explain codes, names, ranges or rules
    ///
    /// What it means for the end that received it, when it is seen, likeliest cause first, and how
    /// to fix each. Names match in any spelling; numbers that are no close code are diagnosed.
    #[command(after_help = "Examples:
  wsclose explain 1006
  wsclose explain \"policy violation\" NOT_CONSISTENT
  wsclose explain 22373
  wsclose explain 4xxx
  wsclose explain reserved-opcode")]
    Explain {
        /// A code (1007), a name (policy-violation), a range (4xxx, 3000-3999) or a rule (reserved-opcode)
        #[arg(required = true, value_name = "TOPIC", value_parser = TopicParser, allow_negative_numbers = true, hide_possible_values = true)]
        topics: Vec<String>,
    },

    /// Compare two or more codes: facts that differ, how to tell them apart, when to use which
    #[command(after_help = "Examples:
  wsclose compare 1002 1005
  wsclose compare 1000 1001 1006
  wsclose compare going-away service-restart
  wsclose compare 1000 4xxx")]
    Compare {
        /// A code, a name or a range; two or more
        #[arg(required = true, num_args = 1.., value_name = "CODE", value_parser = TopicParser, allow_negative_numbers = true, hide_possible_values = true)]
        codes: Vec<String>,
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

    /// Read a packet capture: how each WebSocket connection in it ended, why, and what to change
    ///
    /// Reads pcap and pcapng, also compressed with gzip, and the HAR files of browsers. From a live
    /// pipe each connection is reported as it ends.
    #[command(after_help = "Examples:
  wsclose decode-capture trace.pcapng
  wsclose decode-capture --connection 3 --timeline trace.pcapng
  wsclose decode-capture --only 1006 trace.pcap.gz
  wsclose decode-capture --only idle-timeout --json trace.pcapng
  tcpdump -U -i any -w - port 8080 | wsclose decode-capture")]
    DecodeCapture(DecodeCapture),

    /// List all topics, one line each
    ///
    /// Codes, ranges and rules. With words, only the topics that mention all of them.
    #[command(after_help = "Examples:
  wsclose list
  wsclose list utf8
  wsclose list --range 3xxx
  wsclose list --json proxy")]
    List {
        /// Only codes and ranges in this range: 1xxx, 3000-3999
        #[arg(long, value_name = "RANGE")]
        range: Option<String>,
        /// Words that a topic must mention
        words: Vec<String>,
    },

    /// Print a completion script for a shell
    #[command(after_help = "Examples:
  wsclose completions bash > ~/.local/share/bash-completion/completions/wsclose
  wsclose completions zsh > ~/.zfunc/_wsclose
  wsclose completions fish > ~/.config/fish/completions/wsclose.fish")]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
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
    #[arg(long, conflicts_with_all = ["summary", "json", "from", "max_message_size", "extensions"])]
    pub(super) to_hex: bool,
}

#[derive(Debug, Args)]
pub(super) struct DecodeCapture {
    /// The capture; without it, or with `-`, standard input is read
    #[arg(value_name = "FILE")]
    pub(super) file: Option<PathBuf>,

    /// Draw the last exchanges of each connection like a ladder
    #[arg(long)]
    pub(super) timeline: bool,

    /// Only the connection with this index, in full
    #[arg(long, value_name = "N")]
    pub(super) connection: Option<u64>,

    /// Only connections with this cause (peer-gone), code (1006) or end (10.0.0.7, 10.0.0.7:443, :443)
    #[arg(long, value_name = "WHAT")]
    pub(super) only: Option<String>,

    /// Report a message larger than this; of a compressed one the inflated bytes count
    #[arg(long, value_name = "BYTES")]
    pub(super) max_message_size: Option<u64>,

    /// Follow at most so many connections at a time; the one that was silent longest gives way
    #[arg(long, value_name = "COUNT", default_value_t = 10_000)]
    pub(super) max_connections: usize,

    /// Hold at most so many bytes of one connection that wait for others before them
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20)]
    pub(super) max_connection_bytes: usize,

    /// Hold at most so many bytes of all connections together, half of them to inflate messages
    #[arg(long, value_name = "BYTES", default_value_t = 256 << 20)]
    pub(super) max_bytes: usize,

    /// Forget a connection after so many seconds without a packet
    #[arg(long, value_name = "SECONDS", default_value_t = 7200)]
    pub(super) forget_after: u32,
}

/// An end of a connection.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum End {
    /// The end that opened the connection and masks its frames
    Client,
    /// The end that was connected to
    Server,
}

impl From<End> for Sender {
    fn from(end: End) -> Self {
        match end {
            End::Client => Sender::Client,
            End::Server => Sender::Server,
        }
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// At a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always, also into a pipe
    Always,
    /// Never
    Never,
}

impl Color {
    pub(super) fn for_clap(self) -> clap::ColorChoice {
        match self {
            Color::Auto => clap::ColorChoice::Auto,
            Color::Always => clap::ColorChoice::Always,
            Color::Never => clap::ColorChoice::Never,
        }
    }
}

/// The value of `--color` among `arguments`, wherever it stands.
///
/// Help is drawn while arguments are still being read, so this looks ahead; what
/// is wrong with the value is said later.
pub(super) fn color(arguments: &[OsString]) -> Color {
    let mut color = Color::Auto;
    let mut arguments = arguments.iter().map(OsString::as_os_str);
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            break;
        }
        let value = if argument == "--color" {
            arguments.next().and_then(OsStr::to_str)
        } else {
            argument
                .to_str()
                .and_then(|argument| argument.strip_prefix("--color="))
        };
        if let Some(value) = value.and_then(|value| Color::from_str(value, false).ok()) {
            color = value;
        }
    }
    color
}

/// Takes any text, and offers all topics to completion scripts.
#[derive(Clone, Debug)]
struct TopicParser;

impl TypedValueParser for TopicParser {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let values = topics().map(|(value, says)| PossibleValue::new(value).help(says));
        Some(Box::new(values))
    }
}

/// Takes the id of a form.
#[derive(Clone, Debug)]
struct FormParser;

impl TypedValueParser for FormParser {
    type Value = &'static Form;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<&'static Form, clap::Error> {
        let ids = clap::builder::PossibleValuesParser::new(forms().iter().map(|form| form.id));
        let id = ids.parse_ref(command, argument, value)?;
        let form = forms().iter().find(|form| form.id == id);
        form.ok_or_else(|| clap::Error::new(clap::error::ErrorKind::InvalidValue))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let values = forms()
            .iter()
            .map(|form| PossibleValue::new(form.id).help(form.what));
        Some(Box::new(values))
    }
}
