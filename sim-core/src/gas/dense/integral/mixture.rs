//! What a cloud of gas, air and water weighs at an enthalpy: drops of both in balance with their vapours.

use crate::error::Result;
use crate::gas::substance::Substance;
use crate::units::{CELSIUS_ZERO, GAS_CONSTANT, MOLAR_MASS_AIR};

/// Heat capacity of dry air at constant pressure, J/(kg K): 7/2 R/M of a diatomic gas.
pub const HEAT_CAPACITY_AIR: f64 = 3.5 * GAS_CONSTANT / MOLAR_MASS_AIR;

/// Heat capacity of water vapour, J/(kg K): 4 R/M of a bent molecule.
pub const HEAT_CAPACITY_STEAM: f64 = 4.0 * GAS_CONSTANT / MOLAR_MASS_WATER;

/// Molar mass of water, kg/mol.
pub const MOLAR_MASS_WATER: f64 = 0.018_015_3;

/// Heat of vaporization of water at 0 °C, J/kg.
///
/// # Source
/// magnus coefficients of who2018 go with 2.501 MJ/kg at the triple point (IAPWS).
const HEAT_WATER: f64 = 2.501e6;

/// Heat capacity of liquid water, J/(kg K).
const HEAT_CAPACITY_WATER: f64 = 4218.0;

/// Density of liquid water, kg/m³.
const DENSITY_WATER: f64 = 1000.0;

/// Vapour pressure of water over liquid, Pa; also below freezing, as drops of a fog are
/// supercooled.
///
/// $$ p = 611.2 \exp\frac{17.62\,\vartheta}{243.12 + \vartheta} $$ with ϑ in °C.
///
/// # Source
/// wmo2018, Magnus' formula.
///
/// # Example
/// ```
/// use sim_core::gas::dense::integral::mixture::water_pressure;
/// assert!((water_pressure(293.15) - 2333.0).abs() < 10.0);
/// ```
pub fn water_pressure(temperature: f64) -> f64 {
    // Far below its validity the formula has a pole; the cold end of a cryogen's cloud holds no vapour.
    let celsius = (temperature - CELSIUS_ZERO).max(-180.0);
    611.2 * (17.62 * celsius / (243.12 + celsius)).exp()
}

/// Six molecules of a vapour that hold together as one.
///
/// $$ p_6 = K p_1^6,\qquad \ln K = \frac{a}{T} - b $$ with pressures in Pa.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hexamers {
    /// a, K.
    pub slope: f64,
    /// b.
    pub offset: f64,
}

impl Hexamers {
    /// Those of hydrogen fluoride.
    ///
    /// The vapour at its boiling point has 3.2 times the density of the ideal gas of single
    /// molecules; as air thins it, the rings fall apart and cool the cloud.
    ///
    /// # Source
    /// simonshildebrand1924: log₁₀ K = 8910/T − 43.65 in mm of mercury (remembered, not opened; its
    /// densities agree with the note of the table of substances). Chains of two to five and eight
    /// molecules and drops mixed with water are left out.
    pub const HYDROGEN_FLUORIDE: Self = Self {
        slope: 8910.0 * std::f64::consts::LN_10,
        // 43.65 ln 10 and 5 ln 133.322 for the unit of K.
        offset: 43.65 * std::f64::consts::LN_10 + 5.0 * 4.892_767,
    };

    /// Shares of the pressure of single molecules and of rings where both are a share of it.
    fn of_share(&self, share: f64, temperature: f64, pressure: f64) -> (f64, f64) {
        self.shares(share, 1.0, 1.0, temperature, pressure)
    }

    /// The same where there are so many molecules, alone or in rings, per molecule of other gas:
    /// $(y_1 + 6 y_6)/(1 - y_1 - y_6)$.
    fn of_amount(&self, amount: f64, temperature: f64, pressure: f64) -> (f64, f64) {
        self.shares(amount, 1.0 + amount, 6.0 + amount, temperature, pressure)
    }

