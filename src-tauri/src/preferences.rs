//! The window's own preferences, in `window.json` of its configuration folder. What the services are told
//! to do is theirs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager};

use crate::files::replace_file;

#[derive(Debug, Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Values {
    close_to_tray: bool,
}

pub struct Preferences {
    /// None: the system names no folder for it.
    file: Option<PathBuf>,
    values: Mutex<Values>,
}

impl Preferences {
    pub fn load(app: &AppHandle) -> Self {
        let file = app.path().app_config_dir().ok().map(|folder| folder.join("window.json"));
        let values = file.as_deref().map(read).unwrap_or_default();
        Self { file, values: Mutex::new(values) }
    }

    pub fn close_to_tray(&self) -> bool {
        self.lock().close_to_tray
    }

    pub fn set_close_to_tray(&self, enabled: bool) {
        let mut values = self.lock();
        values.close_to_tray = enabled;
        let written = self.file.as_deref().map_or(Ok(()), |file| write(file, &values));
        if let Err(error) = written {
            log::error!("preferences are not kept beyond this run: {error}");
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Values> {
        self.values.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

fn read(file: &Path) -> Values {
    let Ok(text) = fs::read_to_string(file) else {
        // There is none before the first change.
        return Values::default();
    };
    serde_json::from_str(&text).unwrap_or_else(|error| {
        log::warn!("{} is not usable, defaults are used: {error}", file.display());
        Values::default()
    })
}

fn write(file: &Path, values: &Values) -> std::io::Result<()> {
    replace_file(file, &serde_json::to_vec(values)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_damage_means_defaults() {
        let folder = std::env::temp_dir().join(format!("pidentify-preferences-{}", std::process::id()));
        let file = folder.join("deep/window.json");
        assert_eq!(read(&file), Values::default());
        write(&file, &Values { close_to_tray: true }).unwrap();
        assert_eq!(read(&file), Values { close_to_tray: true });
        fs::write(&file, "{\"closeToTray\": 1").unwrap();
        assert_eq!(read(&file), Values::default());
        fs::remove_dir_all(&folder).unwrap();
    }
}
