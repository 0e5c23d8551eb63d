//! An input that is read beside whatever waits for it: so that a silent one can be waited for no longer than
//! somebody wants, and so that a large one is copied out of the system while what came before is looked at.

use std::io::{self, ErrorKind, Read};
use std::ops::Deref;
use std::sync::mpsc::{Receiver, Sender, channel};

/// What is read, block by block; the channel ends where the input does.
pub(super) type Blocks = Receiver<io::Result<Block>>;

/// Some bytes. Their memory is read into again once nobody needs them.
#[derive(Debug, Default)]
pub(super) struct Block {
    bytes: Vec<u8>,
    used: Option<Sender<Vec<u8>>>,
}

impl Deref for Block {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

impl AsRef<[u8]> for Block {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        if let Some(used) = &self.used {
            // Where nothing is read any more, nobody wants it.
            let _ = used.send(std::mem::take(&mut self.bytes));
        }
    }
}

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
    let (sender, blocks) = channel();
    each(&mut reader, size, |block| sender.send(block).is_ok());
    blocks
}

/// Hands on one block after the other, until the input ends, fails, or nobody takes any.
fn each(reader: &mut impl Read, size: usize, mut take: impl FnMut(io::Result<Block>) -> bool) {
    let (used, free) = channel::<Vec<u8>>();
    loop {
        let mut bytes = free.try_recv().unwrap_or_default();
        bytes.resize(size, 0);
        let block = match reader.read(&mut bytes) {
            Ok(0) => return,
            Ok(count) => {
                bytes.truncate(count);
                let used = Some(used.clone());
                Ok(Block { bytes, used })
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let is_over = block.is_err();
        if !take(block) || is_over {
            return;
        }
    }
}
