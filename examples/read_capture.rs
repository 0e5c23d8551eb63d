//! Says of every WebSocket connection in a capture how it ended, and why.
//!
//! ```sh
//! cargo run --example read_capture -- trace.pcapng
//! ```

use std::error::Error;
use std::fs::File;

use wsclose::read_capture;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("name a capture")?;
    let captured = read_capture(File::open(path)?)?;
    for connection in &captured.connections {
        let explanation = &connection.explanation;
        println!(
            "{}: {}, the client sees {:?}",
            connection.index,
            explanation.cause.id(),
            explanation.client_sees
        );
        for statement in explanation.said() {
            println!("   {statement}");
        }
    }
    if let Some((at, damage)) = captured.damage {
        println!("it could be read up to byte {at}: {damage}");
    }
    Ok(())
}
