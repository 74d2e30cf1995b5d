//! Asks the API over HTTP whether it is ours, before its page is shown.

use std::io::{Read, Result, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use shell_logic::events::Ready;
use shell_logic::probe::{Mismatch, check_health, health_question, hex, proof};

/// The API says "ready" and then answers; a small or loaded machine may need more than a moment in between.
const PATIENCE: Duration = Duration::from_secs(60);
/// For one answer.
const ANSWER: Duration = Duration::from_secs(20);
const BETWEEN: Duration = Duration::from_millis(100);
/// A stranger could send for ever.
const LONGEST_ANSWER: u64 = 1 << 20;

/// Blocks until the API proves to be ours, or says why it is not.
pub fn probe(ready: &Ready) -> std::result::Result<(), String> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let nonce = fresh_nonce()?;
        let answer = ask(ready.port, &nonce).map_err(|error| Mismatch::NotReady(error.to_string()));
        let proof = proof(&ready.token, &nonce);
        match answer.and_then(|answer| check_health(&answer, &proof, &ready.version)) {
            Err(Mismatch::NotReady(_)) if Instant::now() < deadline => std::thread::sleep(BETWEEN),
            result => return result.map_err(|mismatch| mismatch.to_string()),
        }
    }
}

/// Never asked before: an answer that was overheard is worth nothing.
fn fresh_nonce() -> std::result::Result<String, String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| error.to_string())?;
    Ok(hex(&bytes))
}

fn ask(port: u16, nonce: &str) -> Result<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, ANSWER)?;
    stream.set_read_timeout(Some(ANSWER))?;
    stream.write_all(health_question(port, nonce).as_bytes())?;
    let mut answer = String::new();
    stream.take(LONGEST_ANSWER).read_to_string(&mut answer)?;
    Ok(answer)
}
