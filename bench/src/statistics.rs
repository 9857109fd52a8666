//! The middle of many measurements.

/// The median: of an even number, the mean of the middle two. `None` if there is none.
pub fn median(mut samples: Vec<f64>) -> Option<f64> {
    samples.sort_by(f64::total_cmp);
    let upper = samples.get(samples.len() / 2)?;
    let lower = samples.get(samples.len().checked_sub(1)? / 2)?;
    Some(f64::midpoint(*lower, *upper))
}

/// To so many significant digits as a measurement is worth: three.
pub fn rounded(figure: f64) -> f64 {
    if figure == 0.0 || !figure.is_finite() {
        return figure;
    }
    let places = (2.0 - figure.abs().log10().floor()).max(0.0);
    let scale = 10_f64.powf(places);
    (figure * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3.0]), Some(3.0));
        assert_eq!(median(vec![9.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![9.0, 1.0, 2.0, 4.0]), Some(3.0));
    }

    #[test]
    fn three_digits_are_kept() {
        for (figure, expected) in [
            (0.0, 0.0),
            (0.055_149, 0.0551),
            (1.3349, 1.33),
            (21.88, 21.9),
            (740.4, 740.0),
            (943_512_777.0, 943_512_777.0),
        ] {
            assert!((rounded(figure) - expected).abs() < 1e-9, "{figure}");
        }
    }
}
