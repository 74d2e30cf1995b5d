//! What the window decides, apart from the window: no tauri, no process, no clock of its own.

pub mod arguments;
pub mod autostart;
pub mod environment;
pub mod events;
pub mod gate;
pub mod lines;
pub mod log_tail;
pub mod navigation;
pub mod one_dialog;
pub mod openings;
pub mod orders;
pub mod probe;
pub mod restart;
pub mod text;
