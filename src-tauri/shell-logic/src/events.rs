//! Lines on the supervisor's standard output; twin of `packages/contracts/src/process.ts`.

use serde::Deserialize;

/// What one line says. A line that is none of these is text for the log.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum SupervisorEvent {
    Ready { ready: Ready },
    Failed { failed: Failure },
    Stopped { stopped: Stopped },
    Request { request: ShellRequest },
    Phase(Phase),
}

/// A step of the start; `progress` is 0 to 1 where it is known.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Phase {
    pub phase: String,
    pub text: String,
    pub progress: Option<f64>,
}

/// The API answers; `token` is what its health answer must prove to know.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Ready {
    pub port: u16,
    pub token: String,
    pub version: String,
}

/// `code` is stable, `message` is for people, `log` is the folder of log files, or one of them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Failure {
    pub code: String,
    pub message: String,
    pub log: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Stopped {
    pub status: i32,
}

/// What the page wants from the system: page -> API -> supervisor -> here.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ShellRequest {
    Notify { title: String, body: String },
    OpenPath { path: String },
    ChooseFolder { id: String, from: String },
    SetAutostart { enabled: bool },
    SetCloseToTray { enabled: bool },
    CheckUpdate,
    InstallUpdate,
    Tray { now_playing: Option<String>, listening: bool },
    Quit,
}

/// Reads one line; `None` when it is not an event of a shape known here.
pub fn parse_event(line: &str) -> Option<SupervisorEvent> {
    let line = line.trim();
    // Most lines that are not events are log lines: no need to try every shape on them.
    if !line.starts_with('{') {
        return None;
    }
    let mut event = serde_json::from_str(line).ok()?;
    match &mut event {
        SupervisorEvent::Ready { ready } if ready.port == 0 || ready.token.is_empty() => return None,
        SupervisorEvent::Phase(phase) => {
            phase.progress = phase.progress.map(|progress| progress.clamp(0.0, 1.0));
        }
        _ => {}
    }
    Some(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(json: &str) -> Option<ShellRequest> {
        match parse_event(json)? {
            SupervisorEvent::Request { request } => Some(request),
            _ => None,
        }
    }

    #[test]
    fn a_phase_is_read_with_and_without_progress() {
        let phase = |progress| {
            Some(SupervisorEvent::Phase(Phase { phase: "valkey".into(), text: "Starting".into(), progress }))
        };
        assert_eq!(parse_event(r#"{"phase":"valkey","text":"Starting"}"#), phase(None));
        assert_eq!(
            parse_event("{\"phase\":\"valkey\",\"text\":\"Starting\",\"progress\":7}\r\n"),
            phase(Some(1.0))
        );
    }

    #[test]
    fn ready_needs_a_port_and_a_token() {
        let ready = |port: &str, token: &str| {
            parse_event(&format!(
                r#"{{"ready":{{"url":"http://127.0.0.1:{port}","port":{port},"token":"{token}","version":"0.1.0"}}}}"#
            ))
        };
        let expected = Ready { port: 8000, token: "t".into(), version: "0.1.0".into() };
        assert_eq!(ready("8000", "t"), Some(SupervisorEvent::Ready { ready: expected }));
        for (port, token) in [("0", "t"), ("8000", ""), ("65536", "t"), ("-1", "t"), ("\"8000\"", "t")] {
            assert_eq!(ready(port, token), None, "{port} {token}");
        }
    }

    #[test]
    fn failed_and_stopped_are_read() {
        let failed = parse_event(r#"{"failed":{"code":"already_running","message":"It runs already."}}"#);
        assert!(
            matches!(failed, Some(SupervisorEvent::Failed { failed }) if failed.code == "already_running")
        );
        let stopped = parse_event(r#"{"stopped":{"status":3}}"#);
        assert_eq!(stopped, Some(SupervisorEvent::Stopped { stopped: Stopped { status: 3 } }));
    }

    #[test]
    fn every_request_is_read() {
        assert_eq!(
            request(r#"{"request":{"kind":"notify","title":"a","body":"b"}}"#),
            Some(ShellRequest::Notify { title: "a".into(), body: "b".into() })
        );
        assert_eq!(
            request(r#"{"request":{"kind":"open_path","path":"/m"}}"#),
            Some(ShellRequest::OpenPath { path: "/m".into() })
        );
        assert_eq!(
            request(r#"{"request":{"kind":"choose_folder","id":"1","from":"/m"}}"#),
            Some(ShellRequest::ChooseFolder { id: "1".into(), from: "/m".into() })
        );
        assert_eq!(
            request(r#"{"request":{"kind":"set_autostart","enabled":true}}"#),
            Some(ShellRequest::SetAutostart { enabled: true })
        );
        assert_eq!(
            request(r#"{"request":{"kind":"set_close_to_tray","enabled":false}}"#),
            Some(ShellRequest::SetCloseToTray { enabled: false })
        );
        assert_eq!(
            request(r#"{"request":{"kind":"tray","nowPlaying":null,"listening":true}}"#),
            Some(ShellRequest::Tray { now_playing: None, listening: true })
        );
        assert_eq!(request(r#"{"request":{"kind":"check_update"}}"#), Some(ShellRequest::CheckUpdate));
        assert_eq!(request(r#"{"request":{"kind":"install_update"}}"#), Some(ShellRequest::InstallUpdate));
        assert_eq!(request(r#"{"request":{"kind":"quit"}}"#), Some(ShellRequest::Quit));
    }

    #[test]
    fn what_is_not_an_event_is_not_one() {
        for line in [
            "",
            " ",
            "{",
            "{}",
            "[]",
            "null",
            "listening on 8000",
            r#"{"phase":1,"text":"x"}"#,
            r#"{"request":{"kind":"run","path":"/bin/sh"}}"#,
            r#"{"request":{"kind":"notify"}}"#,
            r#"{"request":{"kind":"choose_folder","from":"/m"}}"#,
            "\u{feff}{\"stopped\":{\"status\":0}}",
        ] {
            assert_eq!(parse_event(line), None, "{line}");
        }
    }

    /// A fuzz without a library: cuts, doubled bytes and swapped bytes of real lines never panic.
    #[test]
    fn damaged_lines_never_panic() {
        let lines = [
            r#"{"ready":{"url":"http://127.0.0.1:1","port":1,"token":"t","version":"0"}}"#,
            r#"{"request":{"kind":"tray","nowPlaying":"é – ☃","listening":true}}"#,
            r#"{"phase":"p","text":"t","progress":1e999}"#,
        ];
        let mut seed = 1_u32;
        for line in lines {
            for cut in 0..line.len() {
                let mut bytes = line.as_bytes()[..cut].to_vec();
                parse_event(&String::from_utf8_lossy(&bytes));
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                if let Some(byte) = bytes.get_mut(seed as usize % cut.max(1)) {
                    *byte = (seed >> 24) as u8;
                }
                bytes.extend_from_slice(&line.as_bytes()[cut..]);
                parse_event(&String::from_utf8_lossy(&bytes));
            }
        }
    }
}
