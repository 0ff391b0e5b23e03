//! What every visitor has, signed in or not: a theme, and messages that are shown once.

use axum::extract::Form;
use axum::response::Redirect;
use serde::{Deserialize, Serialize};
use session_runtime::{Result, Session, SessionData};

use crate::page::back;

/// What every visitor has.
#[derive(SessionData)]
pub struct Visit {
    /// Light or dark.
    #[session(default)]
    pub theme: Theme,
    /// Shown once, on the next page.
    #[session(flash, default, max_len = 1_000)]
    pub messages: Vec<Message>,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    pub(crate) const ALL: [(Self, &str, &str); 3] = [
        (Self::System, "system", "System"),
        (Self::Light, "light", "Light"),
        (Self::Dark, "dark", "Dark"),
    ];

    /// Its name for the style sheet; none for the system's.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }
}

/// What a message is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It worked.
    Success,
    /// It did not, or something is to be done.
    Warning,
}

/// What the next page says.
pub type Message = (Level, String);

/// Adds a message for the next page; the last ones that were not shown yet stay.
pub(crate) fn tell(session: &Session, level: Level, text: impl Into<String>) -> Result<()> {
    let message = (level, text.into());
    session.update(Visit::MESSAGES, |messages| {
        let mut messages = messages.unwrap_or_default();
        messages.drain(..messages.len().saturating_sub(4)); // who looks at no page needs no more
        messages.push(message.clone());
        messages
    })
}

/// The session ends, and an empty one begins. Only the theme stays: it belongs to the browser, not to the user.
pub(crate) fn start_over(session: &Session) -> Result<()> {
    let theme = session.get(Visit::THEME)?;
    session.restart()?;
    theme.map_or(Ok(()), |theme| session.put(Visit::THEME, theme))
}

#[derive(Deserialize)]
pub(crate) struct Choice {
    theme: Theme,
    return_to: Option<String>,
}

pub(crate) async fn set_theme(visit: VisitHandle, Form(form): Form<Choice>) -> Result<Redirect> {
    visit.put_theme(form.theme)?;
    Ok(back(form.return_to.as_deref()))
}