    /// Solves $a\,y + b\,K y^6 = w$ for y and the rings $K y^6$ by Newton's steps from above.
    fn shares(&self, wanted: f64, single: f64, rings: f64, temperature: f64, pressure: f64) -> (f64, f64) {
        if wanted <= 0.0 {
            return (0.0, 0.0);
        }
        let logarithm = self.slope / temperature - self.offset + 5.0 * pressure.ln();
        let all_rings = (((wanted / rings).ln() - logarithm) / 6.0).exp();
        let mut y = all_rings.min(wanted / single);
        // The sixth power over that of a bound: no overflow however cold.
        for _ in 0..NEWTON_STEPS {
            let power = wanted * (y / all_rings).powi(6);
            let change = (single * y + power - wanted) / (single + 6.0 * power / y);
            y -= change;
            if change.abs() < 1e-13 * y {
                break;
            }
        }
        (y, ((wanted - single * y) / rings).max(0.0))
    }

    /// Heat that a ring of six gives off as it forms, J/mol.
    fn heat(&self) -> f64 {
        self.slope * GAS_CONSTANT
    }
}

/// Most of Newton's steps to a share of single molecules; they converge by squares.
const NEWTON_STEPS: usize = 30;

/// The released substance as a few numbers, at the pressure of the air.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Material {
    /// Molar mass, kg/mol.
    pub molar_mass: f64,
    /// Heat capacity of the vapour, J/(kg K).
    pub vapour_heat_capacity: f64,
    /// Heat capacity of the liquid, J/(kg K).
    pub liquid_heat_capacity: f64,
    /// Boiling point at the pressure of the air, K.
    pub boiling_point: f64,
    /// Heat of vaporization there, J/kg; zero for a gas that does not condense.
    pub heat_of_vaporization: f64,
    /// Density of the liquid there, kg/m³.
    pub liquid_density: f64,
    /// B of ln(p/pa) = B (1/(Tb + C) − 1/(T + C)), K.
    pub pressure_slope: f64,
    /// C of the same, K; zero for Clausius and Clapeyron's line.
    pub pressure_shift: f64,
    /// Rings of its molecules, where they count.
    pub hexamers: Option<Hexamers>,
    /// Mass share of rings in its saturated vapour at the boiling point.
    pub ring_share: f64,
}

