//! Lines the shell writes on the supervisor's standard input; twin of `packages/contracts/src/process.ts`.

use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "cmd", rename_all = "snake_case")]
pub enum ShellOrder {
    /// Stop everything in order; the end of the stream means the same.
    Shutdown,
    /// From the tray: end the pause before the next scan.
    ScanNow,
    /// From the tray: pause or go on listening.
    SetListening { listening: bool },
    /// What the page may offer: sent at the start and whenever a part of it changes.
    ShellState { state: ShellState },
    /// Answer to `choose_folder`; no path: cancelled.
    FolderChosen { id: String, path: Option<String> },
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShellState {
    /// False where the system shows no tray.
    pub tray: bool,
    pub autostart: bool,
    pub close_to_tray: bool,
    pub update: UpdateState,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum UpdateState {
    /// This build does not update itself (no key built in, or a package manager owns it).
    Unavailable,
    /// Not asked yet.
    Unknown,
    Checking,
    Current,
    Available {
        version: String,
        notes: Option<String>,
    },
    Installing {
        version: String,
    },
    Failed {
        message: String,
    },
}

impl ShellOrder {
    /// One line with its end.
    pub fn to_line(&self) -> String {
        // Strings, booleans and options only: there is nothing in it that cannot be written.
        let mut line = serde_json::to_string(self).unwrap_or_default();
        line.push('\n');
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shutdown_is_what_the_supervisor_reads() {
        assert_eq!(ShellOrder::Shutdown.to_line(), "{\"cmd\":\"shutdown\"}\n");
    }

    #[test]
    fn the_tray_gives_orders() {
        assert_eq!(ShellOrder::ScanNow.to_line(), "{\"cmd\":\"scan_now\"}\n");
        assert_eq!(
            ShellOrder::SetListening { listening: false }.to_line(),
            "{\"cmd\":\"set_listening\",\"listening\":false}\n"
        );
    }

    #[test]
    fn a_chosen_folder_is_one_line_whatever_its_name() {
        let line = |path: Option<&str>| {
            ShellOrder::FolderChosen { id: "1".into(), path: path.map(str::to_owned) }.to_line()
        };
        assert_eq!(line(None), "{\"cmd\":\"folder_chosen\",\"id\":\"1\",\"path\":null}\n");
        assert_eq!(
            line(Some("/m/a \"b\"\nc \\ é")),
            concat!(r#"{"cmd":"folder_chosen","id":"1","path":"/m/a \"b\"\nc \\ é"}"#, "\n")
        );
    }

    #[test]
    fn the_state_is_one_line_whatever_the_notes_hold() {
        let update = UpdateState::Available { version: "0.2.0".into(), notes: Some("a\nb".into()) };
        let state = ShellState { tray: true, autostart: false, close_to_tray: false, update };
        assert_eq!(
            ShellOrder::ShellState { state }.to_line(),
            concat!(
                r#"{"cmd":"shell_state","state":{"tray":true,"autostart":false,"closeToTray":false,"#,
                r#""update":{"state":"available","version":"0.2.0","notes":"a\nb"}}}"#,
                "\n"
            )
        );
    }
}
