//! The tray: what plays, and what one wants without the window. Where a system has none, all else works.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use shell_logic::orders::ShellOrder;
use shell_logic::text::escape_mnemonic;
use tauri::menu::{CheckMenuItem, Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::{MouseButton, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager, Wry};

use crate::keeper::Keeper;
use crate::requests::report_state;
use crate::{tray_host, window};

pub const OPEN: &str = "tray-open";
pub const SCAN: &str = "tray-scan";
pub const PAUSE: &str = "tray-pause";

/// The parts that change.
pub struct Items {
    now_playing: MenuItem<Wry>,
    pause: CheckMenuItem<Wry>,
}

/// Empty where there is no tray.
#[derive(Default)]
pub struct Tray {
    items: OnceLock<Items>,
}

/// Builds the tray where the system has a place and a library for one.
pub fn build(app: &AppHandle) {
    // The library is loaded while the program runs, and its absence is a panic deep inside.
    match catch_unwind(AssertUnwindSafe(|| try_build(app))) {
        Ok(Ok(items)) => {
            app.state::<Tray>().items.get_or_init(|| items);
            // The services may have been ready before: then they were told that there is none.
            report_state(app);
            let app = app.clone();
            tray_host::on_change(move || report_state(&app));
        }
        Ok(Err(error)) => log::warn!("no tray: {error}"),
        Err(_) => log::warn!("no tray: its library is not installed"),
    }
}

fn try_build(app: &AppHandle) -> tauri::Result<Items> {
    let now_playing = MenuItem::with_id(app, "tray-now", "Nothing plays", false, None::<&str>)?;
    let open = MenuItem::with_id(app, OPEN, "Open Pidentify", true, None::<&str>)?;
    let scan = MenuItem::with_id(app, SCAN, "Scan now", true, None::<&str>)?;
    let pause = CheckMenuItem::with_id(app, PAUSE, "Pause listening", true, false, None::<&str>)?;
    let quit = MenuItem::with_id(app, crate::menu::QUIT, "Quit", true, None::<&str>)?;
    let line = PredefinedMenuItem::separator(app)?;
    let last_line = PredefinedMenuItem::separator(app)?;
    let menu = Menu::with_items(app, &[&now_playing, &line, &open, &scan, &pause, &last_line, &quit])?;
    let mut builder = TrayIconBuilder::with_id("main")
        .tooltip("Pidentify")
        .menu(&menu)
        .show_menu_on_left_click(cfg!(target_os = "macos"))
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::DoubleClick { button: MouseButton::Left, .. } = event {
                window::bring_forward(tray.app_handle());
            }
        });
    if let Some(icon) = app.default_window_icon() {
        builder = builder.icon(icon.clone());
    }
    builder.build(app)?;
    Ok(Items { now_playing, pause })
}

impl Tray {
    /// Whether a person can see it now.
    pub fn is_shown(&self) -> bool {
        self.is_built() && tray_host::is_there()
    }

    /// It may be seen soon: at login a panel may come up after us.
    pub fn is_built(&self) -> bool {
        self.items.get().is_some()
    }

    pub fn show(&self, now_playing: Option<&str>, listening: bool) -> Result<(), Box<dyn std::error::Error>> {
        let Some(items) = self.items.get() else { return Ok(()) };
        items.now_playing.set_text(now_playing.map_or("Nothing plays".into(), escape_mnemonic))?;
        Ok(items.pause.set_checked(!listening)?)
    }

    /// The check mark has changed already when this is called.
    fn paused(&self) -> bool {
        self.items.get().is_some_and(|items| items.pause.is_checked().unwrap_or(false))
    }
}

/// What was chosen in the tray; false when it is not one of its items.
pub fn on_chosen(app: &AppHandle, id: &str) -> bool {
    let keeper = app.state::<Keeper>();
    match id {
        OPEN => window::bring_forward(app),
        SCAN => keeper.order(ShellOrder::ScanNow),
        PAUSE => keeper.order(ShellOrder::SetListening { listening: !app.state::<Tray>().paused() }),
        _ => return false,
    }
    true
}
