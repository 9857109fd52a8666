//! Numbers as limbs of any width: what costs little, once for all kernels.

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
        if shift + 8 > width {
            limbs[limb + 1] |= byte >> (width - shift);
        }
        at += 1;
    }
    limbs
}

/// The lowest 3,072 bits as bytes.
pub(crate) fn join<const L: usize>(limbs: &[u64; L], width: u32) -> Number {
    let mut bytes = [0; group::BYTES];
    for (place, byte) in (0..).step_by(8).zip(bytes.iter_mut().rev()) {
        let (limb, shift) = ((place / width) as usize, place % width);
        let above = limbs.get(limb + 1).copied().unwrap_or(0) << (width - shift);
        *byte = (limbs[limb] >> shift | above).to_le_bytes()[0];
    }
    bytes
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

/// `a − b + many·N`, which must not be negative.
pub(crate) fn subtract<const L: usize>(
    a: &[u64; L],
    b: &[u64; L],
    many: u64,
    width: u32,
) -> [u64; L] {
    let n = split::<L>(&group::N, width);
    let mut difference = [0; L];
    let mut carry = 0_i64;
    for (at, limb) in difference.iter_mut().enumerate() {
        carry += (a[at] + many * n[at]).cast_signed() - b[at].cast_signed();
        *limb = carry.cast_unsigned() & mask(width);
        carry >>= width;
    }
    difference
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
    let (blocks, rest) = chosen.as_chunks_mut::<16>();
    for (at, block) in (0..).step_by(16).zip(blocks) {
        *block = select_block(table, index, at);
    }
    // A block that begins earlier, and ends where the number does.
    if !rest.is_empty()
        && let Some(block) = chosen.last_chunk_mut::<16>()
    {
        *block = select_block(table, index, L - 16);
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
        for (to, from) in chosen.iter_mut().zip(&entry[from..]) {
            *to |= from & wanted;
        }
    }
    chosen
}

/// As many ones as a limb has bits.
pub(crate) const fn mask(width: u32) -> u64 {
    (1 << width) - 1
}
