//! Decodes bytes, given as hex, and prints what is wrong with them and why the connection closed.
//!
//! ```sh
//! cargo run --example decode -- 81 03 66 c3 28 88 82 37 fa 21 3d 34 15
//! ```

use std::error::Error;

use wsclose::decode;

fn main() -> Result<(), Box<dyn Error>> {
    let hex: String = std::env::args().skip(1).collect();
    let bytes: Vec<u8> = (0..hex.len() / 2)
        .map(|index| u8::from_str_radix(hex.get(2 * index..2 * index + 2).unwrap_or_default(), 16))
        .collect::<Result<_, _>>()?;
    let decoded = decode(&bytes)?;
    for frame in &decoded.frames {
        println!("{} bytes at {}", frame.length(), frame.header.at);
        for finding in &frame.findings {
            println!(
                "  {} at {}: {}",
                finding.rule.id,
                finding.at,
                finding.note()
            );
        }
    }
    for statement in &decoded.explanation.statements {
        println!("{statement}");
    }
    Ok(())
}
