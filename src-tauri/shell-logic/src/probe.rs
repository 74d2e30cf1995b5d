//! Asks the API whether it is ours: a line on standard output alone is not believed.

/// The question. HTTP/1.0, so that the answer is neither chunked nor kept open.
pub fn health_question(port: u16, token: &str) -> String {
    // A token with a line break would write headers of its own.
    let token: String = token.chars().filter(|character| character.is_ascii_graphic()).collect();
    format!(
        "GET /api/health HTTP/1.0\r\nhost: 127.0.0.1:{port}\r\nx-pidentify-token: {token}\r\nconnection: close\r\n\r\n"
    )
}

/// Why an answer is not that of our API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// Not HTTP, cut short, or another status than 200 (a status of 503 means: not yet).
    NotReady(String),
    /// It does not know the token of this start.
    Stranger,
    OtherService(String),
    OtherVersion(String),
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotReady(answer) => write!(out, "the API does not answer yet ({answer})"),
            Self::Stranger => write!(out, "another program answers in place of the API"),
            Self::OtherService(name) => write!(out, "another service answers: {name}"),
            Self::OtherVersion(version) => write!(out, "the API is of another version: {version}"),
        }
    }
}

/// Checks the whole answer to `health_question`. `version`: what the supervisor said on standard output.
pub fn check_health(answer: &str, version: &str) -> Result<(), Mismatch> {
    let not_ready = |what: &str| Mismatch::NotReady(what.chars().take(80).collect());
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| not_ready("no whole answer"))?;
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap_or_default();
    let proved = lines
        .filter_map(|line| line.split_once(':'))
        .any(|(name, value)| name.eq_ignore_ascii_case("x-pidentify-token-ok") && value.trim() == "1");
    if !status.starts_with("HTTP/1.") || status.split(' ').nth(1) != Some("200") {
        return Err(not_ready(status));
    }
    if !proved {
        return Err(Mismatch::Stranger);
    }
    let health: Health = serde_json::from_str(body).map_err(|_| not_ready("health is not JSON"))?;
    match (health.service.as_str(), health.version.as_str()) {
        ("pidentify", found) if found == version => Ok(()),
        ("pidentify", found) => Err(Mismatch::OtherVersion(found.to_owned())),
        (other, _) => Err(Mismatch::OtherService(other.to_owned())),
    }
}

#[derive(serde::Deserialize)]
struct Health {
    service: String,
    version: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: &str, headers: &str, body: &str) -> String {
        format!("HTTP/1.1 {status}\r\n{headers}\r\n{body}")
    }

    const PROVED: &str = "Content-Type: application/json\r\nX-Pidentify-Token-OK: 1\r\n";
    const OURS: &str = r#"{"status":"ok","service":"pidentify","version":"0.1.0"}"#;

    #[test]
    fn our_own_answer_is_accepted() {
        assert_eq!(check_health(&answer("200 OK", PROVED, OURS), "0.1.0"), Ok(()));
    }

    #[test]
    fn an_answer_that_does_not_know_the_token_is_a_strangers() {
        for headers in ["", "x-pidentify-token-ok: 0\r\n", "x-pidentify-token-ok: 10\r\n", "x-other: 1\r\n"] {
            assert_eq!(check_health(&answer("200 OK", headers, OURS), "0.1.0"), Err(Mismatch::Stranger));
        }
    }

    #[test]
    fn service_and_version_must_be_ours() {
        let check = |body: &str| check_health(&answer("200 OK", PROVED, body), "0.1.0");
        assert_eq!(
            check(r#"{"service":"pidentify","version":"0.0.9"}"#),
            Err(Mismatch::OtherVersion("0.0.9".into()))
        );
        assert_eq!(check(r#"{"service":"x","version":"0.1.0"}"#), Err(Mismatch::OtherService("x".into())));
        assert!(matches!(check("{}"), Err(Mismatch::NotReady(_))));
    }

    #[test]
    fn anything_else_is_not_ready() {
        let cut = answer("200 OK", PROVED, OURS);
        for text in ["", "SSH-2.0-x\r\n\r\n", &cut[..30], &answer("503 Service Unavailable", PROVED, OURS)] {
            assert!(matches!(check_health(text, "0.1.0"), Err(Mismatch::NotReady(_))), "{text}");
        }
    }

    #[test]
    fn every_cut_of_an_answer_is_refused() {
        let whole = answer("200 OK", PROVED, OURS);
        for end in 0..whole.len() {
            assert!(check_health(&whole[..end], "0.1.0").is_err(), "{end}");
        }
    }

    #[test]
    fn a_token_cannot_write_headers() {
        let question = health_question(8000, "abc\r\nx-evil: 1");
        assert_eq!(question.matches("\r\n").count(), 5);
        assert!(question.contains("x-pidentify-token: abcx-evil:1\r\n"));
    }
}