impl Material {
    /// A substance at the pressure of the air, vapour and liquid.
    ///
    /// The vapour pressure is the straight line of ln p against 1/T through the boiling point
    /// and a point three twentieths below it. Hydrogen fluoride forms rings ([`Hexamers`]).
    ///
    /// # Errors
    /// E4043 a property of the liquid that is not known.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::{dense::integral::mixture::Material, substance};
    /// let ammonia = Material::of(substance::find("ammonia")?, 101_325.0)?;
    /// // Ammonia at −53.6 °C: 0.323 of an atmosphere, the straight line a little less.
    /// assert!((ammonia.vapour_share(219.55) - 0.323).abs() < 0.005);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn of(substance: &Substance, air_pressure: f64) -> Result<Self> {
        let liquid = substance.liquid()?;
        let boiling_point = liquid.boiling_temperature(air_pressure);
        let colder = boiling_point * (1.0 - COLDER);
        let fall = (liquid.vapour_pressure(boiling_point) / liquid.vapour_pressure(colder)).ln();
        let mut material = Self {
            molar_mass: substance.molar_mass.value,
            vapour_heat_capacity: substance.gas_heat_capacity(boiling_point),
            liquid_heat_capacity: liquid.heat_capacity(boiling_point),
            boiling_point,
            heat_of_vaporization: liquid.heat_of_vaporization(boiling_point),
            liquid_density: liquid.density(boiling_point),
            pressure_slope: fall / (1.0 / colder - 1.0 / boiling_point),
            pressure_shift: 0.0,
            hexamers: None,
            ring_share: 0.0,
        };
        if substance.id == "hydrogen_fluoride" {
            let hexamers = Hexamers::HYDROGEN_FLUORIDE;
            material.ring_share = ring_share(&hexamers, boiling_point, air_pressure);
            material.hexamers = Some(hexamers);
        }
        Ok(material)
    }

    /// A substance that stays a gas.
    pub fn gas(substance: &Substance, temperature: f64) -> Self {
        Self {
            molar_mass: substance.molar_mass.value,
            vapour_heat_capacity: substance.gas_heat_capacity(temperature),
            liquid_heat_capacity: substance.gas_heat_capacity(temperature),
            boiling_point: 1.0,
            heat_of_vaporization: 0.0,
            liquid_density: 1000.0,
            pressure_slope: 0.0,
            pressure_shift: 0.0,
            hexamers: None,
            ring_share: 0.0,
        }
    }

    /// Vapour pressure over that of the air; above 1 it boils.
    pub fn vapour_share(&self, temperature: f64) -> f64 {
        if self.heat_of_vaporization <= 0.0 || temperature >= self.boiling_point {
            return f64::INFINITY;
        }
        let shifted = (temperature + self.pressure_shift).max(1.0);
        (self.pressure_slope * (1.0 / (self.boiling_point + self.pressure_shift) - 1.0 / shifted)).exp()
    }

    /// Heat from liquid to single molecules at a temperature, J/kg, by the difference of the heat capacities.
    fn heat_at(&self, temperature: f64) -> f64 {
        self.heat_of_vaporization
            + self.ring_share * self.ring_heat()
            + (self.vapour_heat_capacity - self.liquid_heat_capacity) * (temperature - self.boiling_point)
    }

    /// Heat that rings give off as they form, J/kg.
    fn ring_heat(&self) -> f64 {
        self.hexamers.map_or(0.0, |hexamers| hexamers.heat() / (6.0 * self.molar_mass))
    }

    /// Mass share of rings in it as pure vapour.
    fn rings_alone(&self, temperature: f64, pressure: f64) -> f64 {
        self.hexamers.map_or(0.0, |hexamers| ring_share(&hexamers, temperature, pressure))
    }

    /// Enthalpy above that of its vapour of single molecules at a reference temperature, J/kg.
    ///
    /// # Units
    /// - `pressure`: of the air, Pa
    pub fn enthalpy(&self, temperature: f64, liquid_share: f64, reference: f64, pressure: f64) -> f64 {
        let rings = (1.0 - liquid_share) * self.rings_alone(temperature, pressure);
        self.vapour_heat_capacity * (temperature - reference)
            - liquid_share * self.heat_at(temperature)
            - rings * self.ring_heat()
    }

    /// Density of it alone with a share of liquid, kg/m³.
    pub fn density(&self, temperature: f64, liquid_share: f64, pressure: f64) -> f64 {
        // A ring of six takes the room of one.
        let room = 1.0 - 5.0 / 6.0 * self.rings_alone(temperature, pressure);
        let vapour = pressure * self.molar_mass / (GAS_CONSTANT * temperature * room);
        1.0 / ((1.0 - liquid_share) / vapour + liquid_share / self.liquid_density)
    }
}

/// Mass share of rings in a vapour alone at a pressure.
fn ring_share(hexamers: &Hexamers, temperature: f64, pressure: f64) -> f64 {
    let (single, rings) = hexamers.of_share(1.0, temperature, pressure);
    6.0 * rings / (single + 6.0 * rings)
}

/// How far below the boiling point the vapour pressure is met again, as a share of it: clouds
/// that mix with air are that much colder.
const COLDER: f64 = 0.15;

/// Mass fractions of a mixture; they add up to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Composition {
    /// Released substance, vapour and drops.
    pub substance: f64,
    /// Dry air.
    pub dry_air: f64,
    /// Water, vapour and drops.
    pub water: f64,
}

