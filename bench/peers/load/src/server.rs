//! What the kernel says about the server's process.

use std::fs;
use std::io;
use std::path::Path;

use crate::epoll::clock_ticks_per_second;

/// The process that listens on a port of this machine: a launcher may have put it behind any number of parents.
pub fn listener_on(port: u16) -> io::Result<u32> {
    const LISTEN: &str = "0A";
    let suffix = format!(":{port:04X}");
    let sockets = fs::read_to_string("/proc/net/tcp")? + &fs::read_to_string("/proc/net/tcp6").unwrap_or_default();
    let inodes: Vec<String> = sockets
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        .filter(|columns| columns.len() > 9 && columns[1].ends_with(&suffix) && columns[3] == LISTEN)
        .map(|columns| format!("socket:[{}]", columns[9]))
        .collect();
    for process in fs::read_dir("/proc")?.flatten() {
        let Some(pid) = process.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if holds(&process.path().join("fd"), &inodes) {
            return Ok(pid);
        }
    }
    Err(io::Error::other(format!("no process listens on port {port}")))
}

fn holds(descriptors: &Path, inodes: &[String]) -> bool {
    let Ok(descriptors) = fs::read_dir(descriptors) else { return false };
    let mut links = descriptors.flatten().filter_map(|descriptor| fs::read_link(descriptor.path()).ok());
    links.any(|link| inodes.iter().any(|inode| link.as_os_str() == inode.as_str()))
}

pub fn rss_kb(pid: u32) -> io::Result<u64> {
    status_kb(pid, "VmRSS:")
}

/// The most that it was since [`forget_peak`].
pub fn peak_rss_kb(pid: u32) -> io::Result<u64> {
    status_kb(pid, "VmHWM:")
}

pub fn forget_peak(pid: u32) -> io::Result<()> {
    const PEAK: &str = "5";
    fs::write(format!("/proc/{pid}/clear_refs"), PEAK)
}

fn status_kb(pid: u32, name: &str) -> io::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).ok_or(io::ErrorKind::InvalidData.into())
}

/// User and system time of all its threads, those that have ended included, in seconds.
pub fn cpu_seconds(pid: u32) -> io::Result<(f64, f64)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The second field, the name, is in parentheses and may itself hold blanks.
    let after_name = &stat[stat.rfind(')').ok_or(io::ErrorKind::InvalidData)? + 1..];
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let seconds = |field: usize| fields[field].parse::<f64>().unwrap_or(f64::NAN) / clock_ticks_per_second();
    Ok((seconds(11), seconds(12)))
}
