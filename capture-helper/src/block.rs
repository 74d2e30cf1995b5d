//! The header before each block on standard output. Its reader: packages/platform/src/helper-blocks.ts.

/// Bytes of a header.
pub const HEADER_BYTES: usize = 32;
const MAGIC: [u8; 4] = *b"PIDC";
const VERSION: u16 = 1;

/// Some frames in a row, as they were delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// Number of its first frame since the stream began; frames that were dropped are counted.
    pub first_frame: u64,
    /// When it was delivered: nanoseconds of a clock that never goes back, from its own beginning.
    pub monotonic_ns: u64,
    pub frames: u32,
}

/// What stays the same as long as a stream runs.
#[derive(Debug, Clone, Copy)]
pub struct Stream {
    pub rate: u32,
    pub channels: u8,
    /// As in `format::code_of`.
    pub format: u8,
}

/// Little-endian: magic, version, format, channels, rate, frames, first frame, time.
pub fn header(stream: Stream, block: Block) -> [u8; HEADER_BYTES] {
    let mut bytes = [0; HEADER_BYTES];
    bytes[0..4].copy_from_slice(&MAGIC);
    bytes[4..6].copy_from_slice(&VERSION.to_le_bytes());
    bytes[6] = stream.format;
    bytes[7] = stream.channels;
    bytes[8..12].copy_from_slice(&stream.rate.to_le_bytes());
    bytes[12..16].copy_from_slice(&block.frames.to_le_bytes());
    bytes[16..24].copy_from_slice(&block.first_frame.to_le_bytes());
    bytes[24..32].copy_from_slice(&block.monotonic_ns.to_le_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_place() {
        let stream = Stream { rate: 96_000, channels: 2, format: 3 };
        let block = Block { first_frame: 0x0102_0304_0506_0708, monotonic_ns: 9, frames: 480 };
        let bytes = header(stream, block);
        assert_eq!(&bytes[0..8], b"PIDC\x01\x00\x03\x02");
        assert_eq!(bytes[8..16], [0x00, 0x77, 0x01, 0x00, 0xe0, 0x01, 0x00, 0x00]);
        assert_eq!(bytes[16..24], [8, 7, 6, 5, 4, 3, 2, 1]);
        assert_eq!(bytes[24..32], [9, 0, 0, 0, 0, 0, 0, 0]);
    }
}