impl Composition {
    /// A share of the substance in air of a humidity.
    ///
    /// # Units
    /// - `water_of_air`: mass fraction of water in the air
    pub fn of(substance: f64, water_of_air: f64) -> Self {
        let air = 1.0 - substance;
        Self { substance, dry_air: air * (1.0 - water_of_air), water: air * water_of_air }
    }
}

/// A mixture in balance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balance {
    /// Temperature, K.
    pub temperature: f64,
    /// Density, kg/m³.
    pub density: f64,
    /// Heat capacity with the drops as they are, J/(kg K).
    pub heat_capacity: f64,
    /// Mass fraction of drops of the substance.
    pub drops: f64,
    /// Mass fraction of drops of water.
    pub fog: f64,
}

/// Moles of gas at one temperature, mol/kg; of the substance counted as single molecules.
struct Gas {
    /// All gas, a ring as one.
    total: f64,
    /// Molecules of the substance in it, alone or in rings.
    substance: f64,
    /// Those in rings.
    rings: f64,
    /// Water.
    water: f64,
}

/// Moles per kg of a mixture.
#[derive(Clone, Copy)]
struct Moles {
    air: f64,
    substance: f64,
    water: f64,
}

/// Vapours over drops that do not dissolve in one another: each up to its vapour pressure.
fn vapours(material: &Material, moles: Moles, temperature: f64, pressure: f64) -> Gas {
    let most_water = water_pressure(temperature) / pressure;
    let most_substance = material.vapour_share(temperature);
    if let Some(hexamers) = &material.hexamers {
        return ringed(hexamers, moles, (most_substance, most_water), temperature, pressure);
    }
    let Moles { air, substance, water } = moles;
    let all = air + substance + water;
    if substance <= most_substance * all && water <= most_water * all {
        return Gas { total: all, substance, rings: 0.0, water };
    }
    // One of them saturated, then the other, then both.
    if most_substance < 1.0 {
        let total = (air + water) / (1.0 - most_substance);
        if substance > most_substance * total && water <= most_water * total {
            return Gas { total, substance: most_substance * total, rings: 0.0, water };
        }
    }
    if most_water < 1.0 {
        let total = (air + substance) / (1.0 - most_water);
        if water > most_water * total && substance <= most_substance * total {
            return Gas { total, substance, rings: 0.0, water: most_water * total };
        }
    }
    let free = (1.0 - most_substance.min(1.0) - most_water).max(1e-12);
    let total = (air / free).min(all);
    let substance = (most_substance * total).min(substance);
    Gas { total, substance, rings: 0.0, water: (most_water * total).min(water) }
}

/// The same where the substance forms rings: the water that condenses is found with the
/// molecules counted alone, then the rings among the rest.
fn ringed(hexamers: &Hexamers, moles: Moles, most: (f64, f64), temperature: f64, pressure: f64) -> Gas {
    let (most_substance, most_water) = most;
    let mut water = moles.water;
    let mut gas = Gas { total: 0.0, substance: 0.0, rings: 0.0, water };
    for _ in 0..2 {
        let others = (moles.air + water).max(1e-12);
        let (mut single, mut rings) = hexamers.of_amount(moles.substance / others, temperature, pressure);
        // Where all of it is vapour, its own amount tells the size of the gas, also where there is no air.
        let mut total = moles.substance / (single + 6.0 * rings).max(f64::MIN_POSITIVE);
        if single + rings > most_substance {
            (single, rings) = hexamers.of_share(most_substance, temperature, pressure);
            total = others / (1.0 - single - rings).max(1e-12);
        } else if moles.substance == 0.0 {
            total = others;
        }
        let substance = (total * (single + 6.0 * rings)).min(moles.substance);
        let ringed = (total * 6.0 * rings).min(substance);
        gas = Gas { total: others + substance - 5.0 / 6.0 * ringed, substance, rings: ringed, water };
        if water <= most_water * gas.total {
            break;
        }
        water = (most_water * gas.total).min(moles.water);
    }
    gas
}

