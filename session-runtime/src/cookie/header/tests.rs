use proptest::prelude::*;

use super::{MAX_BYTES, MAX_PAIRS, MAX_VALUES, scan};
use crate::codec::Came;
use crate::error::Refusal;

/// The values of `sid`, or the reason.
fn found<'h>(fields: &[&'h [u8]]) -> Result<Vec<&'h [u8]>, &'static str> {
    found_under("sid", fields)
}

fn found_under<'h>(name: &str, fields: &[&'h [u8]]) -> Result<Vec<&'h [u8]>, &'static str> {
    let found = scan(fields.iter().copied(), &[name.to_owned()]);
    let found = found.map_err(Refusal::as_str)?;
    let values = found.under(0).map_err(Refusal::as_str)?;
    Ok(values.to_vec())
}

#[track_caller]
fn finds(field: &str, values: &[&str]) {
    let values: Vec<&[u8]> = values.iter().map(|value| value.as_bytes()).collect();
    assert_eq!(found(&[field.as_bytes()]), Ok(values), "{field:?}");
}

#[track_caller]
fn misses(field: &str) {
    assert_eq!(found(&[field.as_bytes()]), Err("missing"), "{field:?}");
}

#[test]
fn the_name_is_compared_byte_by_byte() {
    finds("sid=a", &["a"]);
    for other in [
        "",
        ";",
        "=",
        "sid",
        "sid ",
        "Sid=a",
        "sid2=a",
        "xsid=a",
        "s%69d=a",
        "sid =a",
        "\"sid\"=a",
        "sid:a",
        "x=sid=a",
        "x; =sid=a",
        "sid\u{b}=a",
        "\u{b}sid=a",
    ] {
        misses(other);
    }
}

#[test]
fn the_value_is_all_behind_the_first_equals_sign() {
    for value in [
        "", "=", "a=b", "\"a", "a\"", "\"", "%61", "a,b", "a b", "\u{e9}", "==",
    ] {
        finds(&format!("sid={value}"), &[value]);
    }
    finds("sid= a", &[" a"]);
    finds("sid=a\tb", &["a\tb"]);
}

#[test]
fn spaces_and_tabs_are_trimmed_around_a_pair_and_nothing_else_is() {
    finds(" \t sid=a \t ", &["a"]);
    finds("x=1;\tsid=a ;y=2", &["a"]);
    finds("sid= ", &[""]);
    finds("sid=a\u{b}", &["a\u{b}"]);
    finds("sid=a\u{c}", &["a\u{c}"]);
    finds("sid=a\u{a0}", &["a\u{a0}"]);
    finds("sid=a\r", &["a\r"]);
    misses("\u{b}sid=a");
    misses("x=1;\u{c}sid=a");
    misses("\nsid=a");
    misses("\0sid=a");
}

#[test]
fn strange_neighbours_cost_nothing() {
    for neighbour in [
        ";;;",
        "=;",
        "\u{ff}\u{0}=\u{1};",
        "x;",
        "%;",
        "\"sid=b\";",
        "a=\"b;",
        "sid;",
    ] {
        finds(&format!("{neighbour}sid=a"), &["a"]);
        finds(&format!("sid=a;{neighbour}"), &["a"]);
    }
    assert_eq!(found(&[b"\xff\xfe;sid=\xff"]), Ok(vec![&b"\xff"[..]]));
}

#[test]
fn four_values_are_heard_and_identical_ones_count_once() {
    assert_eq!(MAX_VALUES, 4);
    finds(
        "sid=a; sid=b; sid=a; sid=c; sid=d; sid=b; sid=d",
        &["a", "b", "c", "d"],
    );
    finds(&"sid=a;".repeat(200), &["a"]);
    assert_eq!(
        found(&[b"sid=a; sid=b; sid=c; sid=d; sid=e"]),
        Err("duplicate")
    );
    assert_eq!(
        found(&[b"sid=a", b"sid=b;sid=c", b"sid=d;sid=a"]).map(|values| values.len()),
        Ok(4)
    );
    assert_eq!(
        found(&[b"sid=a", b"sid=b;sid=c", b"sid=d;sid="]),
        Err("duplicate")
    );
}

