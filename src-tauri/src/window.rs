//! The one window: where it may go and when it is seen.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use shell_logic::navigation::{Verdict, is_splash, judge};
use shell_logic::openings::Openings;
use tauri::webview::{DownloadEvent, NewWindowResponse, PageLoadEvent};
use tauri::window::Color;
use tauri::{AppHandle, Manager, Theme, Url, WebviewWindow, WebviewWindowBuilder};
use tauri_plugin_opener::OpenerExt;

use crate::tray::Tray;
use crate::{downloads, menu, splash};

pub const MAIN: &str = "main";
/// The splash's in light colours, `splash/splash.css`; the configuration has the dark one.
const LIGHT_GROUND: Color = Color(0xfa, 0xf9, 0xf7, 0xff);
/// A splash that takes longer to paint is shown as it is: a window at last.
const SHOW_AFTER: Duration = Duration::from_millis(400);
/// At login a panel that shows trays may take so long to come up; where none does, the window is shown after all.
const TRAY_AFTER: Duration = Duration::from_secs(10);

/// Keeps scripts of the page from opening the browser.
#[derive(Default)]
pub struct OutsideOpenings(Mutex<Openings>);

impl OutsideOpenings {
    fn lock(&self) -> std::sync::MutexGuard<'_, Openings> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// Port of our page; 0: there is none yet.
#[derive(Default, Clone)]
pub struct PagePort(Arc<AtomicU16>);

impl PagePort {
    fn get(&self) -> Option<u16> {
        Some(self.0.load(Ordering::Relaxed)).filter(|port| *port != 0)
    }
}

/// Makes the window, unseen until its splash has loaded; `hidden`: until someone asks for it.
pub fn create(app: &AppHandle, hidden: bool) -> tauri::Result<()> {
    let Some(config) = app.config().app.windows.first() else {
        return Err(tauri::Error::WindowNotFound);
    };
    let (guard, opener, download) = (app.clone(), app.clone(), app.clone());
    let window = WebviewWindowBuilder::from_config(app, config)?
        .on_navigation(move |url| judged(&guard, url) == Verdict::Allow)
        .on_new_window(move |url, _| {
            judged(&opener, &url);
            NewWindowResponse::Deny
        })
        .on_download(move |_, event| match event {
            DownloadEvent::Requested { url, destination } => {
                downloads::place(&download, destination);
                judge(&url, download.state::<PagePort>().get()) == Verdict::Allow
            }
            _ => true,
        })
        .on_page_load(move |window, payload| {
            if payload.event() == PageLoadEvent::Finished && is_splash(payload.url()) {
                on_splash_loaded(window.app_handle());
                if !hidden || splash::has_failed(window.app_handle()) {
                    show(&window);
                }
            }
        })
        .build()?;
    if window.theme().is_ok_and(|theme| theme == Theme::Light) {
        window.set_background_color(Some(LIGHT_GROUND))?;
    }
    menu::install(&window)?;
    #[cfg(target_os = "linux")]
    hear_input(&window)?;
    std::thread::spawn(move || {
        std::thread::sleep(if hidden { TRAY_AFTER } else { SHOW_AFTER });
        if !hidden || !window.state::<Tray>().is_shown() {
            show(&window);
        }
    });
    Ok(())
}

/// WebKit tells no guard of navigations who caused them; the toolkit tells of each click and key in the page.
#[cfg(target_os = "linux")]
fn hear_input(window: &WebviewWindow) -> tauri::Result<()> {
    use gtk::glib::Propagation::Proceed;
    use gtk::prelude::WidgetExt;
    let app = window.app_handle().clone();
    app.state::<OutsideOpenings>().lock().hear_input();
    window.with_webview(move |webview| {
        let view = webview.inner();
        let heard = move || app.state::<OutsideOpenings>().lock().on_input(Instant::now());
        let (on_button, on_touch) = (heard.clone(), heard.clone());
        view.connect_button_release_event(move |_, _| {
            on_button();
            Proceed
        });
        view.connect_touch_event(move |_, _| {
            on_touch();
            Proceed
        });
        view.connect_key_press_event(move |_, _| {
            heard();
            Proceed
        });
    })
}

/// What is not for this window is handed to the system, or refused.
fn judged(app: &AppHandle, url: &Url) -> Verdict {
    let verdict = judge(url, app.state::<PagePort>().get());
    match verdict {
        Verdict::Allow => {}
        Verdict::OpenOutside if !app.state::<OutsideOpenings>().lock().take(Instant::now()) => {
            log::warn!("nobody clicked to open {url}");
        }
        Verdict::OpenOutside => {
            if let Err(error) = app.opener().open_url(url.as_str(), None::<&str>) {
                log::warn!("cannot open {url} outside: {error}");
            }
        }
        Verdict::Deny => log::warn!("the window may not go to {url}"),
    }
    verdict
}

/// Shows it where it hides, without taking the keyboard away from what a person is doing.
pub fn reveal(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        show(&window);
    }
}

fn show(window: &WebviewWindow) {
    if window.is_visible().unwrap_or(false) {
        return;
    }
    if let Err(error) = window.show() {
        log::warn!("the window cannot be shown: {error}");
    }
}

/// A second start, or the tray: the window is seen and has the keyboard.
pub fn bring_forward(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    let done = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
    if let Err(error) = done {
        log::warn!("the window cannot be brought forward: {error}");
    }
}

pub fn hide(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    if let Err(error) = window.hide() {
        log::warn!("the window cannot be hidden: {error}");
    }
}

/// Replaces what is shown by our page. A page that is there already stays: it connects again by itself and
/// keeps what someone is just editing.
pub fn open_page(app: &AppHandle, port: u16) {
    let before = app.state::<PagePort>().0.swap(port, Ordering::Relaxed);
    let Some(window) = app.get_webview_window(MAIN) else { return };
    let on_splash = window.url().is_ok_and(|url| is_splash(&url));
    if before != port || on_splash {
        replace_by_page(&window, port);
    }
}

/// By script, so that "back" does not lead to the splash.
fn replace_by_page(window: &WebviewWindow, port: u16) {
    if let Err(error) = window.eval(format!("window.location.replace('http://127.0.0.1:{port}/')")) {
        log::error!("cannot open the page: {error}");
    }
}

/// The services may have been ready before the splash was: then the script of `open_page` came too early.
fn on_splash_loaded(app: &AppHandle) {
    let port = app.state::<PagePort>().get();
    match (port, app.get_webview_window(MAIN)) {
        (Some(port), Some(window)) => replace_by_page(&window, port),
        _ => splash::push(app),
    }
}

/// Back to the splash, if a page is shown.
pub fn leave_page(app: &AppHandle) {
    app.state::<PagePort>().0.store(0, Ordering::Relaxed);
    let Some(window) = app.get_webview_window(MAIN) else { return };
    if window.url().is_ok_and(|url| is_splash(&url)) {
        return;
    }
    let splash = if cfg!(windows) { "http://tauri.localhost/" } else { "tauri://localhost/" };
    let left = Url::parse(splash)
        .map_err(|error| error.to_string())
        .and_then(|url| window.navigate(url).map_err(|error| error.to_string()));
    if let Err(error) = left {
        log::error!("cannot show the splash: {error}");
    }
}

pub fn eval_on_splash(app: &AppHandle, script: String) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    if !window.url().is_ok_and(|url| is_splash(&url)) {
        return;
    }
    if let Err(error) = window.eval(script) {
        log::warn!("splash: {error}");
    }
}
