//! The Python process: started, spoken to in frames, and ended.

use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::process::{Child as Process, Command, ExitStatus};
use std::time::{Duration, Instant};

use rustix::io::{FdFlags, fcntl_setfd};

use crate::host::Interpreter;

/// The largest message. What is larger is a mistake of a plugin rather than data of templates.
const LARGEST: u64 = 1 << 30;

/// How often a wait looks whether the process is still there.
const LOOK: Duration = Duration::from_millis(50);

/// What runs in the process at first: it reads the rest from the socket.
const BOOT: &str = include_str!("../python/boot.py");

/// Why a process cannot be spoken to.
#[derive(Debug)]
pub(crate) enum Broken {
    /// It cannot be started.
    NotStarted(io::Error),
    /// It ended by itself; how, if that is known.
    Ended(Option<ExitStatus>),
    /// It took too long.
    TooSlow,
    /// It says too much at once.
    TooMuch,
}

/// A Python process that runs the shim.
pub(crate) struct Child {
    process: Process,
    socket: UnixStream,
    /// The process ends as soon as nobody holds this any more.
    _lifeline: UnixStream,
}

impl Child {
    /// Starts an interpreter.
    pub(crate) fn start(interpreter: &Interpreter) -> Result<Child, Broken> {
        let pair = || UnixStream::pair().map_err(Broken::NotStarted);
        let ((socket, theirs), (lifeline, end)) = (pair()?, pair()?);
        for stream in [&theirs, &end] {
            fcntl_setfd(stream, FdFlags::empty()).map_err(|error| Broken::NotStarted(error.into()))?;
        }
        let mut command = Command::new(&interpreter.program);
        command.args(&interpreter.arguments).args([
            "-c",
            BOOT,
            &theirs.as_raw_fd().to_string(),
            &end.as_raw_fd().to_string(),
        ]);
        if let Some(folder) = &interpreter.folder {
            command.current_dir(folder);
        }
        let process = command.spawn().map_err(Broken::NotStarted)?;
        for timeout in [socket.set_read_timeout(Some(LOOK)), socket.set_write_timeout(Some(LOOK))] {
            timeout.map_err(Broken::NotStarted)?;
        }
        Ok(Child { process, socket, _lifeline: lifeline })
    }

    /// Sends a frame.
    pub(crate) fn send(&mut self, frame: &[u8], deadline: Instant) -> Result<(), Broken> {
        if frame.len() as u64 > LARGEST {
            return Err(Broken::TooMuch);
        }
        let mut message = Vec::with_capacity(frame.len() + 8);
        message.extend((frame.len() as u64).to_le_bytes());
        message.extend(frame);
        let mut rest = &message[..];
        while !rest.is_empty() {
            match self.socket.write(rest) {
                Ok(written) => rest = &rest[written..],
                Err(error) => self.wait_on(&error, deadline)?,
            }
        }
        Ok(())
    }

    /// Receives a frame.
    pub(crate) fn receive(&mut self, deadline: Instant) -> Result<Vec<u8>, Broken> {
        let mut head = [0; 8];
        self.fill(&mut head, deadline)?;
        let size = u64::from_le_bytes(head);
        if size > LARGEST {
            return Err(Broken::TooMuch);
        }
        let mut frame = vec![0; usize::try_from(size).map_err(|_| Broken::TooMuch)?];
        self.fill(&mut frame, deadline)?;
        Ok(frame)
    }

    fn fill(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<(), Broken> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.socket.read(&mut buffer[filled..]) {
                Ok(0) => return Err(Broken::Ended(self.status(Duration::from_secs(1)))),
                Ok(read) => filled += read,
                Err(error) => self.wait_on(&error, deadline)?,
            }
        }
        Ok(())
    }

    /// Whether to go on after an error of the socket, which looks up from its waiting like this.
    fn wait_on(&mut self, error: &io::Error, deadline: Instant) -> Result<(), Broken> {
        match error.kind() {
            ErrorKind::Interrupted => Ok(()),
            ErrorKind::WouldBlock | ErrorKind::TimedOut if Instant::now() >= deadline => Err(Broken::TooSlow),
            // What it forked may hold the socket open though the process itself is gone.
            ErrorKind::WouldBlock | ErrorKind::TimedOut => match self.process.try_wait() {
                Ok(None) => Ok(()),
                ended => Err(Broken::Ended(ended.ok().flatten())),
            },
            _ => Err(Broken::Ended(self.status(Duration::from_secs(1)))),
        }
    }

    /// How the process ended, if it does within a time.
    fn status(&mut self, within: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + within;
        let mut pause = Duration::from_micros(200);
        loop {
            if let Ok(Some(status)) = self.process.try_wait() {
                return Some(status);
            }
            if Instant::now() >= deadline {
                return None;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(LOOK);
        }
    }

    /// Lets the process end by itself, within a time, as an interpreter does at the end of its
    /// program; whether it did.
    pub(crate) fn finish(mut self, within: Duration) -> bool {
        // The shim leaves its loop when its socket is closed for reading.
        let _ = self.socket.shutdown(std::net::Shutdown::Write);
        self.status(within).is_some()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        if let Ok(None) = self.process.try_wait() {
            // It may just have ended; then there is nothing to kill, and only to be waited for.
            let _ = self.process.kill();
            let _ = self.process.wait();
        }
    }
}
