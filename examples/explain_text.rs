//! Says what an error message, a line of a log or a close code means.
//!
//! ```sh
//! cargo run --example explain_text -- 'websocket: close 1006 (abnormal closure): unexpected EOF'
//! cargo run --example explain_text -- 1011
//! ```

use wsclose::{Answer, explain_text};

fn main() {
    let text: Vec<String> = std::env::args().skip(1).collect();
    match explain_text(&text.join(" ")) {
        None => println!("nothing in it is recognised"),
        Some(Answer::Line(line)) => {
            println!("{}", line.explanation.cause.row().title);
            for statement in line.explanation.said() {
                println!("{statement}");
            }
            for advice in &line.explanation.advice {
                println!("- {}\n  {}", advice.cause, advice.fix);
            }
        }
        Some(answer) => println!("{answer}"),
    }
}
