//! Decodes a stream of WebSocket frames and prints its findings.
//!
//! ```sh
//! cargo run --example decode_stream < frames.bin
//! printf '\x81\x03\x66\xc3\x28\x88\x82\x00\x00\x00\x01\x03\xee' | cargo run --example decode_stream
//! ```

use std::io::Read;

use wsclose::conversation::{Conversation, Options};
use wsclose::explain::explain_frames;
use wsclose::facts::registry::Registries;
use wsclose::inspect::Frame;

fn main() -> std::io::Result<()> {
    let mut input = std::io::stdin().lock();
    let mut conversation = Conversation::new(Options::default());
    // One buffer for the whole stream: payload is unmasked where it lies.
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = input.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        conversation.feed(&mut buffer[..count], show);
    }
    let summary = conversation.finish(show);

    println!("{} frames, {}", summary.frames, summary.verdict.id());
    for statement in explain_frames(&summary, Registries::default()).statements {
        println!("{statement}");
    }
    Ok(())
}

fn show(frame: &Frame) {
    for finding in &frame.findings {
        println!(
            "frame {} at {}: {} at {}: {}",
            frame.index,
            frame.header.at,
            finding.rule.id,
            finding.at,
            finding.note()
        );
    }
}
