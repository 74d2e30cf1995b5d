//! Every way out stops the services first. A kill -9 comes through none of these: then the end of the
//! supervisor's standard input (Unix) or the job (Windows) does it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use tauri::{AppHandle, Manager, RunEvent, Window, WindowEvent};

use shell_logic::arguments::{Arguments, parse_arguments};
use shell_logic::gate::Gate;

use crate::keeper::Keeper;
use crate::preferences::Preferences;
use crate::tray::Tray;
use crate::{folder_dialog, notices, window};

static QUITTING: AtomicBool = AtomicBool::new(false);

/// Stops everything and then ends the program; the window goes at once. More calls change nothing.
pub fn quit(app: &AppHandle) {
    if QUITTING.swap(true, Ordering::Relaxed) {
        return;
    }
    window::hide(app);
    folder_dialog::close(app);
    let app = app.clone();
    // Not on this thread: the window must go on answering the system meanwhile.
    std::thread::spawn(move || {
        stop(&app);
        app.exit(0);
    });
}

pub fn is_quitting() -> bool {
    QUITTING.load(Ordering::Relaxed)
}

/// A start that came while this one was ending: its arguments and folder.
static WAITING: Mutex<Option<(Vec<String>, PathBuf)>> = Mutex::new(None);

/// Another start, which ends at once: this window comes forward, or, when it is ending, a new one is started after it.
pub fn on_second_start(app: &AppHandle, arguments: Vec<String>, folder: String) {
    if !is_quitting() {
        window::bring_forward(app);
        let asked = parse_arguments(arguments.into_iter().skip(1));
        return tell_of_unused(app, &asked, Path::new(&folder));
    }
    log::info!("started again while ending");
    *WAITING.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some((arguments, folder.into()));
}

/// There is one window a session ([why](../../docs/decisions/0012-one-window-a-session.md)): who asks for another data
/// folder must not take this one for it.
fn tell_of_unused(app: &AppHandle, asked: &Arguments, folder: &Path) {
    let own = std::env::current_dir().unwrap_or_default();
    let Some(first) = app.try_state::<Arguments>() else {
        return log::warn!("started again before this start knew its own options");
    };
    let unused = asked.beyond(folder, (&first, &own));
    if unused.is_empty() {
        return;
    }
    let body =
        format!("It goes on without {}. Quit it first to start it with these options.", unused.join(" "));
    log::warn!("started again: {body}");
    if let Err(error) = notices::show(app, "Pidentify is already running", &body) {
        log::warn!("this could not be shown: {error}");
    }
}

/// Starts what waits, now that everything of this start has ended.
fn start_waiting(app: &AppHandle) {
    // From here on another start is the first one.
    tauri_plugin_single_instance::destroy(app);
    let waiting = WAITING.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take();
    let Some((arguments, folder)) = waiting else { return };
    let started = tauri::process::current_binary(&app.env())
        .and_then(|program| Command::new(program).args(arguments.iter().skip(1)).current_dir(folder).spawn());
    if let Err(error) = started {
        log::error!("cannot start again: {error}");
    }
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
        RunEvent::Exit => {
            stop(app);
            start_waiting(app);
        }
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::bring_forward(app),
        _ => {}
    }
}

fn stop(app: &AppHandle) {
    // None of it has begun before the program is set up.
    if let Some(unbroken) = app.try_state::<Gate>() {
        unbroken.close();
    }
    if let Some(keeper) = app.try_state::<Keeper>() {
        keeper.stop();
    }
}