/// Temperature, density and drops of a mixture of an enthalpy.
///
/// Substance and water each evaporate until their vapour fills its share of the pressure; the
/// drops float with the gas and do not dissolve in one another:
///
/// $$ y_i = \min\!\left(\frac{p_i(T)}{p}, y_{i,\text{all}}\right),\qquad
/// \sum_i m_i c_i (T-T_r) - m_l h_l(T) - m_w h_w(T) = e,\qquad
/// \frac1\rho = \frac{n R T}{p} + \frac{m_l}{\rho_l} + \frac{m_w}{\rho_w} $$
///
/// # Units
/// - `enthalpy`: J/kg, above that of the vapours and air at `reference`, K
/// - `pressure`: Pa; `guess`: a temperature near to it, K
///
/// # Source
/// ermak1990 equations 10, 40 to 45 (drops of substance and water apart).
pub fn balance(
    material: &Material,
    mixture: &Composition,
    enthalpy: f64,
    reference: f64,
    pressure: f64,
    guess: f64,
) -> Balance {
    let moles = Moles {
        air: mixture.dry_air / MOLAR_MASS_AIR,
        substance: mixture.substance / material.molar_mass,
        water: mixture.water / MOLAR_MASS_WATER,
    };
    let dry = mixture.substance * material.vapour_heat_capacity
        + mixture.dry_air * HEAT_CAPACITY_AIR
        + mixture.water * HEAT_CAPACITY_STEAM;
    let state = |temperature: f64| {
        let gas = vapours(material, moles, temperature, pressure);
        let drops = (moles.substance - gas.substance).max(0.0) * material.molar_mass;
        let fog = (moles.water - gas.water).max(0.0) * MOLAR_MASS_WATER;
        let bound = gas.rings * material.molar_mass * material.ring_heat() + fog * water_heat(temperature);
        (gas, drops, fog, bound)
    };
    let energy = |temperature: f64| {
        let (_, drops, _, bound) = state(temperature);
        dry * (temperature - reference) - drops * material.heat_at(temperature) - bound - enthalpy
    };
    if let Some(boiling) = boiling_alone(material, mixture, enthalpy, reference, pressure) {
        return boiling;
    }
    // Without drops and rings the temperature is known at once.
    let clear = (reference + enthalpy / dry).max(COLDEST);
    let (_, drops, _, bound) = state(clear);
    let temperature =
        if drops == 0.0 && bound == 0.0 && clear > COLDEST { clear } else { root(energy, clear, guess) };
    let (mut gas, mut drops, fog, bound) = state(temperature);
    if drops > 0.0 {
        // The heat says better than the vapour pressure how much is liquid where there is little air.
        let heat = dry * (temperature - reference) - bound - enthalpy;
        let by_heat = (heat / material.heat_at(temperature)).clamp(0.0, mixture.substance);
        gas.total = (gas.total + (drops - by_heat) / material.molar_mass).max(moles.air);
        drops = by_heat;
    }
    let volume = gas.total * GAS_CONSTANT * temperature / pressure
        + drops / material.liquid_density
        + fog / DENSITY_WATER;
    let heat_capacity = dry
        + drops * (material.liquid_heat_capacity - material.vapour_heat_capacity)
        + fog * (HEAT_CAPACITY_WATER - HEAT_CAPACITY_STEAM);
    Balance { temperature, density: 1.0 / volume, heat_capacity, drops, fog }
}

/// Share of air below which a boiling substance counts as alone: it stays at its boiling point.
const NO_AIR: f64 = 1e-9;

/// A substance without air between liquid and vapour: its temperature does not tell how much is liquid.
fn boiling_alone(
    material: &Material,
    mixture: &Composition,
    enthalpy: f64,
    reference: f64,
    pressure: f64,
) -> Option<Balance> {
    if material.heat_of_vaporization <= 0.0 || mixture.substance < 1.0 - NO_AIR {
        return None;
    }
    let temperature = material.boiling_point;
    let vapour = material.enthalpy(temperature, 0.0, reference, pressure);
    let liquid = material.enthalpy(temperature, 1.0, reference, pressure);
    let drops = (vapour - enthalpy) / (vapour - liquid);
    (drops > 0.0 && drops < 1.0).then(|| Balance {
        temperature,
        density: material.density(temperature, drops, pressure),
        heat_capacity: (1.0 - drops) * material.vapour_heat_capacity + drops * material.liquid_heat_capacity,
        drops,
        fog: 0.0,
    })
}

