//! Menu and shortcuts. macOS: the menu bar. Elsewhere no bar is shown, as in other programs of this kind,
//! and the shortcuts work without one.

use tauri::{AppHandle, Manager, WebviewWindow};

use crate::{exit, tray, window};

pub const QUIT: &str = "quit";
const CLOSE: &str = "close";
const RELOAD: &str = "reload";
const FULL_SCREEN: &str = "full-screen";

#[cfg(not(target_os = "macos"))]
const SHORTCUTS: [(&str, &str); 4] =
    [(RELOAD, "Ctrl+R"), (FULL_SCREEN, "F11"), (CLOSE, "Ctrl+W"), (QUIT, "Ctrl+Q")];

#[cfg(target_os = "macos")]
pub fn install(window: &WebviewWindow) -> tauri::Result<()> {
    let app = window.app_handle();
    app.set_menu(tauri::menu::Menu::default(app)?)?;
    Ok(())
}

/// The shortcuts of a hidden menu work on Windows.
#[cfg(windows)]
pub fn install(window: &WebviewWindow) -> tauri::Result<()> {
    use tauri::menu::{Menu, MenuItem};
    let app = window.app_handle();
    let menu = Menu::new(app)?;
    for (id, keys) in SHORTCUTS {
        menu.append(&MenuItem::with_id(app, id, id, true, Some(keys))?)?;
    }
    window.set_menu(menu)?;
    window.hide_menu()
}

/// GTK answers no shortcuts of a hidden menu: here they belong to the window itself.
#[cfg(target_os = "linux")]
pub fn install(window: &WebviewWindow) -> tauri::Result<()> {
    use gtk::prelude::{AccelGroupExtManual, GtkWindowExt};
    let group = gtk::AccelGroup::new();
    for (id, keys) in SHORTCUTS {
        let (key, modifiers) = gtk::accelerator_parse(&keys.replace("Ctrl+", "<Control>"));
        let app = window.app_handle().clone();
        group.connect_accel_group(key, modifiers, gtk::AccelFlags::VISIBLE, move |_, _, _, _| {
            on_chosen(&app, id);
            true
        });
    }
    window.gtk_window()?.add_accel_group(&group);
    Ok(())
}

/// What was chosen in a menu, in the tray, or by a shortcut.
pub fn on_chosen(app: &AppHandle, id: &str) {
    if tray::on_chosen(app, id) {
        return;
    }
    if id == QUIT {
        return exit::quit(app);
    }
    let Some(window) = app.get_webview_window(window::MAIN) else { return };
    let done = match id {
        CLOSE => window.close(),
        RELOAD => window.reload(),
        FULL_SCREEN => window.is_fullscreen().and_then(|full| window.set_fullscreen(!full)),
        _ => return,
    };
    if let Err(error) = done {
        log::warn!("{id}: {error}");
    }
}
