//! Faults of sewers.

use crate::harness::{FLOOD, Fault, S, check, fault};

/// Put before `[edges]`: a network from a file.
const SEWERS: &str =
    "[sewers]\nnetwork = \"net.inp\"\nperimeter = \"2.4 m\"\nopening = \"0.15 m2\"\n\n[edges]";

const NET: &str = "[OPTIONS]\nFLOW_UNITS LPS\nFLOW_ROUTING DYNWAVE\n[JUNCTIONS]\nA 1 2\n[OUTFALLS]\nO 0 FREE\n\
[CONDUITS]\np A O 10 0.013 0 0\n[XSECTIONS]\np CIRCULAR 0.3 0 0 0\n[COORDINATES]\nA 500003 3100003\n";

const N: &str = "net.inp";

fn faults() -> Vec<Fault> {
    vec![
        Fault {
            arguments: &["--swmm", "none.so"],
            ..fault("sewers_without_library", FLOOD, &[(S, "[edges]", SEWERS), (N, "", NET)])
        },
        fault("sewers_without_network", FLOOD, &[(S, "[edges]", SEWERS)]),
        fault(
            "sewers_with_mistakes",
            FLOOD,
            &[
                (
                    S,
                    "[edges]",
                    "[sewers]\nnetwork = \"net.inp\"\nrain = \"network\"\nperimeter = \"2.4\"\nstep = \"2 min\"\n\
                     [[sewers.inlet]]\nmanhole = \"A\"\nopening = \"-1 m2\"\n\n[edges]",
                ),
                (N, "", NET),
            ],
        ),
        fault(
            "sewers_step_that_does_not_divide",
            FLOOD,
            &[(S, "[edges]", SEWERS), (S, "[sewers]\n", "[sewers]\nstep = \"7 s\"\n"), (N, "", NET)],
        ),
        fault(
            "sewers_network_with_mistakes",
            FLOOD,
            &[
                (S, "[edges]", SEWERS),
                (N, "", NET),
                (N, "DYNWAVE", "KINWAVE"),
                (N, "A 1 2", "A one 2"),
                (N, "A 500003", "A east"),
                (
                    N,
                    "[CONDUITS]",
                    "[FILES]\nSAVE HOTSTART a.hsf\n[EVENTS]\n1/1/2020 0:00 1/1/2020 1:00\n[CONDUITS]",
                ),
            ],
        ),
    ]
}

#[test]
fn faults_of_sewers_have_their_messages_and_leave_no_result() {
    check(&faults());
}
