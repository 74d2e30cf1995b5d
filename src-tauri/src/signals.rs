//! The end of a session, `kill` and Ctrl+C in a terminal stop everything in order.

use std::io::Read;
use std::mem::zeroed;
use std::os::fd::IntoRawFd;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicI32, Ordering};

use tauri::AppHandle;

use crate::exit;

const ENDING: [libc::c_int; 3] = [libc::SIGHUP, libc::SIGINT, libc::SIGTERM];

/// To be called before anything starts a process: all inherit it. A terminal and a session manager signal the
/// webview's own processes, too, and a webview whose process dies under it ends us out of order.
pub fn block() {
    mask(libc::SIG_BLOCK);
}

/// A thread of its own takes the signals and quits.
pub fn quit_on(app: &AppHandle) {
    let (mut heard, tell) = match std::io::pipe() {
        Ok(pipe) => pipe,
        Err(error) => return log::warn!("signals end the window without a word: {error}"),
    };
    TELL.store(tell.into_raw_fd(), Ordering::Relaxed);
    for signal in ENDING {
        // SAFETY: the action is whole, and its handler does only what a handler may.
        unsafe {
            let mut action: libc::sigaction = zeroed();
            action.sa_sigaction = on_signal as *const () as usize;
            action.sa_flags = libc::SA_RESTART;
            libc::sigaction(signal, &action, null_mut());
        }
    }
    let app = app.clone();
    std::thread::spawn(move || {
        mask(libc::SIG_UNBLOCK);
        let mut signal = [0];
        while heard.read_exact(&mut signal).is_ok() {
            log::info!("signal {}", signal[0]);
            exit::quit(&app);
        }
    });
}

/// Of the pipe: what the handler writes to.
static TELL: AtomicI32 = AtomicI32::new(-1);

extern "C" fn on_signal(signal: libc::c_int) {
    // Each of them is below 128.
    let byte = signal as u8;
    // SAFETY: one byte that lives; a pipe that is full has been heard anyway.
    unsafe { libc::write(TELL.load(Ordering::Relaxed), (&raw const byte).cast(), 1) };
}

/// For the thread that calls it and what it starts.
fn mask(how: libc::c_int) {
    // SAFETY: an empty set is a valid one, the signals exist, and the mask of before is not asked for.
    unsafe {
        let mut set: libc::sigset_t = zeroed();
        libc::sigemptyset(&mut set);
        for signal in ENDING {
            libc::sigaddset(&mut set, signal);
        }
        libc::pthread_sigmask(how, &set, null_mut());
    }
}
