//! Turns the protocols inside WebSocket in `src/facts/protocols` into rows: a file for each.

use std::collections::BTreeSet;

use crate::rows::{FACTS, Row, camel, files, list, parse};
use crate::texts::Texts;

/// Reads the files and writes the rows.
pub(crate) fn write(out: &mut String, texts: &mut Texts) -> Result<(), String> {
    let mut rows = Vec::new();
    for path in files(&format!("{FACTS}/protocols"), "toml")? {
        let table = parse(&path)?;
        let top = Row::new(&table, path.display().to_string());
        rows.push(protocol(&top, texts)?);
        top.is_whole()?;
    }
    list(
        out,
        "All protocols, in the order in which they are tried.",
        "PROTOCOLS",
        "Protocol",
        &rows,
    );
    Ok(())
}

fn protocol(top: &Row<'_>, texts: &mut Texts) -> Result<String, String> {
    let id = top.str("id")?;
    let text_id = format!("protocol.{id}");
    let (mut signs, mut messages, mut timers, mut limits) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut kinds = BTreeSet::new();
    for row in top.below("sign")? {
        let (sender, when) = (sender(&row, "sender")?, when(&row)?);
        signs.push(format!(
            "Sign {{ sender: {sender}, when: {when}, is_weak: {}, is_late: {}, behind: {} }}",
            row.is("weak")?,
            row.is("late")?,
            match row.get("behind") {
                Some(_) => format!("Some(&{})", pairs(&row, "behind")?),
                None => "None".to_owned(),
            }
        ));
        row.is_whole()?;
    }
    let mut shown = Vec::new();
    for row in top.below("shown")? {
        shown.push(format!(
            "Shown {{ query: {:?}, sender: {}, when: {} }}",
            row.str("query")?,
            sender(&row, "sender")?,
            when(&row)?
        ));
        row.is_whole()?;
    }
    for (index, row) in top.below("message")?.iter().enumerate() {
        let kind = row.str("kind")?;
        kinds.insert(kind);
        let number = match row.get("number") {
            Some(_) => row.number("number")?,
            None => index as i64 + 1,
        };
        let row_id = format!("{text_id}.{number}-{kind}");
        let role = row.str("role")?;
        let means = row.optional_text("means", &row_id, texts)?;
        let is_silent = matches!(role, "ping" | "pong" | "beat" | "opening");
        if is_silent != (means == "None") {
            return Err(row.error("`means` stands with what says something, and only there"));
        }
        let grace = match row.get("grace") {
            Some(_) => format!(
                "Some(({}, {:?}))",
                row.number("grace")?,
                row.str("grace_is")?
            ),
            None => "None".to_owned(),
        };
        messages.push(format!(
            "Telling {{ kind: {kind:?}, name: {:?}, role: Role::{}, sender: {}, when: {}, query: {}, path: {}, part: {}, ahead: {}, \
             ahead_in: {}, text: &{:?}, code: &{:?}, codes: &{}, is_for_unopened: {}, asks: {}, is_once: {}, is_continuing: {}, grace: {grace}, means: {means}, advice: {}, alone: {}, keys: &{:?}, words: &{:?} }}",
            row.str("name")?,
            camel(role),
            sender(row, "sender")?,
            when(row)?,
            optional(row, "query")?,
            optional(row, "path")?,
            optional(row, "part")?,
            optional_number(row, "ahead")?,
            optional(row, "ahead_in")?,
            row.strs("text")?,
            row.strs("code")?,
            pairs(row, "codes")?,
            row.is("unopened")?,
            optional(row, "asks")?,
            row.is("once")?,
            row.is("continues")?,
            row.advice(&row_id, texts)?,
            match row.get("alone") {
                Some(_) => format!("Some(&{})", pairs(row, "alone")?),
                None => "None".to_owned(),
            },
            row.strs("keys")?,
            row.strs("words")?
        ));
        row.is_whole()?;
    }
    for row in top.below("timer")? {
        let kind = row.str("kind")?;
        if !kinds.contains(kind) {
            return Err(row.error(&format!("no message is of the kind `{kind}`")));
        }
        timers.push(format!(
            "Timer {{ name: {:?}, kind: {kind:?}, path: {:?}, per_second: {} }}",
            row.str("name")?,
            row.str("field")?,
            row.number("per_second")?
        ));
        row.is_whole()?;
    }
    for (index, row) in top.below("limit")?.iter().enumerate() {
        let row_id = format!("{text_id}.limit-{}", index + 1);
        let default = match row.get("default") {
            Some(_) => format!(
                "Some(({}, {:?}))",
                row.number("default")?,
                row.str("called")?
            ),
            None => "None".to_owned(),
        };
        let tenths = match row.get("tenths") {
            Some(_) => row.number("tenths")?,
            None => 10,
        };
        let together = match row.is("longest")? {
            true => "Longest",
            false => "Sum",
        };
        limits.push(format!(
            "Limit {{ silent: {}, since: {}, of: &{:?}, together: Together::{together}, tenths: {tenths}, until: {}, \
             default: {default}, query: {}, words: &{:?}, means: {}, advice: {} }}",
            sender(row, "silent")?,
            row.variant("since", "Since")?,
            row.strs("of")?,
            optional_number(row, "until")?,
            optional(row, "query")?,
            row.strs("words")?,
            row.text("means", &row_id, texts)?,
            row.advice(&row_id, texts)?
        ));
        row.is_whole()?;
    }
    let mut late = ("None".to_owned(), "&[]".to_owned());
    for row in top.below("late_http")? {
        let row_id = format!("{text_id}.late-http");
        late = (
            format!("Some({})", row.text("means", &row_id, texts)?),
            row.advice(&row_id, texts)?,
        );
        row.is_whole()?;
    }
    let mut unread = Vec::new();
    for (index, row) in top.below("unread")?.iter().enumerate() {
        let row_id = match index {
            0 => format!("{text_id}.unread"),
            _ => format!("{text_id}.unread-{}", index + 1),
        };
        unread.push(format!(
            "Unread {{ query: {}, subprotocol: {}, means: {} }}",
            optional(row, "query")?,
            optional(row, "subprotocol")?,
            row.text("means", &row_id, texts)?
        ));
        row.is_whole()?;
    }
    Ok(format!(
        "Protocol {{ id: {id:?}, title: {:?}, form: {}, vendor: {}, subprotocols: &{:?}, paths: &{:?}, \
         queries: &{:?}, is_named_by_url: {}, hosts: &{:?}, signs: &[{}], shown: &[{}], messages: &[{}], timers: &[{}], limits: &[{}], \
         untold_client: {}, untold_server: {}, untold_server_unpinged: {}, greets: {}, continued: {}, too_big: {}, untold_client_after: {}, \
         late_http: {}, late_advice: {}, unread: &[{}], wraps: {}, words: &{:?}, codes_begin: {}, sources: {} }}",
        top.str("title")?,
        top.variant("layout", "Layout")?,
        optional(top, "vendor")?,
        top.strs("subprotocols")?,
        top.strs("paths")?,
        top.strs("queries")?,
        top.is("named_by_url")?,
        top.strs("hosts")?,
        signs.join(", "),
        shown.join(", "),
        messages.join(", "),
        timers.join(", "),
        limits.join(", "),
        top.optional_text("untold_client", &text_id, texts)?,
        top.optional_text("untold_server", &text_id, texts)?,
        top.optional_text("untold_server_unpinged", &text_id, texts)?,
        optional(top, "greets")?,
        optional(top, "continued")?,
        top.optional_text("too_big", &text_id, texts)?,
        optional_number(top, "untold_client_after")?,
        late.0,
        late.1,
        unread.join(", "),
        optional(top, "wraps")?,
        top.strs("words")?,
        optional(top, "codes_begin")?,
        top.sources(texts)?
    ))
}

