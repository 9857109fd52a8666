//! Numbers as limbs of any width: what costs little, once for all kernels. A number of 3,072 bits
//! leaves a limb to spare, which what is cut in two may reach into.

use crate::{Number, group};

/// The bytes of a number as limbs of `width` bits, the lowest first.
pub(crate) const fn split<const L: usize>(bytes: &Number, width: u32) -> [u64; L] {
    let mut limbs = [0; L];
    let mut at = 0;
    while at < group::BYTES {
        let place = at as u32 * 8;
        let (limb, shift) = ((place / width) as usize, place % width);
        let byte = bytes[group::BYTES - 1 - at] as u64;
        limbs[limb] |= byte << shift & mask(width);
        limbs[limb + 1] |= byte >> (width - shift);
        at += 1;
    }
    limbs
}

/// The lowest 3,072 bits as bytes.
pub(crate) const fn join<const L: usize>(limbs: &[u64; L], width: u32) -> Number {
    let mut bytes = [0; group::BYTES];
    let mut at = 0;
    while at < group::BYTES {
        let place = at as u32 * 8;
        let (limb, shift) = ((place / width) as usize, place % width);
        let above = limbs[limb + 1] << (width - shift);
        bytes[group::BYTES - 1 - at] = (limbs[limb] >> shift | above) as u8;
        at += 1;
    }
    bytes
}

/// `value · 2^bits` modulo `N`, for a value below `2·N`; exceeds `N` by less than `2^3043`.
///
/// What leaves at the top comes back times `2^3072 − N`, which has but 3,008 bits.
pub(crate) const fn times_power<const L: usize>(
    mut value: [u64; L],
    mut bits: usize,
    width: u32,
) -> [u64; L] {
    let complement = complement::<L>(width);
    // So many at a time that a limb, and its share of the top, fit into 64 bits.
    let most = 61 - width as usize;
    while bits > 0 {
        let step = if bits < most { bits } else { most };
        let place = 8 * group::BYTES - step;
        let (last, shift) = (place / width as usize, (place % width as usize) as u32);
        let top = value[last] >> shift | value[last + 1] << (width - shift);
        value[last] &= mask(shift);
        let (mut at, mut carry) = (0, 0);
        while at < L {
            let limb = if at > last { 0 } else { value[at] << step };
            let sum = limb + top * complement[at] + carry;
            value[at] = sum & mask(width);
            carry = sum >> width;
            at += 1;
        }
        bits -= step;
    }
    value
}

/// `2^3072 − N`.
pub(crate) const fn complement<const L: usize>(width: u32) -> [u64; L] {
    let mut bytes = group::N;
    let mut at = 0;
    while at < group::BYTES {
        bytes[at] = !bytes[at];
        at += 1;
    }
    // The lowest bits of N are ones, so that nothing is carried.
    bytes[group::BYTES - 1] += 1;
    split(&bytes, width)
}

/// `value · 2^bits`, for at most 7 bits. What goes out at the top is lost.
pub(crate) fn shift<const L: usize>(value: &mut [u64; L], bits: u32, width: u32) {
    let mut carry = 0;
    for limb in value {
        let wide = *limb << bits | carry;
        *limb = wide & mask(width);
        carry = wide >> width;
    }
}

/// `a − b` modulo `N`, for numbers below `N`.
pub(crate) fn subtract<const L: usize>(a: &[u64; L], b: &[u64; L], width: u32) -> [u64; L] {
    let n = split::<L>(&group::N, width);
    let mut difference = [0; L];
    let mut carry = 0_i64;
    for (at, limb) in difference.iter_mut().enumerate() {
        carry += (a[at] + n[at]).cast_signed() - b[at].cast_signed();
        *limb = carry.cast_unsigned() & mask(width);
        carry >>= width;
    }
    reduce(&difference, width)
}

