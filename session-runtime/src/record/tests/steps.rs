//! Any steps one after the other: what is written is what was said, and a put that is taken back leaves no trace.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Put(usize, bool, String),
    /// A put that is taken back.
    Try(usize, bool, String),
    Remove(usize, bool),
    Consume(usize),
    Settle(usize),
    Clear,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let value = prop_oneof![
        "[1-9][0-9]{0,4}".prop_map(String::from),
        Just(r#"["é",{"~":1}]"#.to_owned())
    ];
    let key = 0..KEYS.len();
    let step = prop_oneof![
        6 => (key.clone(), any::<bool>(), value.clone()).prop_map(|(key, typed, value)| Step::Put(key, typed, value)),
        4 => (key.clone(), any::<bool>(), value).prop_map(|(key, typed, value)| Step::Try(key, typed, value)),
        2 => (key.clone(), any::<bool>()).prop_map(|(key, typed)| Step::Remove(key, typed)),
        2 => key.clone().prop_map(Step::Consume),
        1 => key.prop_map(Step::Settle),
        1 => Just(Step::Clear),
    ];
    prop::collection::vec(step, 0..20)
}

const BASES: [&str; 5] = [
    "",
    "{}",
    r#" { "a" : 1 , "z": [ 1, 2 ] } "#,
    r#"{"b":1,"a":2,"~":{"b":1030,"a":999}}"#,
    r#"{"e\"":1,"\u0062":2,"d":3,"~":{"\u0062":1061,"d":9999999999}}"#,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_step_writes_what_it_said_and_undo_restores_every_byte(
        base in prop::sample::select(&BASES),
        steps in steps(),
    ) {
        let mut record = record(base);
        for step in steps {
            take(&mut record, step);
            let now = written(&record, NOW);
            let read_again = self::record(&now);
            prop_assert_eq!(written(&read_again, NOW), now);
            prop_assert!(!read_again.is_changed());
            // What is past its deadline is no longer written; nothing else goes with time.
            prop_assert!(written(&record, LATEST).len() <= written(&record, NOW).len());
        }
    }
}

fn take(record: &mut Record, step: Step) {
    let info = |at: usize, typed: bool| (KEYS[at].name(), typed.then_some(&KEYS[at]));
    match step {
        Step::Put(at, typed, value) => {
            let (name, info) = info(at, typed);
            put(record, name, info, &value);
            let read = record.raw(name, None).map(|raw| raw.bytes().to_vec());
            assert_eq!(read.as_deref(), Some(value.as_bytes()));
            for alias in info.map_or(&[][..], KeyInfo::aliases) {
                assert!(*alias == name || !record.has(alias, None), "{alias}");
            }
        }
        Step::Try(at, typed, value) => {
            let before = state(record);
            let (name, info) = info(at, typed);
            let undo = put(record, name, info, &value);
            record.undo(undo);
            assert_eq!(state(record), before);
        }
        Step::Remove(at, typed) => {
            let (name, info) = info(at, typed);
            let was_seen = record.has(name, info);
            assert_eq!(record.remove(name, info), was_seen);
            assert!(!record.has(name, info));
        }
        Step::Consume(at) => record.consume(KEYS[at].name(), &KEYS[at]),
        Step::Settle(at) => {
            let info = &KEYS[at];
            let before = state(record);
            if record.set_deadline_if_none(info.name(), info) {
                record.clear_deadline(info.name(), info);
            }
            assert_eq!(state(record), before, "it was there, or was taken back");
        }
        Step::Clear => record.clear(),
    }
}
