//! One input, from its first frame to its last.

use std::io::Write;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use cpal::traits::{DeviceTrait, StreamTrait};
use cpal::{BufferSize, ErrorKind, StreamConfig};

use crate::arguments::Wishes;
use crate::block::{Block, Stream, header};
use crate::devices::{Input, inputs};
use crate::ring::{Drainer, ring};
use crate::{events, format};

/// What our reader may be late by before frames are dropped.
const RING_SECONDS: usize = 20;
/// An input that runs delivers many times a second, silence included.
const STALL: Duration = Duration::from_secs(3);
/// One that was silent for so long is gone: not every system says so (ALSA's plugin for PulseAudio does not).
const GIVE_UP: Duration = Duration::from_secs(6);
/// So long nothing but zeros from the beginning is worth a word.
const SILENT_SECONDS: u32 = 5;

/// Why there is nothing to hear: a code for programs, a sentence for people.
pub struct Refusal {
    pub code: &'static str,
    pub message: String,
}

fn refusal(code: &'static str, message: impl Into<String>) -> Refusal {
    Refusal { code, message: message.into() }
}

fn refused(error: &cpal::Error) -> Refusal {
    let code = match error.kind() {
        ErrorKind::DeviceBusy => "busy",
        ErrorKind::PermissionDenied => "permission",
        ErrorKind::UnsupportedConfig | ErrorKind::InvalidInput => "format",
        ErrorKind::DeviceNotAvailable => "not_found",
        _ => "failed",
    };
    refusal(code, error.to_string())
}

/// Exactly what is wished for, else what the system runs it in. Never another device, never converted by us.
fn chosen(input: &Input, wishes: &Wishes) -> Result<(StreamConfig, cpal::SampleFormat), Refusal> {
    let native = input.native().map_err(|error| refused(&error))?;
    let sample_format = wishes.format.unwrap_or(native.sample_format());
    let config = StreamConfig {
        channels: wishes.channels.unwrap_or(native.channels()),
        sample_rate: wishes.rate.unwrap_or(native.sample_rate()),
        buffer_size: BufferSize::Default,
    };
    let name = format::name_of(sample_format)
        .ok_or_else(|| refusal("format", format!("{sample_format} is not recorded.")))?;
    let offered = input.offers().map_err(|error| refused(&error))?.iter().any(|range| {
        range.sample_format() == sample_format
            && range.channels() == config.channels
            && (range.min_sample_rate()..=range.max_sample_rate()).contains(&config.sample_rate)
    });
    if offered {
        return Ok((config, sample_format));
    }
    let (rate, channels) = (config.sample_rate, config.channels);
    Err(refusal("format", format!("It does not offer {rate} Hz, {channels} channels, {name}.")))
}

/// Why the writing ended.
enum End {
    /// The input is gone, or is not the same any more.
    Lost(cpal::Error),
    /// Nobody reads.
    Unread,
}

/// Writes blocks until the input is lost or nobody reads; returns whether that was in order.
pub fn run(wishes: &Wishes) -> Result<bool, Refusal> {
    let input = inputs()
        .map_err(|error| refused(&error))?
        .into_iter()
        .find(|input| input.id == wishes.id)
        .ok_or_else(|| refusal("not_found", format!("There is no input {}.", wishes.id)))?;
    let (config, sample_format) = chosen(&input, wishes)?;
    let name = format::name_of(sample_format).unwrap_or_default();
    let stream = Stream {
        rate: config.sample_rate,
        channels: u8::try_from(config.channels)
            .map_err(|_| refusal("format", "It has too many channels."))?,
        format: format::code_of(sample_format).unwrap_or_default(),
    };
    let frame_bytes = sample_format.sample_size() * usize::from(config.channels);
    let rate = usize::try_from(config.sample_rate).unwrap_or(usize::MAX);
    let (mut filler, drainer) = ring(rate * RING_SECONDS, frame_bytes, thread::current());
    let (tell, errors) = channel();
    let writer = thread::current();
    let running = input
        .device
        .build_input_stream_raw(
            config,
            sample_format,
            move |data, _| filler.push(data.bytes()),
            move |error| {
                // The writer may have ended already.
                let _ = tell.send(error);
                writer.unpark();
            },
            None,
        )
        .map_err(|error| refused(&error))?;
    running.play().map_err(|error| refused(&error))?;
    events::open(config.sample_rate, config.channels, name);
    let end = write_blocks(stream, frame_bytes, drainer, &errors);
    // Never closed by hand: that may wait for a device that is gone, and the process ends now.
    std::mem::forget(running);
    match end {
        End::Unread => Ok(true),
        End::Lost(error) => {
            events::lost(refused(&error).code, &error.to_string());
            Ok(false)
        }
    }
}