/// Heat of vaporization of water at a temperature, J/kg.
fn water_heat(temperature: f64) -> f64 {
    HEAT_WATER + (HEAT_CAPACITY_STEAM - HEAT_CAPACITY_WATER) * (temperature - CELSIUS_ZERO)
}

/// Coldest temperature of a search, K.
const COLDEST: f64 = 15.0;

/// Hottest temperature of a search, K.
const HOTTEST: f64 = 3000.0;

/// Most rounds of the search; halvings alone need 45.
const ROUNDS: usize = 80;

/// Temperature to which a search goes, K.
const CLOSE: f64 = 1e-7;

/// Zero of a rising function, by secants inside a bracket that halves where they are slow.
/// `low` is below the zero: condensing only heats.
fn root(energy: impl Fn(f64) -> f64, low: f64, guess: f64) -> f64 {
    let (mut low, mut high) = (low, HOTTEST);
    let (mut last, mut value_last) = (low, energy(low));
    if value_last >= 0.0 {
        return low;
    }
    let mut trial = guess.clamp(low + 0.01, high);
    for round in 0..ROUNDS {
        let value = energy(trial);
        if value == 0.0 {
            return trial;
        }
        if value < 0.0 {
            low = trial;
        } else {
            high = trial;
        }
        let slope = (value - value_last) / (trial - last);
        let secant = trial - value / slope;
        (last, value_last) = (trial, value);
        let inside = secant > low && secant < high && slope > 0.0 && round % SECANTS != SECANTS - 1;
        let next = if inside {
            secant
        } else if high == HOTTEST {
            low + 20.0
        } else {
            0.5 * (low + high)
        };
        if (next - trial).abs() < CLOSE || high - low < CLOSE {
            return next;
        }
        trial = next;
    }
    trial
}

