//! An input that is read beside whatever waits for it, so that a silent one can be waited for no longer than
//! somebody wants.

use std::io::{self, ErrorKind, Read};
use std::sync::mpsc::Receiver;

/// What is read, block by block; the channel ends where the input does.
pub(super) type Blocks = Receiver<io::Result<Vec<u8>>>;

/// Begins to read blocks of at most `size` bytes, at most `ahead` of them before somebody takes one.
#[cfg(not(target_family = "wasm"))]
pub(super) fn read(mut reader: impl Read + Send + 'static, size: usize, ahead: usize) -> Blocks {
    let (sender, blocks) = std::sync::mpsc::sync_channel(ahead);
    std::thread::spawn(move || each(&mut reader, size, |block| sender.send(block).is_ok()));
    blocks
}

/// In a browser there is no thread, and what is read lies in memory: all of it is read at once.
#[cfg(target_family = "wasm")]
pub(super) fn read(mut reader: impl Read + Send + 'static, size: usize, _: usize) -> Blocks {
    let (sender, blocks) = std::sync::mpsc::channel();
    each(&mut reader, size, |block| sender.send(block).is_ok());
    blocks
}

/// Hands on one block after the other, until the input ends, fails, or nobody takes any.
fn each(reader: &mut impl Read, size: usize, mut take: impl FnMut(io::Result<Vec<u8>>) -> bool) {
    let mut room = vec![0; size];
    loop {
        let block = match reader.read(&mut room) {
            Ok(0) => return,
            Ok(count) => Ok(room.get(..count).unwrap_or_default().to_vec()),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let is_over = block.is_err();
        if !take(block) || is_over {
            return;
        }
    }
}
