//! A key in its own file, as Docker, Kubernetes and systemd pass secrets.

use std::path::Path;

use zeroize::Zeroizing;

/// The text of the file without a byte order mark and without one line end at its end. In Go's keys every other byte
/// counts.
pub(super) fn read(path: &Path) -> Result<Zeroizing<String>, String> {
    let shown = path.display();
    let bytes = std::fs::read(path).map(Zeroizing::new).map_err(|error| {
        format!("{shown} can't be read ({error}): it must be a file that the service may read")
    })?;
    let make = format!("make one with `openssl rand -base64 32 > {shown}`");
    let text = core::str::from_utf8(&bytes)
        .map_err(|_| format!("{shown} is no text, and a key is base64: {make}"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.trim().is_empty() {
        return Err(format!("{shown} is blank, and should hold the key: {make}"));
    }
    Ok(Zeroizing::new(line.to_owned()))
}
