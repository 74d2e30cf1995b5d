//! The page inside the binary: what it shows, and its three buttons.

use std::path::PathBuf;
use std::sync::Mutex;

use serde::Serialize;
use shell_logic::events::Failure;
use tauri::{AppHandle, Manager, State};
use tauri_plugin_opener::OpenerExt;

use crate::keeper::Keeper;
use crate::{exit, window};

/// Twin of what `splash/splash.js` shows.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum View {
    Starting {
        text: String,
        /// 0 to 1; none: not known.
        progress: Option<f64>,
    },
    Failed {
        message: String,
        code: String,
        lines: Vec<String>,
        #[serde(skip)]
        log: Option<PathBuf>,
    },
}

impl View {
    pub fn failed(failure: Failure, lines: Vec<String>) -> Self {
        let Failure { code, message, log } = failure;
        Self::Failed { message, code, lines, log: log.map(PathBuf::from) }
    }
}

/// What is to be seen, kept for a splash that is still loading.
#[derive(Default)]
pub struct Splash {
    view: Mutex<Option<View>>,
}

impl Splash {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<View>> {
        self.view.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Shows a view: progress only while the splash is there, a failure in any case.
pub fn show(app: &AppHandle, view: View) {
    let failed = matches!(view, View::Failed { .. });
    *app.state::<Splash>().lock() = Some(view);
    if failed {
        window::leave_page(app);
    }
    push(app);
}

pub fn has_failed(app: &AppHandle) -> bool {
    matches!(&*app.state::<Splash>().lock(), Some(View::Failed { .. }))
}

/// Hands the newest view to the page, once it is loaded; does nothing on our page over HTTP.
pub fn push(app: &AppHandle) {
    let Some(view) = app.state::<Splash>().lock().clone() else { return };
    match serde_json::to_string(&view) {
        Ok(json) => window::eval_on_splash(app, format!("window.pidentifySplash?.show({json})")),
        Err(error) => log::error!("view of the splash: {error}"),
    }
}

#[tauri::command]
pub fn retry(keeper: State<'_, Keeper>) {
    keeper.retry();
}

/// Opens the folder of the log that tells most: the services' own where they named one, else ours.
#[tauri::command]
pub fn open_logs(app: AppHandle, splash: State<'_, Splash>) -> Result<(), String> {
    let named = match &*splash.lock() {
        Some(View::Failed { log: Some(log), .. }) if log.is_file() => log.parent().map(PathBuf::from),
        Some(View::Failed { log, .. }) => log.clone(),
        _ => None,
    };
    let folder = match named {
        Some(folder) if folder.is_dir() => folder,
        _ => app.path().app_log_dir().map_err(|error| error.to_string())?,
    };
    app.opener().open_path(folder.to_string_lossy(), None::<&str>).map_err(|error| error.to_string())
}

#[tauri::command]
pub fn quit(app: AppHandle) {
    exit::quit(&app);
}
