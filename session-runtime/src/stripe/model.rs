//! Every interleaving of a replacement and of readers on two stripes, tried by loom.

use std::sync::Arc;

use loom::thread;

use super::{Stripe, StripedLock};

/// Replaces the value by the next number in another thread.
fn increment(lock: &Arc<StripedLock<u32>>) -> thread::JoinHandle<()> {
    let lock = Arc::clone(lock);
    thread::spawn(move || lock.replace(|present| present + 1))
}

fn read(lock: &StripedLock<u32>) -> [u32; 2] {
    [0, 1].map(|number| **lock.read(Stripe::numbered(number)))
}

#[test]
fn who_has_seen_the_new_value_on_one_stripe_sees_it_on_the_other() {
    loom::model(|| {
        let lock = Arc::new(StripedLock::new(1));
        let thread = increment(&lock);
        let [first, second] = read(&lock);
        assert!(first <= second, "{first}, then {second}");
        let second = **lock.read(Stripe::numbered(1));
        let first = **lock.read(Stripe::numbered(0));
        assert!(second <= first, "{second}, then {first}");
        thread.join().expect("no panic");
        assert_eq!(read(&lock), [2, 2]);
    });
}

#[test]
fn of_two_replacements_none_is_lost_and_all_stripes_have_the_same() {
    loom::model(|| {
        let lock = Arc::new(StripedLock::new(1));
        let thread = increment(&lock);
        lock.replace(|present| present + 1);
        thread.join().expect("no panic");
        assert_eq!(read(&lock), [3, 3]);
    });
}