#[test]
fn sixteen_kibibytes_of_all_fields_are_the_most() {
    assert_eq!(MAX_BYTES, 16 * 1024);
    let padding = "x".repeat(16 * 1024 - "sid=a;".len());
    let exact = format!("sid=a;{padding}");
    let over = format!("sid=a;{padding}x");
    finds(&exact, &["a"]);
    assert_eq!(found(&[over.as_bytes()]), Err("too_long"));
    assert_eq!(found(&[padding.as_bytes(), b"sid=a;"]), Ok(vec![&b"a"[..]]));
    assert_eq!(found(&[padding.as_bytes(), b"sid=a; "]), Err("too_long"));
    assert_eq!(
        found(&[b"sid=a;", padding.as_bytes(), b"", b"", b"x"]),
        Err("too_long")
    );
    let other = "x".repeat(16 * 1024 + 1);
    assert_eq!(
        found(&[other.as_bytes()]),
        Err("too_long"),
        "also where ours is missing"
    );
}

#[test]
fn two_hundred_and_fifty_six_pairs_in_all_are_the_most() {
    assert_eq!(MAX_PAIRS, 256);
    let neighbours = ";".repeat(255);
    finds(&format!("sid=a{neighbours}"), &["a"]);
    finds(&format!("{neighbours}sid=a"), &["a"]);
    assert_eq!(
        found(&[format!("sid=a;{neighbours}").as_bytes()]),
        Err("too_long")
    );
    assert_eq!(found(&[";".repeat(256).as_bytes()]), Err("too_long"));
    let halves = [";".repeat(127), format!("{}sid=a", ";".repeat(127))];
    assert_eq!(
        found(&[halves[0].as_bytes(), halves[1].as_bytes()]),
        Ok(vec![&b"a"[..]])
    );
    assert_eq!(
        found(&[halves[0].as_bytes(), halves[1].as_bytes(), b""]),
        Err("too_long"),
        "an empty field is a pair"
    );
    let many = "sid=a;sid=b;sid=c;sid=d;sid=e".to_owned() + &";".repeat(256);
    assert_eq!(
        found(&[many.as_bytes()]),
        Err("too_long"),
        "before duplicate"
    );
}

#[test]
fn no_field_is_missing() {
    assert_eq!(found(&[]), Err("missing"));
    assert_eq!(found(&[b"", b""]), Err("missing"));
}

proptest! {
    #[test]
    fn pairs_are_found_wherever_they_stand(
        before in prop::collection::vec("[ -:<-~]{0,6}", 0..6),
        value in "[!-:<-~]{0,9}",
        after in prop::collection::vec("[ -:<-~]{0,6}", 0..6),
        split in any::<bool>(),
    ) {
        let is_ours = |pair: &String| pair.trim_matches([' ', '\t']).starts_with("sid=");
        prop_assume!(!before.iter().chain(&after).any(is_ours));
        let (before, after) = (before.join(";"), after.join(";"));
        let ours = format!(" sid={value}");
        let whole = format!("{before};{ours};{after}");
        let fields: Vec<&[u8]> = if split {
            vec![before.as_bytes(), ours.as_bytes(), after.as_bytes()]
        } else {
            vec![whole.as_bytes()]
        };
        let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        prop_assert_eq!(found(&fields), Ok(vec![quoted.unwrap_or(&value).as_bytes()]));
    }

    #[test]
    fn any_bytes_are_scanned_without_a_panic(fields in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..4)) {
        let fields: Vec<&[u8]> = fields.iter().map(Vec::as_slice).collect();
        prop_assert!(!matches!(found(&fields), Err("too_long" | "duplicate")));
    }
}

#[test]
fn several_names_are_found_in_one_pass_and_each_is_judged_by_itself() {
    let names = ["sid", "connect.sid", "_app"].map(ToOwned::to_owned);
    let field = b"a=1; connect.sid=x; sid=1; sid=2; connect.sid=x; sid=3; _apps=7; sid=4; sid=5";
    let found = scan([&field[..]].into_iter(), &names).map_err(Refusal::as_str);
    let found = found.expect("short enough");
    let under = |name| found.under(name).map_err(Refusal::as_str);
    assert_eq!(under(0), Err("duplicate"));
    assert_eq!(under(1), Ok(&[&b"x"[..]][..]));
    assert_eq!(under(2), Err("missing"));
    assert_eq!(found.came(), Came::own().with(1).with_twins(true));
}

/// As clients after RFC 2965 write it.
#[test]
fn one_pair_of_quotes_is_taken_off_and_no_more() {
    finds("$Version=\"1\"; sid=\"a\";$Path=\"/\"", &["a"]);
    finds("sid=\"\"", &[""]);
    finds("sid=\"\"a\"\"", &["\"a\""]);
    finds("sid= \"a\"", &[" \"a\""]);
    finds("sid=\"a\" ; sid=a", &["a"]);
}
