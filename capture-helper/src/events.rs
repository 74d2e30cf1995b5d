//! One JSON object a line on standard error. Their reader: `captureHelperEventSchema` in packages/contracts.

use std::io::Write;

use serde_json::{Value, json};

/// Writes an event; a reader that is gone is told by the end of standard input, not here.
fn write(event: &Value) {
    let mut line = event.to_string();
    line.push('\n');
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}

/// Blocks will follow.
pub fn open(rate: u32, channels: u16, format: &str) {
    write(&json!({ "event": "open", "rate": rate, "channels": channels, "format": format }));
}

/// Our reader was too slow: so many frames are missing before the next block.
pub fn dropped(frames: u64) {
    write(&json!({ "event": "drop", "frames": frames }));
}

/// The system lost frames and does not say how many.
pub fn overrun() {
    write(&json!({ "event": "overrun" }));
}

/// It delivers nothing.
pub fn stalled(seconds: f64) {
    write(&json!({ "event": "stalled", "seconds": seconds }));
}

/// Since it was opened every sample was zero: on macOS the sign of a microphone that may not be used.
pub fn silent(seconds: f64) {
    write(&json!({ "event": "silent", "seconds": seconds }));
}

/// The first sound after `silent`.
pub fn heard() {
    write(&json!({ "event": "heard" }));
}

/// It is gone, or has become another one. Nothing follows.
pub fn lost(code: &str, message: &str) {
    write(&json!({ "event": "lost", "code": code, "message": message }));
}

/// It was not opened. Nothing follows.
pub fn refused(code: &str, message: &str) {
    write(&json!({ "event": "refused", "code": code, "message": message }));
}
