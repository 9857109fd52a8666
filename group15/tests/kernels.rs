//! Every kernel against num-bigint: 100,000 random products each, powers, and the edges.
//! `cargo test -p group15`, in a browser with `--target wasm32-unknown-unknown`.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test ends with a panic, and exports nothing"
)]

use group15::{Exponent, Kernel, N, Number, powers::Power};
use num_bigint::BigUint;

#[cfg(target_arch = "wasm32")]
// The driver of a browser gives up on a page that does not answer for 30 seconds.
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// One test for each kernel: natively all of them, in a browser the one of the core that is
/// compiled for its engine.
macro_rules! for_each_kernel {
    ($checks:tt) => {
        #[cfg(any(not(target_arch = "wasm32"), not(target_feature = "simd128")))]
        of_kernel!(scalar, Scalar, $checks);
        #[cfg(any(
            not(target_arch = "wasm32"),
            all(target_feature = "simd128", not(target_feature = "relaxed-simd"))
        ))]
        of_kernel!(extmul, Extmul, $checks);
        #[cfg(any(not(target_arch = "wasm32"), target_feature = "relaxed-simd"))]
        of_kernel!(fused, Fused, $checks);
    };
}

macro_rules! of_kernel {
    ($module:ident, $kernel:ident, { $($name:ident: $check:ident;)* }) => {
        mod $module {
            #[cfg(target_arch = "wasm32")]
            use wasm_bindgen_test::wasm_bindgen_test as test;

            $(#[test] fn $name() { super::$check::<group15::$kernel, _>() })*
        }
    };
}

for_each_kernel!({
    random_products_agree_with_num_bigint: random_products;
    products_at_the_edges_agree_with_num_bigint: edge_products;
    powers_of_g_agree_with_num_bigint: powers_of_g;
    premasters_agree_with_num_bigint: premasters;
    a_power_has_parts: parts;
});

/// Numbers that are the same in each run (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn bytes<const LENGTH: usize>(&mut self) -> [u8; LENGTH] {
        core::array::from_fn(|_| self.next().to_le_bytes()[0])
    }

    /// Limbs of any value, for a number of at most so many bits.
    fn limbs<const L: usize>(&mut self, width: u32, bits: u32) -> [u64; L] {
        let place = |at: usize| u32::try_from(at).unwrap() * width;
        core::array::from_fn(|at| {
            let room = bits.saturating_sub(place(at)).min(width);
            self.next() & ((1 << room) - 1)
        })
    }
}

fn n() -> BigUint {
    BigUint::from_bytes_be(&N)
}

fn number(limbs: &[u64], width: u32) -> BigUint {
    let above = |sum: BigUint, limb: &u64| (sum << width) + *limb;
    limbs.iter().rev().fold(BigUint::ZERO, above)
}

fn split<const L: usize>(number: &BigUint, width: u32) -> [u64; L] {
    let ones = BigUint::from((1_u64 << width) - 1);
    core::array::from_fn(|at| {
        let digit = (number >> (at * width as usize)) & &ones;
        digit.try_into().unwrap()
    })
}

fn kernel<K: Kernel<L>, const L: usize>() -> K {
    K::new(&split(&n(), K::WIDTH))
}

/// Holds a product and a square against their definition: `product·R = a·b` modulo N.
fn check_product<K: Kernel<L>, const L: usize>(kernel: &K, a: &[u64; L], b: &[u64; L]) {
    let bits = L * K::WIDTH as usize;
    let [x, y] = [a, b].map(|limbs| number(limbs, K::WIDTH));
    let (mut product, mut square) = (*a, *a);
    kernel.multiply(&mut product, b);
    kernel.square(&mut square);
    for (product, expected) in [(product, &x * y), (square, &x * &x)] {
        assert!(product.iter().all(|limb| *limb < 1 << K::WIDTH));
        let product = number(&product, K::WIDTH);
        assert!(product < n() << 1);
        // One division for both, because it takes longer than all else here.
        let product = product << bits;
        let difference = (&product).max(&expected) - (&product).min(&expected);
        assert_eq!(difference % n(), BigUint::ZERO, "{a:x?} {b:x?}");
    }
}

