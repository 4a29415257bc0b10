//! The ledger of the water: volumes that came and went, summed so that nothing is lost.

pub use crate::layer::account::Account;

/// Volumes that came and went since the start, m³; all positive.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Volumes {
    /// In the cells at the start.
    pub initial: f64,
    /// Rain.
    pub rain: Account,
    /// What of it fell on roofs and did not stay there.
    pub roof: Account,
    /// Inflow.
    pub inflow: Account,
    /// Loss.
    pub loss: Account,
    /// What the ground took.
    pub infiltration: Account,
    /// Taken out of the area by structures.
    pub taken_out: Account,
    /// Taken by the inlets of sewers.
    pub to_sewer: Account,
    /// Spilled from the manholes of sewers.
    pub from_sewer: Account,
    /// Over the western, eastern, southern and northern edge.
    pub outflow: [Account; 4],
    /// In and out over each boundary, in the order of the setup.
    pub boundaries: Vec<(Account, Account)>,
    /// Added where the balance of a cell came out negative.
    pub clipped: Account,
}
