//! Every way out stops the services first. A kill -9 comes through none of these: then the end of the
//! supervisor's standard input (Unix) or the job (Windows) does it.

use std::sync::atomic::{AtomicBool, Ordering};

use tauri::{AppHandle, Manager, RunEvent, Window, WindowEvent};

use crate::keeper::Keeper;
use crate::preferences::Preferences;
use crate::tray::Tray;
use crate::window;

static QUITTING: AtomicBool = AtomicBool::new(false);

/// Stops everything and then ends the program; the window goes at once. More calls change nothing.
pub fn quit(app: &AppHandle) {
    if QUITTING.swap(true, Ordering::Relaxed) {
        return;
    }
    window::hide(app);
    let app = app.clone();
    // Not on this thread: the window must go on answering the system meanwhile.
    std::thread::spawn(move || {
        stop(&app);
        app.exit(0);
    });
}

pub fn on_window_event(window: &Window, event: &WindowEvent) {
    let WindowEvent::CloseRequested { api, .. } = event else { return };
    let app = window.app_handle();
    if app.state::<Preferences>().close_to_tray() && app.state::<Tray>().is_shown() {
        api.prevent_close();
        window::hide(app);
    }
}

pub fn on_event(app: &AppHandle, event: RunEvent) {
    match event {
        // The last window was closed, or the system asks: not before the services have stopped.
        RunEvent::ExitRequested { code: None, api, .. } => {
            api.prevent_exit();
            quit(app);
        }
        // Some ways out (the end of a macOS session) come by here alone. Does nothing a second time.
        RunEvent::Exit => stop(app),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::bring_forward(app),
        _ => {}
    }
}

fn stop(app: &AppHandle) {
    if let Some(keeper) = app.try_state::<Keeper>() {
        keeper.stop();
    }
}
