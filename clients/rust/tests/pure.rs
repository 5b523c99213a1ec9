//! What needs no server.

mod retry {
    use mayfly::Backoff;
    use std::time::Duration;

    use rand::rngs::StdRng;
    use rand::SeedableRng;

    const CLIENTS: usize = 500;
    const WINDOWS: usize = 10;

    #[test]
    fn wait_stays_within_its_ceiling_and_after_what_the_server_asks() {
        let backoff = Backoff::default();
        let mut random = StdRng::seed_from_u64(7);
        for failures in 0..40 {
            let ceiling = Duration::from_millis(50 << failures.min(7)).min(backoff.cap);
            let wait = backoff.wait(failures, None, &mut random);
            assert!(wait <= ceiling, "{wait:?} after {failures} failures");
            let asked = Duration::from_secs(2);
            let wait = backoff.wait(failures, Some(asked), &mut random);
            assert!(wait >= asked && wait <= asked + ceiling);
        }
    }

    /// All are refused at one instant, for each number of failures: how the next tries spread.
    #[test]
    fn clients_refused_together_come_back_apart() {
        for failures in 0..10 {
            let mut random = StdRng::seed_from_u64(u64::from(failures));
            let backoff = Backoff::default();
            let ceiling = (backoff.base * (1 << failures)).min(backoff.cap);
            let mut windows = [0usize; WINDOWS];
            for _ in 0..CLIENTS {
                let wait = backoff.wait(failures, None, &mut random);
                let share = wait.as_secs_f64() / ceiling.as_secs_f64();
                windows[((share * WINDOWS as f64) as usize).min(WINDOWS - 1)] += 1;
            }
            let peak = *windows.iter().max().unwrap() as f64;
            assert!(peak <= 2.0 * (CLIENTS / WINDOWS) as f64, "{windows:?}");
        }
    }

    /// A server is gone for a while, and all retry on their own: how they come back when it is there.
    #[test]
    fn clients_that_met_an_outage_come_back_apart() {
        const OUTAGES: u64 = 20;
        let backoff = Backoff::default();
        let mut windows = [0usize; WINDOWS];
        for seed in 0..OUTAGES {
            let mut random = StdRng::seed_from_u64(seed);
            let outage = Duration::from_millis(7_000 + 500 * seed);
            for _ in 0..CLIENTS {
                let (mut at, mut failures) = (Duration::ZERO, 0);
                while at < outage {
                    at += backoff.wait(failures, None, &mut random);
                    failures += 1;
                }
                let share = (at - outage).as_secs_f64() / backoff.cap.as_secs_f64();
                windows[((share * WINDOWS as f64) as usize).min(WINDOWS - 1)] += 1;
            }
        }
        let mean = (CLIENTS * OUTAGES as usize / WINDOWS) as f64;
        let peak = *windows.iter().max().unwrap() as f64;
        println!(
            "retries by tenths of {:?} after an outage: {windows:?}, peak {:.2} x mean",
            backoff.cap,
            peak / mean
        );
        assert!(peak <= 2.0 * mean, "{windows:?}");
    }
}

mod throttle {
    use mayfly::Throttle;
    use std::time::{Duration, Instant};

    const REMARK_LIFE: Duration = Duration::from_secs(2);

    use rand::rngs::mock::StepRng;

    fn wait(throttle: &Throttle, namespace: &str, now: Instant) -> Duration {
        throttle.wait(namespace, now, &mut StepRng::new(u64::MAX, 0))
    }

    #[test]
    fn half_full_queue_is_no_reason_to_wait() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        throttle.limits(
            "a",
            "\"key\";q=256, \"namespace\";q=4000",
            "\"namespace\";r=2000;t=1",
            now,
        );
        assert_eq!(wait(&throttle, "a", now), Duration::ZERO);
    }

    #[test]
    fn full_queue_makes_its_namespace_wait_for_a_while() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        throttle.limits("a", "\"namespace\";q=4000", "\"namespace\";r=0;t=1", now);
        assert!(wait(&throttle, "a", now) > Duration::from_millis(400));
        assert_eq!(wait(&throttle, "b", now), Duration::ZERO);
        assert_eq!(wait(&throttle, "a", now + REMARK_LIFE), Duration::ZERO);
    }

    #[test]
    fn pressed_node_makes_everybody_wait() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        throttle.pressure(0.4, now);
        assert_eq!(wait(&throttle, "a", now), Duration::ZERO);
        throttle.pressure(1.0, now);
        assert!(wait(&throttle, "a", now) > Duration::from_millis(400));
    }

    #[test]
    fn text_that_is_no_list_is_ignored() {
        let (throttle, now) = (Throttle::default(), Instant::now());
        throttle.limits("a", ";;q=,=\"", "\"\";r=x;t=-", now);
        throttle.limits("a", "\"\";q=1", "\"\";r=nan;t=1, \"\";r=1;t=-1, \"\";r=1;t=nan", now);
        assert_eq!(wait(&throttle, "a", now), Duration::ZERO);
    }
}
