//! Latencies in buckets that are at most 1/32 of their value wide.

const STEPS: u64 = 32;
const STEP_BITS: u32 = STEPS.trailing_zeros();

pub struct Histogram {
    buckets: Vec<u64>,
    count: u64,
}

impl Histogram {
    pub fn new() -> Histogram {
        Histogram { buckets: vec![0; 64 * STEPS as usize], count: 0 }
    }

    pub fn record(&mut self, nanos: u64) {
        self.buckets[bucket(nanos)] += 1;
        self.count += 1;
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    /// The lower bound of the bucket that the given part of all values does not exceed.
    pub fn quantile(&self, part: f64) -> u64 {
        let rank = (self.count as f64 * part).ceil() as u64;
        let mut seen = 0;
        for (index, in_bucket) in self.buckets.iter().enumerate() {
            seen += in_bucket;
            if seen >= rank.max(1) {
                return lower_bound(index as u64);
            }
        }
        0
    }
}

fn bucket(value: u64) -> usize {
    if value < STEPS {
        return value as usize;
    }
    let shift = 63 - value.leading_zeros() - STEP_BITS;
    (u64::from(shift + 1) * STEPS + (value >> shift) - STEPS) as usize
}

fn lower_bound(index: u64) -> u64 {
    let (exponent, step) = (index / STEPS, index % STEPS);
    if exponent == 0 { step } else { (STEPS + step) << (exponent - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_holds_its_own_lower_bound_and_is_narrow() {
        for value in (0..1_000_000).chain((0..60).map(|bit| 1 << bit)) {
            let low = lower_bound(bucket(value) as u64);
            assert!(low <= value && value - low <= value / STEPS, "{value} in the bucket of {low}");
        }
    }

    #[test]
    fn quantiles_are_those_of_the_values() {
        let mut histogram = Histogram::new();
        (1..=100).for_each(|value| histogram.record(value * 1_000));
        assert_eq!(histogram.count(), 100);
        assert!((48_000..=50_000).contains(&histogram.quantile(0.5)));
        assert!((95_000..=99_000).contains(&histogram.quantile(0.99)));
    }
}
