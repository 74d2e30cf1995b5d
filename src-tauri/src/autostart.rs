//! Start at login, with the options of this start: who keeps the data elsewhere finds it there after login, too.

use std::error::Error;

use shell_logic::arguments::Arguments;
use tauri::AppHandle;

/// Started at login: stay in the tray, where there is one.
const BACKGROUND: &str = "--background";

fn words(arguments: &Arguments) -> Vec<String> {
    let cwd = std::env::current_dir().unwrap_or_default();
    std::iter::once(BACKGROUND.to_owned()).chain(arguments.from_anywhere(&cwd)).collect()
}

pub use system::{is_enabled, plug_in, set};

type Done = Result<(), Box<dyn Error>>;

#[cfg(target_os = "linux")]
mod system {
    use std::fs;
    use std::io::ErrorKind;
    use std::path::PathBuf;

    use shell_logic::autostart::{autostart_entry, is_switched_on};
    use tauri::{Builder, Manager, Wry};

    use super::{AppHandle, Arguments, Done, words};
    use crate::files::replace_file;

    /// The entry is written here: the plugin quotes nothing.
    pub fn plug_in(builder: Builder<Wry>, _: &Arguments) -> Builder<Wry> {
        builder
    }

    pub fn is_enabled(app: &AppHandle) -> bool {
        let text = entry(app).ok().and_then(|file| fs::read_to_string(file).ok());
        text.is_some_and(|text| is_switched_on(&text))
    }

    pub fn set(app: &AppHandle, enabled: bool) -> Done {
        let file = entry(app)?;
        if !enabled {
            return match fs::remove_file(file) {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
                _ => Ok(()),
            };
        }
        // An image is mounted at another place at each start.
        let program = match app.env().appimage {
            Some(image) => PathBuf::from(image),
            None => std::env::current_exe()?,
        };
        let arguments = words(&app.state::<Arguments>());
        Ok(replace_file(&file, autostart_entry(&program.to_string_lossy(), &arguments).as_bytes())?)
    }

    fn entry(app: &AppHandle) -> tauri::Result<PathBuf> {
        Ok(app.path().config_dir()?.join("autostart/Pidentify.desktop"))
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use tauri::{Builder, Wry};
    use tauri_plugin_autostart::ManagerExt;

    use super::{AppHandle, Arguments, Done, words};

    /// Puts the words as they are into a command line (Windows) or a property list (macOS).
    pub fn plug_in(builder: Builder<Wry>, arguments: &Arguments) -> Builder<Wry> {
        #[cfg(windows)]
        use shell_logic::autostart::quote_windows as quote;
        #[cfg(not(windows))]
        use shell_logic::text::escape_markup as quote;
        let quoted = words(arguments).iter().map(|word| quote(word)).collect::<Vec<_>>();
        let plugin = tauri_plugin_autostart::Builder::new().args(quoted).app_name("Pidentify").build();
        builder.plugin(plugin)
    }

    pub fn is_enabled(app: &AppHandle) -> bool {
        app.autolaunch().is_enabled().unwrap_or(false)
    }

    pub fn set(app: &AppHandle, enabled: bool) -> Done {
        let autostart = app.autolaunch();
        Ok(if enabled { autostart.enable() } else { autostart.disable() }?)
    }
}
