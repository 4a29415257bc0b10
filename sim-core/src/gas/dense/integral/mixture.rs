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
    /// Heat of vaporization there, J/kg.
    pub heat_of_vaporization: f64,
    /// Density of the liquid there, kg/m³.
    pub liquid_density: f64,
    /// B of ln(p/pa) = B (1/(Tb + C) − 1/(T + C)), K.
    pub pressure_slope: f64,
    /// C of the same, K; zero for Clausius and Clapeyron's line.
    pub pressure_shift: f64,
}

impl Material {
    /// A substance at the pressure of the air, vapour and liquid.
    ///
    /// The vapour pressure is the straight line of ln p against 1/T through the boiling point
    /// with the slope of the heat of vaporization. A cloud that mixes with air is colder than the
    /// boiling point by some tens of kelvin at most.
    ///
    /// # Errors
    /// E4043 a property of the liquid that is not known.
    ///
    /// # Example
    /// ```
    /// use sim_core::gas::{dense::integral::mixture::Material, substance};
    /// let ammonia = Material::of(substance::find("ammonia")?, 101_325.0)?;
    /// // Ammonia at −53.6 °C: 0.35 bar.
    /// assert!((ammonia.vapour_share(219.55) - 0.35).abs() < 0.02);
    /// # Ok::<(), sim_core::error::Problems>(())
    /// ```
    pub fn of(substance: &Substance, air_pressure: f64) -> Result<Self> {
        let liquid = substance.liquid()?;
        let boiling_point = liquid.boiling_temperature(air_pressure);
        let heat = liquid.heat_of_vaporization(boiling_point);
        Ok(Self {
            molar_mass: substance.molar_mass.value,
            vapour_heat_capacity: substance.gas_heat_capacity(boiling_point),
            liquid_heat_capacity: liquid.heat_capacity(boiling_point),
            boiling_point,
            heat_of_vaporization: heat,
            liquid_density: liquid.density(boiling_point),
            pressure_slope: heat * substance.molar_mass.value / GAS_CONSTANT,
            pressure_shift: 0.0,
        })
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

    /// Heat of vaporization at a temperature, J/kg, by the difference of the heat capacities.
    fn heat_at(&self, temperature: f64) -> f64 {
        self.heat_of_vaporization
            + (self.vapour_heat_capacity - self.liquid_heat_capacity) * (temperature - self.boiling_point)
    }

    /// Enthalpy above that of its vapour at a reference temperature, J/kg.
    pub fn enthalpy(&self, temperature: f64, liquid_share: f64, reference: f64) -> f64 {
        self.vapour_heat_capacity * (temperature - reference) - liquid_share * self.heat_at(temperature)
    }

    /// Density of it alone with a share of liquid, kg/m³.
    pub fn density(&self, temperature: f64, liquid_share: f64, pressure: f64) -> f64 {
        let vapour = pressure * self.molar_mass / (GAS_CONSTANT * temperature);
        1.0 / ((1.0 - liquid_share) / vapour + liquid_share / self.liquid_density)
    }
}

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

/// Moles of vapours and gas at one temperature, mol/kg.
struct Gas {
    total: f64,
    substance: f64,
    water: f64,
}

/// Vapours over drops that do not dissolve in one another: each up to its vapour pressure.
fn vapours(material: &Material, moles: (f64, f64, f64), shares: (f64, f64)) -> Gas {
    let (air, substance, water) = moles;
    let (most_substance, most_water) = shares;
    let all = air + substance + water;
    if substance <= most_substance * all && water <= most_water * all {
        return Gas { total: all, substance, water };
    }
    // One of them saturated, then the other, then both.
    if material.heat_of_vaporization > 0.0 && most_substance < 1.0 {
        let total = (air + water) / (1.0 - most_substance);
        if substance > most_substance * total && water <= most_water * total {
            return Gas { total, substance: most_substance * total, water };
        }
    }
    if most_water < 1.0 {
        let total = (air + substance) / (1.0 - most_water);
        if water > most_water * total && substance <= most_substance * total {
            return Gas { total, substance, water: most_water * total };
        }
    }
    let free = (1.0 - most_substance.min(1.0) - most_water).max(1e-12);
    let total = (air / free).min(all);
    Gas { total, substance: (most_substance * total).min(substance), water: (most_water * total).min(water) }
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
    let moles = (
        mixture.dry_air / MOLAR_MASS_AIR,
        mixture.substance / material.molar_mass,
        mixture.water / MOLAR_MASS_WATER,
    );
    let dry = mixture.substance * material.vapour_heat_capacity
        + mixture.dry_air * HEAT_CAPACITY_AIR
        + mixture.water * HEAT_CAPACITY_STEAM;
    let state = |temperature: f64| {
        let shares = (material.vapour_share(temperature), water_pressure(temperature) / pressure);
        let gas = vapours(material, moles, shares);
        let drops = (moles.1 - gas.substance).max(0.0) * material.molar_mass;
        let fog = (moles.2 - gas.water).max(0.0) * MOLAR_MASS_WATER;
        (gas, drops, fog)
    };
    let energy = |temperature: f64| {
        let (_, drops, fog) = state(temperature);
        dry * (temperature - reference)
            - drops * material.heat_at(temperature)
            - fog * water_heat(temperature)
            - enthalpy
    };
    // Without drops the temperature is known at once.
    let clear = reference + enthalpy / dry;
    let temperature = if clear > COLDEST && {
        let (_, drops, fog) = state(clear);
        drops == 0.0 && fog == 0.0
    } {
        clear
    } else {
        root(energy, clear.max(COLDEST), guess)
    };
    let (mut gas, mut drops, fog) = state(temperature);
    if drops > 0.0 {
        // The heat says better than the vapour pressure how much is liquid where there is little air.
        let heat = dry * (temperature - reference) - fog * water_heat(temperature) - enthalpy;
        let by_heat = (heat / material.heat_at(temperature)).clamp(0.0, mixture.substance);
        gas.total += (drops - by_heat) / material.molar_mass;
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
    let mut value_low = energy(low);
    if value_low >= 0.0 {
        return low;
    }
    let mut trial = guess.clamp(low + 0.01, high);
    let (mut last, mut value_last) = (low, value_low);
    for round in 0..ROUNDS {
        let value = energy(trial);
        if value == 0.0 {
            return trial;
        }
        if value < 0.0 {
            (low, value_low) = (trial, value);
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
    let _ = value_low;
    trial
}

/// Secants after which the bracket is halved once.
const SECANTS: usize = 5;
