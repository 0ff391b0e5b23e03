//! Fields of forms, with what is wrong with them.

use maud::{Markup, Render, html};

/// A labelled input that must be filled in. Hint and error are read out with it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Field<'a> {
    /// As it is sent; also the id.
    pub(crate) name: &'a str,
    pub(crate) label: &'a str,
    /// What a password manager may fill in: it knows passwords by this word.
    pub(crate) autocomplete: &'a str,
    pub(crate) value: &'a str,
    pub(crate) hint: Option<&'a str>,
    pub(crate) error: Option<&'a str>,
}

impl Render for Field<'_> {
    fn render(&self) -> Markup {
        let Self {
            name,
            label,
            autocomplete,
            value,
            hint,
            error,
        } = *self;
        let is_secret = autocomplete.ends_with("password");
        let hint_id = hint.map(|_| format!("{name}-hint"));
        let error_id = error.map(|_| format!("{name}-error"));
        let ids: Vec<_> = hint_id
            .iter()
            .chain(&error_id)
            .map(String::as_str)
            .collect();
        html! {
            label for=(name) { (label) }
            @if let Some(hint) = hint { p.hint id=[&hint_id] { (hint) } }
            @if let Some(error) = error { p.error id=[&error_id] role="alert" { (error) } }
            input id=(name) name=(name) value=(value) type=(if is_secret { "password" } else { "text" })
                autocomplete=(autocomplete) autocapitalize="none" maxlength="200" required
                autofocus[error.is_some()] aria-invalid=[error.map(|_| "true")]
                aria-describedby=[(!ids.is_empty()).then(|| ids.join(" "))];
        }
    }
}

/// Carries on where the visitor wanted to go.
pub(crate) fn return_to(wanted: Option<&str>) -> Markup {
    html! {
        @if let Some(wanted) = wanted { input type="hidden" name="return_to" value=(wanted); }
    }
}
