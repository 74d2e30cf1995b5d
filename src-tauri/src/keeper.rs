//! Keeps the supervisor running: starts it, believes it only when its API proves to be ours, starts it
//! again when it dies, with a limit, and stops it. One thread, one queue of messages, one state.

use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use shell_logic::events::{Failure, Ready, SupervisorEvent, parse_event};
use shell_logic::log_tail::LogTail;
use shell_logic::orders::ShellOrder;
use shell_logic::restart::RestartBudget;
use tauri::{AppHandle, Manager};

use crate::child::{self, Child, Said};
use crate::command::{self, failure};
use crate::splash::{self, View};
use crate::start::Start;
use crate::tray::Tray;
use crate::{probe, requests, window};

/// Without a sign of life for this long, a start has failed. A first start may migrate a big database, but
/// says so in between.
const SILENCE: Duration = Duration::from_secs(120);
/// How soon the supervisor says that it stops; one that is silent for longer hangs.
const ANSWER: Duration = Duration::from_millis(900);
/// How long it has for the whole stop: its own limits add up to less.
const STOP: Duration = Duration::from_millis(2_600);
/// When everything is gone, counted from the same moment: nothing of ours may run after 3 s.
const GONE: Duration = Duration::from_millis(2_800);

enum Message {
    /// From the run with this number: what a former run still had to say is not heard.
    Said(u64, Said),
    Probed(u64, Ready, Result<(), String>),
    Order(ShellOrder),
    Retry,
    Stop(Sender<()>),
}

enum Stage {
    /// Started; `since` is its last sign of life.
    Starting { since: Instant },
    /// Its page is shown.
    Running { since: Instant },
    /// Died; another try at `until`.
    Pausing { until: Instant },
    /// Given up until someone asks for another try.
    Failed,
}

/// The way to the keeper's thread.
pub struct Keeper {
    messages: Mutex<Sender<Message>>,
}

pub fn start(app: AppHandle, start: Start) -> Keeper {
    let (messages, inbox) = mpsc::channel();
    let own = messages.clone();
    std::thread::spawn(move || {
        #[cfg(target_os = "macos")]
        crate::microphone::ask();
        Thread {
            app,
            start,
            messages: own,
            inbox,
            run: 0,
            child: None,
            stage: Stage::Failed,
            was_ready: false,
            budget: RestartBudget::default(),
            tail: LogTail::default(),
            told: None,
        }
        .keep();
    });
    Keeper { messages: Mutex::new(messages) }
}

impl Keeper {
    /// Writes an order to the supervisor, if one runs.
    pub fn order(&self, order: ShellOrder) {
        self.send(Message::Order(order));
    }

    pub fn retry(&self) {
        self.send(Message::Retry);
    }

    /// Returns when nothing of ours runs any more; at once when that is so already.
    pub fn stop(&self) {
        let (done, stopped) = mpsc::channel();
        self.send(Message::Stop(done));
        // An error means that the thread has ended before, with everything stopped: as good as an answer.
        stopped.recv_timeout(GONE * 2).unwrap_or_default();
    }

    fn send(&self, message: Message) {
        let messages = self.messages.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if messages.send(message).is_err() {
            log::info!("the services have been stopped already");
        }
    }
}

struct Thread {
    app: AppHandle,
    start: Start,
    messages: Sender<Message>,
    inbox: Receiver<Message>,
    run: u64,
    child: Option<Child>,
    stage: Stage,
    /// A page has been shown since the last try by hand: what fails now is tried again.
    was_ready: bool,
    budget: RestartBudget,
    tail: LogTail,
    /// What the supervisor itself said about its failure.
    told: Option<Failure>,
}

impl Thread {
    fn keep(mut self) {
        self.begin();
        loop {
            match self.next_message() {
                Ok(Message::Said(run, said)) if run == self.run => self.on_said(said),
                Ok(Message::Probed(run, ready, result)) if run == self.run => self.on_probed(&ready, result),
                Ok(Message::Said(..) | Message::Probed(..)) => {}
                Ok(Message::Order(order)) => self.tell(&order),
                Ok(Message::Retry) => self.on_retry(),
                Ok(Message::Stop(done)) => {
                    self.stop();
                    // Nobody waits any more when the system is in a hurry: everything is stopped anyway.
                    done.send(()).unwrap_or_default();
                    return;
                }
                Err(RecvTimeoutError::Timeout) => self.on_time(),
                Err(RecvTimeoutError::Disconnected) => return self.stop(),
            }
        }
    }

    fn next_message(&self) -> Result<Message, RecvTimeoutError> {
        let until = match self.stage {
            Stage::Starting { since } => since + SILENCE,
            Stage::Pausing { until } => until,
            Stage::Running { .. } | Stage::Failed => {
                return self.inbox.recv().map_err(|_| RecvTimeoutError::Disconnected);
            }
        };
        self.inbox.recv_timeout(until.saturating_duration_since(Instant::now()))
    }

    fn on_time(&mut self) {
        if let Stage::Pausing { .. } = self.stage {
            return self.begin();
        }
        self.end_run();
        self.give_up(failure("start_timeout", "The services do not come up.".to_owned()));
    }

