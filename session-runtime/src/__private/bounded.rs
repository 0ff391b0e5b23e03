//! The most bytes that a type takes as JSON, where its type alone says it.

use core::marker::PhantomData;
use core::num::NonZero;

/// Types whose JSON has a bound.
pub trait Bounded {
    /// That bound, in bytes.
    const MAX: usize;
}

macro_rules! bounded {
    ($($max:literal: $($ty:ty),+;)*) => {$($(
        impl Bounded for $ty {
            const MAX: usize = $max;
        }
    )+)*};
}

bounded! {
    3: u8, NonZero<u8>;
    4: i8, NonZero<i8>, ();
    5: u16, NonZero<u16>, bool;
    6: i16, NonZero<i16>;
    10: u32, NonZero<u32>;
    11: i32, NonZero<i32>;
    20: u64, i64, usize, isize, NonZero<u64>, NonZero<i64>, NonZero<usize>, NonZero<isize>;
    39: u128, NonZero<u128>;
    40: i128, NonZero<i128>;
    // A control character as `"\u001f"`.
    8: char;
    // 17 significant digits, sign, point, and an exponent `e-308` or four leading zeros.
    24: f32, f64;
}

impl<T: Bounded, const N: usize> Bounded for [T; N] {
    const MAX: usize = 2 + N * T::MAX + N.saturating_sub(1);
}

impl<T: Bounded> Bounded for Option<T> {
    const MAX: usize = if T::MAX > 4 { T::MAX } else { 4 };
}

impl<T: Bounded> Bounded for Box<T> {
    const MAX: usize = T::MAX;
}

macro_rules! bounded_tuple {
    ($count:literal: $($t:ident)+) => {
        impl<$($t: Bounded),+> Bounded for ($($t,)+) {
            const MAX: usize = 1 + $count $(+ $t::MAX)+;
        }
    };
}

bounded_tuple!(1: A);
bounded_tuple!(2: A B);
bounded_tuple!(3: A B C);
bounded_tuple!(4: A B C D);

/// Asks about a type that a macro sees only by name: `Probe::<T>::MAX` is the inherent constant where the type is
/// [`Bounded`], and else the one of [`Unknown`], since inherent items come first.
pub struct Probe<T: ?Sized>(PhantomData<T>);

impl<T: Bounded> Probe<T> {
    /// The bound.
    pub const MAX: Option<usize> = Some(T::MAX);
}

impl<T> Probe<Option<T>> {
    /// It is one.
    pub const IS_OPTION: bool = true;
}

/// The answers about every other type.
pub trait Unknown {
    /// No bound.
    const MAX: Option<usize> = None;
    /// No option.
    const IS_OPTION: bool = false;
}

impl<T: ?Sized> Unknown for Probe<T> {}

/// The sum of what names take and of every value's bound, if all have one.
#[must_use]
pub const fn max_encoded(names: usize, values: &[Option<usize>]) -> Option<usize> {
    let mut sum = names;
    let mut i = 0;
    while i < values.len() {
        match values[i] {
            Some(bytes) => sum += bytes,
            None => return None,
        }
        i += 1;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use proptest::prelude::*;
    use serde::Serialize;

    use super::{Bounded, max_encoded};

    fn fits<T: Bounded + Serialize + Debug>(value: &T) -> bool {
        serde_json::to_string(value).is_ok_and(|json| json.len() <= T::MAX)
    }

    #[test]
    fn extremes_take_exactly_their_bound() {
        fn tight<T: Bounded + Serialize + Debug>(value: T) {
            assert_eq!(
                serde_json::to_string(&value).expect("a number").len(),
                T::MAX,
                "{value:?}"
            );
        }
        tight(u8::MAX);
        tight(i8::MIN);
        tight(u16::MAX);
        tight(i16::MIN);
        tight(u32::MAX);
        tight(i32::MIN);
        tight(u64::MAX);
        tight(i64::MIN);
        tight(u128::MAX);
        tight(i128::MIN);
        tight(false);
        tight('\u{1f}');
        tight(());
        tight([u8::MAX; 32]);
        tight([0_u8; 0]);
        tight(None::<u8>);
        tight(Some(u64::MAX));
        tight((false, u8::MAX, i8::MIN));
        tight(-2.225_073_858_507_201_4e-308_f64);
    }

    #[test]
    fn one_unbounded_value_leaves_no_bound() {
        assert_eq!(max_encoded(5, &[Some(1), Some(20)]), Some(26));
        assert_eq!(max_encoded(5, &[Some(1), None]), None);
        assert_eq!(max_encoded(0, &[]), Some(0));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn no_value_is_longer(bits in any::<u64>(), c in any::<char>(), n in any::<i64>(), wide in any::<i128>()) {
            prop_assert!(fits(&f64::from_bits(bits)));
            #[allow(clippy::cast_possible_truncation)]
            let half = bits as u32;
            prop_assert!(fits(&f32::from_bits(half)));
            prop_assert!(fits(&c));
            prop_assert!(fits(&n));
            prop_assert!(fits(&wide));
            prop_assert!(fits(&(c, [Some(n), None])));
        }
    }
}
