//! Asks the API over HTTP whether it is ours, before its page is shown.

use std::io::{Read, Result, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use shell_logic::events::Ready;
use shell_logic::probe::{Mismatch, check_health, health_question, hex, proof};

/// The API says "ready" and then answers; a loaded machine may need a moment in between.
const PATIENCE: Duration = Duration::from_secs(10);
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
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_secs(3)))?;
    stream.write_all(health_question(port, nonce).as_bytes())?;
    let mut answer = String::new();
    stream.take(LONGEST_ANSWER).read_to_string(&mut answer)?;
    Ok(answer)
}
