use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Change, Changes, Merged, NoPayload, Unmerged, merge, value_of};

const NOW: u64 = 1_795_000_000;
const LIMIT: usize = 131_072;

/// Changes from `base` to `ours`, made on top of `theirs`.
fn merged_with_flashes(base: &str, theirs: &str, ours: &str, shown: &[&str]) -> Merged {
    let shown: Vec<String> = shown.iter().map(|&name| name.to_owned()).collect();
    let changes =
        Changes::between(base.as_bytes(), ours.as_bytes(), &shown, NOW).expect("payloads");
    merge(base.as_bytes(), theirs.as_bytes(), &changes, LIMIT).expect("a small payload")
}

fn merged(base: &str, theirs: &str, ours: &str) -> String {
    text(&merged_with_flashes(base, theirs, ours, &[]))
}

fn text(merged: &Merged) -> String {
    String::from_utf8(merged.payload.clone()).expect("text")
}

#[track_caller]
fn assert_merged(base: &str, theirs: &str, ours: &str, expected: &str) {
    assert_eq!(merged(base, theirs, ours), expected);
}

#[test]
fn our_puts_and_removals_win_for_their_keys_and_everything_else_is_theirs() {
    assert_merged(
        r#"{"a":1}"#,
        r#"{"a":1,"b":2}"#,
        r#"{"a":7}"#,
        r#"{"a":7,"b":2}"#,
    );
    assert_merged(r#"{"a":1}"#, r#"{"a":2}"#, r#"{"a":3}"#, r#"{"a":3}"#);
    assert_merged(
        r#"{"a":1,"b":1}"#,
        r#"{"a":2,"b":1}"#,
        r#"{"b":1}"#,
        r#"{"b":1}"#,
    );
    assert_merged(r#"{"a":1}"#, "{}", r#"{"a":1,"b":2}"#, r#"{"b":2}"#);
    assert_merged(r#"{"a":1}"#, "{}", r#"{"a":2}"#, r#"{"a":2}"#);
    assert_merged("", r#"{"b":1}"#, r#"{"a":1}"#, r#"{"b":1,"a":1}"#);
}

#[test]
fn theirs_keep_their_bytes_and_their_order() {
    assert_merged(
        r#"{"a":1}"#,
        "{ \"z\" : [1 , 2],\"\\u0062\":1e400,\"s\":\"\\ud800\",\"a\":1, \"deep\":{\"a\":null}}",
        r#"{"a":1,"new":true}"#,
        r#"{"z":[1 , 2],"\u0062":1e400,"s":"\ud800","a":1,"deep":{"a":null},"new":true}"#,
    );
    assert_merged(
        r#"{"a":1}"#,
        r#"{"\u0061":1,"b":2}"#,
        r#"{"a":9}"#,
        r#"{"\u0061":9,"b":2}"#,
    );
    assert_merged("{}", r#"{"b":2}"#, r#"{"a\"b":1}"#, r#"{"b":2,"a\"b":1}"#);
}

#[test]
fn a_flash_goes_only_if_theirs_is_the_one_that_was_shown() {
    let (base, ours) = (r#"{"a":1,"note":"old"}"#, r#"{"a":1}"#);
    let same = merged_with_flashes(base, r#"{"note":"old","b":2}"#, ours, &["note"]);
    assert_eq!(text(&same), r#"{"b":2}"#);
    let newer = merged_with_flashes(base, r#"{"note":"new","b":2}"#, ours, &["note"]);
    assert_eq!(text(&newer), r#"{"note":"new","b":2}"#);
    assert!(newer.overwritten.is_empty());
    // A put after it was shown is a put.
    let put = merged_with_flashes(
        base,
        r#"{"note":"new"}"#,
        r#"{"a":1,"note":"ours"}"#,
        &["note"],
    );
    assert_eq!(text(&put), r#"{"note":"ours"}"#);
}

#[test]
fn deadlines_travel_with_their_values() {
    let base = r#"{"a":1,"b":1,"~":{"a":1795000100,"b":1795000100}}"#;
    let theirs = r#"{"a":1,"b":2,"~":{"a":1795000100,"b":1795000500}}"#;
    let ours = r#"{"a":7,"b":1,"~":{"a":1795000900,"b":1795000100}}"#;
    assert_merged(
        base,
        theirs,
        ours,
        r#"{"a":7,"b":2,"~":{"a":1795000900,"b":1795000500}}"#,
    );
    // Put anew with an equal value, put without a deadline, removed.
    let ours = r#"{"a":1,"b":1,"~":{"a":1795000900,"b":1795000100}}"#;
    assert_merged(
        base,
        theirs,
        ours,
        r#"{"a":1,"b":2,"~":{"a":1795000900,"b":1795000500}}"#,
    );
    let ours = r#"{"a":1,"b":1,"~":{"b":1795000100}}"#;
    assert_merged(base, theirs, ours, r#"{"a":1,"b":2,"~":{"b":1795000500}}"#);
    let ours = r#"{"a":1,"~":{"a":1795000100}}"#;
    assert_merged(base, theirs, ours, r#"{"a":1,"~":{"a":1795000100}}"#);
}

#[test]
fn what_time_took_away_is_no_removal_of_ours() {
    let base = r#"{"code":"old","~":{"code":1794999999}}"#;
    let theirs = r#"{"code":"new","~":{"code":1795000300}}"#;
    assert_merged(
        base,
        theirs,
        r#"{"a":1}"#,
        r#"{"code":"new","a":1,"~":{"code":1795000300}}"#,
    );
    assert_merged(
        r#"{"c":1,"~":{"c":-5}}"#,
        r#"{"c":2}"#,
        r#"{"a":1}"#,
        r#"{"c":2,"a":1}"#,
    );
}

#[test]
fn a_deadline_that_a_read_noted_takes_nothing_of_theirs_away() {
    let (base, ours) = (r#"{"a":1}"#, r#"{"a":1,"x":1,"~":{"a":1795000900}}"#);
    assert_merged(
        base,
        r#"{"a":1,"b":1}"#,
        ours,
        r#"{"a":1,"b":1,"x":1,"~":{"a":1795000900}}"#,
    );
    assert_merged(base, r#"{"a":2}"#, ours, r#"{"a":2,"x":1}"#);
}

#[test]
fn a_clear_removes_what_it_saw() {
    let base = r#"{"a":1,"b":1}"#;
    assert_merged(base, r#"{"a":1,"b":2,"c":3}"#, "{}", r#"{"c":3}"#);
    assert_merged(
        base,
        r#"{"a":1,"b":2,"c":3}"#,
        r#"{"bye":true}"#,
        r#"{"c":3,"bye":true}"#,
    );
}

#[test]
fn the_lifetime_is_ours_only_where_this_request_changed_it() {
    let (month, hour) = (r#"{"~":{"~life":2592000}}"#, r#"{"~":{"~life":-3600}}"#);
    assert_merged(month, hour, month, hour);
    assert_merged(month, month, hour, hour);
    assert_merged("{}", month, hour, hour);
    assert_merged(month, hour, "{}", "{}");
    assert_merged(
        month,
        "{}",
        r#"{"a":1,"~":{"~life":2592000}}"#,
        r#"{"a":1}"#,
    );
    let theirs = r#"{"a":1,"~":{"~later":7,"a":1795000100}}"#;
    assert_merged(
        "{}",
        theirs,
        hour,
        r#"{"a":1,"~":{"a":1795000100,"~later":7,"~life":-3600}}"#,
    );
}

#[test]
fn keys_that_both_changed_are_told() {
    let overwritten = |base, theirs, ours| merged_with_flashes(base, theirs, ours, &[]).overwritten;
    assert_eq!(overwritten(r#"{"a":1}"#, r#"{"a":2}"#, r#"{"a":3}"#), ["a"]);
    assert_eq!(overwritten(r#"{"a":1}"#, r#"{"a":2}"#, "{}"), ["a"]);
    assert_eq!(overwritten(r#"{"a":1}"#, "{}", r#"{"a":3}"#), ["a"]);
    assert_eq!(overwritten("{}", r#"{"a":2}"#, r#"{"a":3}"#), ["a"]);
    for (base, theirs, ours) in [
        (r#"{"a":1}"#, r#"{"a":3}"#, r#"{"a":3}"#),
        (r#"{"a":1}"#, "{}", "{}"),
        (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, r#"{"a":3}"#),
    ] {
        assert!(
            overwritten(base, theirs, ours).is_empty(),
            "{base} {theirs} {ours}"
        );
    }
}

#[test]
fn a_merge_over_the_limit_is_refused_with_its_largest_keys() {
    let theirs = format!(r#"{{"theirs":"{}"}}"#, "x".repeat(100));
    let ours = format!(r#"{{"ours":"{}"}}"#, "x".repeat(50));
    let changes = Changes::between(b"", ours.as_bytes(), &[], NOW).expect("payloads");
    let size = theirs.len() + ours.len() - 1;
    assert!(merge(b"", theirs.as_bytes(), &changes, size).is_ok());
    let refused = merge(b"", theirs.as_bytes(), &changes, size - 1);
    let largest = vec![("theirs".to_owned(), 111), ("ours".to_owned(), 59)];
    assert_eq!(refused, Err(Unmerged::TooLarge { size, largest }));
}

#[test]
fn what_is_no_payload_is_said_so() {
    let changes = Changes::between(b"{}", br#"{"a":1}"#, &[], NOW).expect("payloads");
    let broken: [&[u8]; 9] = [
        b"[]",
        b"{",
        b"{}{}",
        b"{\"a\":1,\"\\u0061\":2}",
        b"{\"~\":1}",
        b"{\"~\":{\"a\":1.5}}",
        b"{\"~\":{},\"~\":{}}",
        b"{\"\\ud800\":1}",
        b"{\"a\":\"\xff\"}",
    ];
    for text in broken {
        assert_eq!(merge(b"", text, &changes, LIMIT), Err(Unmerged::NoPayload));
        assert_eq!(Changes::between(text, b"", &[], NOW), Err(NoPayload));
        assert_eq!(value_of(text, ["a"]), Err(NoPayload));
    }
}

#[test]
fn the_value_of_a_key_is_found_under_its_first_name() {
    let payload = br#"{"old":1,"\u0075id":"\u0041"}"#;
    assert_eq!(
        value_of(payload, ["uid", "old"]),
        Ok(Some(r#""\u0041""#.to_owned()))
    );
    assert_eq!(value_of(payload, ["none", "old"]), Ok(Some("1".to_owned())));
    assert_eq!(value_of(b"", ["uid"]), Ok(None));
}

#[test]
fn the_changes_of_some_keys_leave_the_others_alone() {
    let changes = Changes::between(br#"{"a":1,"b":1}"#, br#"{"a":2,"~":{"~life":9}}"#, &[], NOW);
    let of_key = changes.expect("payloads").of_keys(&["b", "c"]);
    assert_eq!(of_key.keys, [("b".to_owned(), Change::Del)]);
    let merged = merge(b"", br#"{"a":1,"b":1}"#, &of_key, LIMIT).expect("a payload");
    assert_eq!(text(&merged), r#"{"a":1}"#);
}

/// Names with their values and deadlines.
type Model = BTreeMap<String, (String, Option<u64>)>;

fn write(model: &Model) -> String {
    let quoted = |name: &str| serde_json::Value::from(name).to_string();
    let pairs = model
        .iter()
        .map(|(name, (value, _))| format!("{}:{value}", quoted(name)));
    let deadlines = model
        .iter()
        .filter_map(|(name, (_, at))| Some(format!("{}:{}", quoted(name), (*at)?)));
    let deadlines = deadlines.collect::<Vec<_>>().join(",");
    let last = (!deadlines.is_empty()).then(|| format!("\"~\":{{{deadlines}}}"));
    format!("{{{}}}", pairs.chain(last).collect::<Vec<_>>().join(","))
}

fn read(payload: &str) -> Model {
    let members = super::Members::parse(payload.as_bytes()).expect("a payload");
    let members = members.iter().map(|member| {
        let deadline = member.deadline.map(|at| at.parse().expect("a deadline"));
        (member.name.clone(), (member.value.to_owned(), deadline))
    });
    members.collect()
}

fn model(names: &'static str) -> impl Strategy<Value = Model> {
    let value = prop_oneof![
        "[0-9]|[1-9][0-9]{1,4}",
        "\"([a-zé]|\\\\[\"\\\\n]){0,5}\"",
        Just("[1,{\"~\":2}]".to_owned())
    ];
    let deadline = prop::option::weighted(0.3, NOW + 1..NOW + 100);
    prop::collection::btree_map(names, (value, deadline), 0..6)
}

fn over(base: &Model, changes: &Model, removed: &[String]) -> Model {
    let mut all = base.clone();
    all.extend(changes.clone());
    all.retain(|name, _| !removed.contains(name));
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn on_disjoint_keys_either_order_holds_the_same(
        base in model("[a-f\"é]"), a in model("[abc\"]"), b in model("[defé]"), removals in any::<(bool, bool)>(),
    ) {
        let some = |keys: &[&str], removes: bool| keys.iter().filter(|_| removes).map(|&k| k.to_owned()).collect::<Vec<_>>();
        let ours = write(&over(&base, &a, &some(&["a"], removals.0)));
        let theirs = write(&over(&base, &b, &some(&["d", "e"], removals.1)));
        let base = write(&base);
        let one = merged_with_flashes(&base, &theirs, &ours, &[]);
        let other = merged_with_flashes(&base, &ours, &theirs, &[]);
        prop_assert_eq!(read(&text(&one)), read(&text(&other)));
        prop_assert!(one.overwritten.is_empty() && other.overwritten.is_empty());
    }

    #[test]
    fn without_changes_theirs_stays_as_it_is(base in model("[a-e]"), theirs in model("[a-e]")) {
        let (base, theirs) = (write(&base), write(&theirs) + " ");
        prop_assert_eq!(merged(&base, &theirs, &base), theirs);
    }

    #[test]
    fn without_changes_of_theirs_ours_is_what_remains(base in model("[a-e]"), ours in model("[a-e]")) {
        let (base, ours) = (write(&base), write(&ours));
        let merged = merged(&base, &base, &ours);
        prop_assert_eq!(read(&merged), read(&ours));
    }

    #[test]
    fn merged_once_more_it_stays_the_same(base in model("[a-e]"), theirs in model("[a-e]"), ours in model("[a-e]")) {
        let (base, ours) = (write(&base), write(&ours));
        let once = merged(&base, &write(&theirs), &ours);
        prop_assert_eq!(merged(&base, &once, &ours), once);
    }

    #[test]
    fn each_key_is_ours_where_we_changed_it_and_else_theirs(
        base in model("[a-e]"), theirs in model("[a-e]"), ours in model("[a-e]"),
    ) {
        let merged = read(&merged(&write(&base), &write(&theirs), &write(&ours)));
        for name in ["a", "b", "c", "d", "e"] {
            let (b, t, o) = (base.get(name), theirs.get(name), ours.get(name));
            let only_aged = b.zip(o).is_some_and(|(b, o)| b.0 == o.0 && b.1.is_none());
            let expected = if b == o || (only_aged && b != t) { t } else { o };
            prop_assert_eq!(merged.get(name), expected, "{}", name);
        }
    }
}
