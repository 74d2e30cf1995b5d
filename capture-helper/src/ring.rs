//! From the sound system's thread to the one that writes: lock-free, and nothing is allocated on the way.

use std::thread::Thread;
use std::time::Instant;

use rtrb::{Consumer, Producer, RingBuffer};

use crate::block::Block;

/// Blocks smaller than this many frames would fill the list of blocks before the bytes are full.
const LEAST_BLOCK_FRAMES: usize = 32;

/// The end on the sound system's thread.
pub struct Filler {
    bytes: Producer<u8>,
    blocks: Producer<Block>,
    frame_bytes: usize,
    next_frame: u64,
    began: Instant,
    writer: Thread,
}

/// The end on the writer's thread.
pub struct Drainer {
    pub bytes: Consumer<u8>,
    pub blocks: Consumer<Block>,
}

/// A ring for `frames` frames of `frame_bytes` bytes; `writer` is woken at every block.
pub fn ring(frames: usize, frame_bytes: usize, writer: Thread) -> (Filler, Drainer) {
    let (bytes_in, bytes_out) = RingBuffer::new(frames * frame_bytes);
    let (blocks_in, blocks_out) = RingBuffer::new(frames / LEAST_BLOCK_FRAMES);
    let filler = Filler {
        bytes: bytes_in,
        blocks: blocks_in,
        frame_bytes,
        next_frame: 0,
        began: Instant::now(),
        writer,
    };
    (filler, Drainer { bytes: bytes_out, blocks: blocks_out })
}

impl Filler {
    /// Takes a block whole or, when there is no room, not at all: its frames are then missing in the numbers.
    pub fn push(&mut self, data: &[u8]) {
        let frames = data.len() / self.frame_bytes;
        let block = Block {
            first_frame: self.next_frame,
            monotonic_ns: u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX),
            frames: u32::try_from(frames).unwrap_or(u32::MAX),
        };
        self.next_frame += frames as u64;
        if !self.blocks.is_full()
            && let Ok(chunk) = self.bytes.write_chunk_uninit(data.len())
        {
            chunk.fill_from_iter(data.iter().copied());
            // There is room: it was asked above, and only this thread fills.
            let _ = self.blocks.push(block);
        }
        self.writer.unpark();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> (Filler, Drainer) {
        ring(64, 4, std::thread::current())
    }

    #[test]
    fn what_goes_in_comes_out() -> Result<(), Box<dyn std::error::Error>> {
        let (mut filler, mut drainer) = small();
        filler.push(&[1, 2, 3, 4, 5, 6, 7, 8]);
        filler.push(&[9, 10, 11, 12]);
        let first = drainer.blocks.pop()?;
        assert_eq!((first.first_frame, first.frames), (0, 2));
        let second = drainer.blocks.pop()?;
        assert_eq!((second.first_frame, second.frames), (2, 1));
        assert!(second.monotonic_ns >= first.monotonic_ns);
        let chunk = drainer.bytes.read_chunk(12)?;
        assert_eq!(chunk.as_slices().0, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        Ok(())
    }

    #[test]
    fn a_block_without_room_is_missing_in_the_numbers() -> Result<(), Box<dyn std::error::Error>> {
        let (mut filler, mut drainer) = small();
        filler.push(&[7; 60 * 4]);
        filler.push(&[8; 10 * 4]);
        assert_eq!(drainer.blocks.pop()?.frames, 60);
        drainer.bytes.read_chunk(60 * 4)?.commit_all();
        filler.push(&[9; 4]);
        assert_eq!(drainer.blocks.pop()?.first_frame, 70);
        assert_eq!(drainer.bytes.pop()?, 9);
        Ok(())
    }
}
