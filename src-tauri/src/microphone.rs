//! macOS asks a person about the microphone only on behalf of the program they opened: this one, not the
//! recorder that will listen. Compiled on macOS only.

use std::sync::mpsc;
use std::time::Duration;

use block2::RcBlock;
use objc2::runtime::Bool;
use objc2_av_foundation::{AVAuthorizationStatus, AVCaptureDevice, AVMediaTypeAudio};

/// Then the services start anyway; the recorder says that it hears nothing.
const PATIENCE: Duration = Duration::from_secs(60);

/// Asks if nobody has been asked before, and waits for the answer.
pub fn ask() {
    // SAFETY: a constant of the framework, there since macOS 10.7.
    let Some(audio) = (unsafe { AVMediaTypeAudio }) else { return };
    // SAFETY: both calls may be made from any thread; the block owns what it uses.
    let status = unsafe { AVCaptureDevice::authorizationStatusForMediaType(audio) };
    if status != AVAuthorizationStatus::NotDetermined {
        return log::info!("microphone: {status:?}");
    }
    let (answer, answered) = mpsc::channel();
    let block = RcBlock::new(move |granted: Bool| {
        // Nobody may be waiting any more.
        answer.send(granted.as_bool()).unwrap_or_default();
    });
    unsafe { AVCaptureDevice::requestAccessForMediaType_completionHandler(audio, &block) };
    match answered.recv_timeout(PATIENCE) {
        Ok(granted) => log::info!("microphone: granted: {granted}"),
        Err(_) => log::warn!("microphone: not answered yet"),
    }
}