fn sender(row: &Row<'_>, key: &'static str) -> Result<String, String> {
    match row.get(key).and_then(toml::Value::as_str) {
        Some("client") => Ok("Whose::Client".to_owned()),
        Some("server") => Ok("Whose::Server".to_owned()),
        None | Some("either") => Ok("Whose::Either".to_owned()),
        Some(_) => Err(row.error(&format!("`{key}` is none of client, server and either"))),
    }
}

fn optional(row: &Row<'_>, key: &'static str) -> Result<String, String> {
    Ok(match row.get(key) {
        Some(_) => format!("Some({:?})", row.str(key)?),
        None => "None".to_owned(),
    })
}

fn optional_number(row: &Row<'_>, key: &'static str) -> Result<String, String> {
    Ok(match row.get(key) {
        Some(_) => format!("Some({})", row.number(key)?),
        None => "None".to_owned(),
    })
}

/// Pairs of texts, from a table.
fn pairs(row: &Row<'_>, key: &'static str) -> Result<String, String> {
    let Some(value) = row.get(key) else {
        return Ok("[]".to_owned());
    };
    let table = value.as_table();
    let table = table.ok_or_else(|| row.error(&format!("`{key}` is no table")))?;
    let pair =
        |(name, value): (&String, &toml::Value)| Some(format!("({name:?}, {:?})", value.as_str()?));
    let all: Option<Vec<String>> = table.iter().map(pair).collect();
    let all = all.ok_or_else(|| row.error(&format!("`{key}` has what is no text")))?;
    Ok(format!("[{}]", all.join(", ")))
}

fn when(row: &Row<'_>) -> Result<String, String> {
    match row.get("when") {
        Some(_) => Ok(format!("&{}", pairs(row, "when")?)),
        None => Err(row.error("`when` is missing")),
    }
}
