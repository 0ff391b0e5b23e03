//! Servers in processes of their own, so that what they cost can be told from what their clients cost. They end when
//! the harness lets go of them, or ends itself.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::{env, fs, process, thread};

/// A server on the loopback interface.
pub struct Server {
    child: Child,
    /// The lines that it printed when it was ready.
    pub greeting: Vec<String>,
}

impl Server {
    /// Runs this program again with these arguments, until it has printed so many lines.
    ///
    /// # Errors
    /// Where it can't be started or ends early.
    pub fn start(arguments: &[&str], lines: usize) -> Result<Self, String> {
        let program = env::current_exe().map_err(|error| error.to_string())?;
        let mut command = Command::new(program);
        let command = command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let output = child.stdout.take().ok_or("a server without output")?;
        let greeting: Vec<String> = BufReader::new(output)
            .lines()
            .take(lines)
            .map_while(Result::ok)
            .collect();
        let server = Self { child, greeting };
        if server.greeting.len() < lines {
            return Err(format!("the server {arguments:?} did not start"));
        }
        Ok(server)
    }

    /// Nanoseconds that its threads have been on a processor.
    ///
    /// # Errors
    /// Where the kernel does not say.
    pub fn cpu_nanoseconds(&self) -> Result<u64, String> {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id()))
            .map_err(|error| error.to_string())?;
        let of = |task: fs::DirEntry| {
            let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
            text.split_whitespace().next()?.parse::<u64>().ok()
        };
        Ok(tasks.filter_map(Result::ok).filter_map(of).sum())
    }

    /// Resident memory in bytes.
    ///
    /// # Errors
    /// Where the kernel does not say.
    pub fn resident_bytes(&self) -> Result<u64, String> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .map_err(|error| error.to_string())?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
        kilobytes
            .map(|kilobytes| kilobytes * 1024)
            .ok_or_else(|| "no resident memory known".to_owned())
    }

    /// Open file descriptors.
    ///
    /// # Errors
    /// Where the kernel does not say.
    pub fn descriptors(&self) -> Result<usize, String> {
        let open = fs::read_dir(format!("/proc/{}/fd", self.child.id()))
            .map_err(|error| error.to_string())?;
        Ok(open.count())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// In a server: ends the process as soon as the one that started it is gone.
pub fn end_with_parent() {
    thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        process::exit(0);
    });
}
