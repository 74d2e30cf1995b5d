//! Notifications of the desktop.

use std::error::Error;

use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;

/// Shows one; title and body are plain text.
pub fn show(app: &AppHandle, title: &str, body: &str) -> Result<(), Box<dyn Error>> {
    Ok(app.notification().builder().title(title).body(system::plain(body)).show()?)
}

#[cfg(not(target_os = "linux"))]
mod system {
    pub fn plain(body: &str) -> String {
        body.to_owned()
    }
}

#[cfg(target_os = "linux")]
mod system {
    use gtk::gio::{BusType, Cancellable, DBusCallFlags, bus_get_sync};
    use shell_logic::text::escape_markup;

    const SERVER: &str = "org.freedesktop.Notifications";
    const PATH: &str = "/org/freedesktop/Notifications";
    const PATIENCE_MS: i32 = 1_000;

    /// A body may have markup where the desktop says so; the others show it letter by letter.
    pub fn plain(body: &str) -> String {
        if takes_markup().unwrap_or(false) { escape_markup(body) } else { body.to_owned() }
    }

    fn takes_markup() -> Option<bool> {
        let bus = bus_get_sync(BusType::Session, Cancellable::NONE).ok()?;
        let call = bus.call_sync(
            Some(SERVER),
            PATH,
            SERVER,
            "GetCapabilities",
            None,
            None,
            DBusCallFlags::NONE,
            PATIENCE_MS,
            Cancellable::NONE,
        );
        let capabilities: Vec<String> = call.ok()?.child_value(0).get()?;
        Some(capabilities.iter().any(|capability| capability == "body-markup"))
    }
}
