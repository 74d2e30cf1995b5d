//! The window of Pidentify: it starts one child, the supervisor, shows its page and stops it. It knows
//! nothing of music; what is decided without a window is in `shell-logic`.

mod autostart;
mod child;
mod command;
mod downloads;
mod exit;
mod files;
mod folder_dialog;
mod keeper;
mod menu;
#[cfg(target_os = "macos")]
mod microphone;
mod notices;
mod preferences;
mod probe;
mod requests;
#[cfg(unix)]
mod second_start;
#[cfg(unix)]
mod signals;
mod splash;
mod start;
mod tray;
mod tray_host;
mod updates;
mod window;

use std::io::Write;

use shell_logic::arguments::{Question, USAGE};
use shell_logic::gate::Gate;
use shell_logic::one_dialog::OneDialog;
use tauri::Manager;
use tauri_plugin_log::{RotationStrategy, Target, TargetKind};
use tauri_plugin_window_state::StateFlags;

/// Runs until the window is closed or the program is told to quit.
pub fn run() {
    #[cfg(unix)]
    signals::block();
    let start = start::Start::read();
    if let Some(question) = start.arguments.question {
        return answer(question);
    }
    #[cfg(unix)]
    let second = second_start::expect();
    let app = with_plugins(tauri::Builder::default(), &start)
        .invoke_handler(tauri::generate_handler![splash::retry, splash::open_logs, splash::quit])
        .on_menu_event(|app, event| menu::on_chosen(app, event.id().as_ref()))
        .on_window_event(exit::on_window_event)
        .setup(move |app| set_up(app, start))
        .build(tauri::generate_context!());
    #[cfg(unix)]
    drop(second);
    match app {
        Ok(app) => app.run(exit::on_event),
        Err(error) => {
            eprintln!("pidentify: {error}");
            std::process::exit(1);
        }
    }
}

/// A terminal that is gone reads nothing.
fn answer(question: Question) {
    let text = match question {
        Question::Help => USAGE,
        Question::Version => env!("CARGO_PKG_VERSION"),
    };
    writeln!(std::io::stdout(), "{text}").unwrap_or_default();
}

fn with_plugins(builder: tauri::Builder<tauri::Wry>, start: &start::Start) -> tauri::Builder<tauri::Wry> {
    let log = tauri_plugin_log::Builder::new()
        .clear_targets()
        .target(Target::new(TargetKind::LogDir { file_name: Some("window".into()) }))
        .target(Target::new(TargetKind::Stderr))
        .level(log::LevelFilter::Info)
        .max_file_size(10_000_000)
        .rotation_strategy(RotationStrategy::KeepOne);
    // Not "visible": whether the window shows is decided at every start.
    let window_state =
        tauri_plugin_window_state::Builder::new().with_state_flags(StateFlags::all() & !StateFlags::VISIBLE);
    let builder = builder
        // First, so that a second start ends before it has done anything.
        .plugin(tauri_plugin_single_instance::init(exit::on_second_start))
        .plugin(log.build())
        .plugin(window_state.build())
        .plugin(tauri_plugin_notification::init())
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build());
    autostart::plug_in(builder, &start.arguments)
}

fn set_up(app: &mut tauri::App, start: start::Start) -> Result<(), Box<dyn std::error::Error>> {
    let handle = app.handle().clone();
    app.manage(preferences::Preferences::load(&handle));
    app.manage(splash::Splash::default());
    app.manage(window::PagePort::default());
    app.manage(updates::Updates::new(&handle));
    app.manage(Gate::default());
    app.manage(OneDialog::default());
    app.manage(tray::Tray::default());
    app.manage(window::OutsideOpenings::default());
    if !start.arguments.unknown.is_empty() {
        log::warn!("not understood and left out: {}", start.arguments.unknown.join(" "));
    }
    app.manage(start.arguments.clone());
    let background = start.arguments.background;
    // The services need longest; the tray is made while the window loads its splash.
    app.manage(keeper::start(handle.clone(), start));
    #[cfg(unix)]
    signals::quit_on(&handle);
    window::create(&handle, background)?;
    tray::build(&handle);
    if background && !app.state::<tray::Tray>().is_built() {
        window::bring_forward(&handle);
    }
    Ok(())
}