/// The value itself if it is below `N`, else `N` less; it must be below `2·N`.
pub(crate) fn reduce<const L: usize>(value: &[u64; L], width: u32) -> [u64; L] {
    let n = split::<L>(&group::N, width);
    let mut less = [0; L];
    let mut borrow = 0_i64;
    for (at, limb) in less.iter_mut().enumerate() {
        borrow += value[at].cast_signed() - n[at].cast_signed();
        *limb = borrow.cast_unsigned() & mask(width);
        borrow >>= width;
    }
    // All ones if N was too much.
    let keep = borrow.cast_unsigned();
    core::array::from_fn(|at| value[at] & keep | less[at] & !keep)
}

/// One entry of a table, by looking at all of them.
pub(crate) fn select<const L: usize>(table: &[[u64; L]], index: u32) -> [u64; L] {
    let mut chosen = [0; L];
    for at in (0..L).step_by(16) {
        // The last block begins earlier, and ends where the number does.
        let from = at.min(L - 16);
        chosen[from..from + 16].copy_from_slice(&select_block(table, index, from));
    }
    chosen
}

/// Some limbs of it: as many as a processor holds without memory.
#[inline(always)]
pub(crate) fn select_block<const L: usize>(
    table: &[[u64; L]],
    index: u32,
    from: usize,
) -> [u64; 16] {
    let mut chosen = [0; 16];
    for (place, entry) in (0_u32..).zip(table) {
        // All ones for the entry that is wanted, else zero.
        let wanted = (u64::from(place ^ index).wrapping_sub(1).cast_signed() >> 63).cast_unsigned();
        if let Some(part) = entry[from..].first_chunk::<16>() {
            chosen = core::array::from_fn(|at| chosen[at] | part[at] & wanted);
        }
    }
    chosen
}

/// As many ones as a limb has bits.
pub(crate) const fn mask(width: u32) -> u64 {
    (1 << width) - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigUint;

    fn number(limbs: &[u64], width: u32) -> BigUint {
        let above = |sum: BigUint, limb: &u64| (sum << width) + *limb;
        limbs.iter().rev().fold(BigUint::ZERO, above)
    }

    fn bytes(number: &BigUint) -> Number {
        let mut bytes = [0; group::BYTES];
        for (to, from) in bytes.iter_mut().rev().zip(number.to_bytes_le()) {
            *to = from;
        }
        bytes
    }

    /// Numbers below `N`: both ends, zeros and ones at either, and one with all kinds of bits.
    fn numbers() -> [BigUint; 6] {
        let n = BigUint::from_bytes_be(&group::N);
        let one = BigUint::from(1_u8);
        let any = BigUint::from_bytes_be(&core::array::from_fn::<u8, 384, _>(|at| at as u8 ^ 0x35));
        [
            BigUint::ZERO,
            one.clone(),
            &n - &one,
            (&one << 3008_u32) - &one,
            (&one << 3072_u32) - (&one << 3008_u32),
            any,
        ]
    }

    fn check<const L: usize>(width: u32) {
        let n = BigUint::from_bytes_be(&group::N);
        for a in numbers() {
            let limbs: [u64; L] = split(&bytes(&a), width);
            assert_eq!(join(&limbs, width), bytes(&a));
            for bits in [0, 1, 7, 28, 64, L * width as usize] {
                let product = times_power(limbs, bits, width);
                assert!(product.iter().all(|limb| *limb <= mask(width)));
                let product = number(&product, width);
                assert!(product < &n + (BigUint::from(1_u8) << 3043_u32));
                assert_eq!(product % &n, (&a << bits) % &n, "{bits} bits");
            }
            for b in numbers() {
                let difference = subtract(&limbs, &split(&bytes(&b), width), width);
                assert_eq!(number(&difference, width), (&a + &n - &b) % &n);
            }
        }
    }

    #[test]
    fn limbs_of_51_bits_are_raised_and_subtracted_modulo_n() {
        check::<62>(51);
    }

    #[test]
    fn limbs_of_28_bits_are_raised_and_subtracted_modulo_n() {
        check::<111>(28);
        check::<112>(28);
    }
}
