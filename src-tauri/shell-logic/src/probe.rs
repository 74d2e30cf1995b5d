//! Asks the API whether it is ours: a line on standard output alone is not believed.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The question. HTTP/1.0, so that the answer is neither chunked nor kept open. The token is not in it: a stranger
/// must not learn it.
pub fn health_question(port: u16, nonce: &str) -> String {
    format!(
        "GET /api/health HTTP/1.0\r\nhost: 127.0.0.1:{port}\r\nx-pidentify-nonce: {nonce}\r\nconnection: close\r\n\r\n"
    )
}

/// What only the API that was started with `token` can answer to `nonce`: HMAC-SHA-256 (RFC 2104) in lower hex.
pub fn proof(token: &str, nonce: &str) -> String {
    // A key may have any length: there is no error.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(token.as_bytes()) else { return String::new() };
    mac.update(nonce.as_bytes());
    hex(&mac.finalize().into_bytes())
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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

/// Checks the whole answer to `health_question`. `proof` belongs to its nonce; `version`: what the supervisor said on
/// standard output.
pub fn check_health(answer: &str, proof: &str, version: &str) -> Result<(), Mismatch> {
    let not_ready = |what: &str| Mismatch::NotReady(what.chars().take(80).collect());
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| not_ready("no whole answer"))?;
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap_or_default();
    let proved = lines
        .filter_map(|line| line.split_once(':'))
        .any(|(name, value)| name.eq_ignore_ascii_case("x-pidentify-proof") && value.trim() == proof);
    if !status.starts_with("HTTP/1.") || status.split(' ').nth(1) != Some("200") {
        return Err(not_ready(status));
    }
    if !proved || proof.is_empty() {
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

    const PROOF: &str = "00ff";
    const PROVED: &str = "Content-Type: application/json\r\nX-Pidentify-Proof: 00ff\r\n";
    const OURS: &str = r#"{"status":"ok","service":"pidentify","version":"0.1.0"}"#;

    #[test]
    fn our_own_answer_is_accepted() {
        assert_eq!(check_health(&answer("200 OK", PROVED, OURS), PROOF, "0.1.0"), Ok(()));
    }

    #[test]
    fn an_answer_that_does_not_know_the_token_is_a_strangers() {
        for headers in [
            "",
            "x-pidentify-token-ok: 1\r\n",
            "x-pidentify-proof: \r\n",
            "x-pidentify-proof: 00fe\r\n",
            "x-pidentify-proof: 00ff0\r\n",
            "x-other: 00ff\r\n",
        ] {
            assert_eq!(
                check_health(&answer("200 OK", headers, OURS), PROOF, "0.1.0"),
                Err(Mismatch::Stranger)
            );
        }
    }

    #[test]
    fn service_and_version_must_be_ours() {
        let check = |body: &str| check_health(&answer("200 OK", PROVED, body), PROOF, "0.1.0");
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
            assert!(matches!(check_health(text, PROOF, "0.1.0"), Err(Mismatch::NotReady(_))), "{text}");
        }
    }

    #[test]
    fn every_cut_of_an_answer_is_refused() {
        let whole = answer("200 OK", PROVED, OURS);
        for end in 0..whole.len() {
            assert!(check_health(&whole[..end], PROOF, "0.1.0").is_err(), "{end}");
        }
    }

    #[test]
    fn an_empty_proof_proves_nothing() {
        let answer = answer("200 OK", "x-pidentify-proof: \r\n", OURS);
        assert_eq!(check_health(&answer, "", "0.1.0"), Err(Mismatch::Stranger));
    }

    /// The twin, server/src/live/live.test.ts, has the same value.
    #[test]
    fn the_proof_is_hmac_sha_256() {
        let expected = "3e07f46d2dfe41b1f5bcea650c50b28ff4df3443f5cc0220260983cf1eee10db";
        assert_eq!(proof("token", "0123456789abcdef0123456789abcdef"), expected);
        assert_ne!(proof("token", "1123456789abcdef0123456789abcdef"), expected);
        assert_ne!(proof("other", "0123456789abcdef0123456789abcdef"), expected);
    }

    #[test]
    fn the_token_is_not_in_the_question() {
        assert!(!health_question(8000, "00").contains("token"));
        assert_eq!(health_question(8000, "00").matches("\r\n").count(), 5);
    }
}
