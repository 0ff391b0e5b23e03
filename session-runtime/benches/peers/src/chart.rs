//! Bar charts as plain SVG: no script, readable on light and dark pages.

use std::fmt::Write as _;

const WIDTH: f64 = 760.0;
const LABELS: f64 = 300.0;
const ROW: f64 = 26.0;
const TOP: f64 = 44.0;

/// How a bar looks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Ours,
    Floor,
    Peer,
}

impl Tone {
    fn colour(self) -> &'static str {
        match self {
            Self::Ours => "#d9480f",
            Self::Floor => "#868e96",
            Self::Peer => "#4c6ef5",
        }
    }
}

pub struct Bar {
    pub label: String,
    pub value: f64,
    pub tone: Tone,
}

/// A chart of horizontal bars, shortest first.
#[must_use]
pub fn draw(title: &str, mut bars: Vec<Bar>) -> String {
    bars.sort_by(|a, b| a.value.total_cmp(&b.value));
    let longest = bars.iter().map(|bar| bar.value).fold(1.0, f64::max);
    let height = TOP + ROW * bars.len() as f64 + 10.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         font-family=\"system-ui, sans-serif\" font-size=\"13\">\n<title>{0}</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\" rx=\"6\"/>\n\
         <text x=\"12\" y=\"26\" font-size=\"15\" font-weight=\"600\" fill=\"#212529\">{0}</text>\n",
        escape(title)
    );
    for (i, bar) in bars.iter().enumerate() {
        draw_bar(&mut svg, bar, TOP + ROW * i as f64, longest);
    }
    svg.push_str("</svg>\n");
    svg
}

fn draw_bar(svg: &mut String, bar: &Bar, top: f64, longest: f64) {
    let length = (bar.value.max(0.0) / longest * (WIDTH - LABELS - 80.0)).max(1.0);
    let (middle, end) = (top + 16.0, LABELS + length + 6.0);
    let weight = if bar.tone == Tone::Ours { "700" } else { "400" };
    let _ = writeln!(
        svg,
        "<text x=\"{:.0}\" y=\"{middle:.0}\" text-anchor=\"end\" font-weight=\"{weight}\" fill=\"#212529\">{}</text>\
         <rect x=\"{LABELS:.0}\" y=\"{:.0}\" width=\"{length:.1}\" height=\"18\" fill=\"{}\" rx=\"2\"/>\
         <text x=\"{end:.1}\" y=\"{middle:.0}\" font-weight=\"{weight}\" fill=\"#212529\">{:.0}</text>",
        LABELS - 8.0,
        escape(&bar.label),
        top + 3.0,
        bar.tone.colour(),
        bar.value,
    );
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