fn random_products<K: Kernel<L>, const L: usize>() {
    let mut random = Random(15);
    let kernel = kernel::<K, _>();
    for _ in 0..100_000 {
        // Up to 7 bits more than N, as after a shift.
        let a = random.limbs(K::WIDTH, 3079);
        check_product(&kernel, &a, &random.limbs(K::WIDTH, 3079));
    }
}

fn edge_products<K: Kernel<L>, const L: usize>() {
    let kernel = kernel::<K, _>();
    let power = |bits: u32| BigUint::from(1_u8) << bits;
    let edges = [
        BigUint::ZERO,
        power(0),
        power(1),
        power(K::WIDTH) - 1_u8,
        power(K::WIDTH),
        power(2 * K::WIDTH) - 1_u8,
        power(1536) - 1_u8,
        power(3072) - power(1536),
        power(3071),
        n() >> 1,
        n() - 2_u8,
        n() - 1_u8,
        n(),
        power(3072) - 1_u8,
        power(3079) - 1_u8,
        power(3079) - power(K::WIDTH),
        power(3079) - power(3079 - K::WIDTH),
    ]
    .map(|edge| split(&edge, K::WIDTH));
    for a in &edges {
        for b in &edges {
            check_product(&kernel, a, b);
        }
    }
}

/// Exponents at the edges, and random ones, of every length that is treated apart.
fn exponents() -> Vec<Vec<u8>> {
    let mut random = Random(3072);
    let mut exponents = Vec::new();
    for length in [1, 2, 32, 33, 64, 65, 128] {
        exponents.push(vec![0; length]);
        exponents.push(vec![0xff; length]);
        let last = |at: usize| u8::from(at == length - 1);
        exponents.push((0..length).map(last).collect());
        exponents.push((0..length).map(|at| u8::from(at == 0) << 7).collect());
        exponents.push(
            (0..length)
                .map(|at| if at < 16 { 0 } else { 0xff })
                .collect(),
        );
        for _ in 0..4 {
            exponents.push(random.bytes::<128>()[..length].to_vec());
        }
    }
    exponents
}

fn powers_of_g<K: Kernel<L>, const L: usize>() {
    for bytes in exponents() {
        let power = Power::<K, L>::of_g(&Exponent::from_be_bytes(&bytes).unwrap()).finish();
        let expected = BigUint::from(2_u8).modpow(&BigUint::from_bytes_be(&bytes), &n());
        assert_eq!(BigUint::from_bytes_be(&*power), expected, "{bytes:x?}");
    }
}

fn premasters<K: Kernel<L>, const L: usize>() {
    let mut random = Random(6);
    let wide = |number: BigUint| -> Number {
        let bytes = number.to_bytes_be();
        let mut wide = [0; 384];
        wide[384 - bytes.len()..].copy_from_slice(&bytes);
        wide
    };
    let k = random.bytes();
    for a in exponents().iter().filter(|a| a.len() >= 32) {
        let (x, u) = (random.bytes(), random.bytes());
        let exponent = Exponent::from_be_bytes(&x).unwrap();
        let kv = BigUint::from_bytes_be(&k)
            * BigUint::from(2_u8).modpow(&BigUint::from_bytes_be(&x), &n());
        let e = Exponent::from_be_bytes(a).unwrap().plus_product(&u, &x);
        let power = BigUint::from_bytes_be(&*e.to_be_bytes());
        let any = BigUint::from_bytes_be(&random.bytes::<384>()) % n();
        // The last makes the base zero.
        for b in [any, BigUint::from(1_u8), n() - 1_u8, &kv % n()] {
            let base = (&b + n() - &kv % n()) % n();
            let s = Power::<K, L>::premaster(&wide(b), &k, &exponent, &e).finish();
            assert_eq!(BigUint::from_bytes_be(&*s), base.modpow(&power, &n()));
        }
    }
}

/// A page goes on between them, so that none may have more than some 48 squarings.
fn parts<K: Kernel<L>, const L: usize>() {
    let random = Random(7).bytes::<128>();
    for (length, expected) in [(32, 3), (64, 3), (97, 17)] {
        let exponent = Exponent::from_be_bytes(&random[..length]).unwrap();
        let mut power = Power::<K, L>::of_g(&exponent);
        let parts = (1..).find(|_| power.advance()).unwrap();
        assert_eq!(parts, expected, "{length} bytes");
    }
}