    fn begin(&mut self) {
        self.run += 1;
        self.told = None;
        if !self.was_ready {
            splash::show(&self.app, View::Starting { text: "Starting …".into(), progress: None });
        }
        let (run, messages) = (self.run, self.messages.clone());
        let hear = move |said| {
            // Without a listener the program is at its end.
            messages.send(Message::Said(run, said)).unwrap_or_default();
        };
        let started = command::supervisor(&self.app, &self.start).and_then(|command| {
            child::spawn(command, hear).map_err(|error| failure("spawn_failed", error.to_string()))
        });
        match started {
            Ok(child) => {
                self.child = Some(child);
                self.stage = Stage::Starting { since: Instant::now() };
            }
            Err(failure) => self.give_up(failure),
        }
    }

    fn on_said(&mut self, said: Said) {
        match said {
            Said::Output(line) => match parse_event(&line) {
                Some(event) => self.on_event(event),
                None => self.keep_line(&line),
            },
            Said::Error(line) => self.keep_line(&line),
            Said::Ended(status) => self.on_ended(&status),
        }
    }

    fn keep_line(&mut self, line: &str) {
        log::info!(target: "services", "{line}");
        self.tail.push(line);
    }

    fn on_event(&mut self, event: SupervisorEvent) {
        if let Stage::Starting { since } = &mut self.stage {
            *since = Instant::now();
        }
        match event {
            SupervisorEvent::Phase(phase) => {
                log::info!("{}: {}", phase.phase, phase.text);
                splash::show(&self.app, View::Starting { text: phase.text, progress: phase.progress });
            }
            SupervisorEvent::Ready { ready } => self.probe(ready),
            SupervisorEvent::Failed { failed } => {
                log::error!("{}: {}", failed.code, failed.message);
                self.told = Some(failed);
            }
            SupervisorEvent::Stopped { stopped } => log::info!("services stopped: {}", stopped.status),
            SupervisorEvent::Request { request } => requests::handle(&self.app, request),
        }
    }

    fn probe(&self, ready: Ready) {
        let (run, messages) = (self.run, self.messages.clone());
        std::thread::spawn(move || {
            let result = probe::probe(&ready);
            messages.send(Message::Probed(run, ready, result)).unwrap_or_default();
        });
    }

    fn on_probed(&mut self, ready: &Ready, result: Result<(), String>) {
        if let Err(error) = result {
            self.end_run();
            return self.give_up(failure("not_our_api", error));
        }
        self.stage = Stage::Running { since: Instant::now() };
        self.was_ready = true;
        log::info!("the page is at port {}", ready.port);
        window::open_page(&self.app, ready.port);
        requests::report_state(&self.app);
    }

    fn on_ended(&mut self, status: &str) {
        log::warn!("the supervisor ended: {status}");
        self.end_run();
        let ran = match self.stage {
            Stage::Running { since } => since.elapsed(),
            _ => Duration::ZERO,
        };
        let told = self.told.take();
        let pause = if self.was_ready { self.budget.next(ran) } else { None };
        match pause {
            Some(pause) => self.stage = Stage::Pausing { until: Instant::now() + pause },
            None => self.give_up(told.unwrap_or_else(|| {
                failure("services_ended", format!("The services ended by themselves ({status})."))
            })),
        }
    }

    fn on_retry(&mut self) {
        if let Stage::Failed = self.stage {
            self.budget.renew();
            self.was_ready = false;
            self.tail.clear();
            self.begin();
        }
    }

    fn give_up(&mut self, failure: Failure) {
        log::error!("gave up: {}: {}", failure.code, failure.message);
        self.stage = Stage::Failed;
        splash::show(&self.app, View::failed(failure, self.tail.lines()));
        // Nothing listens any more: who keeps it in the tray must hear of that.
        window::reveal(&self.app);
        if let Err(error) = self.app.state::<Tray>().show(None, true) {
            log::warn!("tray: {error}");
        }
    }

    fn tell(&mut self, order: &ShellOrder) {
        if let Some(child) = &mut self.child {
            child.tell(&order.to_line());
        }
    }

    /// Ends what a dead or hanging supervisor has left behind; what that run still says is not heard.
    fn end_run(&mut self) {
        self.run += 1;
        if let Some(mut child) = self.child.take() {
            child.end_family(Instant::now() + GONE);
        }
    }

    /// Orders a stop and waits for it, ends a supervisor that does not answer, then what is left.
    fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let begun = Instant::now();
        child.wake();
        child.tell(&ShellOrder::Shutdown.to_line());
        child.hang_up();
        let mut until = begun + ANSWER;
        loop {
            match self.inbox.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Message::Said(run, Said::Ended(status))) if run == self.run => {
                    log::info!("stopped: {status}");
                    break;
                }
                Ok(Message::Said(_, Said::Output(line) | Said::Error(line))) => {
                    log::info!(target: "services", "{line}");
                    if is_stopping(&line) {
                        until = begun + STOP;
                    }
                }
                Ok(_) => {}
                Err(_) if until < begun + STOP => {
                    log::warn!("the supervisor does not answer and is ended");
                    child.kill();
                    until = begun + STOP;
                }
                Err(_) => {
                    log::warn!("the services did not stop in time");
                    break;
                }
            }
        }
        child.end_family(begun + GONE);
    }
}

/// Whether the supervisor says with this line that it has begun to stop.
fn is_stopping(line: &str) -> bool {
    matches!(parse_event(line), Some(SupervisorEvent::Phase(phase)) if phase.phase == "stopping")
}
