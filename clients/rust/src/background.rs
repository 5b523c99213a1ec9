//! Work beside the caller's.

use crate::error::{Error, Result};
use std::sync::mpsc::{sync_channel, Receiver, RecvTimeoutError, SyncSender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// A thread that is told to end, and waited for, when this is dropped.
#[derive(Debug)]
pub(crate) struct Background(Option<(SyncSender<()>, JoinHandle<()>)>);

/// The thread's side.
pub(crate) struct Stop(Receiver<()>);

impl Background {
    pub(crate) fn run(name: &str, work: impl FnOnce(&Stop) + Send + 'static) -> Result<Self> {
        let (stop, stopped) = sync_channel(0);
        let thread = thread::Builder::new().name(name.into());
        let thread = thread.spawn(move || work(&Stop(stopped))).map_err(Error::invalid)?;
        Ok(Background(Some((stop, thread))))
    }
}

impl Stop {
    /// Waits; false where the end is asked for meanwhile.
    pub(crate) fn pause(&self, time: Duration) -> bool {
        self.0.recv_timeout(time) == Err(RecvTimeoutError::Timeout)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.0.take() {
            drop(stop);
            // A callback may be what drops it, on the thread itself.
            if thread.thread().id() != thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}
