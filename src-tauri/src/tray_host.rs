//! Whether this desktop shows tray icons at all: many a GNOME does not, and a window must not hide where nobody can
//! call it back. Other systems always do.

#[cfg(not(target_os = "linux"))]
pub fn is_there() -> bool {
    true
}

#[cfg(not(target_os = "linux"))]
pub fn on_change(_: impl Fn() + 'static) {}

#[cfg(target_os = "linux")]
pub use linux::{is_there, on_change};

#[cfg(target_os = "linux")]
mod linux {
    use gtk::gio::{BusType, Cancellable, DBusCallFlags, DBusSignalFlags, bus_get_sync};
    use gtk::glib::variant::ToVariant;

    /// The panel's side of freedesktop.org's StatusNotifierItem.
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    const BUS: &str = "org.freedesktop.DBus";
    const BUS_PATH: &str = "/org/freedesktop/DBus";
    const PATIENCE_MS: i32 = 1_000;

    pub fn is_there() -> bool {
        has_watcher().unwrap_or(false) || has_x11_tray()
    }

    /// Calls `changed` when such a panel comes or goes. From the thread of the window.
    pub fn on_change(changed: impl Fn() + 'static) {
        let Ok(bus) = bus_get_sync(BusType::Session, Cancellable::NONE) else { return };
        // Heard until the end of the program.
        bus.signal_subscribe(
            Some(BUS),
            Some(BUS),
            Some("NameOwnerChanged"),
            Some(BUS_PATH),
            Some(WATCHER),
            DBusSignalFlags::NONE,
            move |_, _, _, _, _, _| changed(),
        );
    }

    fn has_watcher() -> Option<bool> {
        let bus = bus_get_sync(BusType::Session, Cancellable::NONE).ok()?;
        let name = (WATCHER,).to_variant();
        let call = bus.call_sync(
            Some(BUS),
            BUS_PATH,
            BUS,
            "NameHasOwner",
            Some(&name),
            None,
            DBusCallFlags::NONE,
            PATIENCE_MS,
            Cancellable::NONE,
        );
        call.ok()?.child_value(0).get()
    }

    /// The older way: whoever shows icons owns a selection of the screen (freedesktop.org, System Tray Protocol).
    fn has_x11_tray() -> bool {
        let Ok(xlib) = x11_dl::xlib::Xlib::open() else { return false };
        // SAFETY: the connection is our own, checked and closed; the name is a C string that lives long enough.
        unsafe {
            let display = (xlib.XOpenDisplay)(std::ptr::null());
            if display.is_null() {
                return false;
            }
            let name = format!("_NET_SYSTEM_TRAY_S{}\0", (xlib.XDefaultScreen)(display));
            let selection = (xlib.XInternAtom)(display, name.as_ptr().cast(), 0);
            let owner = (xlib.XGetSelectionOwner)(display, selection);
            (xlib.XCloseDisplay)(display);
            owner != 0
        }
    }
}
