//! What the page wants from the system. It comes through the API and the supervisor, which decide who may
//! ask; here it is made as harmless as it can be.

use std::path::Path;

use shell_logic::events::ShellRequest;
use shell_logic::orders::{ShellOrder, ShellState};
use tauri::{AppHandle, Manager};
use tauri_plugin_opener::OpenerExt;

use crate::keeper::Keeper;
use crate::preferences::Preferences;
use crate::tray::Tray;
use crate::updates::{self, Updates};
use crate::{autostart, exit, folder_dialog, notices};

/// A failure is logged and, where it changes what the page shows, told by `report_state`.
pub fn handle(app: &AppHandle, request: ShellRequest) {
    if let Err(error) = attempt(app, request) {
        log::warn!("a request of the page failed: {error}");
    }
}

fn attempt(app: &AppHandle, request: ShellRequest) -> Done {
    match request {
        ShellRequest::Notify { title, body } => notices::show(app, &title, &body)?,
        ShellRequest::OpenPath { path } => open_folder(app, Path::new(&path))?,
        ShellRequest::ChooseFolder { id, from } => folder_dialog::open(app, id, from)?,
        ShellRequest::SetAutostart { enabled } => set_autostart(app, enabled)?,
        ShellRequest::SetCloseToTray { enabled } => {
            app.state::<Preferences>().set_close_to_tray(enabled);
            report_state(app);
        }
        ShellRequest::CheckUpdate => updates::check(app),
        ShellRequest::InstallUpdate => updates::install(app),
        ShellRequest::Tray { now_playing, listening } => {
            app.state::<Tray>().show(now_playing.as_deref(), listening)?;
        }
        ShellRequest::Quit => exit::quit(app),
    }
    Ok(())
}

type Done = Result<(), Box<dyn std::error::Error>>;

/// Opens a folder, or the folder of a file with the file selected: nothing is ever run.
fn open_folder(app: &AppHandle, path: &Path) -> Done {
    if !path.is_absolute() {
        return Err(format!("not an absolute path: {}", path.display()).into());
    }
    if path.is_dir() {
        return Ok(app.opener().open_path(path.to_string_lossy(), None::<&str>)?);
    }
    Ok(app.opener().reveal_item_in_dir(path)?)
}

fn set_autostart(app: &AppHandle, enabled: bool) -> Done {
    let done = autostart::set(app, enabled);
    report_state(app);
    done
}

/// Tells the supervisor what the page may offer, and how it stands.
pub fn report_state(app: &AppHandle) {
    let state = ShellState {
        tray: app.state::<Tray>().is_shown(),
        autostart: autostart::is_enabled(app),
        close_to_tray: app.state::<Preferences>().close_to_tray(),
        update: app.state::<Updates>().state(),
    };
    // None while the program is still being set up: then the first `ready` reports.
    if let Some(keeper) = app.try_state::<Keeper>() {
        keeper.order(ShellOrder::ShellState { state });
    }
}