/// Secants after which the bracket is halved once.
const SECANTS: usize = 5;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gas::substance::find;

    const AIR: f64 = 288.15;
    const PRESSURE: f64 = 101_325.0;

    fn material(name: &str) -> Material {
        Material::of(find(name).expect("in the table"), PRESSURE).expect("a liquid")
    }

    #[test]
    fn pure_boiling_hydrogen_fluoride_is_at_its_boiling_point() {
        let air = 90_000.0;
        let material = Material::of(crate::gas::substance::find("hydrogen fluoride").expect("known"), air)
            .expect("a liquid");
        for liquid in [0.2, 0.5, 0.81] {
            let enthalpy = material.enthalpy(material.boiling_point, liquid, 300.0, air);
            let found = balance(&material, &Composition::of(1.0, 0.0), enthalpy, 300.0, air, 290.0);
            assert!((found.temperature - material.boiling_point).abs() < 0.01, "{liquid} {found:?}");
            assert!((found.drops - liquid).abs() < 0.01, "{liquid} {found:?}");
            let density = material.density(material.boiling_point, liquid, air);
            assert!((found.density / density - 1.0).abs() < 0.02, "{liquid} {found:?} {density}");
        }
    }

    #[test]
    fn pure_air_at_rest_in_heat_is_air() {
        let found = balance(&material("ammonia"), &Composition::of(0.0, 0.0), 0.0, AIR, PRESSURE, 200.0);
        assert!((found.temperature - AIR).abs() < 1e-9 && (found.density - 1.225).abs() < 1e-3);
    }

    #[test]
    fn the_heat_of_a_balance_is_the_heat_that_was_given() {
        for name in ["ammonia", "chlorine", "methane", "hydrogen_fluoride"] {
            let material = material(name);
            for share in [0.05, 0.3, 0.9] {
                for liquid in [0.0, 0.8] {
                    let heat = share * material.enthalpy(material.boiling_point, liquid, AIR, PRESSURE);
                    let mixture = Composition::of(share, 0.008);
                    let found = balance(&material, &mixture, heat, AIR, PRESSURE, 250.0);
                    // Heating it a little raises the temperature by the heat over the capacity, where nothing boils.
                    let again = balance(&material, &mixture, heat, AIR, PRESSURE, found.temperature);
                    assert!((found.temperature - again.temperature).abs() < 1e-4, "{name} {share} {liquid}");
                    assert!(found.drops <= share && found.fog <= mixture.water + 1e-15);
                    let warmer = balance(&material, &mixture, heat + 500.0, AIR, PRESSURE, 250.0);
                    assert!(warmer.temperature > found.temperature && warmer.density < found.density);
                }
            }
        }
    }

    #[test]
    fn ammonia_drops_are_gone_where_two_other_models_have_them_gone() {
        // Desert Tortoise 1: 13.6 and 13 % by volume at 205 K in dry air, after flashing (DEGADIS, SMEDIS as quoted in
        // public notes). Found here at the same air: 302.4 K, 0.897 atm, 82 % liquid.
        let pressure = 0.897 * PRESSURE;
        let ammonia = Material::of(find("ammonia").expect("in the table"), pressure).expect("a liquid");
        let pure = ammonia.enthalpy(ammonia.boiling_point, 0.82, 302.4, pressure);
        let dropless = |share: f64| {
            let found = balance(&ammonia, &Composition::of(share, 0.0), share * pure, 302.4, pressure, 210.0);
            (found.drops == 0.0, found.temperature)
        };
        let (mut low, mut high) = (0.01, 0.5);
        for _ in 0..40 {
            let middle = 0.5 * (low + high);
            if dropless(middle).0 { low = middle } else { high = middle }
        }
        let volume = low / ammonia.molar_mass / (low / ammonia.molar_mass + (1.0 - low) / MOLAR_MASS_AIR);
        assert!((volume - 0.136).abs() < 0.01, "{volume}");
        assert!((dropless(low).1 - 205.0).abs() < 2.0, "{}", dropless(low).1);
    }

    #[test]
    fn fog_gives_its_heat_to_the_cloud() {
        let cold = 0.2 * material("methane").enthalpy(111.7, 0.0, 303.15, PRESSURE);
        let at = |water| {
            balance(&material("methane"), &Composition::of(0.2, water), cold, 303.15, PRESSURE, 250.0)
        };
        let (dry, moist) = (at(0.0), at(0.02));
        assert!(moist.fog > 0.01 && moist.temperature > dry.temperature + 10.0);
    }

    #[test]
    fn hydrogen_fluoride_comes_in_rings_that_air_breaks_up() {
        let fluoride = material("hydrogen_fluoride");
        let single = PRESSURE * fluoride.molar_mass / (GAS_CONSTANT * fluoride.boiling_point);
        let dense = fluoride.density(fluoride.boiling_point, 0.0, PRESSURE) / single;
        // "Up to three times denser than the ideal gas": the note of the table of substances.
        assert!((2.8..3.5).contains(&dense), "{dense}");
        // Its heat of vaporization to single molecules: 30 kJ/mol by the heats of formation −273.3 and −299.8 (and more).
        let heat = fluoride.heat_at(fluoride.boiling_point) * fluoride.molar_mass;
        assert!((26_000.0..33_000.0).contains(&heat), "{heat}");
        let hexamers = Hexamers::HYDROGEN_FLUORIDE;
        let (single, rings) = hexamers.of_share(1.0, 293.0, PRESSURE);
        assert!((single + rings - 1.0).abs() < 1e-12);
        let (thin, broken) = hexamers.of_amount(0.02, 293.0, PRESSURE);
        assert!(broken < 1e-4 * thin, "in air it is alone");
    }
}
