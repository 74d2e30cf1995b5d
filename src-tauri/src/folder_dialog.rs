//! The system's own dialog for a folder. Nothing waits for it, neither the event loop nor the end of the program: its
//! answer is an order like any other.

use std::path::{Path, PathBuf};

use shell_logic::one_dialog::OneDialog;
use shell_logic::orders::ShellOrder;
use tauri::{AppHandle, Manager};

use crate::keeper::Keeper;

pub use system::close;

const TITLE: &str = "Choose a folder";

/// Opens it in the folder `from`, unless it is open already; answers `id` when it is closed.
pub fn open(app: &AppHandle, id: String, from: String) -> tauri::Result<()> {
    if !app.state::<OneDialog>().ask(id) {
        return Ok(());
    }
    let handle = app.clone();
    app.run_on_main_thread(move || system::open(&handle, Path::new(&from))).inspect_err(|_| answer(app, None))
}

fn answer(app: &AppHandle, path: Option<PathBuf>) {
    let path = path.and_then(|path| {
        let text = path.to_str().map(str::to_owned);
        if text.is_none() {
            log::warn!("a folder whose name is no text was chosen: {}", path.display());
        }
        text
    });
    if let Some(id) = app.state::<OneDialog>().closed() {
        app.state::<Keeper>().order(ShellOrder::FolderChosen { id, path });
    }
}

/// The toolkit's dialog itself: `rfd` would run its calls on a thread of its own beside ours, over no window.
#[cfg(target_os = "linux")]
mod system {
    use std::cell::RefCell;

    use gtk::prelude::{FileChooserExt, NativeDialogExt};
    use gtk::{FileChooserAction, FileChooserNative, ResponseType};

    use super::{AppHandle, Manager, Path, TITLE, answer};
    use crate::window::MAIN;

    thread_local! {
        /// Of the main thread: nobody else keeps it.
        static OPEN: RefCell<Option<FileChooserNative>> = const { RefCell::new(None) };
    }

    pub fn open(app: &AppHandle, from: &Path) {
        // Over the window where that is seen, else by itself.
        let window = app.get_webview_window(MAIN).filter(|window| window.is_visible().unwrap_or(false));
        let parent = window.and_then(|window| window.gtk_window().ok());
        let action = FileChooserAction::SelectFolder;
        let dialog = FileChooserNative::new(Some(TITLE), parent.as_ref(), action, None, None);
        dialog.set_current_folder(from);
        let app = app.clone();
        dialog.connect_response(move |dialog, response| {
            OPEN.take();
            let path = if response == ResponseType::Accept { dialog.filename() } else { None };
            answer(&app, path);
        });
        dialog.show();
        OPEN.replace(Some(dialog));
    }

    /// It goes with the window, when all is to end: nobody waits for its answer any more.
    pub fn close(app: &AppHandle) {
        let closed = app.run_on_main_thread(|| {
            if let Some(dialog) = OPEN.take() {
                dialog.destroy();
            }
        });
        if let Err(error) = closed {
            log::warn!("the dialog for a folder stays: {error}");
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::{AppHandle, Manager, Path, TITLE, answer};
    use crate::window;

    pub fn open(app: &AppHandle, from: &Path) {
        // A sheet of a window that hides would not be seen.
        window::bring_forward(app);
        let mut dialog = rfd::AsyncFileDialog::new().set_title(TITLE).set_directory(from);
        if let Some(window) = app.get_webview_window(window::MAIN) {
            dialog = dialog.set_parent(&window);
        }
        let (app, chosen) = (app.clone(), dialog.pick_folder());
        tauri::async_runtime::spawn(async move {
            let path = chosen.await.map(|folder| folder.path().to_owned());
            answer(&app, path);
        });
    }

    /// It belongs to the window and goes with it.
    pub fn close(_: &AppHandle) {}
}