fn write_blocks(
    stream: Stream,
    frame_bytes: usize,
    mut drainer: Drainer,
    errors: &Receiver<cpal::Error>,
) -> End {
    let mut out = std::io::stdout().lock();
    let mut expected = 0;
    let mut last = Instant::now();
    let mut is_stalled = false;
    let mut silence = Silence::new(stream.rate);
    loop {
        while let Ok(block) = drainer.blocks.pop() {
            last = Instant::now();
            is_stalled = false;
            if block.first_frame > expected {
                events::dropped(block.first_frame - expected);
            }
            expected = block.first_frame + u64::from(block.frames);
            if write_block(&mut out, stream, frame_bytes, block, &mut drainer, &mut silence).is_err() {
                return End::Unread;
            }
        }
        // After what had arrived before it.
        while let Ok(error) = errors.try_recv() {
            match error.kind() {
                ErrorKind::Xrun => events::overrun(),
                // It runs, only less smoothly than it might.
                ErrorKind::RealtimeDenied => {}
                _ => return End::Lost(error),
            }
        }
        if last.elapsed() >= STALL && !is_stalled {
            is_stalled = true;
            events::stalled(last.elapsed().as_secs_f64());
        }
        if last.elapsed() >= GIVE_UP {
            return End::Lost(cpal::Error::with_message(
                ErrorKind::DeviceNotAvailable,
                "It delivers nothing.",
            ));
        }
        // Woken by every block and every error.
        thread::park_timeout(STALL);
    }
}

fn write_block(
    out: &mut impl Write,
    stream: Stream,
    frame_bytes: usize,
    block: Block,
    drainer: &mut Drainer,
    silence: &mut Silence,
) -> std::io::Result<()> {
    let length = block.frames as usize * frame_bytes;
    // The bytes were filled before the block was told of.
    let Ok(chunk) = drainer.bytes.read_chunk(length) else { return Ok(()) };
    let (first, second) = chunk.as_slices();
    silence.look(first, block.frames);
    silence.look(second, 0);
    out.write_all(&header(stream, block))?;
    out.write_all(first)?;
    out.write_all(second)?;
    out.flush()?;
    chunk.commit_all();
    Ok(())
}

/// Counts frames until the first sample that is not zero.
struct Silence {
    frames: u64,
    limit: u64,
    heard: bool,
}

impl Silence {
    fn new(rate: u32) -> Self {
        Self { frames: 0, limit: u64::from(rate * SILENT_SECONDS), heard: false }
    }

    fn look(&mut self, bytes: &[u8], frames: u32) {
        if self.heard {
            return;
        }
        if bytes.iter().any(|&byte| byte != 0) {
            self.heard = true;
            if self.frames >= self.limit {
                events::heard();
            }
            return;
        }
        let before = self.frames;
        self.frames += u64::from(frames);
        if before < self.limit && self.frames >= self.limit {
            events::silent(f64::from(SILENT_SECONDS));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_counted_until_the_first_sound() {
        let mut silence = Silence::new(10);
        silence.look(&[0; 40], 10);
        assert_eq!(silence.frames, 10);
        silence.look(&[0, 0, 1, 0], 1);
        silence.look(&[0; 400], 100);
        assert!(silence.heard);
        assert_eq!(silence.frames, 10);
    }
}
