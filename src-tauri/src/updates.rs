//! Looks for a newer version and installs it, both only when asked. Whether a build can do this at all is
//! decided by the release workflow: it puts the key and the address into the configuration.

use std::sync::Mutex;
use std::time::Duration;

use shell_logic::gate::Gate;
use shell_logic::orders::UpdateState;
use tauri::{AppHandle, Manager};
use tauri_plugin_updater::{Updater, UpdaterExt};

use crate::exit;
use crate::keeper::Keeper;
use crate::requests::report_state;

/// A server that takes the question and never answers must not keep the button busy for ever.
const ANSWER: Duration = Duration::from_secs(30);

pub struct Updates {
    state: Mutex<UpdateState>,
}

impl Updates {
    pub fn new(app: &AppHandle) -> Self {
        let state = if can_update(app) { UpdateState::Unknown } else { UpdateState::Unavailable };
        Self { state: Mutex::new(state) }
    }

    pub fn state(&self) -> UpdateState {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, UpdateState> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Adds the updater where this build has a key. On Linux only an AppImage replaces itself: packages belong
/// to the package manager.
fn can_update(app: &AppHandle) -> bool {
    let has_key = app.config().plugins.0.get("updater").is_some_and(|updater| {
        let key = updater["pubkey"].as_str().unwrap_or_default();
        let addresses = updater["endpoints"].as_array().map_or(0, Vec::len);
        !key.is_empty() && addresses > 0
    });
    if !has_key || is_package(app) {
        return false;
    }
    app.plugin(tauri_plugin_updater::Builder::new().build())
        .inspect_err(|error| log::error!("no updates: {error}"))
        .is_ok()
}

#[cfg(target_os = "linux")]
fn is_package(app: &AppHandle) -> bool {
    app.env().appimage.is_none()
}

#[cfg(not(target_os = "linux"))]
fn is_package(_: &AppHandle) -> bool {
    false
}

pub fn check(app: &AppHandle) {
    begin(app, |app| {
        tauri::async_runtime::block_on(async {
            match updater(app)?.check().await? {
                None => Ok(UpdateState::Current),
                Some(update) => {
                    Ok(UpdateState::Available { version: update.version.clone(), notes: update.body.clone() })
                }
            }
        })
    });
}

/// Loads first, then stops the services (a running program cannot be replaced on Windows), installs, and
/// starts anew whether or not that worked: the services are needed in either case.
pub fn install(app: &AppHandle) {
    begin(app, |app| {
        tauri::async_runtime::block_on(async {
            let Some(update) = updater(app)?.check().await? else { return Ok(UpdateState::Current) };
            change(app, UpdateState::Installing { version: update.version.clone() });
            let bytes = update.download(|_, _| {}, || {}).await?;
            // An AppImage is moved away before the new one is written: who quits meanwhile must not lose both.
            let gate = app.state::<Gate>();
            let Some(replacing) = gate.enter() else { return Ok(UpdateState::Unknown) };
            app.state::<Keeper>().stop();
            if let Err(error) = update.install(bytes) {
                log::error!("update to {}: {error}", update.version);
            }
            drop(replacing);
            if exit::is_quitting() {
                return Ok(UpdateState::Unknown);
            }
            app.restart()
        })
    });
}

/// Its limit is for the question alone: a download takes as long as it takes.
fn updater(app: &AppHandle) -> tauri_plugin_updater::Result<Updater> {
    app.updater_builder().timeout(ANSWER).build()
}

/// Runs `work` on a thread of its own, unless updates cannot be had or one is being worked on.
fn begin(
    app: &AppHandle,
    work: impl FnOnce(&AppHandle) -> tauri_plugin_updater::Result<UpdateState> + Send + 'static,
) {
    let busy = matches!(
        app.state::<Updates>().state(),
        UpdateState::Unavailable | UpdateState::Checking | UpdateState::Installing { .. }
    );
    if busy {
        return report_state(app);
    }
    change(app, UpdateState::Checking);
    let app = app.clone();
    std::thread::spawn(move || {
        let state = work(&app).unwrap_or_else(|error| UpdateState::Failed { message: error.to_string() });
        change(&app, state);
    });
}

fn change(app: &AppHandle, state: UpdateState) {
    *app.state::<Updates>().lock() = state;
    report_state(app);
}
