/// Commands of the splash; naming them here makes every page, ours over HTTP too, need a permission for them.
const COMMANDS: [&str; 3] = ["retry", "open_logs", "quit"];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(&COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)).unwrap_or_else(|error| {
        eprintln!("{error:#}");
        std::process::exit(1);
    });
}
